"""The classic way as the portal calls it: authorised, strict, once for each key, journalled."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from broker.audit.journal import JOURNAL
from broker.insured.demonstration import DEMONSTRATION_PASSWORD
from sandbox.world import World
from tests.backchannel import CHEAP_PASSWORDS, Portal, form_of, named
from tests.service import body

PASSWORD = "Un-mot-2-passe!"
CHANGES = {
    "insured": {"passwords": CHEAP_PASSWORDS, "demonstration_persons": 1},
    "clients": {"ameli_provider": {"identity_checks": True}},
}


@pytest.fixture(scope="module")
def shared():
    """A world that tests share: each asks for another person, from another address."""
    with World.build(CHANGES) as world:
        yield world


@pytest.fixture(scope="module")
def portal(shared):
    return Portal(shared)


@pytest.fixture(scope="module")
def provider(shared):
    return Portal(shared, "ameli_provider")


def sign_in(persona, password, **changes):
    line = persona.line
    typed = {"nir": line.nir, "password": password, "origin": f"198.51.100.{line.number}"}
    return {**typed, **changes}


def activated(portal, key, email):
    """A named person whose password was chosen."""
    persona = named(key)
    assert portal.create(persona, email)["result"] == "mail_sent"
    token = portal.letters(email)[-1].links[0].rpartition("/")[2]
    chosen = {"token": token, "password": PASSWORD, "language": "fr"}
    assert portal.say("/activations", chosen) == {"result": "done"}
    return persona


def test_from_six_fields_to_an_account_and_back_by_recovery(portal, shared):
    """S36 to S60 and S86 to S94 over the wire, with the letters that people receive."""
    claire, email = named("claire"), "claire.classic@exemple.fr"
    assert portal.create(claire, email) == {"result": "mail_sent", "email": email}
    letter = portal.letters(email)[-1]
    [link] = letter.links
    assert link.startswith("http://localhost:8080/activation/")
    token = link.rpartition("/")[2]
    assert portal.say("/activations/read", {"token": token}) == {"result": "valid"}
    chosen = {"token": token, "password": PASSWORD, "language": "fr"}
    assert portal.say("/activations", chosen) == {"result": "done"}

    first = portal.say("/sign-ins", sign_in(claire, PASSWORD, device={"label": "Firefox"}))
    code = portal.letters(email)[-1].code
    confirmed = portal.say("/sign-ins/code", {"challenge": first["challenge"], "code": code})
    account = body(portal.call("GET", f"/accounts/{confirmed['account_id']}"))
    assert (account["status"], account["holder"]["family_name"]) == ("active", "DURAND")
    again = portal.say("/sign-ins", sign_in(claire, PASSWORD))
    assert again == {"result": "signed_in", "account_id": confirmed["account_id"]}

    line = claire.line
    asked = portal.say(
        "/recoveries",
        {
            "nir": line.nir,
            "birthdate": line.birthdate,
            "channel": "email",
            "origin": "198.51.100.1",
            "language": "fr",
        },
    )
    code = re.search(r"\b[2-9A-HJ-NP-Z]{8}\b", portal.letters(email)[-1].text)[0]
    redeemed = {"recovery": asked["recovery"], "code": code, "password": "Encore-1-autre!"}
    assert portal.say("/recoveries/code", redeemed) == {"result": "done"}
    assert portal.say("/sign-ins", sign_in(claire, PASSWORD)) == {"result": "refused"}


def test_an_account_of_the_demonstration_has_a_password(portal):
    """Whoever tries the demonstration signs in as Marc at once; his hash takes today's costs."""
    marc = named("marc")
    answers = [portal.say("/sign-ins", sign_in(marc, DEMONSTRATION_PASSWORD)) for _ in range(2)]

    assert {one["result"] for one in answers} == {"signed_in"}


def test_the_iban_of_one_named_person_was_recorded_today(portal):
    """The situation of S109 in the demonstration: a Monday, so Thursday."""
    answer = portal.create(named("emma"), "emma@exemple.fr")

    assert answer == {"result": "refused", "reason": "iban_pending", "usable_on": "2026-03-05"}


def test_a_code_may_be_asked_again_over_the_wire(portal):
    """The mail that was lost: another code and challenge."""
    persona = activated(portal, "paul", "paul.again@exemple.fr")
    first = portal.say("/sign-ins", sign_in(persona, PASSWORD))
    second = portal.say("/sign-ins/code/again", {"challenge": first["challenge"]})

    assert second["result"] == "code_sent"
    assert second["email_masked"] == "p•••••@exemple.fr"
    assert portal.say("/sign-ins/code", {"challenge": first["challenge"], "code": "000000"}) == {
        "result": "dead"
    }


