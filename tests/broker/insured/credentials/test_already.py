"""Whoever has an account learns by letter, and nobody else, that a form bore their identity."""

import pytest
from sqlalchemy import text

from broker.insured.credentials.replay import Replay
from broker.insured.registry.lives import french_iban

DAY = 86_400
OTHER_IBAN = french_iban(37, 12)


@pytest.fixture
def told(classic):
    """To whom the letters about an existing account went, and in which language."""

    def letters():
        found = classic.letters("account_exists")
        return [(channel, to, values["language"]) for _, channel, to, values in found]

    return letters


@pytest.mark.parametrize("status", ["active", "locked", "deactivated"])
def test_the_holder_of_an_account_is_told_at_the_address_of_the_account(
    classic, engine, told, status
):
    """X2: never at the address that was typed, whatever became of the account since."""
    classic.opened()
    with engine.begin() as tx:
        tx.execute(text(f"UPDATE account SET status = '{status}'"))

    answer = classic.create(email="new@exemple.fr")

    assert answer == {"result": "refused", "reason": "not_matching"}
    assert told() == [("mail", "claire.d@exemple.fr", "fr")]


@pytest.mark.parametrize("changes", [{"iban": OTHER_IBAN}, {"language": "en"}])
def test_the_holder_is_told_in_their_language_whatever_the_iban(classic, told, changes):
    """The identity is enough, and the page of the stranger decides nothing."""
    classic.opened()
    classic.create(**changes)

    assert told() == [("mail", "claire.d@exemple.fr", "fr")]


def test_the_holder_is_told_once_a_day(classic, told, clock):
    """However often the form comes, and again the next day."""
    classic.opened()
    for number in range(3):
        classic.create(origin=f"198.51.100.{number}")
        clock.now += 60
    assert len(told()) == 1

    clock.now += DAY
    classic.create(origin="198.51.100.9")

    assert len(told()) == 2


def test_a_mismatch_first_does_not_keep_the_letter_from_the_holder(classic, told):
    """A stranger who guesses wrong before guessing right silences nobody."""
    classic.opened()
    classic.create(birth_name="X")
    assert told() == []

    classic.create(origin="198.51.100.1")

    assert len(told()) == 1


MISMATCHES = {
    "another name": {"birth_name": "DUPONT"},
    "another day": {"birthdate": "1985-03-28"},
    "another postal code": {"postal_code": "69004"},
    "a NIR of nobody": {"nir": "2850369383012"},
}


@pytest.mark.parametrize("changes", MISMATCHES.values(), ids=MISMATCHES)
def test_a_mismatch_tells_the_holder_nothing(classic, told, count, changes):
    """Who did not give the identity whole writes to nobody; nothing is left in the outbox."""
    classic.opened()
    before = count("outbox")
    classic.create(**changes)

    assert (told(), count("outbox")) == ([], before)


def test_a_creation_that_waits_is_no_account_yet(classic, told):
    """Its mailbox gets a new link, or is told that it was replaced."""
    classic.create()
    classic.create(email="other@exemple.fr")

    assert told() == []


def test_an_account_without_address_is_written_to_as_the_insurer_does(
    classic, engine, registered, with_iban, told
):
    """The address or the telephone of the file, when there is one."""
    classic.opened()
    with engine.begin() as tx:
        tx.execute(text("UPDATE account SET email_sealed = NULL, email_index = NULL"))
    registered(engine, with_iban._replace(email="file@exemple.fr"))
    classic.create()

    assert told() == [("mail", "file@exemple.fr", "fr")]


def test_an_account_that_nobody_can_write_to_reads_the_same(
    classic, engine, registered, with_iban, told
):
    """No address, no telephone: the answer of every mismatch, and no letter."""
    classic.opened()
    with engine.begin() as tx:
        tx.execute(text("UPDATE account SET email_sealed = NULL, email_index = NULL"))
    registered(engine, with_iban._replace(email="", mobile=""))

    assert classic.create()["reason"] == "not_matching"
    assert told() == []


def test_nobody_writes_to_the_dead(classic, engine, population, registered, with_iban, told):
    """The account of somebody who died since: no letter to the family."""
    classic.opened()
    registered(engine, with_iban._replace(deceased="1"))

    assert classic.create()["reason"] == "not_matching"
    assert told() == []


def test_the_letter_and_the_answer_are_written_together(classic, told):
    """What undoes the answer undoes the letter: the outbox is part of the transaction."""
    classic.opened()
    ground = classic.ground
    form = classic.steps.creation.ask(classic.fields, "198.51.100.1")
    with ground.engine.connect() as connection, connection.begin() as undone:
        assert form(connection).answer["reason"] == "not_matching"
        undone.rollback()
    assert told() == []

    Replay(ground.engine, ground.sealing, ground.clock, None).unkeyed(lambda: form)

    assert len(told()) == 1
