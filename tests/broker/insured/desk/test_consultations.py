"""No file outside a consultation: each has its reason, its owner, its hour and its trace."""

import json

import pytest
from sqlalchemy import text

from broker.audit.events import Event
from broker.errors import ConsultationUnknownError, TooManyConsultationsError
from broker.insured.desk.consultations import LONGEST_SECONDS, Why
from broker.insured.desk.desk import AdvisorDesk
from broker.insured.desk.words import Kind, Reason
from tests.broker.insured.desk.conftest import PASSWORD, PROOF, WHY


@pytest.fixture
def colleague(desk, staff):
    """Another advisor."""
    desk.directory.add("dominique", PASSWORD)
    return next(one for one in desk.directory.everyone() if one.name == "dominique")


def test_every_look_is_journalled_with_its_reason(desk, file_of, registered, trail, staff):
    """The search, then the file: who, what and why, by numbers and codes alone."""
    claire = registered()
    number = file_of(claire)

    told = [facts for event, facts in trail.told if event == Event.DESK_CONSULTED]

    assert [one["kind"] for one in told] == ["search", "file"]
    assert told[1] == {
        "staff": staff.id,
        "consultation": number,
        "kind": "file",
        "reason": "locked_account",
        "record": 11,
        "case": None,
    }
    assert "DURAND" not in str(told)
    assert claire.nir not in str(told)


def test_no_file_is_seen_while_the_journal_is_away(desk, staff, registered, trail, holders):
    """A look that could not be written down does not happen."""
    claire = registered()
    trail.broken = True

    with pytest.raises(ConnectionError):
        desk.search(staff, {"nir": claire.nir}, WHY)
    with desk.ground.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM consultation").scalar() == 0


def test_nothing_readable_is_kept_of_what_was_asked_and_noted(desk, staff, registered):
    """The note and the search are sealed; a number that was typed is not kept at all."""
    claire = registered()
    why = Why(Reason.OTHER, "Madame Durand rappelle")
    first = desk.search(staff, {"nir": claire.nir}, why)
    second = desk.search(staff, {"family_name": "Durand", "given_names": "Claire"}, why)
    with desk.ground.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM consultation")).all()

    assert "Durand" not in str(rows)
    assert claire.nir[:13] not in str(rows)
    assert claire.nir[:13] not in json.dumps(desk.read(staff, first))
    assert desk.read(staff, second)["asked"]["family_name"] == "Durand"
    assert desk.read(staff, second)["note"] == "Madame Durand rappelle"


def test_only_a_person_who_was_shown_can_be_opened(desk, staff, registered, population):
    """Row 5: a number put into the form by hand opens nothing."""
    other = population.other(family_name="ROUX", given_names="Paul")
    claire = registered(other)
    source = desk.search(staff, {"nir": claire.nir}, WHY)

    for person in (int(other.number), 0, 2**62):
        with pytest.raises(ConsultationUnknownError):
            desk.open_shown(staff, source, person)


def test_a_file_is_no_source_of_another(desk, staff, registered, file_of):
    """Only a search and a case show persons."""
    claire = registered()
    number = file_of(claire)

    with pytest.raises(ConsultationUnknownError):
        desk.open_shown(staff, number, int(claire.number))


def test_a_consultation_belongs_to_who_made_it(desk, staff, colleague, registered, file_of):
    """A colleague opens a consultation of their own, with a reason of their own."""
    number = file_of(registered())

    assert desk.read(staff, number)["holder"]["family_name"] == "DURAND"
    with pytest.raises(ConsultationUnknownError):
        desk.read(colleague, number)
    with pytest.raises(ConsultationUnknownError):
        desk.acts.unlock(colleague, number, "request-key-number-1")


def test_a_consultation_ends_with_the_day(desk, staff, registered, file_of, clock):
    """After twelve hours its address opens nothing any more."""
    number = file_of(registered())
    clock.now += LONGEST_SECONDS

    with pytest.raises(ConsultationUnknownError):
        desk.read(staff, number)


@pytest.mark.parametrize("number", ["", "1", "x" * 24, "../../etc/passwd", "é" * 24, "a\0b"])
def test_what_is_no_consultation_opens_nothing(desk, staff, registered, number):
    """Made up or malformed, the answer is the same."""
    with pytest.raises(ConsultationUnknownError):
        desk.read(staff, number)


