"""The demonstration: each named person is there for one situation, and meets it."""

import csv
import secrets
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

import broker.insured.registry.demonstration as registry_demonstration
from broker.insured.accounts.facts import InsuredArrival
from broker.insured.accounts.retention import PURGES
from broker.insured.accounts.settle import Accounts
from broker.insured.demonstration import Seeding, seed_demonstration
from broker.insured.match import match
from broker.insured.periods import MONTH
from broker.insured.registry.demonstration import born, personas
from broker.insured.registry.store import about
from providers.identity import Gender, PartialDate, PivotIdentity

TODAY = date(2026, 3, 1)
SEEDING = Seeding(200, 36)


@pytest.fixture
def seeded(engine, sealer, clock):
    seed_demonstration(engine, sealer, SEEDING, clock())
    return engine


def identity_of(line, **changes):
    """The identity a provider sends for a line of the registry."""
    traits = {
        "family_name": line.family_name,
        "given_names": tuple(line.given_names.split("|")),
        "birthdate": PartialDate.parse(line.birthdate),
        "gender": Gender.MALE if line.sex == "M" else Gender.FEMALE,
        "birthplace": line.birthplace or None,
        "birthcountry": line.birthcountry,
        "tokens_given": True,
    }
    return PivotIdentity(**{**traits, **changes})


EXPECTED = {
    "claire": "created exact",
    "marc": "linked exact",
    "sophie": "refused already_linked",
    "longuemare": "created exact",
    "zoe": "created exact",
    "ange": "created exact",
    "toussaint": "created exact",
    "senegal": "created exact",
    "presumed_year": "created exact",
    "louise": "created exact",
    "louis": "created exact",
    "michel": "refused ambiguous",
    "emma": "created exact",
    "rival": "refused ambiguous",
    "henri": "refused deceased",
    "leo": "refused under_16",
    "eve": "refused under_16",
    "alix": "created exact",
    "gerard": "refused no_rights",
    "solene": "refused no_rights",
    "oksana": "refused temporary_number",
    "bruno": "refused account_locked",
    "laurence": "refused account_deactivated",
}


def test_each_named_person_meets_the_situation_it_is_there_for(seeded, sealer, clock):
    """An identity equal to the record leads where the situation says."""
    accounts = Accounts(seeded, sealer, clock, secrets.token_bytes)
    found = {}
    for persona in personas(TODAY):
        if persona.key in EXPECTED:
            arrival = InsuredArrival(
                identity_of(persona.line), "https://tax", persona.key, persona.key, "tax", "Tax"
            )
            settled = accounts.settle(arrival, "ameli")
            found[persona.key] = f"{settled.result} {settled.outcome}"

    assert found == EXPECTED


@pytest.mark.parametrize(
    ("key", "changes", "outcome"),
    [
        ("paul", {"given_names": ("Paul", "André")}, "tolerant"),
        ("toussaint", {"birthplace": "2A004"}, "tolerant"),
        ("annecy", {"birthplace": "74011"}, "tolerant"),
        ("paris", {"birthplace": "75113"}, "tolerant"),
        ("montmartre", {"birthplace": "75056"}, "tolerant"),
        ("saint_denis", {"birthplace": "93066"}, "tolerant"),
        ("oran", {"birthplace": "92140", "birthcountry": "99100"}, "tolerant"),
        ("presumed_day", {"birthdate": PartialDate(1972, 5, 1)}, "tolerant"),
        ("presumed_year", {"birthdate": PartialDate(1948, 1, 1)}, "tolerant"),
        ("leroy", {"family_name": "LEROY"}, "tolerant"),
        ("saint_martin", {"family_name": "ST MARTIN"}, "tolerant"),
        ("emma", {"family_name": "LEROY"}, "ambiguous"),
        ("julien", {"given_names": ("Julien",)}, "near_miss"),
        ("jean_comma_pierre", {"given_names": ("Jean", "Pierre")}, "near_miss"),
        ("dupond", {"family_name": "DUPOND"}, "near_miss"),
        ("usage_as_birth", {"family_name": "PERRIN"}, "usage_name"),
        ("dominique", {"gender": Gender.UNSPECIFIED}, "near_miss"),
    ],
)
def test_the_small_differences_of_the_providers_are_met(
    demonstration_engine, key, changes, outcome
):
    """What the mock providers send instead of the record leads to the documented row."""
    line = next(one.line for one in personas(TODAY) if one.key == key)
    with demonstration_engine.connect() as connection:
        assert match(connection, identity_of(line, **changes), TODAY).outcome == outcome


