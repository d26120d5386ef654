"""The look-up by index finds whatever a scan of the whole registry would."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from broker.database import reading
from broker.insured.matching.decision import decide
from broker.insured.registry.desk_search import Asked
from broker.insured.registry.desk_search import candidates as nearby
from broker.insured.registry.generate import persons
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.loading import Loading, cuts_of
from broker.insured.registry.lookup import (
    by_id,
    candidates,
    former_nirs,
    fund_of,
    known_contact,
    record,
)
from broker.insured.registry.parsing import Parser
from broker.insured.registry.store import builder_of
from providers.identity import Gender, PartialDate, PivotIdentity

TODAY = date(2026, 3, 1)
CROWD = 1500


@pytest.fixture(scope="module")
def crowd(tmp_path_factory, opened, sealer):
    """A registry of fifteen hundred persons, and all its records."""
    from_seed = list(persons(CROWD, 7, TODAY))
    engine = opened(f"sqlite:///{tmp_path_factory.mktemp('crowd')}/insured.sqlite")
    _fill(engine, sealer, from_seed)
    with reading(engine) as connection:
        yield engine, [by_id(connection, int(line.number)) for line in from_seed]
    engine.dispose()


def _fill(engine, sealer, lines):
    with builder_of(engine) as builder:
        builder.start()
        parser = Parser(IbanPrinter.of(sealer))
        loading = Loading(builder, parser, lambda _: None)
        for cut in cuts_of(lines):
            loading.take(cut)
        builder.finish(parser.labels, {"source": "crowd", "built_at": "0"})
        builder.publish()


def identity_of(person, **changes):
    traits = {
        "family_name": person.family_name,
        "given_names": person.given_names,
        "birthdate": person.birthdate,
        "gender": person.gender,
        "birthplace": person.birthplace,
        "birthcountry": person.birthcountry,
        "tokens_given": True,
    }
    return PivotIdentity(**{**traits, **changes})


def _slips(person):
    """Identities near a person: equal, and with each trait wrong or written otherwise."""
    yield identity_of(person)
    yield identity_of(person, given_names=person.given_names[:1])
    yield identity_of(person, given_names=person.given_names, tokens_given=False)
    yield identity_of(person, family_name=person.family_name + "E")
    yield identity_of(person, family_name=person.family_name[::-1])
    yield identity_of(person, given_names=("Z" + person.given_names[0], *person.given_names[1:]))
    yield identity_of(person, birthdate=replace(person.birthdate, year=person.birthdate.year + 1))
    other = Gender.MALE if person.gender is Gender.FEMALE else Gender.FEMALE
    yield identity_of(person, gender=other)
    yield identity_of(person, birthplace="75056", birthcountry="99100")
    if not person.birthdate.complete:
        yield identity_of(person, birthdate=PartialDate(person.birthdate.year, 1, 1))
    if person.usage_name:
        yield identity_of(person, family_name=person.usage_name)


def test_the_decision_on_candidates_is_that_on_the_whole_registry(crowd):
    """For ten slips of ten persons: a scan would not decide otherwise."""
    engine, everybody = crowd
    with reading(engine) as connection:
        for person in everybody[:: CROWD // 10]:
            for identity in _slips(person):
                found = decide(identity, candidates(connection, identity), TODAY)
                scanned = decide(identity, everybody, TODAY)
                assert (found.outcome, found.record) == (scanned.outcome, scanned.record)


def test_each_person_is_a_candidate_once(crowd):
    """Whoever is found by three keys is still one person."""
    engine, everybody = crowd
    with reading(engine) as connection:
        found = candidates(connection, identity_of(everybody[0]))

    assert [one.person_id for one in found].count(everybody[0].person_id) == 1
    assert len({one.person_id for one in found}) == len(found)


def test_the_advisor_finds_who_was_written_with_two_slips(crowd):
    """The wider search puts the right person among the first five, off the login path."""
    engine, everybody = crowd
    right = 0
    sample = [person for person in everybody[:: CROWD // 50] if len(person.family_name) > 3]
    with reading(engine) as connection:
        for person in sample:
            slipped = identity_of(
                person,
                family_name=person.family_name + "E",
                given_names=("Z" + person.given_names[0], *person.given_names[1:]),
            )
            ranked = nearby(connection, Asked.of(slipped))
            right += person.person_id in {one.record.person_id for one in ranked}

    assert right >= 0.8 * len(sample)


@pytest.mark.parametrize(
    "search", [candidates, lambda connection, identity: nearby(connection, Asked.of(identity))]
)
def test_no_look_up_scans_the_registry(crowd, search):
    """SQLite explains each search by index; a scan of the table would hold up every login."""
    engine, everybody = crowd
    searches = []
    with reading(engine) as connection:
        raw = connection.connection.dbapi_connection
        raw.set_trace_callback(searches.append)
        search(connection, identity_of(everybody[0], tokens_given=False))
        raw.set_trace_callback(None)
        plans = [connection.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all() for sql in searches]

    steps = [row.detail for plan in plans for row in plan]
    assert all(any("USING INDEX" in row.detail for row in plan) for plan in plans)
    assert not [step for step in steps if step.startswith("SCAN") and "person" in step]


def test_a_person_is_read_with_every_trait(engine, population, claire):
    """A record is what the file said, on both engines."""
    abroad = population.other(
        birthplace="",
        birthcountry="99352",
        birthdate="1948-00-00",
        presumed="1",
        usage_name="Petit",
        scheme="agricultural",
        sex="M",
    )
    population.register(engine, claire, abroad)
    with reading(engine) as connection:
        person = by_id(connection, int(abroad.number))

    assert (person.birthplace, person.birthcountry) == (None, "99352")
    assert (person.birthdate, person.presumed) == (PartialDate(1948, 0, 0), True)
    assert (person.usage_name, person.gender, person.nir) == ("Petit", Gender.MALE, abroad.nir)
    assert (person.scheme, person.rights_open, person.deceased) == ("agricultural", False, False)


def test_what_only_the_desk_reads_is_found_by_number(engine, population, claire):
    """Contact, fund and former numbers; nothing for a number nobody has."""
    before = population.other().nir
    population.register(engine, claire._replace(former_nirs=before))
    with reading(engine) as connection:
        assert known_contact(connection, 11).email == claire.email
        assert known_contact(connection, 404).recipient is None
        assert fund_of(connection, 11) == "CPAM du Rhône"
        assert fund_of(connection, 404) is None
        assert former_nirs(connection, 11) == {before}
        assert by_id(connection, 404) is None


def test_a_record_needs_no_database():
    """A row is read by position: the order of COLUMNS is the contract."""
    row = (1, "A", "B|C", None, 19850327, 2, 120_004, 2 * 10**12 + 850320004001 + 10**13, 5, 0)
    person = record(row)

    assert (person.given_names, person.presumed, person.rights_open) == (("B", "C"), True, True)
    assert person.nir.startswith("285032A004001")
