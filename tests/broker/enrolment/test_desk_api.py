"""The desk over the wire: two proofs for each call, strict bodies, traces without names."""

import json
from dataclasses import dataclass

import pyotp
import pytest
from sqlalchemy import select, text

from broker.audit.journal import JOURNAL, seal_chain, verify_chain
from sandbox.world import World
from tests.backchannel import CHEAP_PASSWORDS, Portal, named
from tests.service import Service, body

CHANGES = {
    "insured": {
        "passwords": CHEAP_PASSWORDS,
        "demonstration_persons": 30,
        "desk": {"consultations_per_hour": 1000},
    },
    "clients": {"ameli_provider": {"identity_checks": True}},
}
WHY = {"reason": "locked_account", "note": "rappel"}
PROOF = {"questions": ["given_names", "birthdate", "postal_code"]}
CALLS = [
    ("DELETE", "/desk/session", None),
    ("GET", "/desk/overview", None),
    ("POST", "/desk/searches", {**WHY, "nir": "1"}),
    ("POST", "/desk/cases", {**WHY, "number": "7K4M2QXP"}),
    ("POST", "/desk/files", {"source": "x", "person": 1}),
    ("POST", "/desk/messages/1", WHY),
    ("GET", "/desk/consultations/x", None),
    ("GET", "/desk/refusals/B0401", None),
    ("POST", "/desk/consultations/x/proof", PROOF),
    ("POST", "/desk/consultations/x/email", {"text": "a@exemple.fr"}),
    ("POST", "/desk/consultations/x/mobile", {"text": "0639010048"}),
    ("POST", "/desk/consultations/x/unlocking", {}),
    ("POST", "/desk/consultations/x/post-code", {}),
    ("POST", "/desk/consultations/x/replacement", {"text": ""}),
    ("POST", "/desk/consultations/x/answer", {"message": 1, "text": "oui"}),
    ("POST", "/desk/consultations/x/case-closing", {}),
]
EVERY = pytest.mark.parametrize(("method", "path", "content"), CALLS)
KEY = {"Idempotency-Key": "a-key-of-sixteen-letters"}


@dataclass
class Advisor:
    """An advisor at a portal: `session` is the token of the desk."""

    portal: Portal
    session: str = ""

    def sign_in(self, **changes):
        settings = self.portal.world.configuration.broker.insured.desk.demonstration_advisor
        code = pyotp.TOTP(settings.totp_secret).at(self.portal.world.clock())
        said = {"name": settings.name, "password": settings.password, "code": code, **changes}
        return self.portal.call("POST", "/desk/sessions", said)

    def call(self, method, path, content=None, **headers):
        sent = {**KEY, "Staff-Session": self.session, **headers}
        return self.portal.call(method, path, content, sent)

    def known(self, persona):
        """The file of a person who was made sure of."""
        number = self.open(persona)
        sent = {"Idempotency-Key": "a-key-of-the-proof"}
        said = self.call("POST", f"/desk/consultations/{number}/proof", PROOF, **sent)
        assert said.status == 200
        return number

    def open(self, persona):
        nir = named(persona).line.nir
        source = body(self.call("POST", "/desk/searches", {**WHY, "nir": nir}))["consultation"]
        shown = body(self.call("GET", f"/desk/consultations/{source}"))["persons"][0]["person"]
        opened = self.call("POST", "/desk/files", {"source": source, "person": shown})
        return body(opened)["consultation"]


@pytest.fixture(scope="module")
def shared():
    """A world that tests share."""
    with World.build(CHANGES) as world:
        yield world


@pytest.fixture
def portal(shared):
    """The portal, with a token that is young enough."""
    return Portal(shared)


@pytest.fixture
def advisor(shared, portal):
    """The advisor of the demonstration, at work."""
    one = Advisor(portal)
    shared.clock.advance(seconds=60)  # each code serves once
    one.session = body(one.sign_in())["token"]
    return one


def error(answer):
    return answer.status, body(answer)["error"]


@EVERY
def test_the_portal_alone_is_not_the_desk(portal, method, path, content):
    """Row 45: the portal's token without an advisor's session gets 401, whatever is asked."""
    assert error(portal.call(method, path, content, KEY)) == (401, "staff_session")


