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

MEANING: dict[str, str] = {
    "number": "the insurer's own number of the person: digits, at most 18, never used again",
    "nir": "13 or 15 characters, 2A and 2B for Corsica; unique",
    "family_name": "birth name",
    "given_names": "first names in the order of the birth certificate, separated by |",
    "usage_name": "name used, when it differs",
    "sex": "M or F",
    "birthdate": "YYYY-MM-DD, with 00 for an unknown day, or day and month",
    "birthplace": "COG code of the commune; empty for a birth abroad",
    "birthcountry": "COG code of the country, 99100 for France",
    "presumed": "1 when the date was presumed by a court or an administration, else 0",
    "deceased": "1 or 0",
    "rights_open": "1 or 0; empty means 1",
    "scheme": "general, agricultural, students, seafarers, clergy, military or other",
    "fund": "name of the fund, as people read it",
    "postal_code": "five digits",
    "iban": "in full; only a fingerprint and the last four characters are kept",
    "iban_since": (
        "YYYY-MM-DD, the day on which the IBAN was recorded; it serves 3 working days later"
    ),
    "parent": "number of the parent of attachment",
    "email": "known address",
    "mobile": "known mobile number, +33612345678",
    "former_nirs": "earlier NIRs, separated by |",
    "former_names": "earlier birth names, separated by |",
}
