"""The two drivers are handed the same values, each in the form that it takes quickest."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.insured.registry.building_postgresql import copied
from broker.insured.registry.forms import BOUND, COPIED, NO_NUMBER
from broker.insured.registry.generate import persons
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.loading import cuts_of
from broker.insured.registry.numbering import nir_of
from broker.insured.registry.parsing import Parser
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
    return parser.rows(cut.block)


def understood(field):
    """A field as the text format of COPY reads it, nothing where it is empty."""
    return None if field == b"" else field.replace(b"\\\\", b"\\").decode()


def expected(value):
    """The same of what is bound."""
    if value in (NO_NUMBER, "", b""):
        return None
    if isinstance(value, bytearray):
        return "\\x" + value.hex()
    return int(value) if isinstance(value, int) else value


@settings(deadline=None, max_examples=150)
@given(st.lists(lines(), min_size=1, max_size=8))
def test_a_copy_says_what_is_bound(people):
    """Row by row and column by column, whatever the fields hold."""
    bound, copy = parsed(people, BOUND), parsed(people, COPIED)
    said = copied(copy.columns).split(b"\n")

    assert said.pop() == b""
    assert (bound.refusals, bound.former) == (copy.refusals, copy.former)
    for row, values in zip(said, zip(*bound.columns, strict=True), strict=True):
        fields = map(understood, row.split(b"\t"))
        for column, field, value in zip(PERSON.columns, fields, values, strict=True):
            read = field if field is None or isinstance(value, str | bytearray) else int(field)
            assert read == expected(value), column.name


@pytest.mark.parametrize("form", [BOUND, COPIED])
def test_a_block_of_refused_lines_leaves_no_row(form):
    """Nothing is handed over, in either form."""
    rows = parsed([PEOPLE[0]._replace(number="0"), PEOPLE[1]._replace(sex="X")], form)

    assert [refusal.column for refusal in rows.refusals] == ["number", "sex"]
    assert len(rows) == 0
    assert form.texts([]) == []


@pytest.mark.parametrize(
    ("birthplace", "country"),
    [("99352", "99100"), ("", "69383"), ("", "99100"), ("69383", "99352"), ("2A004", "2A004")],
)
def test_one_place_for_another_is_seen_among_right_ones(birthplace, country):
    """A country among communes and a commune among countries, beside two whose counts agree."""
    other = next(person for person in PEOPLE if not person.birthplace)
    people = [PEOPLE[0], other, PEOPLE[0]._replace(birthplace=birthplace, birthcountry=country)]

    assert [refusal.line for refusal in parsed(people, BOUND).refusals] == [4]