@EVERY
def test_an_advisor_alone_is_not_the_portal(advisor, method, path, content):
    """Row 45: the session of an advisor opens nothing without the portal's own token."""
    answer = advisor.call(method, path, content, Authorization="")

    assert answer.status == 401
    assert "token" in answer.header("www-authenticate").lower() or body(answer)["error"]


@EVERY
def test_no_other_credential_is_a_session_of_the_desk(advisor, portal, method, path, content):
    """Rows 18, 19 and 30: the portal's token, a made-up one, a code of the second factor."""
    for wrong in (portal.token, "x" * 43, "000000"):
        sent = {**KEY, "Staff-Session": wrong}
        assert error(portal.call(method, path, content, sent)) == (401, "staff_session")


def test_a_provider_of_identities_has_no_desk(shared, advisor):
    """A client that may only check identities is no portal, even with a good session."""
    provider = Portal(shared, "ameli_provider")
    answer = provider.call("GET", "/desk/overview", None, {"Staff-Session": advisor.session})

    assert error(answer) == (403, "access_denied")


def test_a_person_who_is_signed_in_has_no_desk(world):
    """Rows 19 and 30: the access token of a person, in either header, opens nothing."""
    ameli = Service(world, "ameli")
    tokens = ameli.tokens(ameli.login(world.browser(), "claire")["code"])
    person = tokens["access_token"]
    portal = Portal(world)
    as_portal = Portal(world, token=person)

    assert portal.call("GET", "/desk/overview", None, {"Staff-Session": person}).status == 401
    assert as_portal.call("GET", "/desk/overview", None, {"Staff-Session": person}).status == 401


def test_a_code_is_refused_the_second_time(shared, portal):
    """The replay of a sign-in, byte for byte, is refused."""
    shared.clock.advance(seconds=60)
    one = Advisor(portal)

    assert one.sign_in().status == 200
    assert error(one.sign_in()) == (403, "staff_refused")
    shared.clock.advance(seconds=60)
    assert one.sign_in().status == 200


def test_a_refused_sign_in_does_not_say_which_part_was_wrong(shared, portal):
    """Row 46: name, password or code, one answer."""
    shared.clock.advance(seconds=60)
    said = {
        one.sign_in(**wrong).body
        for one in (Advisor(portal),)
        for wrong in ({"name": "nobody"}, {"password": "wrong password"}, {"code": "000000"})
    }

    assert len(said) == 1


def test_a_file_over_the_wire(advisor):
    """Search, file, acts: masked data, and the trace of each."""
    number = advisor.known("marc")
    read = body(advisor.call("GET", f"/desk/consultations/{number}"))

    assert read["holder"]["family_name"] == "MARTIN"
    assert read["known"]["iban_masked"].startswith("•••• ")
    assert read["accounts"][0]["status"] == "active"
    assert read["history"][0]["reason"] == "locked_account"
    changed = {"text": "marc.neuf@exemple.fr"}
    assert advisor.call("POST", f"/desk/consultations/{number}/email", changed).status == 200
    again = body(advisor.call("GET", f"/desk/consultations/{number}"))
    asked = "caller_verified:given_names,birthdate,postal_code"
    assert again["history"][0]["acts"] == [asked, "email_changed"]


def test_an_account_that_is_not_locked_is_told_apart(advisor):
    """409 with an error of its own, so that the page can say it in words."""
    number = advisor.known("marc")

    unlocking = advisor.call("POST", f"/desk/consultations/{number}/unlocking", {})

    assert error(unlocking) == (409, "not_locked")


def test_an_iban_is_asked_of_nobody(advisor):
    """S133: there is no address to which an IBAN could be sent."""
    number = advisor.known("marc")
    iban = {"text": named("marc").line.iban}

    assert advisor.call("POST", f"/desk/consultations/{number}/iban", iban).status == 404


@pytest.mark.parametrize("spelling", ["B0401", "b0401", "b%2004%2001", "B-04-01"])
def test_the_number_of_a_page_leads_to_the_refusals_that_showed_it(world, spelling):
    """S110: the words of that page, and the cases of those who read it, without names."""
    case = world.browser().login(world.portal, as_="dupond").accept().element("case-number").text
    advisor = Advisor(Portal(world))
    advisor.session = body(advisor.sign_in())["token"]
    told = body(advisor.call("GET", f"/desk/refusals/{spelling}"))
    other = body(advisor.call("GET", "/desk/refusals/B0411"))

    assert told["number"] == "B0401"
    assert told["title"]["fr"].startswith("Votre situation ne permet pas")
    assert [one["number"] for one in told["cases"]["latest"]] == [case]
    assert told["cases"]["waiting"] == 1
    assert other["cases"] == {"waiting": 0, "latest": []}
    assert "dupond" not in str(told).lower()


