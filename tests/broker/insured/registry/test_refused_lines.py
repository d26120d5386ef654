"""A line that breaks a rule is refused with its number, column and rule; the rest is imported."""

import re

import pytest
from sqlalchemy import select

from broker.insured.registry.blocks import BLOCK_BYTES, Cutter, HeaderError
from broker.insured.registry.columns import HEADER, MANDATORY
from broker.insured.registry.lookup import COLUMNS, by_id
from broker.insured.registry.numbering import nir_of
from broker.insured.registry.spans import fields_of
from broker.insured.registry.tables import FORMER, PERSON

LONE_SURROGATE = b"\xff"


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("number", "", "1 to 18 digits"),
        ("number", "0", "not zero"),
        ("number", "12a", "digits"),
        ("number", "1" * 19, "digits"),
        ("number", "٣", "digits"),
        ("nir", "", "length"),
        ("nir", "285036938301157", "key"),
        ("nir", "2850369383011", None),
        ("nir", "085036938301156", "sex"),
        ("nir", "285136938301156", "month"),
        ("nir", "285030038301156", "place"),
        ("nir", "285036938300056", "order"),
        ("nir", "28503693830115x", "characters"),
        ("family_name", "", "missing"),
        ("family_name", "   ", "missing"),
        ("family_name", "1234", "missing"),
        ("family_name", "DUR|AND", "vertical bar"),
        ("family_name", "DUR\u0410ND", "another script"),
        ("family_name", "DUR\x07AND", "control character"),
        ("family_name", "D" * 256, "longer than 255"),
        ("family_name", "SANS NOM", None),
        ("given_names", "", "missing"),
        ("given_names", "Claire||Anne", "missing"),
        ("given_names", "Claire|\u0391nne", "another script"),
        ("usage_name", "\u0410", "another script"),
        ("usage_name", "Étienne-Œuvré", None),
        ("sex", "X", "M or F"),
        ("sex", "", "M or F"),
        ("birthdate", "1985-02-30", "does not exist"),
        ("birthdate", "1985-00-12", "no date"),
        ("birthdate", "27/03/1985", "YYYY-MM-DD"),
        ("birthdate", "1985-03-00", None),
        ("birthplace", "", "missing for a birth in France"),
        ("birthplace", "69999", "no COG code of a commune"),
        ("birthplace", "91:", "no COG code of a commune"),
        ("birthplace", "93\u0661\u0661\u0661", "no COG code of a commune"),
        ("birthplace", "99352", "no COG code of a commune"),
        ("birthcountry", "99999", "no COG code of a country"),
        ("birthcountry", "69383", "no COG code of a country"),
        ("birthcountry", "99139", "empty for a birth abroad"),
        ("presumed", "yes", "0 or 1"),
        ("rights_open", "", None),
        ("scheme", "martian", "no known scheme"),
        ("fund", "x" * 121, "120 characters"),
        ("postal_code", "6900", "five digits"),
        ("iban", "FR7630006000011234567890188", "no IBAN"),
        ("iban_since", "2020-01-00", "complete date"),
        ("parent", "abc", "digits"),
        ("email", "claire", "no e-mail"),
        ("email", "a@b@c.fr", "no e-mail"),
        ("email", f"{'a' * 250}@b.fr", "no e-mail"),
        ("mobile", "0612345678", "8 to 15 digits"),
        ("former_nirs", "123", "no NIR"),
        ("former_names", "DUR\u0410ND", "another script"),
    ],
)
def test_a_malformed_field_is_refused_alone(
    sqlite_engine, write, load, population, claire, column, value, rule
):
    """The line before and the line after are imported; the report never repeats the field."""
    before, after = population.other(family_name="PETIT"), population.other(family_name="ROUX")
    result, report = load(sqlite_engine, write(before, claire._replace(**{column: value}), after))

    assert result.published
    assert (result.tally.lines, result.tally.persons) == (3, 2 + (rule is None))
    if rule is None:
        assert report == []
        return
    ((line, told, why),) = report
    assert line == "3"
    assert rule in why
    assert told in {column, "birthplace", "former"}
    assert not value.strip() or len(value) < 4 or value not in f"{told}{why}"


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (b"1,2,3\n", "3 columns in place of 22"),
        (b",".join([b"x"] * 23) + b"\n", "23 columns in place of 22"),
        (b"12,285036938301156,DUR\xffAND" + b"," * 19 + b"\n", "not UTF-8"),
        (b"12,285036938301156,DUR\x00AND" + b"," * 19 + b"\n", "NUL"),
        (b'12,"285036938301156,DURAND' + b"," * 19 + b"\n", "quote"),
        (b"x" * 2 * 1024 * 1024 + b"\n", f"longer than {BLOCK_BYTES} bytes"),
    ],
)
def test_a_line_that_is_no_line_is_refused_alone(
    sqlite_engine, tmp_path, write, load, claire, population, line, rule
):
    """Whatever stands in the file, the lines around it are imported and keep their numbers."""
    path = write(claire, raw=line)
    with path.open("ab") as file:
        file.write((",".join(population.other(family_name="PETIT")) + "\n").encode())
    result, report = load(sqlite_engine, path)

    assert (result.tally.lines, result.tally.persons) == (3, 2)
    ((number, _, why),) = report
    assert number == "3"
    assert rule in why


