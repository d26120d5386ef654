"""Messages are written with their fact, sent at least once, and wait when the carrier is away."""

import pytest
from sqlalchemy import select, text

from broker.insured.contact import Recipient
from broker.insured.letters import Imprint, Letter, shortened, written
from broker.insured.outbox import (
    FIRST_RETRY_SECONDS,
    LEASE_SECONDS,
    LONGEST_RETRY_SECONDS,
    MOST_ATTEMPTS,
    Postman,
    enqueue,
    offer,
    retry_after,
    try_again,
    waiting,
)
from broker.insured.schema import OUTBOX

VALUES = {"date": "01/03/2026", "provider": "Impots.gouv.fr"}
CREATED = Letter("account_created", VALUES)
MAILBOX = Recipient("mail", "claire@exemple.fr")


class Carrier:
    """Carries messages, or breaks when told to."""

    def __init__(self):
        self.sent, self.broken = [], False

    def mail(self, to, subject, body, html):
        self._carry(("mail", to, subject, body, html))

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
    ((channel, to, subject, body, html),) = carrier.sent
    assert (channel, to, subject) == ("mail", "claire@exemple.fr", "Votre compte Ameli est ouvert")
    assert "Le 01/03/2026" in body
    assert "Impots.gouv.fr" in body
    assert "<p>Le 01/03/2026" in html
    assert count("outbox") == 0


def test_a_letter_says_who_sends_it_and_where_the_portal_is(engine, carrier, sealer, clock, post):
    """The address of the sender and the exact address of the portal are those of the settings."""
    imprint = Imprint("no-reply@ameli.fr", "assure.ameli.fr", demonstration=False)
    post()
    Postman(engine, carrier, sealer, clock, imprint).deliver_due()
    body = carrier.sent[0][3]

    assert "no-reply@ameli.fr" in body
    assert "Notre site n'a qu'une adresse : assure.ameli.fr." in body
    assert "Démonstration" not in body


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


# --- what the operator sees ----------------------------------------------------------------------


def test_what_waits_is_shown_without_the_person(post, postman, carrier, clock, engine):
    """Which letter, since when, how often it was tried and when it is tried again."""
    post()
    carrier.broken = True
    postman.deliver_due()
    with engine.connect() as connection:
        (one,) = waiting(connection)

    assert (one.channel, one.message, one.created_at) == ("mail", "account_created", clock())
    assert (one.attempts, one.due_at) == (1, clock() + FIRST_RETRY_SECONDS)
    assert "claire" not in repr(one)


def test_a_message_that_was_given_up_has_no_next_try_until_it_is_asked_for(
    post, postman, carrier, clock, engine
):
    """The operator mends the server, asks for another try, and the message goes out."""
    post()
    carrier.broken = True
    for _ in range(MOST_ATTEMPTS):
        postman.deliver_due()
        clock.now += LONGEST_RETRY_SECONDS
    with engine.connect() as connection:
        (one,) = waiting(connection)
    assert (one.attempts, one.due_at) == (MOST_ATTEMPTS, None)
    carrier.broken = False
    assert postman.deliver_due() == 0

    with engine.begin() as tx:
        assert try_again(tx, clock(), [one.id]) == 1

    assert postman.deliver_due() == 1


def test_another_try_concerns_the_messages_that_were_named(post, postman, carrier, clock, engine):
    """By number, or all of them; an unknown number is nobody's."""
    for _ in range(3):
        post()
    carrier.broken = True
    postman.deliver_due()
    with engine.begin() as tx:
        numbers = [one.id for one in waiting(tx)]
        assert try_again(tx, clock(), [numbers[1], 10_000]) == 1
    carrier.broken = False
    assert postman.deliver_due() == 1

    with engine.begin() as tx:
        assert try_again(tx, clock()) == 2

    assert postman.deliver_due() == 2


# --- a mail server that is away ------------------------------------------------------------------


def test_a_server_away_for_an_hour_loses_nothing_and_sends_nothing_twice(
    post, postman, carrier, clock, count, engine, sealer
):
    """Twenty mails written meanwhile all arrive, each once, though two nodes deliver."""
    other = Postman(engine, carrier, sealer, clock)
    carrier.broken = True
    for minute in range(60):
        if minute % 3 == 0:
            post(Recipient("mail", f"person-{minute}@exemple.fr"))
        assert postman.deliver_due() + other.deliver_due() == 0
        clock.now += 60
    carrier.broken = False
    for _ in range(70):
        postman.deliver_due()
        other.deliver_due()
        clock.now += 60

    assert sorted(message[1] for message in carrier.sent) == sorted(
        f"person-{minute}@exemple.fr" for minute in range(0, 60, 3)
    )
    assert count("outbox") == 0


def test_a_mail_written_in_the_evening_of_the_outage_arrives_within_the_hour_after_it(
    post, postman, carrier, clock
):
    """The wait after an hour of failures is at most as long as the outage itself."""
    post()
    carrier.broken = True
    began = clock.now
    while clock.now - began < 3600:
        postman.deliver_due()
        clock.now += 20
    carrier.broken = False
    while not carrier.sent:
        postman.deliver_due()
        clock.now += 20

    assert clock.now - began < 2 * 3600 + 40


def test_the_plain_form_is_the_formatted_one_read_aloud(post, postman, carrier):
    """What the carrier gets is what the letter says, in both forms."""
    post()
    postman.deliver_due()
    mail = written(CREATED)

    assert carrier.sent == [("mail", MAILBOX.to, mail.subject, mail.text, mail.html)]


def test_a_letter_that_is_offered_is_sent_when_there_is_somebody_to_read_it(
    engine, sealer, clock, postman, carrier
):
    """Without a recipient nothing is stored: only the work is the same."""
    for recipient in (None, MAILBOX):
        with engine.begin() as tx:
            offer(tx, sealer, recipient, CREATED, clock())
    with engine.connect() as connection:
        assert [one.message for one in waiting(connection)] == ["account_created"]

    assert postman.deliver_due() == 1
    assert [to for _, to, *_ in carrier.sent] == ["claire@exemple.fr"]
