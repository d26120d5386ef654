"""Exchanges put together login by login, by what travels between them."""

import base64
import json
from itertools import count

import pytest

from sandbox.recording.reading import from_browser, heading, tokens
from sandbox.recording.recorder import Exchange, Happening
from sandbox.recording.telling import tell
from sandbox.recording.timeline import logins

PORTAL, BROKER, TAX = "http://localhost:8080", "http://localhost:8000", "http://localhost:8001"
AGENT = {"user-agent": "Mozilla/5.0 test"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
HTML = (("Content-Type", "text/html; charset=utf-8"),)
JSON = (("Content-Type", "application/json"),)


def segment(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def id_token(name="nobody"):
    header, claims = {"alg": "ES256"}, {"sub": "p1", "nonce": f"nonce-of-{name}"}
    return f"{segment(header)}.{segment(claims)}.c2ln"


ID_TOKEN = id_token()


class Tape:
    """A recording made by hand."""

    def __init__(self):
        self.entries = []
        self._numbers = count(1)

    def hop(self, site, url, location="", **given):
        headers = (("Location", location),) if location else ()
        number = next(self._numbers)
        exchange = Exchange(
            number,
            1_000.0 + number,
            site,
            given.get("method", "GET"),
            url,
            {**AGENT, **given.get("sent", {})},
            given.get("body", b""),
            302 if location else given.get("status", 200),
            (*headers, *given.get("headers", ())),
            given.get("answer", b""),
        )
        self.entries.append(exchange)

    def event(self, name, **facts):
        number = next(self._numbers)
        row = {"event": name, "facts": "{}", **facts}
        self.entries.append(Happening(number, 1_000.0 + number, row))

    def login(self, name, end="code=code-of-{0}-12345"):
        """The hops of one whole login; everything unguessable holds `name`."""
        state, attempt = f"state-of-{name}-12345", f"attempt-of-{name}-12345"
        asked = f"client_id=ameli&redirect_uri={PORTAL}/callback&state={state}"
        step = f"{BROKER}/login/{attempt}/providers"
        upstream = f"{attempt}.1.mac-of-{name}"
        back = f"{BROKER}/callback/tax?code=up-{name}-12345&state={upstream}&iss={TAX}"
        answered = f"{PORTAL}/callback?{end.format(name)}&state={state}&iss={BROKER}"
        self.hop("portal", f"{PORTAL}/login", f"{BROKER}/authorize?{asked}", method="POST")
        self.hop("broker", f"{BROKER}/authorize?{asked}", step)
        self.event("login:started", attempt=attempt, client_id="ameli")
        self.hop(
            "broker", step, answer=b"<h1>Choose</h1>", headers=(("Content-Type", "text/html"),)
        )
        self.hop("broker", f"{BROKER}/login/{attempt}/leave", f"{TAX}/authorize?state={upstream}")
        self.hop("tax", f"{TAX}/authorize?state={upstream}", back)
        self.hop("broker", back, f"{BROKER}/login/{attempt}/consent?proof=x")
        self.event("login:person:arrived", attempt=attempt, client_id="ameli", provider="tax")
        self.hop("broker", f"{BROKER}/login/{attempt}/consent", answered, method="POST")
        self.hop("portal", answered, "/account")
        self.hop(
            "broker",
            f"{BROKER}/token",
            method="POST",
            sent={**FORM, "user-agent": "python-requests"},
            body=f"grant_type=authorization_code&code=code-of-{name}-12345".encode(),
            headers=JSON,
            answer=json.dumps(
                {"access_token": f"access-of-{name}-12345", "id_token": id_token(name)}
            ).encode(),
        )
        self.hop(
            "broker",
            f"{BROKER}/userinfo",
            sent={"authorization": f"Bearer access-of-{name}-12345", "user-agent": "requests"},
        )


@pytest.fixture
def tape():
    return Tape()


def test_every_hop_of_a_login_is_found(tape):
    """State, attempt, code and token lead from one hop to the next, on all applications."""
    tape.login("claire")
    (login,) = logins(tape.entries)

    assert len(login.exchanges) == 10
    assert len(login.happenings) == 2
    assert [entry.number for entry in login.entries] == list(range(1, 13))


def test_two_logins_at_once_are_told_apart(tape):
    """Hop by hop in turn, each login keeps its own."""
    first, second = Tape(), Tape()
    first._numbers, second._numbers = count(1, 2), count(2, 2)
    first.login("claire")
    second.login("marc")
    mixed = sorted(first.entries + second.entries, key=lambda entry: entry.number)
    found = logins(mixed)

    assert [len(login.entries) for login in found] == [12, 12]
    assert [login.id for login in found] == ["2", "1"]


def test_the_latest_login_comes_first(tape):
    """A tester looks for what was done last."""
    tape.login("claire")
    tape.login("marc")

    assert [login.id for login in logins(tape.entries)] == ["13", "1"]


def test_what_belongs_to_no_login_is_left_out(tape):
    """A page of the portal, an event of the keys, a discovery document."""
    tape.hop("portal", f"{PORTAL}/")
    tape.event("key:created")
    tape.hop("broker", f"{BROKER}/.well-known/openid-configuration")
    tape.hop("broker", f"{BROKER}/userinfo", sent={"authorization": "Bearer unknown-token-1234"})

    assert logins(tape.entries) == []


@pytest.mark.parametrize(
    ("end", "outcome"),
    [("code=code-of-{0}-12345", "code"), ("error=access_denied", "access_denied")],
)
def test_the_outcome_is_what_the_service_was_answered(tape, end, outcome):
    """Not what the provider answered the broker, which looks alike."""
    tape.login("claire", end)

    assert logins(tape.entries)[0].outcome == outcome


def test_an_unfinished_login_has_no_outcome(tape):
    """The provider has answered, the service not yet."""
    tape.login("claire")

    assert logins(tape.entries[:7])[0].outcome == ""


NUMBERED = '<h1>L&#39;heure</h1><code data-testid="error-number">%s</code>'
D6 = {"case": "7K4M-9QXZ", "decision": {"rule": "D6", "verdict": "none"}}


def refused(tape, status=403, number="B0401", event="account:refused", facts=None):
    """A login whose last page of the broker says no."""
    tape.login("claire")
    del tape.entries[8:]
    attempt = "attempt-of-claire-12345"
    tape.event(event, attempt=attempt, facts=json.dumps(D6 if facts is None else facts))
    tape.hop(
        "broker",
        f"{BROKER}/login/{attempt}/account",
        status=status,
        headers=HTML,
        answer=(NUMBERED % number).encode(),
    )


def test_a_refusal_is_told_with_its_number_and_its_reason(tape):
    """Nobody has gone back to the service yet: refused is not the same as unfinished."""
    refused(tape)
    told = tell(logins(tape.entries)[0])

    assert told["outcome"] == ""
    assert told["refusal"] == {
        "number": "B0401",
        "title": "L'heure",
        "reason": "D6 none",
        "case": "7K4M-9QXZ",
    }


def test_a_refusal_beside_a_page_that_goes_on_has_no_title(tape):
    """The page of providers says what a provider did; its heading is about something else."""
    facts = {"check": "wrong_nonce"}
    refused(tape, 200, "B0336", "login:provider:refused", facts)

    refusal = logins(tape.entries)[0].refusal
    assert (refusal.number, refusal.title, refusal.reason) == ("B0336", "", "wrong_nonce")


def test_a_refusal_stays_known_when_the_person_goes_back(tape):
    """The service is answered an error, and the list still tells why."""
    refused(tape)
    answered = f"{PORTAL}/callback?error=access_denied&state=state-of-claire-12345&iss={BROKER}"
    tape.hop("broker", f"{BROKER}/login/attempt-of-claire-12345/abandon", answered)
    tape.event("login:abandoned", attempt="attempt-of-claire-12345")
    login = logins(tape.entries)[0]

    assert (login.outcome, login.refusal.reason) == ("access_denied", "D6 none")


@pytest.mark.parametrize("end", ["another page", "a code"])
def test_a_login_that_goes_on_is_no_longer_refused(tape, end):
    """Another account was chosen, or the login succeeded after all."""
    refused(tape)
    attempt = "attempt-of-claire-12345"
    if end == "a code":
        back = f"{PORTAL}/callback?code=c-12345678&state=state-of-claire-12345&iss={BROKER}"
        tape.hop("broker", f"{BROKER}/login/{attempt}/consent", back, headers=HTML)
    else:
        page = b"<h1>Choose</h1>"
        tape.hop("broker", f"{BROKER}/login/{attempt}/providers", headers=HTML, answer=page)

    assert logins(tape.entries)[0].refusal is None


def test_a_refusal_of_which_the_journal_says_nothing_has_its_number(tape):
    """A page alone is enough."""
    refused(tape, event="login:started", facts={})

    refusal = logins(tape.entries)[0].refusal
    assert (refusal.number, refusal.reason, refusal.case) == ("B0401", "", "")


def test_an_answer_in_form_post_mode_is_an_outcome_too(tape):
    """The browser posts the code to the service."""
    tape.login("claire")
    del tape.entries[8:]
    body = b"code=abc-12345678&state=state-of-claire-12345&iss=x"
    tape.hop("portal", f"{PORTAL}/callback", method="POST", sent=FORM, body=body)

    assert logins(tape.entries)[0].outcome == "code"


def test_two_parts_of_a_login_meet_when_a_hop_knows_both(tape):
    """A pushed request and its use are one login, even when the link comes last."""
    tape.hop("broker", f"{BROKER}/authorize?client_id=a&redirect_uri=b&state=first-state-1")
    tape.hop("broker", f"{BROKER}/authorize?client_id=a&redirect_uri=b&state=second-state-1")
    tape.hop("broker", f"{BROKER}/x?state=first-state-1&nonce=nonce-12345")
    tape.hop("broker", f"{BROKER}/x?state=second-state-1&nonce=nonce-12345")
    (login,) = logins(tape.entries)

    assert [entry.number for entry in login.entries] == [1, 2, 3, 4]


def test_a_short_value_links_nothing(tape):
    """Two careless services may both send state=1."""
    for client in ("a", "b"):
        tape.hop("broker", f"{BROKER}/authorize?client_id={client}&redirect_uri=b&state=1")

    assert logins(tape.entries) == []


def test_a_login_is_told_without_any_secret(tape):
    """The export holds no state, code, token, attempt or cookie; decoded claims stay."""
    tape.login("claire")
    told = json.dumps(tell(logins(tape.entries)[0]))

    for secret in ("state-of", "code-of", "access-of", "attempt-of", "mac-of", "nonce-of", "eyJ"):
        assert secret not in told
    assert '"sub": "p1"' in told


def test_a_login_is_told_with_its_facts(tape):
    """Who asked, who identified, how it ended, when each hop began."""
    tape.login("claire")
    told = tell(logins(tape.entries)[0])

    assert (told["service"], told["provider"], told["outcome"]) == ("ameli", "tax", "code")
    assert [entry["seconds"] for entry in told["entries"]] == list(range(12))
    assert [entry["kind"] for entry in told["entries"]].count("event") == 2
    assert told["entries"][3]["answer"]["page"] == "Choose"
    assert {entry.get("by") for entry in told["entries"][-2:]} == {"server"}
    assert told["entries"][-2]["tokens"][0]["header"] == {"alg": "ES256"}


def test_the_service_is_known_before_the_journal_speaks(tape):
    """The first hop names it already."""
    tape.login("claire")

    assert tell(logins(tape.entries[:1])[0])["service"] == ""
    assert tell(logins(tape.entries[:2])[0])["service"] == "ameli"


def test_facts_of_an_event_are_told_beside_its_columns(tape):
    """The journal keeps some facts as a text of JSON."""
    tape.login("claire")
    tape.event("account:created", attempt="attempt-of-claire-12345", facts='{"rule": "D1"}')
    entry = tell(logins(tape.entries)[0])["entries"][-1]

    assert entry["event"] == "account:created"
    assert entry["facts"]["rule"] == "D1"


@pytest.mark.parametrize(
    ("answer", "kind", "found"),
    [
        (json.dumps({"id_token": ID_TOKEN}), "application/json", [("id_token", "p1")]),
        (ID_TOKEN, "application/jwt", [("userinfo", "p1")]),
        ("not json", "application/json", []),
        ("[1]", "application/json", []),
        (json.dumps({"id_token": "eyJx.eyJx.x"}), "application/json", []),
        (ID_TOKEN, "text/plain", []),
    ],
)
def test_tokens_are_found_where_they_travel(answer, kind, found):
    """In JSON, or as the whole answer; what only looks like one is left."""
    headers = (("Content-Type", kind),)
    url = f"{BROKER}/userinfo"
    exchange = Exchange(1, 0, "broker", "GET", url, {}, b"", 200, headers, answer.encode())

    assert [(token.name, token.claims["sub"]) for token in tokens(exchange)] == found


def test_an_encrypted_token_shows_its_header_only():
    """Nobody but its addressee reads a JWE."""
    jwe = f"{segment({'alg': 'ECDH-ES', 'enc': 'A256GCM'})}.a.b.c.d"
    exchange = Exchange(1, 0, "tax", "GET", f"{TAX}/x?id_token={jwe}", {})
    (token,) = tokens(exchange)

    assert token.header["enc"] == "A256GCM"
    assert token.claims is None


def test_the_heading_of_a_page_is_read_from_its_source():
    """Tags inside are dropped; other kinds of answers have no heading."""
    page = (
        (("Content-Type", "text/html; charset=utf-8"),),
        b"<h1 class=x>Bonjour <b>Claire</b></h1>",
    )
    exchange = Exchange(1, 0, "portal", "GET", PORTAL, AGENT, b"", 200, *page)

    assert heading(exchange) == "Bonjour Claire"
    assert from_browser(exchange)
    assert heading(Exchange(1, 0, "portal", "GET", PORTAL, {}, b"", 200, JSON, b"<h1>x</h1>")) == ""
