"""The personal space as the portal calls it: authorised, strict, once for each key, described."""

import json
import re
import secrets
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from broker import mounting
from broker.audit.journal import JOURNAL, Journal
from broker.enrolment import space_bodies as bodies
from broker.enrolment.backchannel import BackChannel
from broker.enrolment.classic_bodies import PasswordBody
from broker.insured.space.tables import PREFERENCE
from sandbox.world import World
from tests.backchannel import CHEAP_PASSWORDS, PATH, Portal, named
from tests.service import body

WRITTEN = {
    ("/orders", "post"): bodies.CardOrder,
    ("/orders/open", "post"): bodies.OrderOutcome,
    ("/declarations", "post"): bodies.Declaration,
    ("/messages", "post"): bodies.Message,
    ("/alerts", "put"): bodies.Alerts,
    ("/reminder", "post"): bodies.Nothing,
    ("/visits", "post"): bodies.Visit,
    ("/email", "post"): bodies.NewEmail,
    ("/email/code", "post"): bodies.EmailCode,
    ("/password-checks", "post"): PasswordBody,
    ("/close", "post"): bodies.Nothing,
    ("/certificates", "post"): bodies.Nothing,
}
READ = [
    "dashboard",
    "rights",
    "leaves",
    "payments",
    "statements",
    "statements/2026-02",
    "orders",
    "declarations",
    "messages",
    "alerts",
    "visits",
    "ways",
]
VISIT = {
    "session": "0" * 32,
    "way": "classic",
    "provider": None,
    "device": "Firefox, Linux",
    "language": "fr",
}


@pytest.fixture(scope="module")
def shared():
    """A world that these tests share."""
    with World.build({"insured": {"passwords": CHEAP_PASSWORDS}}) as world:
        yield world


@pytest.fixture(scope="module")
def portal(shared):
    return Portal(shared)


@pytest.fixture(scope="module")
def marc(portal):
    """The path of Marc's account, opened with his demonstration password."""
    typed = {"nir": named("marc").line.nir, "password": "Compte-demo-2026!", "origin": "192.0.2.9"}
    return f"/accounts/{portal.say('/sign-ins', typed)['account_id']}"


@pytest.fixture(scope="module")
def document(root):
    return json.loads((root / "docs/back-channel.openapi.json").read_text("utf-8"))


def write(portal, method, path, content, key=None):
    """A write with a request key, new unless one is given."""
    return portal.call(method, path, content, {"Idempotency-Key": key or secrets.token_urlsafe(24)})


def events(world):
    with world.broker.app.extensions["parts"].engines["broker"].connect() as connection:
        return connection.execute(select(JOURNAL.c.event, JOURNAL.c.facts)).all()


@pytest.mark.parametrize("what", READ)
def test_every_part_can_be_read(portal, marc, what):
    """JSON that nobody keeps."""
    answer = portal.call("GET", f"{marc}/{what}")

    assert answer.status == 200
    assert dict(answer.headers)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("what", READ)
def test_nothing_is_read_without_a_token(portal, marc, what):
    """Nor with a wrong one."""
    for bearer in ("", "Bearer nonsense"):
        assert portal.call("GET", f"{marc}/{what}", headers={"Authorization": bearer}).status == 401


@pytest.mark.parametrize("what", [*READ, "messages/1"])
def test_an_account_of_nobody_is_not_found(portal, what):
    """The reference of another sector reads the same."""
    answer = portal.call("GET", f"/accounts/nobody/{what}")

    assert (answer.status, body(answer)["error"]) == (404, "not_found")


@pytest.mark.parametrize(("path", "method"), WRITTEN)
def test_nothing_is_written_without_a_key(portal, marc, path, method):
    """Missing, short or strange: 400, and nothing is done."""
    content = {
        "/orders": {"reason": "loss"},
        "/orders/open": {"outcome": "received"},
        "/declarations": {"change": {"kind": "doctor", "name": "Dr A", "city": "B"}},
        "/messages": {"topic": "other", "text": "?"},
        "/alerts": {"login": True, "contact": True, "payment": True, "language": "fr"},
        "/visits": VISIT,
        "/email": {"email": "nouvelle@exemple.fr", "language": "fr"},
        "/email/code": {"code": "123456"},
        "/password-checks": {"password": "x", "origin": "192.0.2.9"},
    }.get(path, {})
    for key in ("", "short", "with space in the key", "é" * 20):
        answer = portal.call(method.upper(), marc + path, content, {"Idempotency-Key": key})
        assert answer.status == 400, key
    assert "Idempotency-Key" in body(answer)["error_description"]


