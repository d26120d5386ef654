"""The decision table, row by row: what links, what refuses, and in which order."""

from datetime import date

import pytest

from broker.insured.matching.decision import decide
from broker.insured.matching.outcomes import Outcome

TODAY = date(2026, 3, 1)
YOUNG = {"born": "2010-03-01"}

# What is sent, what one record holds (both differ from the base person), and the outcome.
ONE_RECORD = [
    ("all equal", {}, {}, "exact"),
    ("case, accents, separators", {"family": "le-gâll"}, {}, "exact"),
    ("separator against none", {"family": "LEGALL"}, {}, "tolerant"),
    ("saint", {"family": "ST PAUL"}, {"family": "SAINT-PAUL"}, "tolerant"),
    ("fewer first names sent", {"given": "Anne"}, {}, "tolerant"),
    ("fewer first names kept", {"given": "Anne|Marie|Lucie"}, {}, "tolerant"),
    ("arrondissement", {"place": "69381"}, {}, "tolerant"),
    ("before independence", {"born": "1955-03-02", "place": None, "country": "99352"},
     {"born": "1955-03-02", "place": "92350"}, "tolerant"),
    ("presumed", {"born": "1950-01-01"}, {"born": "1950-00-00", "presumed": True}, "tolerant"),
    ("presumed, both incomplete", {"born": "1950-00-00"},
     {"born": "1950-00-00", "presumed": True}, "exact"),
    ("three equivalences", {"family": "LEGALL", "given": "Anne", "place": "69381"}, {}, "tolerant"),
    ("not flagged", {"born": "1950-01-01"}, {"born": "1950-00-00"}, "near_miss"),
    ("marker as surname", {"family": "INCONNU"}, {"family": "INCONNU"}, "invalid"),
    ("marker as first name", {"given": "X"}, {"given": "X"}, "invalid"),
    ("marker among first names", {"given": "Anne|SP"}, {}, "invalid"),
    ("marker spelt in two words", {"given": "Sans|Prenom", "tokens_given": False}, {}, "invalid"),
    ("no letter left", {"family": "\u02bb\u02bc"}, {}, "invalid"),
    ("record without a known name", {}, {"given": "SANS PRENOM"}, "none"),
    ("unspecified sex", {"gender": "unspecified"}, {}, "near_miss"),
    ("other sex", {"gender": "male"}, {}, "near_miss"),
    ("surname one edit", {"family": "LE GAL"}, {}, "near_miss"),
    ("surname two edits", {"family": "LE GOLM"}, {}, "near_miss"),
    ("surname transposed", {"family": "EL GALL"}, {}, "near_miss"),
    ("surname three edits", {"family": "LE GOLMU"}, {}, "none"),
    ("first name one edit", {"given": "Anna|Marie"}, {}, "near_miss"),
    ("first name another", {"given": "Brigitte"}, {}, "none"),
    ("second first name one edit", {"given": "Anne|Maria"}, {}, "near_miss"),
    ("first name one edit, list shorter", {"given": "Anna"}, {}, "near_miss"),
    ("compound against its parts", {"given": "Anne-Marie"}, {}, "near_miss"),
    ("date one digit", {"born": "1985-03-03"}, {}, "near_miss"),
    ("day and month swapped", {"born": "1985-02-03"}, {}, "near_miss"),
    ("another date", {"born": "1991-11-27"}, {}, "none"),
    ("place two digits swapped", {"place": "69132"}, {}, "near_miss"),
    ("another place", {"place": "75056"}, {}, "none"),
    ("two slips", {"family": "LE GAL", "born": "1985-03-03"}, {}, "none"),
    ("usage name sent as birth name", {"family": "DURAND"}, {"usage_name": "DURAND"}, "usage_name"),
    ("birth name sent as usage name", {"family": "DURAND", "usage_name": "Le Gall"}, {},
     "usage_name"),
    ("birth name kept as usage name", {"family": "LE GALL"},
     {"family": "DURAND", "usage_name": "LE GALL"}, "usage_name"),
    ("usage name close to the birth name", {"family": "LE GAL"}, {"usage_name": "LE GAL"},
     "usage_name"),
    ("usage names alike, birth names not", {"family": "DURAND", "usage_name": "PETIT"},
     {"usage_name": "PETIT"}, "none"),
    ("usage name and another slip", {"family": "DURAND", "given": "Anna"},
     {"usage_name": "DURAND"}, "none"),
    ("deceased", {}, {"deceased": True}, "deceased"),
    ("deceased, by equivalence", {"given": "Anne"}, {"deceased": True}, "deceased"),
    ("sixteen tomorrow", {"born": "2010-03-02"}, {"born": "2010-03-02"}, "under_16"),
    ("sixteen today", YOUNG, YOUNG, "exact"),
    ("sixteen at the latest in December", {"born": "2010-01-01"},
     {"born": "2010-00-00", "presumed": True}, "under_16"),
    ("rights closed", {}, {"rights_open": False}, "no_rights"),
    ("another scheme", {}, {"scheme": "agricultural"}, "no_rights"),
    ("number being registered", {}, {"nir": "485036912300121"}, "temporary_number"),
    ("temporary number", {}, {"nir": "885036912300109"}, "temporary_number"),
    ("no number", {}, {"nir": ""}, "temporary_number"),
    ("deceased before all", {}, {"deceased": True, "rights_open": False, "nir": "8"}, "deceased"),
    ("age before rights", {"born": "2015-01-05"},
     {"born": "2015-01-05", "rights_open": False, "nir": "8"}, "under_16"),
    ("rights before number", {}, {"rights_open": False, "nir": "8"}, "no_rights"),
    ("a near miss is not told deceased", {"family": "LE GAL"}, {"deceased": True}, "near_miss"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "kept", "expected"),
    [row[1:] for row in ONE_RECORD],
    ids=[row[0] for row in ONE_RECORD],
)
def test_one_record_against_one_identity(identity, record, outcome, sent, kept, expected):
    """Each row of the table with the registry holding one person."""
    assert outcome(identity(**sent), record(**kept)) == expected


