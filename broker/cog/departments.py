"""Departments and overseas territories, by the first characters of the codes of their communes."""

from pathlib import Path

_DATA = Path(__file__).parent / "data" / "departments.tsv"
_OVERSEAS = ("97", "98")


def _read() -> dict[str, str]:
    lines = (line.partition("\t") for line in _DATA.read_text("utf-8").splitlines())
    return {code: name for code, _, name in lines}


_NAMES = _read()


def department_name(commune: str) -> str | None:
    """`69383` -> `Rhône`, `2A004` -> `Corse-du-Sud`, `97411` -> `La Réunion`; None for none."""
    return _NAMES.get(commune[:3] if commune.startswith(_OVERSEAS) else commune[:2])