@pytest.mark.parametrize(
    ("method", "path", "content", "member"),
    [
        ("POST", "/orders", {"reason": "eaten"}, "reason"),
        ("POST", "/orders", {"reason": "loss", "status": "closed"}, "status"),
        ("POST", "/orders", [], "body"),
        ("POST", "/orders", b"{", "body"),
        ("POST", "/orders/open", {"outcome": "lost"}, "outcome"),
        ("POST", "/declarations", {"change": {"kind": "name", "name": "X"}}, "change"),
        ("POST", "/declarations", {"change": {"kind": "bank", "iban": "FR76"}}, "iban"),
        ("POST", "/declarations", {"change": {"kind": "bank", "iban": "x" * 99}}, "iban"),
        (
            "POST",
            "/declarations",
            {"change": {"kind": "address", "street": "a\nb", "postal_code": "1", "city": ""}},
            "street",
        ),
        ("POST", "/messages", {"topic": "other", "text": ""}, "text"),
        ("POST", "/messages", {"topic": "other", "text": "x" * 4001}, "text"),
        ("POST", "/messages", {"topic": "money", "text": "x"}, "topic"),
        ("PUT", "/alerts", {"login": True}, "contact"),
        (
            "PUT",
            "/alerts",
            {"login": 1, "contact": True, "payment": True, "language": "de"},
            "language",
        ),
        ("POST", "/visits", {**VISIT, "session": "../x"}, "session"),
        ("POST", "/visits", {**VISIT, "way": "magic"}, "way"),
        ("POST", "/visits", {**VISIT, "device": "a\r\nBcc: b"}, "device"),
        ("POST", "/email", {"email": "nobody", "language": "fr"}, "email"),
        ("POST", "/email", {"email": "a@b\n.fr", "language": "fr"}, "email"),
        ("POST", "/email/code", {"code": "12345"}, "code"),
        ("POST", "/email/code", {"code": "\N{ARABIC-INDIC DIGIT ONE}" * 6}, "code"),
        ("POST", "/close", {"sure": True}, "sure"),
        ("GET", "/payments?since=yesterday", None, "since"),
        ("GET", "/payments?page=0", None, "page"),
        ("GET", "/payments?place=-1", None, "place"),
        ("GET", "/payments?kind=%27OR%201", None, "kind"),
        ("GET", "/payments?other=1", None, "other"),
    ],
)
def test_a_malformed_call_names_its_member(portal, marc, method, path, content, member):
    """400, never a 5xx; the value itself is not repeated."""
    answer = write(portal, method, marc + path, content)

    assert answer.status == 400
    assert body(answer)["error"] == "invalid_request"
    assert member in body(answer)["error_description"]


def test_a_write_is_answered_again_and_done_once(portal, marc, shared):
    """The same key and content: one message, one line in the journal."""
    key, content = secrets.token_urlsafe(24), {"topic": "other", "text": "Une seule fois ?"}
    before = len(events(shared))
    first, again = (write(portal, "POST", f"{marc}/messages", content, key) for _ in range(2))

    assert body(first) == body(again)
    told = body(portal.call("GET", f"{marc}/messages"))["messages"]
    assert [one["number"] for one in told].count(body(first)["number"]) == 1
    assert [e.event for e in events(shared)[before:]] == ["space:message:sent"]
    other = write(portal, "POST", f"{marc}/messages", {**content, "text": "Autre"}, key)
    assert (other.status, body(other)["error"]) == (422, "idempotency_mismatch")


def test_nothing_is_done_that_the_journal_does_not_know(portal, marc, shared, monkeypatch):
    """The trace is kept before the deed: no journal, no message; tried again, both are there."""
    key, content = secrets.token_urlsafe(24), {"topic": "other", "text": "Une autre question"}
    sent = len(body(portal.call("GET", f"{marc}/messages"))["messages"])
    with monkeypatch.context() as broken:
        broken.setattr(Journal, "write", _away)
        assert write(portal, "POST", f"{marc}/messages", content, key).status == 500
    assert len(body(portal.call("GET", f"{marc}/messages"))["messages"]) == sent
    before = [row.event for row in events(shared)].count("space:message:sent")

    assert write(portal, "POST", f"{marc}/messages", content, key).status == 200
    assert len(body(portal.call("GET", f"{marc}/messages"))["messages"]) == sent + 1
    assert [row.event for row in events(shared)].count("space:message:sent") == before + 1


