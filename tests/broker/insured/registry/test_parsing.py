"""What is usual is judged by whole columns: never otherwise than field by field."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.insured.registry import rules
from broker.insured.registry.columns import HEADER
from broker.insured.registry.fields import FieldError
from broker.insured.registry.legible import key, legible
from broker.insured.registry.loading import cuts_of
from broker.insured.registry.numbering import nir_of
from broker.insured.registry.parsing import MOST_LABELS, Parser
from broker.insured.registry.rows import Refusal
from broker.insured.registry.tables import PERSON
from tests.broker.insured.registry.conftest import CLEAN, PRINTER

ALMOST = [
    *(
        "",
        " ",
        "0",
        "00",
        "-1",
        "1_0",
        "+5",
        "٣",
        "1" * 18,
        "1" * 19,
        "X",
        "SP",
        "ST",
        "STE",
        "null",
    ),
    *("1900-02-29", "2000-02-29", "1899-12-31", "2100-02-29", "1950-13-01", "1950-00-00"),
    *("1950-05-00", "1950-00-05", "1950-05-31", "1950-06-31", "19500101", "1950-5-1"),
    *("ST MARTIN", "d'Été", "Œuvre", "LE\u00a0ROY", "A|B", "A||B", "|", "\u0410NNA", "A\\N", "\\N"),
    *("MART\u200dIN", "M\u0301", "M" * 256, "DUR\tAND", "00000", "6900", "69\u0663\u0663\u0663"),
    *("99352", "91182", "2A004", "20004", "75056", "99100", "98999", "a@b.fr", "a@b", "a b@c.fr"),
    *("+33612345678", "+0612345678", "FR7630006000011234567890189", "fr76 3000 6000 0112"),
    *("FR7630006000011234567890188", "BE68539007547034", f"#{'0' * 32}0189", f"#{'g' * 32}0189"),
    *("2850369383011", "285036938301156", "285036938301155", "185062A00401130", "2 85 03 69 383"),
    nir_of("F", "1985-03-27", "2A004", 12),
    nir_of("M", "1950-03-27", "2B033", 12)[:13],
]
TEXTS = st.one_of(
    st.sampled_from(ALMOST),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=30),
    st.text("0123456789AB-|+#@. ", max_size=20),
)


@st.composite
def lines(draw):
    """A person of the generator, of whose fields up to two read otherwise."""
    line = draw(st.sampled_from(CLEAN))
    changed = draw(st.dictionaries(st.sampled_from(HEADER), TEXTS, max_size=2))
    return line._replace(**changed)


def _first(values):
    return values[0]


def careful(line):
    """The columns of one line, each judged by its own rule: values by name, or the refusal."""
    names = line.given_names.split("|")
    judged = {
        "number": lambda: {"person_id": rules.number(line.number)},
        "nir": lambda: {"nir_number": rules.nir(line.nir)},
        "family_name": lambda: {"surname_key": key(line.family_name)},
        "given_names": lambda: {"given_key": _first([key(name) for name in names])},
        "usage_name": lambda: {"usage_name": line.usage_name and legible(line.usage_name)},
        "sex": lambda: {"sex": rules.sex(line.sex)},
        "birthdate": lambda: {"birthdate": rules.birthdate(line.birthdate)},
        "birthplace": lambda: dict(
            zip(
                ("birthplace", "place_key"),
                rules.place(line.birthplace, line.birthcountry),
                strict=True,
            )
        ),
        "presumed": lambda: {"flags": rules.flags(line.presumed, line.deceased, line.rights_open)},
        "scheme": lambda: {"scheme": rules.scheme(line.scheme)},
        "fund": lambda: {"fund": rules.label(line.fund)},
        "postal_code": lambda: {"postal_code": rules.postal_code(line.postal_code)},
        "iban": lambda: {"iban": PRINTER.optional(line.iban)},
        "iban_since": lambda: {"iban_since": rules.optional_date(line.iban_since)},
        "parent": lambda: {"parent_id": rules.optional_number(line.parent)},
        "email": lambda: {"email": rules.email(line.email)},
        "mobile": lambda: {"mobile": rules.mobile(line.mobile)},
        "former": lambda: {"former": rules.former(line.former_nirs, line.former_names)},
    }
    row = {"family_name": line.family_name, "given_names": line.given_names}
    for column, judge in judged.items():
        try:
            row |= judge()
        except FieldError as fault:
            return column, str(fault)
    return row


def in_bulk(parser, people):
    """What the parser makes of a block: rows by name, under their line, and the refusals."""
    (cut,) = cuts_of(people)
    rows = parser.rows(cut)
    labels = {number: text for text, number in parser.labels.items()}
    made = {}
    for values in zip(*rows.stored, strict=True):
        row = dict(zip((column.name for column in PERSON.columns), values, strict=True))
        row["fund"] = labels[row["fund"]]
        line = row.pop("line")
        pairs = tuple((kind, value) for _, at, kind, value in rows.former if at == line)
        made[line] = row | {"former": pairs}
    return made, rows.refusals


@settings(deadline=None, max_examples=300)  # the first example reads the table of communes
@given(st.lists(lines(), min_size=1, max_size=12))
def test_a_block_is_judged_as_its_lines_are_one_by_one(people):
    """The same rows, and the same refusals with the same rule, whatever stands beside a line."""
    expected = {number: careful(line) for number, line in enumerate(people, 2)}
    refused = [Refusal(n, *told) for n, told in expected.items() if isinstance(told, tuple)]

    made, refusals = in_bulk(Parser(PRINTER), people)

    assert made == {n: row for n, row in expected.items() if isinstance(row, dict)}
    assert refusals == refused


def test_a_whole_country_of_clean_lines_is_judged_the_same():
    """Four hundred generated persons in one block: nobody is refused, every column agrees."""
    made, refusals = in_bulk(Parser(PRINTER), CLEAN)

    assert refusals == []
    assert made == {number: careful(line) for number, line in enumerate(CLEAN, 2)}


def test_funds_beyond_the_last_number_are_refused_line_by_line():
    """The others of the block keep theirs."""
    parser = Parser(PRINTER, {f"fund {n}": n for n in range(MOST_LABELS + 1)})
    people = [person._replace(fund=f"fund {n}") for n, person in enumerate(CLEAN[:3])]
    (cut,) = cuts_of([people[0], people[1]._replace(fund="one too many"), people[2]])
    rows = parser.rows(cut)

    assert [(one.line, one.column) for one in rows.refusals] == [(3, "fund")]
    assert rows.count == 2


def test_a_file_whose_lines_are_all_refused_leaves_no_row():
    """Nothing is handed over, in either form."""
    people = [CLEAN[0]._replace(number="0"), CLEAN[1]._replace(sex="X")]
    for form in ("bound", "copied"):
        parser = Parser(PRINTER)
        parser.speak(form)
        (cut,) = cuts_of(people)
        rows = parser.rows(cut)

        assert [refusal.column for refusal in rows.refusals] == ["number", "sex"]
        assert (rows.lines, rows.count, any(rows.stored)) == (2, 0, False)


@pytest.mark.parametrize(
    ("birthplace", "country"),
    [("99352", "99100"), ("", "69383"), ("", "99100"), ("69383", "99352"), ("2A004", "2A004")],
)
def test_one_place_for_another_is_seen_among_right_ones(birthplace, country):
    """A country among communes and a commune among countries, beside two that are right."""
    other = next(person for person in CLEAN if not person.birthplace)
    people = [CLEAN[0], other, CLEAN[0]._replace(birthplace=birthplace, birthcountry=country)]
    (cut,) = cuts_of(people)

    assert [refusal.line for refusal in Parser(PRINTER).rows(cut).refusals] == [4]
