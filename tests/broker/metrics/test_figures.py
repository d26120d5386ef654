"""What is counted: logins, answers, calls, circuits, what waits; and never a person."""

import re

import pytest
from flask import Flask
from sqlalchemy import delete, insert

from broker.audit.events import Event
from broker.audit.journal import JOURNAL, seal_chain
from broker.insured.schema import OUTBOX
from broker.mailing import TextRefusedError
from broker.metrics.mounting import counted
from broker.metrics.numbers import OUTCOMES, Numbers
from broker.metrics.state import StoredFigures
from broker.outside import SERVICES, Outside, unmetered
from broker.parts import assemble
from broker.settings.mail import MailTable
from providers.http import CallFailedError, Reply
from tests.broker.metrics.conftest import Scraper
from tests.service import Service


def logins(scraper, outcome, provider=""):
    return scraper.figure("passerelle_logins_total", outcome=outcome, provider=provider)


def test_a_login_is_counted_from_its_start_to_its_code(scraper, counting):
    """One started, one succeeded through its provider."""
    Service(counting).login(counting.browser())

    assert logins(scraper, "started") == 1
    assert logins(scraper, "succeeded", "tax") == 1
    assert scraper.figure("passerelle_events_total", event="consent:given") == 1


def test_a_refusal_of_the_person_is_an_outcome(scraper, counting):
    """Whoever declines what would be shared is counted as such, with the provider."""
    counting.browser().login(counting.sample).decline()

    assert logins(scraper, "declined", "tax") == 1
    assert logins(scraper, "succeeded", "tax") == 0


def test_giving_up_is_an_outcome(scraper, counting):
    """The way out of every page is counted, though no provider is known yet."""
    counting.browser().start(counting.sample).abandon()

    assert logins(scraper, "abandoned") == 1


def test_a_person_the_registry_refuses_is_an_outcome(scraper, counting):
    """A login that ends without account, for a reason of the registry."""
    counting.browser().login(counting.portal, as_="inconnu").accept()

    assert logins(scraper, "account_refused", "tax") == 1


def test_a_check_of_the_adapter_is_counted_by_its_name(scraper, counting):
    """Which provider lies, and in what: the figure to alert on."""
    counting.browser().login(counting.sample, fault="foreign_key")
    refused = [s for s in scraper.samples() if s.name == "passerelle_provider_refusals_total"]

    assert [(s.labels["provider"], s.value) for s in refused] == [("tax", 1)]
    assert re.fullmatch(r"[a-z_]+", refused[0].labels["check"])


def test_calls_are_counted_by_provider_and_class_of_answer(scraper, counting):
    """Discovery, keys, token and user information of one login."""
    counting.browser().login(counting.sample)
    answered = scraper.figure("passerelle_outgoing_calls_total", callee="tax", result="2xx")

    assert answered >= 3
    assert scraper.figure("passerelle_outgoing_seconds_count", callee="tax") == answered


def test_a_provider_that_does_not_answer_is_counted_by_its_reason(scraper, counting):
    """A failed call has a reason and no duration."""
    counting.network.take_down(counting.providers["tax"].url, "slow")
    browser = counting.browser()
    browser.start(counting.sample).click("provider-tax")

    assert scraper.figure("passerelle_outgoing_calls_total", callee="tax", result="slow") == 1
    assert scraper.figure("passerelle_outgoing_seconds_count", callee="tax") == 0


def test_a_circuit_is_followed_from_closed_to_open(scraper, counting):
    """0, then 1 once it fails several people, then 2 while nobody is sent there."""
    seen = [scraper.figure("passerelle_circuit_state", provider="tax")]
    counting.network.take_down(counting.providers["tax"].url)
    for _ in range(5):
        counting.browser().start(counting.sample).click("provider-tax")
        seen.append(scraper.figure("passerelle_circuit_state", provider="tax"))

    assert (seen[0], seen[2], seen[-1]) == (0, 1, 2)
    assert scraper.figure("passerelle_circuit_state", provider="postal") == 0


