"""
Writes `data/communes.tsv.gz` from the public dataset of communes (see NOTICE for its licence).

    npm pack @etalab/decoupage-administratif
    tar xf etalab-decoupage-administratif-*.tgz
    python -m broker.cog.build package/data/communes.json

One line a code, present or former, tab separated: code, name, number (the present form of a code
that was only renumbered, empty otherwise), above (the communes that absorbed it or the city of an
arrondissement, blank separated, nearest last). The same input gives the same bytes.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

DATA = Path(__file__).parent / "data" / "communes.tsv.gz"

# A department that was split or renamed kept the last three characters of its communes' codes.
_SUCCESSORS = {
    "20": ("2A", "2B"),
    "75": ("92", "93", "94"),
    "78": ("91", "92", "93", "94", "95"),
}
# Communes of Essonne that went back to Yvelines in 1969, and overseas renumberings that the
# dataset leaves out (INSEE, COG 2007 and 2011).
_SINGLE = {"91143": "78143", "91620": "78620", "97123": "97701", "97127": "97801"}
_MAYOTTE = ("985", "976")


def communes_table(communes: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str, str, str]]:
    """The lines of the table, sorted by code: (code, name, number, above)."""
    entries = list(communes)
    names = _names(entries)
    above = _absorptions(entries)
    numbers = _renumberings(entries)
    for code in sorted(names.keys() | above.keys() | numbers.keys()):
        number = numbers.get(code, "")
        uppers = [c for c in above.get(code, ()) if c not in (code, number)]
        yield code, names.get(code, ""), number, " ".join(sorted(uppers))


def _names(entries: list[dict[str, Any]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for entry in entries:
        if entry["type"] == "commune-actuelle" or entry["code"] not in names:
            names[entry["code"]] = entry["nom"]
    return names


def _absorptions(entries: list[dict[str, Any]]) -> dict[str, set[str]]:
    above: dict[str, set[str]] = {}
    for entry in entries:
        for former in entry.get("anciensCodes", ()):
            above.setdefault(former, set()).add(entry["code"])
        city = entry.get("chefLieu") or entry.get("commune")
        if city and city != entry["code"]:
            above.setdefault(entry["code"], set()).add(city)
    return above


def _renumberings(entries: list[dict[str, Any]]) -> dict[str, str]:
    numbers = dict(_SINGLE)
    for entry in entries:
        family = [entry["code"], *entry.get("anciensCodes", ())]
        for former in family[1:]:
            successors = _SUCCESSORS.get(former[:2], ())
            same = [c for c in family if c[:2] in successors and c[2:] == former[2:]]
            if same:
                numbers[former] = same[0]
        if entry["code"].startswith(_MAYOTTE[1]):
            numbers[_MAYOTTE[0] + entry["code"][3:]] = entry["code"]
    return numbers


def write(communes: Iterable[dict[str, Any]], target: Path) -> int:
    """Write the table and return its number of lines; the gzip header carries no date."""
    lines = ["\t".join(line) for line in communes_table(communes)]
    target.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    return len(lines)


@click.command()
@click.argument("communes_json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(communes_json: Path) -> None:
    """Build the compact table of communes from COMMUNES_JSON."""
    click.echo(f"{write(json.loads(communes_json.read_text('utf-8')), DATA)} codes -> {DATA}")


if __name__ == "__main__":
    main()
