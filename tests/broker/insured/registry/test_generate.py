"""Generated persons are fictional, valid, and as a country is."""

import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from broker.cog.places import known
from broker.insured.matching.nir import differences, parse
from broker.insured.registry.columns import HEADER
from broker.insured.registry.generate import FIRST_NUMBER, persons
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.loading import cuts_of
from broker.insured.registry.names import surname, surname_of_rank
from broker.insured.registry.parsing import Parser
from providers.identity import Gender, PartialDate, PivotIdentity

TODAY = date(2026, 3, 1)
MANY = 20_000


@pytest.fixture(scope="module")
def people():
    return list(persons(MANY, 36, TODAY))


def test_the_same_seed_and_day_give_the_same_persons(people):
    """Another seed gives others; fewer persons are the first of many."""
    assert list(persons(500, 36, TODAY)) == people[:500]
    assert list(persons(500, 37, TODAY)) != people[:500]


def test_every_line_is_importable(people):
    """No rule of the import refuses a generated person."""
    parser = Parser(IbanPrinter(b"k" * 32))
    refusals = [one for cut in cuts_of(people) for one in parser.rows(cut).refusals]

    assert refusals == []


def test_numbers_are_unique_and_agree_with_the_traits(people):
    """A valid NIR for everybody, none twice, sex and date and place as born."""
    assert len({line.nir for line in people}) == MANY
    assert [int(line.number) for line in people] == list(range(FIRST_NUMBER, FIRST_NUMBER + MANY))
    wrong = [line.number for line in people if differences(parse(line.nir), _identity(line))]
    assert wrong == []


def _identity(line):
    return PivotIdentity(
        line.family_name,
        tuple(line.given_names.split("|")),
        PartialDate.parse(line.birthdate),
        Gender.MALE if line.sex == "M" else Gender.FEMALE,
        line.birthplace or None,
        line.birthcountry,
    )


@pytest.mark.parametrize(
    ("what", "share", "within"),
    [
        (lambda one: not one.birthplace, 0.13, 0.01),
        (lambda one: one.deceased == "1", 0.01, 0.004),
        (lambda one: one.nir[0] in "78", 0.005, 0.003),
        (lambda one: one.sex == "M", 0.51, 0.02),
        (lambda one: one.scheme == "general", 0.95, 0.01),
        (lambda one: one.family_name == "MARTIN", 0.0022, 0.0012),
        (lambda one: one.birthplace[:2] in ("2A", "2B", "20"), 0.012, 0.008),
        (lambda one: one.birthplace.startswith("75") and int(one.birthdate[:4]) < 1968, 0.04, 0.03),
    ],
)
def test_the_crowd_is_as_published_figures_say(people, what, share, within):
    """Shares of a country, within what chance allows in twenty thousand."""
    assert sum(map(what, people)) / MANY == pytest.approx(share, abs=within)


def test_births_abroad_have_presumed_dates_kept_incomplete(people):
    """About 8 % of births abroad, and no other date, miss their day or more."""
    abroad = [line for line in people if not line.birthplace]
    presumed = [line for line in people if line.presumed == "1"]

    assert len(presumed) / len(abroad) == pytest.approx(0.08, abs=0.02)
    assert all(line.birthdate.endswith("-00") and not line.birthplace for line in presumed)
    assert not any(line.birthdate.endswith("-00") for line in people if line.presumed == "0")


def test_twins_follow_each_other_under_other_names(people):
    """3.4 % of persons have a twin: same day, place and surname, another first name."""
    pairs = [
        (a, b)
        for a, b in pairwise(people)
        if (a.family_name, a.birthdate, a.birthplace) == (b.family_name, b.birthdate, b.birthplace)
        and a.presumed == "0"
    ]

    assert 2 * len(pairs) / MANY == pytest.approx(0.034, abs=0.008)
    assert all(a.given_names.split("|")[0] != b.given_names.split("|")[0] for a, b in pairs)


def test_minors_are_attached_to_an_adult_of_their_name(people):
    """The parent of attachment stands earlier in the file and is at least twenty years older."""
    by_number = {line.number: line for line in people}
    children = [line for line in people if line.parent]

    assert len(children) > MANY * 0.02
    for child in children:
        parent = by_number[child.parent]
        assert int(child.birthdate[:4]) - int(parent.birthdate[:4]) >= 20
        assert parent.family_name == child.family_name


def test_some_children_bear_the_whole_name_of_a_parent(people):
    """2 %: the same surname and first names, one generation later."""
    whole_names = Counter((line.family_name, line.given_names, line.sex) for line in people)

    assert sum(count > 1 for count in whole_names.values()) > MANY * 0.008


def test_a_thousand_surnames_cover_a_quarter_of_births():
    """Zipf's head fitted to published figures, and a long tail without an end in sight."""
    names = Counter(surname(step / 200_000) for step in range(200_000))
    covered = sum(count for _, count in names.most_common(1000)) / 200_000

    assert names.most_common(1)[0][0] == "MARTIN"
    assert covered == pytest.approx(0.25, abs=0.02)
    assert len(names) > 50_000


def test_names_of_the_tail_are_pronounceable_and_differ():
    """Letters only, and no two ranks of the tail share a name."""
    names = [surname_of_rank(rank) for rank in range(1000, 31_000)]

    assert all(re.fullmatch(r"[A-Z]{3,20}", name) for name in names)
    assert len(set(names)) > 0.999 * len(names)


def test_nobody_is_real(people):
    """Addresses under exemple.fr, a bank that does not exist, places that do."""
    assert all(line.email.endswith("@exemple.fr") for line in people if line.email)
    assert all(line.iban[4:9] == "99999" for line in people if line.iban)
    assert all(known(line.birthplace or line.birthcountry) for line in people)
    assert all(len(line) == len(HEADER) for line in people)


def test_nobody_is_born_tomorrow(people):
    """Dates lie within a hundred years before today."""
    years = [int(line.birthdate[:4]) for line in people]

    assert max(line.birthdate for line in people) <= str(TODAY)
    assert min(years) >= TODAY.year - 101