def test_a_form_sent_twice_sends_one_mail(portal):
    """The same key and body: the same answer, one account, one letter."""
    persona, email = named("zoe"), "zoe.twice@exemple.fr"
    form = form_of(persona, email)
    answers = [portal.say("/creations", form, "the-key-of-one-form") for _ in range(3)]

    assert answers == [{"result": "mail_sent", "email": email}] * 3
    assert len(portal.letters(email)) == 1


def test_a_key_with_another_body_is_refused(portal):
    """422: a corrected form takes a new key."""
    form = form_of(named("ange"), "ange@exemple.fr")
    portal.post("/creations", {**form, "birth_name": "X"}, "the-key-of-another-form")
    answer = portal.post("/creations", form, "the-key-of-another-form")

    assert (answer.status, body(answer)["error"]) == (422, "idempotency_mismatch")


def test_a_key_of_one_address_is_no_key_of_another(portal):
    """The address of the call is part of the request."""
    key, challenge = "a-key-of-two-addresses", {"challenge": "x"}
    portal.say("/sign-ins/code/again", challenge, key)
    answer = portal.post("/sign-ins/code", {**challenge, "code": "1"}, key)

    assert answer.status == 422


CALLS = {
    "/creations": form_of(named("claire"), "c@exemple.fr"),
    "/activations/read": {"token": "x"},
    "/activations": {"token": "x", "password": "x", "language": "fr"},
    "/sign-ins": {"nir": "1", "password": "x", "origin": "192.0.2.200", "device": {"label": "x"}},
    "/sign-ins/code": {"challenge": "x", "code": "1"},
    "/sign-ins/code/again": {"challenge": "x"},
    "/recoveries": {
        "nir": "1",
        "birthdate": "x",
        "channel": "sms",
        "origin": "192.0.2.200",
        "language": "en",
    },
    "/recoveries/code": {"recovery": "x", "code": "x", "password": "x"},
    "/identity-checks": {"nir": "1", "password": "x", "origin": "192.0.2.200"},
}
PORTALS = [path for path in CALLS if path != "/identity-checks"]


@pytest.mark.parametrize("path", CALLS)
def test_nobody_calls_without_the_token_of_a_service(portal, path):
    """401 without a token, with a dead one, and with a token in another place."""
    for authorization in ("", "Bearer x", f"Basic {portal.token}"):
        answer = portal.call("POST", path, CALLS[path], {"Authorization": authorization})
        assert answer.status == 401


def test_a_provider_of_identities_may_ask_for_identities_and_nothing_else(portal, provider):
    """Neither does the portal learn identities, nor the provider open accounts."""
    path = "/identity-checks"
    assert body(provider.post(path, CALLS[path])) == {"result": "refused"}
    assert portal.post(path, CALLS[path]).status == 403
    for other in PORTALS:
        answer = provider.post(other, CALLS[other])
        assert (answer.status, body(answer)["error"]) == (403, "access_denied")


def test_a_provider_learns_whose_account_it_is_without_a_key(provider):
    """The pivot identity of Marc, whose account is named for this provider alone."""
    typed = sign_in(named("marc"), DEMONSTRATION_PASSWORD)
    answer = provider.call("POST", "/identity-checks", typed)

    said = body(answer)
    assert (said["result"], said["linked_only"], said["passwordless"]) == (
        "signed_in",
        False,
        False,
    )
    assert said["identity"]["family_name"] == "MARTIN"
    assert provider.call("GET", f"/accounts/{said['account_id']}").status == 200


