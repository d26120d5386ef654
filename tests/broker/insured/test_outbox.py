"""Messages are written with their fact, sent at least once, and wait when the carrier is away."""

import pytest
from sqlalchemy import select, text

from broker.insured.contact import Recipient
from broker.insured.letters import LETTERS, SHORT, Letter, shortened, written
from broker.insured.outbox import (
    FIRST_RETRY_SECONDS,
    LEASE_SECONDS,
    LONGEST_RETRY_SECONDS,
    MOST_ATTEMPTS,
    Postman,
    enqueue,
    retry_after,
)
from broker.insured.schema import OUTBOX

VALUES = {"date": "01/03/2026", "provider": "Impots.gouv.fr"}
CREATED = Letter("account_created", VALUES)
MAILBOX = Recipient("mail", "claire@exemple.fr")


class Carrier:
    """Carries messages, or breaks when told to."""

    def __init__(self):
        self.sent, self.broken = [], False

    def mail(self, to, subject, body):
        self._carry(("mail", to, subject, body))

    def sms(self, to, body):
        self._carry(("sms", to, body))

    def _carry(self, message):
        if self.broken:
            raise ConnectionError("no carrier for claire@exemple.fr")
        self.sent.append(message)


@pytest.fixture
def carrier():
    return Carrier()


@pytest.fixture
def postman(engine, carrier, sealer, clock):
    return Postman(engine, carrier, sealer, clock)


@pytest.fixture
def post(engine, sealer, clock):
    """Enqueue a letter."""

    def one(recipient=MAILBOX, letter=CREATED):
        with engine.begin() as tx:
            enqueue(tx, sealer, recipient, letter, clock())

    return one


def test_a_message_is_sent_once_and_forgotten(post, postman, carrier, count):
    """A mail goes out in French with its blanks filled, and leaves the outbox."""
    post()

    assert (postman.deliver_due(), postman.deliver_due()) == (1, 0)
    ((channel, to, subject, body),) = carrier.sent
    assert (channel, to, subject) == ("mail", "claire@exemple.fr", "Votre compte Ameli est ouvert")
    assert "Le 01/03/2026" in body
    assert "Impots.gouv.fr" in body
    assert count("outbox") == 0


def test_a_text_message_goes_to_the_telephone(post, postman, carrier):
    """Who has no mailbox gets the short form."""
    post(Recipient("sms", "+33639010048"))
    postman.deliver_due()

    assert carrier.sent == [("sms", "+33639010048", shortened(CREATED))]


def test_a_fact_that_is_rolled_back_sends_nothing(engine, sealer, postman, carrier):
    """The message stands or falls with the transaction of its fact."""
    with engine.connect() as connection, connection.begin() as tx:
        enqueue(connection, sealer, MAILBOX, CREATED, 1.0)
        tx.rollback()

    assert (postman.deliver_due(), carrier.sent) == (0, [])


def test_a_carrier_that_is_away_is_tried_again_later_and_later(
    post, postman, carrier, clock, no_secret_in_logs
):
    """Thirty seconds, then twice as long each time; the log names neither person nor address."""
    no_secret_in_logs.never("claire")
    post()
    carrier.broken = True
    for attempt in range(3):
        assert postman.deliver_due() == 0
        clock.now += retry_after(attempt) - 1
        assert postman.deliver_due() == 0
        clock.now += 1
    carrier.broken = False

    assert postman.deliver_due() == 1


def test_one_message_that_fails_does_not_hold_up_the_others(post, postman, carrier, engine):
    """A message nobody can open any more stays behind alone."""
    post()
    with engine.begin() as tx:
        tx.execute(text("UPDATE outbox SET message = 'unknown letter'"))
    post()

    assert postman.deliver_due() == 1
    assert len(carrier.sent) == 1


def test_two_nodes_never_send_the_same_message_at_once(
    post, postman, carrier, engine, sealer, clock
):
    """Whoever claims a message has it for the lease; the other finds nothing due."""
    post()
    second = Carrier()

    def interrupted(*message):
        assert Postman(engine, second, sealer, clock).deliver_due() == 0
        Carrier.mail(carrier, *message)

    carrier.mail = interrupted

    assert postman.deliver_due() == 1
    assert second.sent == []


def test_a_node_that_dies_while_sending_leaves_the_message_to_another(
    post, engine, sealer, clock, carrier
):
    """At least once: claimed and not confirmed, the message is due again after the lease."""

    class DiesError(BaseException):
        """The process ends."""

    class Dying(Carrier):
        def mail(self, *_):
            raise DiesError

    post()
    with pytest.raises(DiesError):
        Postman(engine, Dying(), sealer, clock).deliver_due()
    healthy = Postman(engine, carrier, sealer, clock)
    early = healthy.deliver_due()
    clock.now += LEASE_SECONDS

    assert (early, healthy.deliver_due()) == (0, 1)


def test_a_message_is_given_up_after_many_attempts(post, postman, carrier, clock, count):
    """It stays for the operator to see, and is not tried for ever."""
    post()
    carrier.broken = True
    for _ in range(MOST_ATTEMPTS):
        postman.deliver_due()
        clock.now += LONGEST_RETRY_SECONDS
    carrier.broken = False

    assert (postman.deliver_due(), count("outbox")) == (0, 1)


def test_the_wait_doubles_up_to_six_hours():
    """30 s, 60 s, 120 s ... 21,600 s."""
    waits = [retry_after(attempts) for attempts in range(60)]

    assert waits[:3] == [FIRST_RETRY_SECONDS, 60, 120]
    assert max(waits) == waits[-1] == LONGEST_RETRY_SECONDS
    assert waits == sorted(waits)


def test_who_receives_a_message_is_not_readable_in_the_database(post, engine):
    """The address waits sealed."""
    post()
    with engine.connect() as connection:
        row = connection.execute(select(OUTBOX)).one()

    assert b"claire" not in bytes(row.sealed)
    assert "claire" not in str(row)


@pytest.mark.parametrize("name", LETTERS)
def test_no_letter_asks_for_bank_data_or_carries_a_link(name):
    """Rows S133 to S138: no link, no attachment, no request; the number to call is there."""
    subject, body = written(Letter(name, VALUES))
    short = shortened(Letter(name, VALUES))

    assert "36 46" in body
    assert "36 46" in short
    assert len(short) <= 160
    assert not {"http", "www", "veuillez", "{"} & {*body.lower().split(), *short.lower().split()}
    assert "http" not in f"{subject}{body}{short}"
    assert set(SHORT) == set(LETTERS)