def test_every_refused_line_is_told_not_only_the_first(sqlite_engine, write, load, population):
    """Ten thousand lines of which every third is wrong: each wrong one is in the report."""
    lines = [
        population.other(
            family_name="" if n % 3 == 0 else "PETIT", birthdate=f"19{n % 90 + 10}-01-01"
        )
        for n in range(10_000)
    ]
    lines = [
        line._replace(nir=nir_of("F", line.birthdate, f"{n % 94 + 1:02d}001", n // 94 + 1))
        for n, line in enumerate(lines)
    ]
    result, report = load(sqlite_engine, write(*lines))

    assert [int(row[0]) for row in report] == [n + 2 for n in range(0, 10_000, 3)]
    assert result.tally.refused == len(report)


def test_the_first_line_keeps_a_number_or_nir_that_others_repeat(
    engine, write, load, population, claire
):
    """On both engines the later line is refused, wherever it stands in the file."""
    others = [population.other(family_name="PETIT") for _ in range(30)]
    twice = population.other(family_name="ROUX")._replace(number=claire.number)
    thrice = population.other(family_name="FAURE", nir=claire.nir)
    result, report = load(engine, write(claire, *others, twice, thrice, population.other()))

    assert report == [
        ["33", "number", "is already taken by an earlier line"],
        ["34", "nir", "is already taken by an earlier line"],
    ]
    assert result.tally.persons == 32
    with engine.connect() as connection:
        assert by_id(connection, int(claire.number)).family_name == "DURAND"


def test_a_refused_duplicate_leaves_no_history_behind(engine, write, load, population, claire):
    """What belonged to the refused line goes with it."""
    twice = population.other(family_name="ROUX", former_names="PERRIN")
    doubled = [twice._replace(number=claire.number), twice._replace(nir=claire.nir)]
    load(engine, write(claire._replace(former_names="MOREAU"), *doubled))
    with engine.connect() as connection:
        kept = connection.execute(select(FORMER.c.person_id, FORMER.c.value)).all()

    assert [tuple(row) for row in kept] == [(int(claire.number), "MOREAU")]


def test_quotes_blank_lines_and_windows_ends_are_read(sqlite_engine, tmp_path, load, claire, write):
    """What a spreadsheet writes is understood: quotes, CRLF, a mark at the start, a last line."""
    text = write(claire._replace(fund="CPAM, du Rhône")).read_text("utf-8")
    path = tmp_path / "windows.csv"
    path.write_bytes("\ufeff".encode() + text.replace("\n", "\r\n\r\n").rstrip().encode())
    result, report = load(sqlite_engine, path)

    assert (result.tally.persons, report) == (1, [])


def test_columns_may_come_in_any_order_and_optional_ones_be_missing(
    sqlite_engine, tmp_path, load, claire
):
    """Eight columns are enough, backwards."""
    names = ["number", "nir", "family_name", "given_names", "sex"]
    names += ["birthdate", "birthplace", "birthcountry"]
    path = tmp_path / "short.csv"
    rows = [names[::-1], [getattr(claire, name) for name in names[::-1]]]
    path.write_text("\n".join(",".join(row) for row in rows), "utf-8")
    result, report = load(sqlite_engine, path)

    assert (result.tally.persons, report) == (1, [])
    with sqlite_engine.connect() as connection:
        assert by_id(connection, 11).given_names == ("Claire", "Anne")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"", "names 0 columns"),
        (b"number,nir\n", "missing: family_name"),
        (b"number,number\n", "twice: number"),
        (b"number,nir,famly_name\n", "unknown: famly_name; missing: family_name"),
        (b"number;nir\n", "names 0 columns"),
        (b"\x00\xff\n", "names 0 columns"),
        (b"number,nir\r285036938390156,DURAND\r\n", "CR alone"),
    ],
)
def test_a_file_without_a_right_header_changes_nothing(
    engine, tmp_path, load, claire, population, header, said
):
    """Another file given by mistake is refused before anything is built."""
    population.register(engine, claire)
    path = tmp_path / "other.csv"
    path.write_bytes(header + b"1,2\n")
    with pytest.raises(HeaderError, match=said):
        load(engine, path)

    with engine.connect() as connection:
        assert by_id(connection, int(claire.number))


