"""The two drivers are handed the same values, each in the form that it takes quickest."""

import struct
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.insured.registry.building_postgresql import copied
from broker.insured.registry.generate import persons
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.loading import cuts_of
from broker.insured.registry.numbering import nir_of
from broker.insured.registry.parsing import Parser
from broker.insured.registry.rows import NO_NUMBER
from broker.insured.registry.tables import PERSON

PRINTER = IbanPrinter(b"k" * 32)
PEOPLE = list(persons(200, 36, date(2026, 3, 1)))
ODD = {
    "number": ["007", "1" * 18],
    "nir": [nir_of("M", "1980-03-27", "2A004", 12), nir_of("M", "1950-03-27", "2B033", 12)[:13]],
    "family_name": ["D\\URAND", "ŒUVRÉ", "ST", "LE\u2028ROY"],
    "given_names": ["Anne-Marie\\N|Zoé", "É"],
    "usage_name": ["\\N", "\\.", ""],
    "birthdate": ["1950-00-00", "1950-05-00", "1875-01-01"],
    "fund": ["CPAM \\t %s 100 %", ""],
    "postal_code": ["00000", "01000", ""],
    "iban": ["", "FR1420041010050500013M02606", f"#{'0' * 32}0189"],
    "iban_since": ["", "2020-01-01"],
    "parent": ["", "0012"],
    "email": ["", "a\\b@c.fr", "é@c.fr"],
    "mobile": ["", "+33612345678"],
}


@st.composite
def lines(draw):
    """A person, some of whose fields are what a driver could read as more than they are."""
    line = draw(st.sampled_from(PEOPLE))
    names = draw(st.lists(st.sampled_from(sorted(ODD)), unique=True, max_size=4))
    return line._replace(**{name: draw(st.sampled_from(ODD[name])) for name in names})


def parsed(people, form):
    """What a parser gives of a block in this form."""
    parser = Parser(PRINTER)
    parser.speak(form)
    (cut,) = cuts_of(people)
    return parser.rows(cut)


def rows_of(data):
    """Rows of fields as the binary format of COPY says them, None for NULL."""
    rows, at = [], 0
    while at < len(data):
        (count,) = struct.unpack_from(">h", data, at)
        at += 2
        row = []
        for _ in range(count):
            (length,) = struct.unpack_from(">i", data, at)
            at += 4
            row.append(None if length < 0 else data[at : at + length])
            at += max(length, 0)
        rows.append(row)
    return rows


WIDTHS = {"SMALLINT": 2, "INTEGER": 4, "BIGINT": 8}


def expected(column, value):
    """The bytes of what is bound, as PostgreSQL stores a column of this type."""
    if value in (NO_NUMBER, "", b"") and column.nullable:
        return None
    if isinstance(value, int):
        return value.to_bytes(WIDTHS[str(column.type)], "big", signed=True)
    return value.encode() if isinstance(value, str) else bytes(value)


@settings(deadline=None, max_examples=150)
@given(st.lists(lines(), min_size=1, max_size=8))
def test_a_copy_says_what_is_bound(people):
    """Row by row and column by column, whatever the fields hold."""
    bound, copy = parsed(people, "bound"), parsed(people, "copied")

    assert (bound.refusals, bound.former) == (copy.refusals, copy.former)
    assert bound.count == copy.count
    assert rows_of(copy.stored) == [
        [expected(*pair) for pair in zip(PERSON.columns, row, strict=True)]
        for row in zip(*bound.stored, strict=True)
    ]


def test_a_whole_country_is_copied_as_it_is_bound():
    """Two hundred generated persons in one block."""
    bound = zip(*parsed(PEOPLE, "bound").stored, strict=True)
    told = [[expected(*pair) for pair in zip(PERSON.columns, row, strict=True)] for row in bound]

    assert rows_of(parsed(PEOPLE, "copied").stored) == told


def test_history_is_copied_with_its_backslashes():
    """The text format of COPY reads a backslash as the start of something else."""
    rows = [(1, 2, "family_name", "D\\URAND"), (1, 2, "nir", "285036938301156")]

    assert copied(rows) == (b"1\t2\tfamily_name\tD\\\\URAND\n1\t2\tnir\t285036938301156\n")