def test_the_hourly_limit_stops_and_alerts(sqlite_engine, open_desk, registered, staff, trail):
    """Three an hour here: the fourth is refused and the journal holds an alert."""
    claire = registered()
    desk: AdvisorDesk = open_desk(sqlite_engine, per_hour=3)
    for _ in range(3):
        desk.search(staff, {"nir": claire.nir}, WHY)
    for _ in range(2):
        with pytest.raises(TooManyConsultationsError):
            desk.search(staff, {"nir": claire.nir}, WHY)

    assert trail.told[-1] == ("desk:limit:reached", {"staff": staff.id, "consultations": 3})
    assert trail.events().count("desk:consulted") == 3


def test_the_limit_is_of_each_advisor_and_of_an_hour(
    sqlite_engine, open_desk, registered, staff, colleague, clock
):
    """A colleague goes on; an hour later so does the first."""
    claire = registered()
    desk = open_desk(sqlite_engine, per_hour=1)
    assert desk.search(staff, {"nir": claire.nir}, WHY)
    assert desk.search(colleague, {"nir": claire.nir}, WHY)
    clock.now += 3599
    with pytest.raises(TooManyConsultationsError):
        desk.search(staff, {"nir": claire.nir}, WHY)
    clock.now += 1

    assert desk.search(staff, {"nir": claire.nir}, WHY)


def test_the_history_of_a_file_says_who_looked_why_and_what_was_done(
    desk, staff, colleague, registered, file_of, sure_of, holders, key, clock
):
    """The latest first, with the acts of each."""
    claire = registered()
    holders.open(claire, status="locked")
    first = sure_of(claire)
    desk.acts.unlock(staff, first, key())
    clock.now += 60
    second = file_of(claire, why=Why(Reason.FRAUD, "deux appels"), staff=colleague)

    history = desk.read(colleague, second)["history"]

    assert [(one["staff"], one["reason"], one["note"], one["acts"]) for one in history] == [
        ("dominique", "fraud", "deux appels", []),
        ("camille", "locked_account", None, [PROOF, "unlocked"]),
    ]


def test_a_person_who_left_the_registry_is_shown_no_more(
    desk, staff, registered, population, file_of
):
    """The registry is replaced whole: what is gone is gone."""
    claire = registered()
    source = desk.search(staff, {"nir": claire.nir}, WHY)
    number = file_of(claire)
    population.register(desk.ground.engine, population.other())

    assert desk.read(staff, source)["persons"] == []
    with pytest.raises(ConsultationUnknownError):
        desk.read(staff, number)


def test_a_form_sent_twice_is_one_act(desk, staff, registered, file_of, trail):
    """The second finds the first's trace and does nothing."""
    consultation = desk.consultations.find(staff, file_of(registered()), Kind.FILE)
    for expected in (True, False):
        with desk.consultations.acting(consultation, "unlocked", "request-key-1") as tx:
            assert (tx is not None) is expected

    assert desk.read(staff, consultation.id)["history"][0]["acts"] == ["unlocked"]
    assert trail.events().count("desk:acted") == 1


def test_an_act_that_fails_leaves_no_trace_of_itself(desk, staff, registered, file_of, trail):
    """Neither in the consultation nor in the journal, and the same form may be sent again."""
    consultation = desk.consultations.find(staff, file_of(registered()), Kind.FILE)
    with (
        pytest.raises(RuntimeError),
        desk.consultations.acting(consultation, "unlocked", "request-key-1"),
    ):
        raise RuntimeError

    with desk.consultations.acting(consultation, "unlocked", "request-key-1") as tx:
        assert tx is not None
    assert trail.events().count("desk:acted") == 1


def test_an_act_is_undone_when_the_journal_is_away(
    desk, staff, registered, sure_of, holders, trail, key
):
    """The account stays locked: nothing happens that the journal does not know."""
    claire = registered()
    holders.open(claire, status="locked")
    number = sure_of(claire)
    trail.broken = True

    with pytest.raises(ConnectionError):
        desk.acts.unlock(staff, number, key())
    assert [row.status for row in holders.rows()] == ["locked"]
