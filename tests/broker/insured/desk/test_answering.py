"""The secure messages of the personal space, answered within a consultation."""

import pytest
from sqlalchemy import update

from broker.errors import ConsultationUnknownError, DeskConflictError, DeskFieldError
from broker.insured.desk.answering import list_waiting
from broker.insured.schema import ACCOUNT
from broker.insured.space.messages import message, send
from broker.insured.space.place import Tenant
from tests.broker.insured.desk.conftest import PASSWORD, WHY

QUESTION = "Bonjour, où en est mon remboursement du 3 février ?"
ANSWER = "Bonjour, il part demain."


@pytest.fixture
def asked(desk, registered, holders):
    """Claire wrote to her fund: (number of the message, whose it is)."""
    claire = registered()
    account = holders.open(claire)
    tenant = Tenant(account, int(claire.number), "reference", "sector")
    with desk.ground.engine.begin() as tx:
        number = send(tx, desk.space, tenant, "reimbursement", QUESTION)["number"]
    return number, tenant


def test_what_waits_is_listed_without_its_text(desk, staff, asked):
    """The list is no consultation: subject and dates alone."""
    (waiting,) = desk.overview(staff)["messages"]

    assert waiting["number"] == asked[0]
    assert waiting["topic"] == "reimbursement"
    assert QUESTION not in str(waiting)
    assert "person_id" not in waiting


def test_a_message_is_read_in_the_file_of_its_author(desk, staff, asked):
    """Opening it is a consultation with its reason."""
    read = desk.read(staff, desk.open_message(staff, asked[0], WHY))

    assert read["messages"][0]["text"] == QUESTION
    assert read["holder"]["family_name"] == "DURAND"
    assert read["history"][0]["reason"] == "locked_account"


def test_an_answer_reaches_the_person(desk, staff, asked, key, post):
    """S168: it stands in the space, signed by the desk, and a mail says so without its text."""
    consultation = desk.open_message(staff, asked[0], WHY)
    desk.acts.answer(staff, consultation, key(), {"message": asked[0], "text": f" {ANSWER} "})

    assert message(desk.space, asked[1], asked[0])["answer"] == ANSWER
    (mail,) = post().to("claire@exemple.fr")
    assert ANSWER not in mail[2]
    assert desk.overview(staff)["messages"] == []


def test_a_message_is_answered_once(desk, staff, asked, key):
    """A colleague who was faster has the last word."""
    consultation = desk.open_message(staff, asked[0], WHY)
    reply = {"message": asked[0], "text": ANSWER}
    desk.acts.answer(staff, consultation, key(), reply)

    with pytest.raises(DeskConflictError):
        desk.acts.answer(staff, consultation, key(), reply)
    with pytest.raises(ConsultationUnknownError):
        desk.open_message(staff, asked[0], WHY)


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_an_answer_says_something_and_is_not_a_book(desk, staff, asked, key, text):
    """Between one and four thousand characters."""
    consultation = desk.open_message(staff, asked[0], WHY)

    with pytest.raises(DeskFieldError) as refusal:
        desk.acts.answer(staff, consultation, key(), {"message": asked[0], "text": text})
    assert refusal.value.parameter == "text"


def test_a_message_of_somebody_else_is_not_answered_from_this_file(
    desk, staff, asked, population, registered, file_of, key
):
    """Row 4: the consultation of one person serves no other."""
    paul = population.other(given_names="Paul")
    registered(paul)

    with pytest.raises(ConsultationUnknownError):
        desk.acts.answer(staff, file_of(paul), key(), {"message": asked[0], "text": ANSWER})


def test_an_unknown_message_opens_nothing(desk, staff, asked):
    """Nothing is opened and no consultation made."""
    with pytest.raises(ConsultationUnknownError):
        desk.open_message(staff, asked[0] + 1, WHY)


def test_the_most_urgent_comes_first(desk, staff, asked, clock):
    """By the day that was promised."""
    clock.now += 3 * 86_400
    with desk.ground.engine.begin() as tx:
        later = send(tx, desk.space, asked[1], "other", "Merci")["number"]
    with desk.ground.engine.connect() as connection:
        waiting = list_waiting(connection, desk.space)

    assert [one["number"] for one in waiting] == [asked[0], later]


def test_the_password_of_the_staff_is_not_asked_again(desk, staff, asked):
    """The session is the proof: no act takes a password."""
    assert PASSWORD not in str(desk.read(staff, desk.open_message(staff, asked[0], WHY)))


def test_a_message_of_a_closed_account_waits_no_more(desk, staff, asked):
    """Its author reads no answer any more: neither the list nor the file asks for one."""
    consultation = desk.open_message(staff, asked[0], WHY)
    ended = update(ACCOUNT).where(ACCOUNT.c.id == asked[1].account_id).values(status="closed")
    with desk.ground.engine.begin() as tx:
        tx.execute(ended)

    assert desk.overview(staff)["messages"] == []
    assert desk.read(staff, consultation)["messages"] == []
    with pytest.raises(ConsultationUnknownError):
        desk.open_message(staff, asked[0], WHY)