@pytest.mark.parametrize("path", [p for p in PORTALS if p != "/activations/read"])
@pytest.mark.parametrize("key", ["", "short", "é" * 20, "x" * 65, "with blanks in the key"])
def test_a_request_without_a_proper_key_is_refused(portal, path, key):
    """400, and nothing is done."""
    answer = portal.post(path, CALLS[path], key)

    assert (answer.status, body(answer)["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("path", CALLS)
def test_unknown_and_missing_members_are_refused(portal, provider, path):
    """400 with the name of the member; never a guess."""
    caller, whole = provider if path == "/identity-checks" else portal, CALLS[path]
    bodies = [{**whole, "nobody_knows": 1}, [], "x", None, b"", b"{", b"\xff"]
    bodies += [{k: v for k, v in whole.items() if k != name} for name in whole if name != "device"]
    bodies += [
        {**whole, name: wrong} for name in whole for wrong in (None, 7, ["x"], "x" * 2000, "\ud800")
    ]

    answers = [caller.post(path, one) for one in bodies]

    assert {one.status for one in answers} == {400}
    assert {body(one)["error"] for one in answers} == {"invalid_request"}
    assert "nobody_knows" in body(answers[0])["error_description"]


def test_a_limit_tells_how_long_to_wait(portal):
    """429 with retry_after in the body and in the header, and the key stays free."""
    form = {**form_of(named("annecy"), "annecy@exemple.fr"), "birth_name": "X"}
    answers = [portal.post("/creations", form) for _ in range(6)]
    last = answers[-1]

    assert [one.status for one in answers] == [200] * 5 + [429]
    assert body(last)["error"] == "too_many"
    assert body(last)["retry_after"] == int(last.header("retry-after")) == 3600


@pytest.mark.parametrize("path", PORTALS)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_not_answered(portal, path, method):
    """405, and what is allowed."""
    answer = portal.call(method, path)

    assert answer.status == 405
    assert "POST" in answer.header("allow")


@pytest.mark.parametrize("path", PORTALS)
def test_no_answer_is_kept_by_anybody(portal, path):
    """no-store, JSON, and no cookie."""
    answer = portal.post(path, CALLS[path])

    assert answer.header("cache-control") == "no-store"
    assert answer.header("content-type") == "application/json"
    assert answer.all("set-cookie") == []


def test_the_journal_tells_what_happened_without_saying_of_whom(portal, shared):
    """Events from the closed list, the row of the account, results and reasons; no person."""
    persona = activated(portal, "leroy", "leroy.journal@exemple.fr")
    portal.say("/sign-ins", sign_in(persona, PASSWORD))
    portal.say("/sign-ins", sign_in(persona, "wrong"))
    portal.create(persona, "leroy.journal@exemple.fr", birth_name="X")

    parts = shared.broker.app.extensions["parts"]
    with parts.engines["broker"].connect() as connection:
        rows = connection.execute(select(JOURNAL).order_by(JOURNAL.c.id.desc()).limit(5)).all()
    assert [row.event for row in reversed(rows)] == [
        "creation:asked",
        "password:set",
        "sign-in:code:sent",
        "password:refused",
        "creation:refused",
    ]
    facts = [json.loads(row.facts) for row in rows]
    assert facts[0] == {"reason": "not_matching", "result": "refused"}
    assert {row.client_id for row in rows} == {"ameli-portal"}
    written = json.dumps(facts)
    line = persona.line
    secrets = [line.nir, line.nir[:13], line.family_name, line.iban, PASSWORD, "exemple.fr"]
    assert [one for one in secrets if one in written] == []


def test_what_cannot_be_traced_is_not_done(make_world):
    """Row 29: the journal is away, so the account is not opened; the same form works afterwards."""
    world = make_world(CHANGES)
    portal, form = Portal(world), form_of(named("claire"), "traced@exemple.fr")
    parts = world.broker.app.extensions["parts"]
    with parts.engines["broker"].begin() as tx:
        tx.execute(text("ALTER TABLE journal RENAME TO journal_away"))
    away = portal.post("/creations", form, "a-key-that-is-kept-02")
    with parts.engines["insured"].begin() as tx:
        assert tx.execute(text("SELECT count(*) FROM account WHERE person_id = 1")).scalar() == 0
    with parts.engines["broker"].begin() as tx:
        tx.execute(text("ALTER TABLE journal_away RENAME TO journal"))

    assert away.status >= 500
    assert portal.say("/creations", form, "a-key-that-is-kept-02")["result"] == "mail_sent"


def test_a_database_that_is_away_is_an_error_and_not_a_good_answer(make_world):
    """Row 29 (CVE-2026-1035): 503, nothing half done, and the same key works afterwards."""
    world = make_world(CHANGES)
    portal, form = Portal(world), form_of(named("claire"), "away@exemple.fr")
    engine = world.broker.app.extensions["parts"].engines["insured"]
    with engine.begin() as tx:
        tx.execute(text("ALTER TABLE proof RENAME TO proof_away"))
    away = portal.post("/creations", form, "a-key-that-is-kept-01")
    with engine.begin() as tx:
        assert tx.execute(text("SELECT count(*) FROM account WHERE person_id = 1")).scalar() == 0
        tx.execute(text("ALTER TABLE proof_away RENAME TO proof"))

    assert away.status in (500, 503)
    assert portal.say("/creations", form, "a-key-that-is-kept-01")["result"] == "mail_sent"
    assert len(portal.letters("away@exemple.fr")) == 1


ANYTHING = st.one_of(
    st.text(max_size=70),
    st.sampled_from(["2850369383012", "1979-11-08", "sms", "fr", "email", "FR76", "\0", "'", "%"]),
    st.integers(),
    st.none(),
)


@pytest.mark.parametrize("path", CALLS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_no_body_makes_an_address_fail(portal, provider, path, data):
    """Whatever is sent is answered, refused or limited; never a defect."""
    caller = provider if path == "/identity-checks" else portal
    changes = data.draw(st.dictionaries(st.sampled_from(sorted(CALLS[path])), ANYTHING))
    answer = caller.post(path, {**CALLS[path], **changes})

    assert answer.status in (200, 400, 429)
    assert "Traceback" not in answer.body.decode()