def _away(*_call, **_facts):
    raise ConnectionError("the journal is away")


def test_a_token_that_dies_during_the_deed_hides_no_trace(portal, marc, shared, monkeypatch):
    """Who calls is asked once, before anything is done."""
    asked, caller = [], BackChannel.caller

    def once(channel):
        asked.append(1)
        return caller(channel) if len(asked) == 1 else _away()

    monkeypatch.setattr(BackChannel, "caller", once)
    content = {"topic": "other", "text": "Encore une"}

    assert write(portal, "POST", f"{marc}/messages", content).status == 200
    assert asked == [1]


def test_the_journal_holds_no_word_of_what_was_written(portal, marc, shared):
    """Events and numbers of accounts, never an address, a text or a number of a person."""
    change = {
        "kind": "address",
        "street": "12 rue des Secrets",
        "postal_code": "69003",
        "city": "Lyon",
    }
    write(portal, "POST", f"{marc}/declarations", {"change": change})
    write(portal, "POST", f"{marc}/messages", {"topic": "other", "text": "Mon secret"})
    write(portal, "POST", f"{marc}/certificates", {})
    kept = str(events(shared))

    assert "space:change:declared" in kept
    assert "space:certificate:issued" in kept
    for secret in ("Secrets", "secret", "Lyon", "MARTIN", named("marc").line.nir[:13]):
        assert secret not in kept


def test_a_certificate_is_checked_by_its_code(portal, marc):
    """Initials and dates alone; nothing for an unknown code; a token is needed all the same."""
    code = body(write(portal, "POST", f"{marc}/certificates", {}))["code"]

    found = body(portal.call("GET", f"/certificates/{code}"))
    assert found.keys() == {"valid", "initials", "issued_on", "valid_until"}
    assert found["initials"] == "M. M."
    unknown = portal.call("GET", "/certificates/7K4M-2QXP-9HTR")
    assert (unknown.status, body(unknown)["error"]) == (404, "certificate_unknown")
    free = portal.call("GET", f"/certificates/{code}", headers={"Authorization": ""})
    assert free.status == 401


def test_refusals_have_names_of_their_own(portal, marc):
    """A second order, a link or a message that is not there."""
    write(portal, "POST", f"{marc}/orders", {"reason": "loss"})
    for method, path, content, status, error in (
        ("POST", "/orders", {"reason": "loss"}, 409, "order_open"),
        ("POST", "/orders/open", {"outcome": "received"}, 409, "order_too_far"),
        ("DELETE", "/ways/999", None, 404, "link_unknown"),
        ("GET", "/messages/999", None, 404, "message_unknown"),
        ("GET", "/statements/2019-01", None, 404, "statement_unknown"),
    ):
        answer = write(portal, method, marc + path, content)
        assert (answer.status, body(answer)["error"]) == (status, error), path


def test_a_wrong_code_is_an_answer_and_counts(portal, marc):
    """The try is kept although nothing changed."""
    write(portal, "POST", f"{marc}/email", {"email": "marc.new@exemple.fr", "language": "fr"})
    answers = [
        body(write(portal, "POST", f"{marc}/email/code", {"code": "000000"})) for _ in range(2)
    ]

    assert {one["outcome"] for one in answers} == {"wrong"}
    assert [one["tries_left"] for one in answers] == [2, 1]


def test_a_password_is_a_way_in_that_is_told(portal, marc):
    """Marc's account is classic: no link, a password chosen when the demonstration began."""
    ways = body(portal.call("GET", f"{marc}/ways"))

    assert ways["links"] == []
    assert ways["password_since"] is not None


def test_a_closed_account_keeps_its_summary_alone(portal, shared):
    """The reference still says that it is closed; every other address says not found."""
    typed = {"nir": named("odile").line.nir, "password": "Compte-demo-2026!"}
    reference = portal.say("/sign-ins", {**typed, "origin": "192.0.2.8"})["account_id"]
    path = f"/accounts/{reference}"
    assert write(portal, "POST", f"{path}/close", {}).status == 200

    assert body(portal.call("GET", f"{path}/dashboard"))["status"] == "closed"
    assert "reimbursements" not in body(portal.call("GET", f"{path}/dashboard"))
    for what in READ[1:]:
        assert portal.call("GET", f"{path}/{what}").status == 404, what
    assert write(portal, "POST", f"{path}/close", {}).status == 404
    refused = portal.say("/sign-ins", {**typed, "origin": "192.0.2.7"})
    assert refused["result"] == "refused"
    assert "account:closed" in {one.event for one in events(shared)}