def test_every_answer_is_timed_by_its_endpoint(scraper, counting):
    """Steps of a login and addresses that do not exist; the address itself is never a label."""
    counting.browser().login(counting.sample)
    scraper.ask(path="/nowhere/at/all")
    steps = {
        s.labels["endpoint"]: s.value
        for s in scraper.samples()
        if s.name == "passerelle_request_seconds_count"
    }

    assert steps["openid.authorize"] == 1
    assert steps["federation.callback"] == 1
    assert steps["consent.show"] == 1
    assert steps["elsewhere"] == 1
    assert not [step for step in steps if "/" in step.removeprefix("reading:/")]
    assert scraper.figure("passerelle_requests_total", endpoint="elsewhere", status="4xx") == 1


def test_an_answer_that_breaks_is_counted_too(scraper, counting):
    """A defect of ours is the figure an operator looks at first."""
    app = counting.broker.app
    app.view_functions["healthz"] = lambda: 1 // 0
    scraper.ask(path="/healthz")

    assert scraper.figure("passerelle_requests_total", endpoint="healthz", status="5xx") == 1


def test_what_waits_is_read_when_asked(scraper, counting):
    """Mails not sent, rows not chained; both fall to nothing after a round of upkeep."""
    Service(counting).login(counting.browser())
    parts = counting.broker.app.extensions["parts"]
    now = counting.clock()
    row = {"channel": "sms", "message": "m", "sealed": b"", "created_at": now, "attempts": 0}
    with parts.engines["insured"].begin() as tx:
        tx.execute(insert(OUTBOX), {**row, "due_at": now + 3600})
    unchained = scraper.figure("passerelle_journal_unchained")
    counting.keep_up()

    assert unchained > 3
    assert scraper.figure("passerelle_journal_unchained") == 0
    assert scraper.figure("passerelle_journal_rows") == unchained
    assert scraper.figure("passerelle_outbox_waiting") == 1


def test_the_figures_of_the_journal_are_those_of_either_engine(engine):
    """SQLite and PostgreSQL count alike: an empty journal, then one partly chained and purged."""

    def figures():
        told = StoredFigures({"broker": engine}).collect()
        return {family.name: family.samples[0].value for family in told}

    row = {"at": 1.0, "event": Event.LOGIN_STARTED.value, "facts": "{}"}
    empty = figures()
    with engine.begin() as tx:
        tx.execute(insert(JOURNAL), [row] * 5)
        seal_chain(tx, 4)
        tx.execute(delete(JOURNAL).where(JOURNAL.c.position < 3))

    assert set(empty.values()) == {0}
    assert figures() == {
        "passerelle_journal_rows": 2,
        "passerelle_journal_unchained": 1,
        "passerelle_notices_waiting": 0,
    }


def test_whoever_watched_before_still_watches():
    """The control room sees the events that are counted."""
    numbers, seen = Numbers(), []
    event = {"event": Event.CODE_ISSUED.value, "provider": "tax", "facts": "{}"}
    counted(Flask("any"), numbers, Outside(Line(Reply(200)), observe=seen.append)).observe(event)
    labels = {"outcome": "succeeded", "provider": "tax"}

    assert seen == [event]
    assert numbers.registry.get_sample_value("passerelle_logins_total", labels) == 1


def test_a_database_that_is_away_takes_only_its_own_figures(scraper, counting):
    """The others are told: that is when they are looked at."""
    parts = counting.broker.app.extensions["parts"]
    with parts.engines["insured"].begin() as tx:
        OUTBOX.drop(tx)
    names = {s.name for s in scraper.samples()}

    assert "passerelle_journal_rows" in names
    assert "passerelle_outbox_waiting" not in names


def test_a_pure_federation_has_no_outbox(make_world):
    """Without `[insured]` there is nothing to send, and no figure about it."""
    clients = {"ameli": None}
    changes = {"broker": {"metrics_token": "x" * 40}, "insured": None, "clients": clients}
    world = make_world({**changes, "portal": None})
    answer = Scraper(world).ask("Bearer " + "x" * 40)

    assert answer.status == 200
    assert b"passerelle_outbox_waiting" not in answer.body