def test_a_file_that_begins_with_somebody_tells_nobody_who(engine, tmp_path, load, claire):
    """Without a header the first line is a person: nothing of them is on a terminal or in a log."""
    path = tmp_path / "bare.csv"
    path.write_text(",".join(claire) + "\n", encoding="utf-8")
    with pytest.raises(HeaderError) as refused:
        load(engine, path)

    assert not [field for field in claire if len(field) > 2 and field in str(refused.value)]


@pytest.mark.parametrize(
    ("born", "refused"), [("2026-03-01", False), ("2026-00-00", False), ("2026-03-03", True)]
)
def test_nobody_is_born_after_the_day_of_the_import(
    sqlite_engine, write, load, population, clock, born, refused
):
    """A date in the future is an impossible one."""
    result, report = load(sqlite_engine, write(population.other(birthdate=born)), clock=clock)

    assert result.tally.persons == (not refused)
    assert [why for *_, why in report] == ["lies in the future"] * refused


def test_a_plain_block_and_a_quoted_one_are_cut_alike(write, population):
    """The quick way and the careful way give the same fields."""
    lines = [population.other(family_name=name) for name in ("PETIT", "D'ŒUVRE", "LE ROY")]
    plain = write(*lines)
    quoted = write(*lines, name="quoted.csv", raw=b'"a",' + b"," * 20 + b"\n")

    def texts(path):
        with path.open("rb") as stream:
            (cut,) = Cutter(stream)
        fields, refusals = fields_of(cut)
        assert refusals == []
        return {name: fields.texts(name).decoded() for name in HEADER}

    assert texts(plain) == {name: values[:-1] for name, values in texts(quoted).items()}
    assert texts(plain)["family_name"] == ["PETIT", "D'ŒUVRE", "LE ROY"]


def test_stored_traits_are_those_of_the_file(engine, write, load, claire):
    """Traits as given, keys beside them: what comes out is what was written."""
    load(engine, write(claire._replace(usage_name="Petit-Œuvré", presumed="1")))
    with engine.connect() as connection:
        row = connection.execute(select(*COLUMNS, PERSON.c.line, PERSON.c.email)).one()

    assert row.family_name == claire.family_name
    assert (row.given_names, row.usage_name) == (claire.given_names, "Petit-Œuvré")
    assert (row.birthdate, row.sex, row.birthplace) == (19850327, 2, 69383)
    assert (row.line, row.email) == (2, claire.email)


MEANING = {
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


def test_the_documentation_describes_every_column(root):
    """docs/registry.md repeats the header in its order, and says which columns are needed."""
    rows = re.findall(r"^\| `(\w+)` \| (yes)? ?\| (.+) \|$", _documented(root), re.MULTILINE)

    assert [name for name, _, _ in rows] == list(HEADER)
    assert tuple(name for name, needed, _ in rows if needed) == MANDATORY
    assert {name: text.replace("&#124;", "|") for name, _, text in rows} == MEANING


def _documented(root):
    return (root / "docs" / "registry.md").read_text("utf-8")
