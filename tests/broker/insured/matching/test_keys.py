"""The look-up by key returns every record that could change a decision: the contract."""

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from broker.insured.matching.decision import decide, guard_zone
from broker.insured.matching.keys import (
    first_names,
    name_key,
    place_key,
    possible_dates,
    query_keys,
    record_keys,
)
from broker.insured.matching.traits import compare
from providers.identity import PartialDate

TODAY = date(2026, 3, 1)


def searched(identity, record):
    """Which of the three look-ups of the contract return this record."""
    query, kept = query_keys(identity), record_keys(record)
    surname, dated = kept.surname == query.surname, kept.birthdate in query.birthdates
    named, placed = kept.given in query.given, kept.place == query.place
    return {
        name
        for name, found in (
            ("L1", surname and dated),
            ("L2", named and dated and placed),
            ("L3", surname and named and placed),
        )
        if found
    }


FOUND = [
    ("all equal", {}, {}, {"L1", "L2", "L3"}),
    ("separator", {"family": "LEGALL"}, {}, {"L1", "L2", "L3"}),
    ("saint", {"family": "ST PAUL"}, {"family": "SAINT PAUL"}, {"L1", "L2", "L3"}),
    ("arrondissement", {"place": "69381"}, {}, {"L1", "L2", "L3"}),
    ("sister arrondissement", {"place": "69381"}, {"place": "69382"}, {"L1", "L2", "L3"}),
    ("before independence", {"place": None, "country": "99352"}, {"place": "92350"},
     {"L1", "L2", "L3"}),
    ("presumed year", {"born": "1950-12-31"}, {"born": "1950-00-00"}, {"L1", "L2", "L3"}),
    ("presumed month", {"born": "1950-05-01"}, {"born": "1950-05-00"}, {"L1", "L2", "L3"}),
    ("split compound", {"given": "Jean|Pierre", "tokens_given": False}, {"given": "JEAN-PIERRE"},
     {"L1", "L2", "L3"}),
    ("other sex", {"gender": "male"}, {}, {"L1", "L2", "L3"}),
    ("namesake elsewhere", {}, {"place": "75056"}, {"L1"}),
    ("twin", {}, {"given": "LUCIE"}, {"L1"}),
    ("surname one edit", {"family": "LE GAL"}, {}, {"L2"}),
    ("usage name", {"family": "DURAND"}, {}, {"L2"}),
    ("date one digit", {"born": "1985-03-03"}, {}, {"L3"}),
    ("a stranger of the day", {"family": "DURAND", "given": "Lucie"}, {}, set()),
    ("two slips", {"family": "LE GAL", "born": "1985-03-03"}, {}, set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "kept", "by"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND]
)
def test_each_look_up_finds_what_it_is_for(identity, record, sent, kept, by):
    """L1 by surname and date, L2 by first name, date and place, L3 for a wrong date."""
    assert searched(identity(**sent), record(**kept)) == by


def test_keys_fit_a_four_byte_column(identity, record):
    """Signed 32-bit integers, and a date of eight digits."""
    keys = record_keys(record())
    for key in (keys.surname, keys.given, keys.place):
        assert -(2**31) <= key < 2**31
    assert keys.birthdate == 19850302
    assert query_keys(identity(born="1950-00-00")).birthdates == (19500000,)


def test_keys_are_the_same_on_every_machine_and_day():
    """They are stored: a seeded hash would lose the whole registry at the next start."""
    assert name_key("Le Gall") == name_key("LEGALL") == -1921632692
    assert place_key("69381", "99100") == place_key("69123", "99100")


@pytest.mark.parametrize(
    ("sent", "dates"),
    [
        ("1985-03-02", ["1985-03-02"]),
        ("1985-03-01", ["1985-03-01", "1985-03-00"]),
        ("1985-01-01", ["1985-01-01", "1985-00-00", "1985-01-00"]),
        ("1985-12-31", ["1985-12-31", "1985-00-00"]),
        ("1985-03-00", ["1985-03-00"]),
        ("1985-00-00", ["1985-00-00"]),
    ],
)
def test_a_date_is_searched_in_every_form_the_registry_may_keep(sent, dates):
    """At most three."""
    assert [str(date) for date in possible_dates(PartialDate.parse(sent))] == dates


def test_only_a_list_without_array_is_searched_joined(identity):
    """And no more than eight words, however long the list."""
    assert first_names(identity(given="Jean|Pierre")) == ("Jean",)
    assert first_names(identity(given="Jean|Pierre", tokens_given=False)) == ("Jean", "Jean Pierre")
    many = "|".join(["Anne"] * 30)
    assert len(query_keys(identity(given=many, tokens_given=False)).given) == 8


def test_a_record_without_first_name_has_keys_and_no_match(identity, record, outcome):
    """A broken row never stops an import or a login."""
    broken = record(given=())
    assert record_keys(broken).given == name_key("")
    assert outcome(identity(), broken) == "none"


SURNAMES = st.sampled_from(["LE GALL", "LEGALL", "LE GAL", "DURAND", "ST PAUL", "SAINT PAUL"])
FIRST = st.lists(
    st.sampled_from(["JEAN", "PIERRE", "JEAN-PIERRE", "JEAN PIERRE", "JEANNE", "SAINT JEAN", "ST"]),
    min_size=1,
    max_size=3,
).map(tuple)
DATES = st.sampled_from(
    ["1950-01-01", "1950-12-31", "1950-05-01", "1950-05-00", "1950-00-00", "1950-05-02"]
)
PLACES = st.sampled_from(
    ["69123", "69381", "69382", "75056", "78182", "78228", "91182", "91228", "92350", None]
)
SEX = st.sampled_from(["female", "male"])


WORDS = {"family": SURNAMES, "given": FIRST, "born": DATES, "place": PLACES, "gender": SEX}
SENT = st.fixed_dictionaries({**WORDS, "tokens_given": st.booleans()})


@given(SENT, st.fixed_dictionaries(WORDS))
@settings(max_examples=300)
def test_no_record_that_matters_escapes_the_look_up(identity, record, sent, kept):
    """E or Q and the guard zone by L1 and L2; a near miss or a usage name by any of the three."""
    query = identity(**sent, country=None if sent["place"] else "99352")
    row = record(**kept, country=None if kept["place"] else "99352", presumed=True)
    found = searched(query, row)
    if not compare(query, row).differing:
        assert "L1" in found
    if guard_zone(query, [row]):
        assert found & {"L1", "L2"}
    assume(not found)
    assert decide(query, [row], TODAY).outcome == "none"