@pytest.mark.parametrize("number", ["B0999", "7K4M-2QXP", "%20", "B0270", "Y010008"])
def test_a_number_of_no_page_is_unknown(advisor, number):
    """A case, a number that nobody is shown, or none at all."""
    assert error(advisor.call("GET", f"/desk/refusals/{number}")) == (404, "case_unknown")


def test_a_number_of_a_page_that_keeps_no_case_says_what_it_means(advisor):
    """B0408 explains itself to the person: there is nothing to open."""
    told = body(advisor.call("GET", "/desk/refusals/B0408"))

    assert "16 ans" in told["title"]["fr"]
    assert "16" in told["title"]["en"]
    assert told["cases"]["latest"] == []


def test_a_code_by_post_over_the_wire(advisor, portal, shared):
    """S100: posted at the desk, redeemed at the portal, then the password opens the account."""
    number = advisor.known("marc")
    assert advisor.call("POST", f"/desk/consultations/{number}/post-code", {}).status == 200
    letter = portal.letters("courrier@ameli.fr")[-1].text
    code = next(line for line in letter.splitlines() if len(line) == 11 and line[5] == " ")
    nir = named("marc").line.nir
    chosen = {"nir": nir, "code": code, "password": "Tulipe-Orage-27", "origin": "192.0.2.9"}

    assert portal.say("/post-codes/redemption", chosen, "k" * 20) == {"result": "done"}
    assert portal.say("/post-codes/redemption", chosen, "k" * 20) == {"result": "done"}
    assert portal.say("/post-codes/redemption", chosen) == {"result": "wrong"}
    typed = {"nir": nir, "password": "Tulipe-Orage-27", "origin": "192.0.2.9"}
    assert portal.say("/sign-ins", typed)["result"] in {"signed_in", "code_sent"}


def test_a_case_over_the_wire(world):
    """A refused login is opened by its number, and closed."""
    page = world.browser().login(world.portal, as_="dupond").accept()
    case = page.element("case-number").text
    advisor = Advisor(Portal(world))
    advisor.session = body(advisor.sign_in())["token"]

    opened = body(advisor.call("POST", "/desk/cases", {**WHY, "number": case}))["consultation"]
    read = body(advisor.call("GET", f"/desk/consultations/{opened}"))

    assert read["case"]["number"] == case
    assert read["case"]["explanation"]["rule"].startswith("D")
    assert read["persons"]
    closing = f"/desk/consultations/{opened}/case-closing"
    assert advisor.call("POST", closing, {}).status == 200
    assert error(advisor.call("POST", closing, {}, **{"Idempotency-Key": "k" * 16})) == (
        409,
        "conflict",
    )


@pytest.mark.parametrize("reason", [None, "", "curiosity"])
def test_no_file_without_a_reason(advisor, reason):
    """The reason is mandatory, of a closed list."""
    said = {"nir": named("marc").line.nir, **({} if reason is None else {"reason": reason})}
    answer = advisor.call("POST", "/desk/searches", said)

    assert error(answer) == (400, "invalid_field")
    assert body(answer)["error_description"].startswith("reason: ")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/desk/searches", {**WHY, "surprise": 1}),
        ("/desk/searches", {**WHY, "nir": 1}),
        ("/desk/searches", {**WHY, "nir": "1\0"}),
        ("/desk/searches", {**WHY, "nir": "1" * 301}),
        ("/desk/searches", []),
        ("/desk/searches", b"\xff"),
        ("/desk/searches", b'{"reason": "other", "note": "\\ud800", "nir": "1"}'),
        ("/desk/sessions", b'{"name": "\\udfff", "password": "b", "code": "c"}'),
        ("/desk/sessions", b'{"name": "camille", "password": "\\ud800", "code": "c"}'),
        ("/post-codes/redemption", b'{"nir": "1", "code": "c", "password": "\\ud800"}'),
        ("/desk/files", {"source": "x", "person": "1"}),
        ("/desk/files", {"source": "x", "person": -1}),
        ("/desk/files", {"source": "x", "person": 2**63}),
        ("/desk/files", {"source": "x", "person": True}),
        ("/desk/sessions", {"name": "a\0", "password": "b", "code": "c"}),
    ],
)
def test_a_malformed_body_is_refused_by_name(advisor, path, content):
    """Never a 5xx, never a trace."""
    assert advisor.call("POST", path, content).status == 400


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with blank in it!"])
def test_an_act_needs_a_key(advisor, key):
    """A double click must be told apart from two acts."""
    number = advisor.open("marc")
    path = f"/desk/consultations/{number}/unlocking"

    assert advisor.call("POST", path, {}, **{"Idempotency-Key": key}).status == 400