def test_nobody_in_the_registry_is_none(identity, outcome):
    """D6."""
    assert outcome(identity()) == "none"


# Two records: the first one fits the identity of the first column, the second one stands by.
TWO_RECORDS = [
    ("two equal persons", {}, {}, "ambiguous"),
    ("an exact one with an equivalent rival: shorter list", {}, {"given": "ANNE"}, "ambiguous"),
    ("an exact one with an equivalent rival: longer", {}, {"given": "ANNE|MARIE|EVE"}, "ambiguous"),
    ("an exact one with an equivalent rival: place", {}, {"place": "69381"}, "ambiguous"),
    ("an exact one with an equivalent rival: separator", {}, {"family": "LEGALL"}, "ambiguous"),
    ("temporary and final number of one person", {}, {"nir": "885036912300109"}, "ambiguous"),
    ("a deceased rival is a rival", {}, {"deceased": True}, "ambiguous"),
    ("exact, a namesake in another town", {}, {"place": "75056"}, "exact"),
    ("exact, a twin", {}, {"given": "LUCIE"}, "exact"),
    ("exact, a twin one letter away", {}, {"given": "ANNA"}, "exact"),
    ("exact, a neighbour in surname", {}, {"family": "LE GAL"}, "exact"),
    ("tolerant, a namesake in another town", {"given": "Anne"}, {"place": "75056"}, "ambiguous"),
    ("tolerant, a namesake with other later names", {"place": "69381"}, {"given": "ANNE|EVE"},
     "ambiguous"),
    ("tolerant, a namesake of the other sex elsewhere", {"given": "Anne"},
     {"place": "75056", "gender": "male"}, "tolerant"),
    ("tolerant, a namesake of unknown sex elsewhere", {"given": "Anne"},
     {"place": "75056", "gender": "unspecified"}, "ambiguous"),
    ("tolerant, a namesake of another day", {"given": "Anne"}, {"born": "1985-03-03"}, "tolerant"),
    ("tolerant, surname two edits away", {"given": "Anne"}, {"family": "LE GOLM"}, "ambiguous"),
    ("tolerant, surname three edits away", {"given": "Anne"}, {"family": "LE GOLMU"}, "tolerant"),
    ("tolerant, surname near in an arrondissement", {"given": "Anne"},
     {"family": "LE GAL", "place": "69381"}, "ambiguous"),
    ("tolerant, surname near elsewhere", {"given": "Anne"},
     {"family": "LE GAL", "place": "75056"}, "tolerant"),
    ("tolerant, surname near, other sex", {"given": "Anne"},
     {"family": "LE GAL", "gender": "male"}, "tolerant"),
    ("tolerant, twin two edits away", {"place": "69381"}, {"given": "ANAIS"}, "tolerant"),
    ("tolerant, twin one edit away", {"place": "69381"}, {"given": "ANNA"}, "ambiguous"),
    ("tolerant, twin one edit away of the other sex", {"place": "69381"},
     {"given": "ANNA", "gender": "male"}, "ambiguous"),
    ("tolerant, twin of another first name", {"place": "69381"}, {"given": "LUCIE"}, "tolerant"),
    ("tolerant, first name near elsewhere", {"place": "69381"},
     {"given": "ANNA", "place": "75056"}, "tolerant"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "rival", "expected"),
    [row[1:] for row in TWO_RECORDS],
    ids=[row[0] for row in TWO_RECORDS],
)
def test_two_records_against_one_identity(identity, record, outcome, sent, rival, expected):
    """The second record is a rival, a guard, or a stranger."""
    other = {"person_id": 2, **rival}
    assert outcome(identity(**sent), record(), record(**other)) == expected