@pytest.mark.parametrize(
    ("password", "result"), [("Compte-demo-2026!", "right"), ("Un-mot-2-passe!", "refused")]
)
def test_a_password_is_looked_at_again(portal, marc, password, result):
    """Of the account that the address names, whoever else has that password."""
    typed = {"password": password, "origin": "192.0.2.9"}

    assert body(write(portal, "POST", f"{marc}/password-checks", typed)) == {"result": result}
    assert write(portal, "POST", "/accounts/nobody/password-checks", typed).status == 404


def test_mails_speak_the_language_in_which_the_portal_asks(shared, portal, marc):
    """Accept-Language of a writing is that of the letters to come; an unknown one changes none."""
    spoken = []
    for asked in ("en", "de", "", "fr"):
        headers = {"Idempotency-Key": secrets.token_urlsafe(24), "Accept-Language": asked}
        assert portal.call("POST", f"{marc}/reminder", {}, headers).status == 200
        with shared.broker.app.extensions["parts"].engines["insured"].connect() as connection:
            spoken += connection.execute(select(PREFERENCE.c.language)).scalars().all()

    assert spoken == ["en", "en", "en", "fr"]


@pytest.mark.parametrize(("mode", "made"), [("demonstration", True), ("production", False)])
def test_production_makes_no_data(shared, mode, made):
    """Fictional payments belong to the demonstration alone."""
    parts = shared.broker.app.extensions["parts"]
    told = parts.settings.model_copy(update={"mode": mode})
    desk = mounting._space(replace(parts, settings=told), None, parts.accounts, told.insured)

    assert (desk.demonstration is not None) is made


def test_every_address_is_described(document, shared):
    """docs/back-channel.openapi.json holds each address and method of the space, and no other."""
    rules = {
        (re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule).removeprefix(PATH), method.lower())
        for rule in shared.broker.app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] == "space"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if "space" in operation["tags"]
    }

    assert rules == described


@pytest.mark.parametrize(("path", "method"), WRITTEN)
def test_a_body_is_described_as_it_is_read(document, path, method):
    """The same members, the same ones required, nothing else let in."""
    operation = document["paths"][f"/accounts/{{account_id}}{path}"][method]
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    told = document["components"]["schemas"][reference.rpartition("/")[2]]
    read = WRITTEN[path, method].model_json_schema()

    assert told.get("properties", {}).keys() == read.get("properties", {}).keys()
    assert set(told.get("required", ())) == set(read.get("required", ()))
    assert told["additionalProperties"] is read["additionalProperties"] is False


@pytest.mark.parametrize("what", READ)
def test_an_answer_holds_what_is_described(document, portal, marc, what):
    """No member of the description is missing in an answer."""
    path = re.sub(r"/2026-02$", "/{month}", f"/accounts/{{account_id}}/{what}")
    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    reference = content["application/json"]["schema"]["$ref"]
    told = document["components"]["schemas"][reference.rpartition("/")[2]]
    answer = body(portal.call("GET", f"{marc}/{what}"))

    assert told["properties"].keys() <= answer.keys()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=8,
)
MEMBERS = st.sampled_from(
    [
        "reason",
        "outcome",
        "change",
        "kind",
        "iban",
        "street",
        "postal_code",
        "city",
        "name",
        "fund",
        "topic",
        "text",
        "login",
        "contact",
        "payment",
        "language",
        "session",
        "way",
        "provider",
        "device",
        "email",
        "code",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(set(WRITTEN) - {("/close", "post")})),
    ANYTHING | st.dictionaries(MEMBERS, ANYTHING, max_size=6),
)
def test_whatever_is_sent_is_no_fault_of_ours(portal, marc, where, content):
    """Any JSON at any address: done, refused or limited, never a 5xx."""
    path, method = where
    answer = write(portal, method.upper(), marc + path, content)

    assert answer.status in {200, 400, 404, 409, 422, 429}
    assert body(answer) is not None
