"""What a first login does to an account: rows D1, D2, D9, D11 and D12 of the decision table."""

import pytest
from sqlalchemy import text

from broker.insured.accounts.facts import AccountBar, Result
from broker.insured.matching.outcomes import Outcome
from providers.identity import PartialDate

AMELI, OTHER_SECTOR = "ameli.exemple", "mutuelle.exemple"


@pytest.fixture(autouse=True)
def registry(engine, population, claire):
    population.register(engine, claire)


def test_a_first_login_creates_the_account_and_its_link(accounts, arriving, count):
    """An identity equal to one record opens one account with one link and one reference."""
    settled = accounts.settle(arriving(), AMELI)

    assert (settled.result, settled.verdict, settled.match) == (
        Result.CREATED,
        Outcome.EXACT,
        "exact",
    )
    assert settled.account_id
    assert settled.case is None
    assert [count(table) for table in ("account", "link", "account_reference")] == [1, 1, 1]


def test_a_second_login_finds_the_account_under_the_same_reference(accounts, arriving, count):
    """The same person through the same provider is led to the same account, nothing is added."""
    first = accounts.settle(arriving(), AMELI)
    again = accounts.settle(arriving(), AMELI)

    assert (again.result, again.account_id, again.match) == (
        Result.EXISTING,
        first.account_id,
        "exact",
    )
    assert [count(table) for table in ("account", "link", "outbox")] == [1, 1, 1]


def test_another_provider_of_the_same_person_joins_the_account(accounts, arriving, count):
    """A second provider adds a link of its own to the account the person already has."""
    first = accounts.settle(arriving(), AMELI)
    other = accounts.settle(arriving(issuer="https://postal.exemple", provider="postal"), AMELI)

    assert (other.result, other.account_id) == (Result.EXISTING, first.account_id)
    assert [count(table) for table in ("account", "link")] == [1, 2]


def test_the_same_subject_at_two_providers_is_two_links(accounts, arriving, population, engine):
    """(issuer, subject) is the key: another issuer's equal subject is another person's."""
    population.register(engine, *_two_persons(population))
    accounts.settle(arriving(), AMELI)
    stranger = accounts.settle(
        arriving(family_name="Petit", issuer="https://postal.exemple", person="person-of-petit"),
        AMELI,
    )

    assert stranger.result is Result.CREATED


def _two_persons(population):
    return population.other(), population.other(family_name="PETIT")


def test_each_sector_has_a_reference_of_its_own(accounts, arriving):
    """Two services of two sectors cannot compare the references they hold."""
    here = accounts.settle(arriving(), AMELI)
    there = accounts.settle(arriving(), OTHER_SECTOR)

    assert there.result is Result.EXISTING
    assert there.account_id not in (None, here.account_id)
    assert accounts.settle(arriving(), OTHER_SECTOR).account_id == there.account_id


def test_a_documented_equivalence_creates_too_and_says_so(accounts, arriving):
    """D2: fewer given names are enough when nobody else is near; the journal names the rule."""
    settled = accounts.settle(arriving(given_names=("Claire",)), AMELI)

    assert (settled.result, settled.match) == (Result.CREATED, "tolerant")
    assert settled.explanation["equivalences"] == {"given_name": "fewer_given_names"}


@pytest.mark.parametrize(
    ("traits", "verdict"),
    [
        ({"family_name": "Petit"}, Outcome.NONE),
        ({"family_name": "Durant"}, Outcome.NEAR_MISS),
        ({"family_name": "Inconnu"}, Outcome.INVALID),
    ],
)
def test_an_identity_that_is_nobody_here_gets_a_case_and_no_account(
    accounts, arriving, count, traits, verdict
):
    """D0, D5, D6: refused with the number of a case; no row but the case is written."""
    settled = accounts.settle(arriving(**traits), AMELI)

    assert (settled.result, settled.verdict) == (Result.REFUSED, verdict)
    assert settled.case
    assert settled.account_id is None
    assert [count(t) for t in ("account", "link", "outbox", "advisor_case")] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("change", "verdict", "has_case"),
    [
        ({"deceased": "1"}, Outcome.DECEASED, True),
        ({"rights_open": "0"}, Outcome.NO_RIGHTS, False),
        ({"scheme": "agricultural"}, Outcome.NO_RIGHTS, False),
        ({"nir": "885036938301160"}, Outcome.TEMPORARY_NUMBER, False),
    ],
)
def test_a_unique_match_that_may_not_open_an_account_is_refused(
    accounts, arriving, population, engine, claire, count, change, verdict, has_case
):
    """D7, D9, D10: found without doubt, refused with the reason; D7 alone is told to the desk."""
    population.register(engine, claire._replace(**_with_valid_nir(change)))
    settled = accounts.settle(arriving(), AMELI)

    assert (settled.result, settled.verdict) == (Result.REFUSED, verdict)
    assert (settled.case is not None) == has_case
    assert count("account") == 0


