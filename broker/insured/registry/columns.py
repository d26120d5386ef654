"""
The file of a registry: its columns, in words.

UTF-8 CSV with a header, comma-separated, one line for one person, optionally compressed with gzip.
The columns may come in any order and the optional ones may be left out; a field never holds a line
break. Written by export and by the generator, read by import; `docs/registry.md` repeats the table.
"""

from typing import NamedTuple


class Line(NamedTuple):
    """One insured person as text, in the order of HEADER."""

    number: str
    nir: str
    family_name: str
    given_names: str
    usage_name: str = ""
    sex: str = ""
    birthdate: str = ""
    birthplace: str = ""
    birthcountry: str = ""
    presumed: str = "0"
    deceased: str = "0"
    rights_open: str = "1"
    scheme: str = "general"
    fund: str = ""
    postal_code: str = ""
    iban: str = ""
    iban_since: str = ""
    parent: str = ""
    email: str = ""
    mobile: str = ""
    former_nirs: str = ""
    former_names: str = ""


HEADER: tuple[str, ...] = Line._fields

MANDATORY = (
    "number",
    "nir",
    "family_name",
    "given_names",
    "sex",
    "birthdate",
    "birthplace",
    "birthcountry",
)
"""The other columns may be missing, or empty on any line."""
