"""Countries by their code 99xxx, present and former, with their names in French and English."""

from pathlib import Path

_DATA = Path(__file__).parent / "data" / "countries.tsv"


def _read() -> dict[str, tuple[str, str]]:
    lines = _DATA.read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return {code: (french, english) for code, french, english in rows}


COUNTRIES = _read()
"""Code -> (French name, English name), after INSEE's list of countries and territories."""