@pytest.mark.parametrize("number", ["x", "a%00b", "..%2F..", "%C3%A9" * 24, "x" * 24])
def test_a_made_up_consultation_is_unknown(advisor, number):
    """404, whatever it looks like."""
    assert advisor.call("GET", f"/desk/consultations/{number}").status == 404


def test_signing_out_ends_the_session(advisor):
    """The token is dead at once."""
    assert advisor.call("DELETE", "/desk/session").status == 200
    assert error(advisor.call("GET", "/desk/overview")) == (401, "staff_session")


def test_nothing_is_kept_by_caches(advisor):
    """Row 43: every answer of the desk is no-store."""
    number = advisor.open("marc")
    for path in ("/desk/overview", f"/desk/consultations/{number}"):
        assert advisor.call("GET", path).header("cache-control") == "no-store"


def test_the_traces_hold_no_name_number_or_note(advisor, shared, no_secret_in_logs):
    """Row 44: neither the journal nor the logs, after a search, a file and an act."""
    marc = named("marc").line
    no_secret_in_logs.never(marc.nir, marc.nir[:13], "rappel", advisor.session, marc.iban)
    number = advisor.open("marc")
    advisor.call("POST", f"/desk/consultations/{number}/proof", PROOF)
    advisor.call("POST", f"/desk/consultations/{number}/proof", {"questions": [marc.nir]})
    engine = shared.broker.app.extensions["parts"].engines["broker"]
    with engine.connect() as connection:
        written = str(connection.execute(select(JOURNAL)).all())

    assert "desk:consulted" in written
    assert "given_names,birthdate,postal_code" in written
    for secret in (marc.nir[:13], "MARTIN", "Marc", marc.iban, "rappel", advisor.session):
        assert secret not in written


def test_the_journal_of_the_desk_is_chained(advisor, shared):
    """A row of the desk that is altered breaks the chain like any other."""
    advisor.open("marc")
    engine = shared.broker.app.extensions["parts"].engines["broker"]
    with engine.begin() as tx:
        while seal_chain(tx):
            pass
    with engine.connect() as connection:
        assert verify_chain(connection) is None
        row = connection.execute(
            text("SELECT id, facts FROM journal WHERE event = 'desk:consulted' LIMIT 1")
        ).one()
    forged = json.dumps({**json.loads(row.facts), "reason": "fraud"}, sort_keys=True)
    with engine.begin() as tx:
        tx.execute(text("UPDATE journal SET facts = :f WHERE id = :i"), {"f": forged, "i": row.id})
    with engine.connect() as connection:
        assert verify_chain(connection) == row.id
    with engine.begin() as tx:
        undone = {"f": row.facts, "i": row.id}
        tx.execute(text("UPDATE journal SET facts = :f WHERE id = :i"), undone)


def test_the_limit_holds_over_the_wire_and_alerts(make_world):
    """The third look of the hour is refused, and the journal says so."""
    world = make_world({"insured": {"desk": {"consultations_per_hour": 2}}})
    advisor = Advisor(Portal(world))
    advisor.session = body(advisor.sign_in())["token"]
    for _ in range(2):
        search = {**WHY, "nir": named("marc").line.nir}
        assert advisor.call("POST", "/desk/searches", search).status == 200

    assert error(advisor.call("POST", "/desk/searches", search)) == (429, "consultation_limit")
    engine = world.broker.app.extensions["parts"].engines["broker"]
    with engine.connect() as connection:
        events = connection.execute(select(JOURNAL.c.event)).scalars().all()
    assert "desk:limit:reached" in events