GUARD_ALONE = [
    ("a namesake in another town alone", {"place": "75056"}, "none"),
    ("a neighbour in surname alone", {"family": "LE GAL"}, "near_miss"),
    ("a twin alone", {"given": "LUCIE"}, "none"),
]


@pytest.mark.parametrize(
    ("kept", "expected"), [row[1:] for row in GUARD_ALONE], ids=[row[0] for row in GUARD_ALONE]
)
def test_a_guard_record_alone_is_never_ambiguous(identity, record, outcome, kept, expected):
    """With nobody at E or Q, a guard record is a near miss or nothing."""
    assert outcome(identity(), record(**kept)) == expected


def test_louis_and_louise_born_together_are_kept_apart_by_a_human(identity, record, outcome):
    """The guard zone counts whatever the sex in its last clause."""
    louis = record(given="LOUIS", gender="male")
    louise = record(given="LOUISE", person_id=2)
    sent = identity(given="Louise", place="69381")
    assert outcome(sent, louis, louise) == "ambiguous"
    assert outcome(sent, louise) == "tolerant"


def test_a_presumed_namesake_stands_in_the_guard_zone(identity, record, outcome):
    """Whoever may be born on the day sent is near enough to be meant, day unknown or not."""
    unknown_day = {"born": "1950-00-00", "presumed": True}
    meant, namesake = record(**unknown_day), record(**unknown_day, place="75056", person_id=2)
    assert outcome(identity(born="1950-01-01"), meant, namesake) == "ambiguous"
    assert outcome(identity(born="1950-01-01"), meant) == "tolerant"


def test_the_same_person_found_twice_is_one_person(identity, record, outcome):
    """Two look-ups may return the same row."""
    assert outcome(identity(), record(), record()) == "exact"


def test_a_child_born_on_29_february_is_sixteen_on_the_day(identity, record, outcome):
    """Sixteen years after a leap day there is one, but in 1900 and 2100."""
    leap = {"born": "2008-02-29"}
    before, day = date(2024, 2, 28), date(2024, 2, 29)
    assert outcome(identity(**leap), record(**leap), on=before) == "under_16"
    assert outcome(identity(**leap), record(**leap), on=day) == "exact"
    late = {"born": "2084-02-29"}
    assert outcome(identity(**late), record(**late), on=date(2100, 2, 28)) == "under_16"
    assert outcome(identity(**late), record(**late), on=date(2100, 3, 1)) == "exact"


@pytest.mark.parametrize("outcome_", list(Outcome))
def test_every_outcome_has_its_row(outcome_):
    """D0 to D12, in the order of the table."""
    assert outcome_.rule == f"D{[*Outcome].index(outcome_)}"


REFUSALS_WITH_RECORD = ["deceased", "under_16", "no_rights", "temporary_number"]


@pytest.mark.parametrize(
    ("sent", "kept", "expected"),
    [row[1:] for row in ONE_RECORD],
    ids=[row[0] for row in ONE_RECORD],
)
def test_only_a_unique_match_carries_a_record(identity, record, sent, kept, expected):
    """An existing account stays readable after D9: the record is there; elsewhere it is not."""
    decision = decide(identity(**sent), [record(**kept)], TODAY)
    assert decision.links == (expected in ("exact", "tolerant"))
    assert (decision.record is not None) == (decision.links or expected in REFUSALS_WITH_RECORD)