@pytest.fixture(scope="module")
def demonstration_engine(tmp_path_factory, opened, sealer):
    """One seeded registry for the table above."""
    engine = opened(f"sqlite:///{tmp_path_factory.mktemp('seeded')}/insured.sqlite")
    seed_demonstration(engine, sealer, SEEDING, 1_772_362_800.0)
    yield engine
    engine.dispose()


def test_seeding_again_changes_nothing(seeded, sealer, clock, count):
    """A second start finds the registry and the accounts as they are."""
    before = (about(seeded), count("account"), count("link"))

    assert not seed_demonstration(seeded, sealer, SEEDING, clock())
    assert (about(seeded), count("account"), count("link")) == before


def test_another_day_keeps_the_accounts_and_moves_the_birthdays(seeded, sealer, clock, count):
    """Tomorrow somebody else is sixteen: the registry is built again, accounts stay."""
    accounts = Accounts(seeded, sealer, clock, secrets.token_bytes)

    def login(key):
        line = next(one.line for one in personas(_today(clock)) if one.key == key)
        arrival = InsuredArrival(identity_of(line), "https://tax", key, key, "tax", "Tax")
        return accounts.settle(arrival, "ameli")

    first = login("alix")
    clock.now += 86_400
    rebuilt = seed_demonstration(seeded, sealer, SEEDING, clock())
    again = login("alix")

    assert rebuilt
    assert (again.result, again.account_id) == ("existing", first.account_id)
    assert count("account") == 6


def _today(clock):
    return datetime.fromtimestamp(clock(), UTC).date()


def test_an_imported_registry_is_never_replaced_by_the_demonstration(
    engine, population, claire, sealer, clock
):
    """Who imported a file of their own keeps it."""
    population.register(engine, claire)

    assert not seed_demonstration(engine, sealer, SEEDING, clock())
    assert about(engine)["persons"] == "1"


@pytest.mark.parametrize(
    ("text_", "today", "expected"),
    [
        ("1985-03-27", TODAY, "1985-03-27"),
        ("today-16y", TODAY, "2010-03-01"),
        ("today-16y+1d", TODAY, "2010-03-02"),
        ("today-16y+1d", date(2026, 12, 31), "2011-01-01"),
        ("today-15y", date(2028, 2, 29), "2013-02-28"),
        ("today-16y", date(2028, 2, 29), "2012-02-29"),
    ],
)
def test_ages_follow_the_calendar(text_, today, expected):
    """Sixteen today, whatever today is."""
    assert born(text_, today) == expected


def test_the_named_persons_have_numbers_and_names_of_their_own():
    """Keys, numbers and NIRs are unique, and below those of generated persons."""
    everybody = personas(TODAY)

    assert len({one.key for one in everybody}) == len(everybody)
    assert len({one.line.nir for one in everybody}) == len(everybody)
    assert {int(one.line.number) for one in everybody} == set(range(1, len(everybody) + 1))


def test_the_table_of_named_persons_is_a_plain_csv():
    """Anybody may read who is in the demonstration."""
    path = Path(registry_demonstration.__file__).parent / "data" / "personas.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert {"claire", "marc", "sophie", "henri", "alix"} <= {row["key"] for row in rows}
    assert all(None not in row and None not in row.values() for row in rows)


def test_a_seeded_account_is_sealed_like_any_other(seeded):
    """The demonstration stores no address in clear either."""
    with seeded.connect() as connection:
        rows = connection.execute(text("SELECT * FROM account")).all()

    assert rows
    assert "courriel" not in str(rows)


def test_upkeep_leaves_the_accounts_of_the_demonstration_as_they_were_opened(
    engine, sealer, clock, count
):
    """Whenever it is started: what upkeep forgets after years must not be that old already."""
    clock.now += 10 * 12 * MONTH
    seed_demonstration(engine, sealer, SEEDING, clock())
    with engine.begin() as tx:
        forgotten = [purge(tx, clock() + 12 * MONTH) for purge in PURGES]

    assert forgotten == [0, 0]
    assert count("link") == 1
