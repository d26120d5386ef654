"""Each column of a block is read as the rule of that column reads each of its fields."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from broker.insured.registry import rules
from broker.insured.registry.fields import FieldError
from broker.insured.registry.legible import first_key, key
from broker.insured.registry.loading import cuts_of
from broker.insured.registry.numbering import nir_of, with_key
from broker.insured.registry.parsing import Parser
from broker.insured.registry.reading import MOST_REMEMBERED, Memory
from broker.insured.registry.spans import fields_of
from tests.broker.insured.registry.conftest import CLEAN, PRINTER

NO_NIRS = [
    "",
    "X",
    "2850369383011",
    "285036938301156",
    "285036938301155",
    "185062A00401130",
    "2 85 03 69 383",
    "28503693830115\u0666",
    nir_of("F", "1985-03-27", "2A004", 12),
    nir_of("M", "1950-03-27", "2B033", 12)[:13],
]


def column(name, texts):
    """What the parser makes of one column alone: its values, and the faults by index."""
    judge, values, faults = Parser(PRINTER)._columns[name], [], {}
    for cut in cuts_of(CLEAN[0]._replace(**{name: text}) for text in texts):
        read = judge.read(fields_of(cut)[0])
        faults |= {len(values) + index: rule for index, rule in read.faults.items()}
        values += read.values.tolist()
    return values, faults


def one_by_one(rule, texts):
    """The same by the rule of the column; a refused field has no value."""
    values, faults = {}, {}
    for index, text in enumerate(texts):
        try:
            values[index] = rule(text)
        except FieldError as fault:
            faults[index] = str(fault)
    return values, faults


def agree(name, rule, texts):
    """Whether a column is read as its rule reads each field."""
    values, faults = column(name, texts)
    right, wrong = one_by_one(rule, texts)
    assert {index: values[index] for index in right} == right
    assert faults == wrong
    return right, wrong


def test_every_date_of_two_centuries_reads_as_the_calendar_says():
    """The look that spares the calendar knows every day that exists and no other."""
    day, end = date(1899, 12, 31), date(2100, 1, 1)
    texts = []
    while day <= end:
        texts.append(day.isoformat())
        day += timedelta(days=1)
    never = ["1900-02-29", "2023-02-29", "1985-04-31", "1985-13-01", "1985-01-32", "1985-00-01"]
    right, wrong = agree("birthdate", rules.birthdate, [*texts, *never, "1985-05-00", "1985-00-00"])

    assert len(right) == len(texts) + 2
    assert len(wrong) == len(never)


DATE_LIKE = st.from_regex(r"[0-9:/;\-]{4}[0-9\-=M][0-9]{2}[0-9\-=M][0-9]{2}[0-9 ]?", fullmatch=True)


@given(st.lists(DATE_LIKE, min_size=1, max_size=30))
def test_what_is_nearly_a_date_is_read_as_its_rule_reads_it(texts):
    """A digit for a hyphen, a hyphen for a digit, what stands beside the digits in the alphabet."""
    agree("birthdate", rules.birthdate, texts)
    agree("iban_since", rules.optional_date, texts)


@given(st.lists(st.from_regex(r"\+?[0-9/:]{0,20}", fullmatch=True), min_size=1, max_size=30))
def test_digits_of_any_length_are_read_as_their_rules_read_them(texts):
    """Up to twenty, with what stands beside the digits in the alphabet, in one column."""
    for name, rule in (
        ("number", rules.number),
        ("parent", rules.optional_number),
        ("postal_code", rules.postal_code),
        ("mobile", rules.mobile),
    ):
        agree(name, rule, texts)


NAMES = [
    "ST",
    "STE",
    "S",
    "SAINT",
    "O'NEIL",
    "-A",
    " A",
    "É",
    "Ã\u0097",
    "\u00d7",
    "A÷B",
    "ß",
    "Ÿ",
    "ª",
]


@given(st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), min_size=1, max_size=9))
def test_names_at_the_edge_of_the_plain_are_read_as_their_rules_read_them(lists):
    """Signs between the letters, two bytes that are no letter, names of one letter."""
    agree("given_names", first_key, ["|".join(names) for names in lists])
    agree("family_name", key, [" ".join(names) for names in lists])


@given(st.lists(st.sampled_from(NO_NIRS), max_size=4), st.integers(0, 99), st.integers(0, 999))
def test_the_key_of_a_nir_is_checked_in_bulk_as_alone(texts, key_sent, order):
    """Every key from 00 to 99 beside any other number: the right one is read, others refused."""
    body = nir_of("F", "1985-03-27", "69383", 115)[:10] + f"{order:03d}"
    read, refused = agree("nir", rules.nir, [f"{body}{key_sent:02d}", *texts])

    right = key_sent > 0 and key_sent < 98 and (int(body) % 97 + key_sent) % 97 == 0
    assert (0 in read) == (right and order > 0)
    assert (0 in refused) != (0 in read)


@given(st.integers(0, 9), st.integers(0, 99), st.integers(0, 99), st.integers(0, 999))
def test_every_part_of_a_nir_is_judged_in_bulk_as_alone(sex, month, department, commune):
    """Any sex, month, department and commune, under a key that is right."""
    agree("nir", rules.nir, [with_key(f"{sex}85{month:02d}{department:02d}{commune:03d}115")])


def test_every_place_is_read_as_its_rule_reads_it():
    """All five-digit codes, as communes and as countries: the first time and from the table."""
    people = [CLEAN[0]._replace(birthplace=f"{code:05d}") for code in range(0, 100_000, 7)]
    people += [
        CLEAN[0]._replace(birthplace="", birthcountry=f"{code:05d}")
        for code in range(98_900, 100_000)
    ]
    column, told = Parser(PRINTER)._columns["birthplace"], []
    for cut in (*cuts_of(people), *cuts_of(people)):
        fields = fields_of(cut)[0]
        read = column.read(fields)
        told += [
            read.faults.get(index) or tuple(read.values[index].tolist())
            for index in range(len(fields))
        ]
    rule = {person: _place(person) for person in people}

    assert told == [rule[person] for person in (*people, *people)]


def _place(person):
    try:
        return rules.place(person.birthplace, person.birthcountry)
    except FieldError as fault:
        return str(fault)


def test_the_memory_of_a_column_is_bounded():
    """A column of ever new values forgets now and then, and goes on."""
    memory = Memory(len)
    for number in range(3 * MOST_REMEMBERED):
        assert memory[b"%d" % number] == len(str(number))

    assert len(memory) <= MOST_REMEMBERED + 1