def _with_valid_nir(change):
    from_thirteen = {"nir": change["nir"][:13]} if "nir" in change else {}
    return {**change, **from_thirteen}


def test_the_sixteenth_birthday_is_counted_in_paris(accounts, arriving, population, engine, clock):
    """D8: refused at 23:59 on the eve, accepted one minute later, by the clock of Paris."""
    population.register(engine, population.other(birthdate="2010-03-02"))
    clock.now += 12 * 3600 - 60
    young = arriving(birthdate=PartialDate(2010, 3, 2))
    eve = accounts.settle(young, AMELI)
    clock.now += 60

    assert eve.verdict is Outcome.UNDER_16
    assert accounts.settle(young, AMELI).result is Result.CREATED


def test_rights_that_close_leave_an_existing_account_readable(
    accounts, arriving, population, engine, claire
):
    """D9 refuses a creation; whoever has the account already still reads it."""
    first = accounts.settle(arriving(), AMELI)
    population.register(engine, claire._replace(rights_open="0"))

    again = accounts.settle(arriving(), AMELI)
    elsewhere = accounts.settle(arriving(issuer="https://postal.exemple"), AMELI)

    assert {again.result, elsewhere.result} == {Result.EXISTING}
    assert {again.account_id, elsewhere.account_id} == {first.account_id}


def test_an_account_linked_to_somebody_is_never_taken_over(accounts, arriving, count):
    """D11: another person of the broker with the same traits is refused, the link stays."""
    accounts.settle(arriving(), AMELI)
    other = accounts.settle(arriving(subject="somebody", person="person-of-somebody"), AMELI)

    assert (other.result, other.verdict) == (Result.REFUSED, Outcome.ALREADY_LINKED)
    assert other.case
    assert other.explanation["rule"] == "D11"
    assert [count(t) for t in ("account", "link", "link WHERE person = 'person-of-claire'")] == [
        1,
        1,
        1,
    ]


def test_an_email_of_another_account_is_left_out_and_asked_for(
    accounts, arriving, population, engine, count
):
    """D12: the account is created without the address, whatever its case, and says so."""
    population.register(engine, *_two_persons(population))
    accounts.settle(arriving(), AMELI)
    second = accounts.settle(
        arriving(
            family_name="Petit",
            subject="petit",
            person="person-of-petit",
            email=" Claire.DURAND@exemple.fr",
        ),
        AMELI,
    )

    assert (second.result, second.email_conflict, second.email_wanted) == (
        Result.CREATED,
        True,
        True,
    )
    assert count("account WHERE email_index IS NULL") == 1


def test_a_provider_without_email_leaves_one_to_ask_for(accounts, arriving):
    """No address is no conflict, but one is wanted."""
    settled = accounts.settle(arriving(email=None), AMELI)

    assert (settled.email_wanted, settled.email_conflict) == (True, False)


def test_a_person_who_holds_an_account_opens_no_second_one(
    accounts, arriving, population, engine, count
):
    """One person of the broker, two insured persons: refused, an advisor looks."""
    population.register(engine, *_two_persons(population))
    accounts.settle(arriving(), AMELI)
    second = accounts.settle(arriving(family_name="Petit", subject="other-subject"), AMELI)

    assert (second.result, second.verdict) == (Result.REFUSED, AccountBar.OTHER_ACCOUNT)
    assert count("account") == 1


def test_nothing_that_identifies_is_stored_in_clear(accounts, arriving, engine, claire):
    """NIR, e-mail and mobile are sealed, their look-up a fingerprint; the mail waits sealed."""
    accounts.settle(arriving(), AMELI)
    with engine.connect() as connection:
        rows = [
            str(connection.execute(text(f"SELECT * FROM {table}")).all())
            for table in ("account", "link", "outbox", "account_reference")
        ]
    written = "".join(rows)

    assert not any(
        secret in written
        for secret in (
            claire.nir,
            claire.nir[:13],
            "exemple.fr'",
            "claire@",
            claire.mobile,
            "DURAND",
        )
    )