def test_no_label_tells_of_a_person_or_an_attempt(scraper, counting):
    """After a whole journey every label is a word of a closed list."""
    browser = counting.browser()
    browser.login(counting.portal, as_="claire").accept()
    closed = {"endpoint", "status", "event", "outcome", "provider", "check", "callee", "result"}
    samples = scraper.samples()
    labels = {(name, value) for s in samples for name, value in s.labels.items() if name != "le"}
    events = {value for name, value in labels if name == "event"}
    endpoints = {value for name, value in labels if name == "endpoint"}

    assert {name for name, _ in labels} <= closed
    assert events <= {event.value for event in Event}
    assert endpoints <= set(counting.broker.app.view_functions) | {"elsewhere"}
    assert {v for n, v in labels if n == "provider"} <= {"", *counting.providers}
    assert not re.search(r"claire|durand|@", scraper.text, re.IGNORECASE)


def test_every_outcome_is_an_event_of_the_journal():
    """The outcomes are derived from facts, each from one."""
    assert {Event(event) for event in OUTCOMES} == set(OUTCOMES)
    assert len(set(OUTCOMES.values())) == len(OUTCOMES)


class Line:
    """A network that answers what it was told to."""

    def __init__(self, answer):
        self.answer = answer

    def send(self, *_, **__):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def results(numbers):
    """Every result counted so far, and how often."""
    name = "passerelle_outgoing_calls_total"
    families = numbers.registry.collect()
    return {s.labels["result"]: s.value for f in families for s in f.samples if s.name == name}


@pytest.mark.parametrize(
    ("status", "result"),
    [(200, "2xx"), (303, "3xx"), (404, "4xx"), (503, "5xx"), (999, "odd"), (0, "odd")],
)
def test_an_answer_is_counted_by_its_class(status, result):
    """Whatever a server answers, the label is one of six, and the answer is untouched."""
    numbers, reply = Numbers(), Reply(status)
    metered = Outside(Line(reply), meter=numbers.meter).http_to(SERVICES)

    assert metered.send("GET", "https://service.example/jwks") is reply
    assert results(numbers) == {result: 1}


@pytest.mark.parametrize("reason", ["unreachable", "slow", "large", "forbidden"])
def test_a_call_without_an_answer_is_counted_by_its_reason(reason):
    """And fails as it would have failed."""
    numbers = Numbers()
    metered = Outside(Line(CallFailedError(reason)), meter=numbers.meter).http_to(SERVICES)
    with pytest.raises(CallFailedError, match=reason):
        metered.send("GET", "https://service.example/jwks")

    assert results(numbers) == {reason: 1}


def test_nothing_stands_between_a_broker_that_does_not_count_and_its_network():
    """The calls are the calls themselves."""
    line = Line(Reply(200))

    assert Outside(line).http_to("tax") is line
    assert unmetered(line, "tax") is line


def test_text_messages_are_counted_apart(world):
    """Nobody else tells that the gateway refuses them."""
    numbers, parts = Numbers(), world.broker.app.extensions["parts"]
    mail = MailTable(sms_url="https://sms.example/m", sms_token="t")
    settings = parts.settings.model_copy(update={"mail": mail})
    outside = Outside(Line(Reply(503)), clock=world.clock, meter=numbers.meter)
    postman = assemble(settings, outside, parts.engines).postman
    with pytest.raises(TextRefusedError):
        postman.mailer.sms("+33639980001", "Ameli : votre code")

    assert labels(numbers) == {("(texts)", "5xx")}


def labels(numbers):
    """Whoever was called and how it went."""
    name = "passerelle_outgoing_calls_total"
    samples = [s for f in numbers.registry.collect() for s in f.samples if s.name == name]
    return {(s.labels["callee"], s.labels["result"]) for s in samples}
