"""`passerelle outbox`: the operator sees what waits and sends it again, and reads no name."""

import json

import pytest
from click.testing import CliRunner

from broker.commands.outbox import outbox_group
from broker.insured.contact import Recipient
from broker.insured.letters import Letter
from broker.insured.outbox import MOST_ATTEMPTS, enqueue


class Away:
    """A carrier that carries nothing."""

    def mail(self, *_):
        raise ConnectionError

    sms = mail


@pytest.fixture
def parts(world):
    """The parts of a broker whose mail server is away."""
    return world.broker.app.extensions["parts"]


@pytest.fixture
def outbox(parts):
    """Run `passerelle outbox ...`."""
    return lambda *words: CliRunner().invoke(outbox_group(lambda: parts), words)


@pytest.fixture
def post(parts, world):
    """Write one message to somebody."""

    def one(channel="mail", to="claire@exemple.fr"):
        letter = Letter("account_closed", {"date": "2026-03-02"})
        with parts.engines["insured"].begin() as tx:
            enqueue(tx, parts.sealer, Recipient(channel, to), letter, world.clock())

    return one


def test_an_empty_outbox_says_so(outbox):
    """Nothing waits."""
    assert outbox("list").output == "Everything was sent.\n"
    assert json.loads(outbox("list", "--json").output) == []


def test_what_waits_is_listed_without_the_person(outbox, post):
    """Which letter, by which way, since when; not to whom, not what it says."""
    post()
    post("sms", "+33639010001")
    told = outbox("list")
    rows = json.loads(outbox("list", "--json").output)

    assert [(row["channel"], row["message"]) for row in rows] == [
        ("mail", "account_closed"),
        ("sms", "account_closed"),
    ]
    assert rows[0]["created_at"] == "2026-03-02T08:30:00+00:00"
    assert "account_closed" in told.output
    assert "0 tries" in told.output
    assert "2026-03-02 08:30:00 UTC" in told.output
    assert "claire" not in told.output
    assert "+33" not in told.output


def test_a_message_that_was_given_up_is_sent_after_a_retry(outbox, post, parts, world):
    """After weeks of failures the operator mends the server and names the message."""
    post()
    with parts.engines["insured"].begin() as tx:
        tx.exec_driver_sql(f"UPDATE outbox SET attempts = {MOST_ATTEMPTS}")
    world.keep_up()
    assert len(world.mailbox) == 0
    assert "given up" in outbox("list").output
    number = json.loads(outbox("list", "--json").output)[0]["id"]

    assert "1 due now" in outbox("retry", str(number)).output
    world.keep_up()

    assert world.mailbox.last().subject == "Votre compte Ameli est fermé"


def test_every_message_can_be_tried_again_at_once(outbox, post, world):
    """--all, and the answer as JSON."""
    post()
    post()

    assert json.loads(outbox("retry", "--all", "--json").output) == {"due_now": 2}


@pytest.mark.parametrize("words", [("retry",), ("retry", "1", "--all")])
def test_a_retry_says_which(outbox, words):
    """Neither nothing nor both: the command says what to type."""
    told = outbox(*words)

    assert told.exit_code == 2
    assert "Name the messages by number" in told.output


def test_a_number_that_nobody_has_is_told(outbox, post):
    """Most likely it was sent in the meantime, or mistyped."""
    post()
    told = outbox("retry", "404")

    assert told.exit_code == 1
    assert "No message waits under 404: see `passerelle outbox list`." in told.output


@pytest.mark.parametrize("number", ["99999999999999999999", "0", "one"])
def test_what_can_be_no_number_is_a_usage_error(outbox, number):
    """Not a stack trace of the database."""
    told = outbox("retry", number)

    assert told.exit_code == 2
    assert number in told.output


def test_a_pure_federation_writes_to_nobody(make_world):
    """Without the insured domain there is no outbox, and the command says so."""
    changes = {"insured": None, "clients": {"ameli": {"account": None, "back_channel": False}}}
    parts = make_world(changes).broker.app.extensions["parts"]
    told = CliRunner().invoke(outbox_group(lambda: parts), ["list"])

    assert told.exit_code == 1
    assert "it writes to nobody" in told.output


def test_the_mailbox_of_the_demonstration_shows_both_forms(post, world, browser):
    """The control room has the plain text and a link to the formatted version."""
    post()
    world.keep_up()
    browser.open(f"{world.urls['room']}/messages")
    letter = world.mailbox.last()
    page = browser.click(f"message-{letter.number}")

    assert "Votre compte Ameli est fermé" in page.text
    assert letter.sender == "no-reply@ameli.fr"
    assert "localhost:8080" in letter.text
    assert letter.links == ()
    assert "<p>Le 2 mars 2026" in page.click("html").html


def test_nothing_to_try_again_is_no_promise(outbox):
    """An empty outbox says so, whatever was asked."""
    assert outbox("retry", "--all").output == "Everything was sent.\n"
