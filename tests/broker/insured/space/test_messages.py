"""Secure messages to the fund (S167-S169)."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from broker.errors import BackChannelLimitError, MessageNotFoundError
from broker.insured.schema import ACCOUNT
from broker.insured.space.messages import (
    DAILY,
    answer,
    message,
    messages,
    send,
    unread,
    waiting,
)
from broker.insured.space.tables import MESSAGE

DAY = 86_400
QUESTION = "Pourquoi ma consultation du 3 n'est-elle pas remboursée ?"
ANSWER = "Votre médecin l'a transmise hier."


def test_the_answer_is_promised_within_three_to_five_working_days(doing, finding, space, tenant):
    """S168: from Sunday 1 March 2026, between Wednesday and Friday."""
    doing(send, space, tenant, "reimbursement", QUESTION)
    (told,) = finding(messages, tenant)

    assert (told["answer_from"], told["answer_until"]) == ("2026-03-04", "2026-03-06")
    assert told["answered_at"] is None
    assert not told["read"]


def test_the_promise_knows_public_holidays(doing, finding, space, tenant, clock):
    """Sent on the eve of Christmas, the five days pass over Christmas and the New Year."""
    clock.now = datetime(2026, 12, 24, 11, tzinfo=UTC).timestamp()
    doing(send, space, tenant, "other", QUESTION)

    assert finding(messages, tenant)[0]["answer_until"] == "2027-01-04"


def test_an_answer_is_given_once_told_by_mail_and_read(doing, finding, space, tenant, letters):
    """The advisor's text reaches the account; the mail says that it is there, not what it says."""
    number = doing(send, space, tenant, "rights", QUESTION)["number"]
    assert doing(answer, space, number, ANSWER, "advisor-7")
    assert not doing(answer, space, number, "Autre chose.", "advisor-8")

    assert letters.names() == ["message_answered"]
    assert ANSWER not in str(letters.all())
    assert finding(unread, tenant.account_id) == 1
    told = message(space, tenant, number)
    assert (told["text"], told["answer"]) == (QUESTION, ANSWER)
    assert finding(unread, tenant.account_id) == 0
    assert finding(messages, tenant)[0]["read"]


def test_a_message_without_answer_stays_unread(finding, doing, space, tenant):
    """Opening one's own question changes nothing."""
    number = doing(send, space, tenant, "rights", QUESTION)["number"]
    message(space, tenant, number)
    doing(answer, space, number, ANSWER, "advisor-7")

    assert finding(unread, tenant.account_id) == 1


def test_an_advisor_finds_what_is_most_urgent(doing, finding, space, tenant, clock):
    """The one due first comes first; what was answered is gone from the list."""
    numbers = []
    for _ in range(3):
        numbers.append(doing(send, space, tenant, "document", QUESTION)["number"])
        clock.now += 3 * DAY
    doing(answer, space, numbers[1], ANSWER, "advisor-7")
    found = finding(waiting, space)

    assert [one.number for one in found] == [numbers[0], numbers[2]]
    assert found[0].text == QUESTION
    assert found[0].due_on < found[1].due_on


@pytest.mark.parametrize("status", ["closed", "replaced"])
def test_a_message_ends_with_its_account(doing, finding, space, tenant, status):
    """Nobody could read the answer: no advisor is asked for one."""
    doing(send, space, tenant, "document", QUESTION)
    assert len(finding(waiting, space)) == 1
    ended = update(ACCOUNT).where(ACCOUNT.c.id == tenant.account_id).values(status=status)
    doing(lambda tx: tx.execute(ended))

    assert finding(waiting, space) == []


def test_another_accounts_message_does_not_exist(
    doing, engine, space, population, claire, open_account
):
    """The same answer as for a number that never was."""
    other = population.other()
    population.register(engine, claire, other)
    mine = space.tenant(open_account(claire), "portal.example")
    theirs = space.tenant(open_account(other, email="autre@exemple.fr"), "portal.example")
    number = doing(send, space, mine, "rights", QUESTION)["number"]

    for wrong in (number, 999):
        with pytest.raises(MessageNotFoundError):
            message(space, theirs, wrong)


def test_what_was_written_is_sealed(doing, engine, space, tenant):
    """A copy of the database holds neither question nor answer."""
    number = doing(send, space, tenant, "other", QUESTION)["number"]
    doing(answer, space, number, ANSWER, "advisor-7")
    with engine.connect() as connection:
        kept = str(connection.execute(select(MESSAGE)).all())

    assert "consultation" not in kept
    assert "transmise" not in kept


def test_messages_have_a_limit_a_day(doing, space, tenant):
    """Ten a day and account."""
    for _ in range(DAILY.most):
        doing(send, space, tenant, "other", QUESTION)
    with pytest.raises(BackChannelLimitError):
        doing(send, space, tenant, "other", QUESTION)
