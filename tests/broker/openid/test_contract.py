"""The contract with services beyond the ordinary login."""

import time
from urllib.parse import urlencode

import pytest
from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from tests.service import API, Service, bearer, body

SIGNING = ECKey.generate_key("P-256", {"use": "sig", "kid": "s"}, private=True)
ENCRYPTION = ECKey.generate_key("P-256", {"use": "enc", "kid": "e"}, private=True)
PUBLIC = {"keys": [SIGNING.as_dict(private=False), ENCRYPTION.as_dict(private=False)]}
COMMON = {
    "redirect_uris": ["http://localhost:8081/callback"],
    "scopes": ["openid", "given_name", "email"],
    "consent": "information",
}
CLIENTS = {
    "asserting": {
        **COMMON,
        "name": "Asserting",
        "client_id": "asserting",
        "client_auth": "private_key_jwt",
        "jwks": PUBLIC,
    },
    "sealed": {
        **COMMON,
        "name": "Sealed",
        "client_id": "sealed",
        "client_secret": "demonstration-secret-sealed-0123456789abcdef",
        "client_auth": "client_secret_post",
        "jwks": PUBLIC,
        "id_token_signed_alg": "RS256",
        "id_token_encrypted_alg": "ECDH-ES",
        "userinfo_encrypted_alg": "ECDH-ES",
    },
    "fc": {
        **COMMON,
        "name": "Held to FranceConnect",
        "client_id": "held-to-franceconnect",
        "client_secret": "demonstration-secret-held-to-fc-0123456789abcdef",
        "client_auth": "client_secret_post",
        "profile": "franceconnect",
    },
}


@pytest.fixture
def world(make_world):
    """The demonstration with three more services."""
    return make_world({"clients": CLIENTS})


def assertion(service, key=SIGNING, header=None, **changes):
    now = int(service.world.clock())
    claims = {
        "iss": service.client_id,
        "sub": service.client_id,
        "aud": service.issuer,
        "iat": now,
        "exp": now + 60,
        "jti": f"jti-{time.perf_counter_ns()}",
        **changes,
    }
    typed = {"alg": "ES256", "kid": "s", "typ": "client-authentication+jwt", **(header or {})}
    return jwt.encode(typed, {k: v for k, v in claims.items() if v is not None}, key)


def asserted(token):
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {"client_assertion_type": kind, "client_assertion": token}


def test_a_signed_assertion_proves_the_service_once(world, browser):
    """Row 22 (CVE-2020-5300): the same assertion again is refused, on any node."""
    service = Service(world, "asserting")
    proof = asserted(assertion(service))
    first = service.redeem(service.login(browser)["code"], **proof)
    world.broker.restart()

    again = service.redeem(service.login(browser)["code"], **proof)

    assert first.status == 200
    assert (again.status, body(again)["error"]) == (401, "invalid_client")


OTHER = ECKey.generate_key("P-256", {"kid": "s"}, private=True)
BAD = [
    {"aud": "http://localhost:8000/api/v2/token"},
    {"aud": ["http://localhost:8000/api/v2", "https://other.example"]},
    {"aud": "https://other.example"},
    {"aud": None},
    {"sub": "somebody-else"},
    {"iss": "somebody-else"},
    {"exp": 1},
    {"exp": None},
    {"exp": 99_999_999_999},
    {"jti": None},
    {"jti": ""},
    {"key": OTHER},
    {"header": {"typ": "JWT"}},
    {"header": {"jku": "https://evil.example/keys"}},
    {"header": {"crit": ["exp"]}},
]


@pytest.mark.parametrize("change", BAD, ids=range(len(BAD)))
def test_an_assertion_for_anything_else_is_refused(world, browser, change):
    """Row 23 (CVE-2025-27370) and row 40: audience, type, key and time are all checked."""
    service = Service(world, "asserting")
    code = service.login(browser)["code"]
    try:
        proof = asserted(assertion(service, **change))
    except JoseError:  # joserfc itself refuses to write an unknown critical header
        proof = asserted("a.b.c")

    answer = service.redeem(code, **proof)

    assert (answer.status, body(answer)["error"]) == (401, "invalid_client")


def test_tokens_are_encrypted_for_a_service_that_asked(world, browser):
    """RS256 inside, ECDH-ES around, for the ID token and for userinfo."""
    service = Service(world, "sealed")
    tokens = service.tokens(service.login(browser)["code"])
    opened = jwe.decrypt_compact(tokens["id_token"], ENCRYPTION)
    info = jwe.decrypt_compact(service.userinfo(tokens["access_token"]).body.decode(), ENCRYPTION)

    claims = jwt.decode(opened.plaintext.decode(), service.keys(), algorithms=["RS256"]).claims
    told = jwt.decode(info.plaintext.decode(), service.keys(), algorithms=["ES256"]).claims
    assert claims["sub"] == told["sub"]
    assert claims["nonce"] == service.params()["nonce"]
    assert told["given_name"] == "Claire Anne"


def test_a_pushed_request_starts_one_login(world, browser, sample):
    """Row 27 (CVE-2024-4540): single use, bound to its client, and nothing of it in the address."""
    pushed = body(sample.post("/par", **sample.params()))
    asked = {"client_id": sample.client_id, "request_uri": pushed["request_uri"]}
    url = f"{sample.issuer}/authorize?{urlencode(asked)}"

    first = browser.open(url)
    second = world.browser().open(url)
    other = world.browser().open(url.replace("sample-service", "ameli-portal"))

    assert first.path.endswith("/providers")
    assert (second.status, other.status) == (400, 400)
    assert pushed["expires_in"] == 60


def test_a_pushed_request_is_spent_even_with_prompt_none(world, browser, sample):
    """Row 27 (CVE-2026-96446): an answer without a page spends it as well."""
    pushed = body(sample.post("/par", **sample.params(prompt="none")))
    asked = {"client_id": sample.client_id, "request_uri": pushed["request_uri"]}
    url = f"{sample.issuer}/authorize?{urlencode(asked)}"

    browser.open(url)

    assert browser.sent_back()["error"] == "login_required"
    assert world.browser().open(url).status == 400


def test_a_bad_pushed_request_is_refused_at_once(sample):
    """The error names the parameter, as JSON, before any browser is involved."""
    answer = sample.post("/par", **sample.params(response_type="token"))

    assert (answer.status, body(answer)["error"]) == (400, "unsupported_response_type")


def test_a_signed_request_wins_over_what_stands_outside(world, browser):
    """RFC 9101: the state outside is dust, the signed one comes back."""
    service = Service(world, "asserting")
    inside = {**service.params(state="inside"), "iss": "asserting", "aud": service.issuer}
    token = jwt.encode({"alg": "ES256", "kid": "s"}, inside, SIGNING)

    answer = service.login(browser, request=token, state="outside")

    assert answer["state"] == "inside"


@pytest.mark.parametrize("key", [OTHER, None], ids=["foreign key", "unsigned"])
def test_a_request_object_of_somebody_else_is_refused(world, browser, key):
    """Row 40: a foreign signature and alg none are both invalid_request_object."""
    service = Service(world, "asserting")
    inside = {**service.params(), "iss": "asserting", "aud": service.issuer}
    token = (
        jwt.encode({"alg": "ES256", "kid": "s"}, inside, key)
        if key
        else "eyJhbGciOiJub25lIn0.eyJpc3MiOiJhc3NlcnRpbmcifQ."
    )

    service.start(browser, request=token)

    assert browser.sent_back()["error"] == "invalid_request_object"


@pytest.mark.parametrize(
    ("prompt", "error"), [("none", "login_required"), ("none login", "invalid_request")]
)
def test_prompt_none_never_shows_a_page(browser, sample, prompt, error):
    """The predicates of the screens answer in place of the screens."""
    sample.start(browser, prompt=prompt)

    assert browser.sent_back()["error"] == error


def test_prompt_none_knows_that_consent_is_missing(world, browser, sample, ameli):
    """Signed in for one service, unknown to the other: consent_required."""
    ameli.login(browser)

    sample.start(browser, prompt="none")

    assert browser.sent_back()["error"] == "consent_required"


def test_max_age_forces_a_new_sign_in(world, browser, sample):
    """A session older than max_age is no session for this request."""
    sample.login(browser)
    world.clock.advance(120)

    assert sample.start(browser, max_age="60").path.endswith("/providers")
    assert "code" in sample.login(browser, max_age="600")


def test_form_post_carries_the_answer(browser, sample):
    """The code travels in a form, with state and issuer."""
    answer = sample.login(browser, response_mode="form_post")

    assert {"code", "state", "iss"} <= set(answer)


def test_a_hint_at_another_person_starts_over(world, browser, sample):
    """id_token_hint: the session of somebody else is not used."""
    tokens = sample.tokens(sample.login(world.browser(), "marc")["code"])
    sample.login(browser, "claire")

    page = sample.start(browser, id_token_hint=tokens["id_token"])

    assert page.path.endswith("/providers")


def test_revocation_is_immediate_and_says_nothing(browser, sample):
    """Row 29: dead at once; an unknown token gives the same answer."""
    tokens = sample.tokens(sample.login(browser)["code"])

    known = sample.post("/token/revocation", token=tokens["access_token"])
    unknown = sample.post("/token/revocation", token="never-issued")

    assert (known.status, known.body) == (unknown.status, unknown.body) == (200, b"")
    assert sample.userinfo(tokens["access_token"]).status == 401


def test_a_lost_revocation_is_an_error(world, browser, sample):
    """Row 29 (CVE-2020-15223): with the database away the answer is 503, never 200."""
    tokens = sample.tokens(sample.login(browser)["code"])
    parts = world.broker.app.extensions["parts"]
    with parts.engines["broker"].begin() as tx:
        tx.exec_driver_sql("ALTER TABLE issued_grant RENAME TO away")

    answer = sample.post("/token/revocation", token=tokens["access_token"])

    assert answer.status in {500, 503}


def test_introspection_tells_a_service_about_its_own_tokens_only(browser, sample, ameli):
    """RFC 7662: active for the owner, inactive for anyone else."""
    tokens = sample.tokens(sample.login(browser)["code"])

    mine = body(sample.post("/introspect", token=tokens["access_token"]))
    theirs = body(ameli.post("/introspect", token=tokens["access_token"]))

    assert mine["active"]
    assert mine["sub"] == sample.id_token(tokens)["sub"]
    assert theirs == {"active": False}


FRANCECONNECT = [
    ({"code_challenge": "x" * 43}, "code_challenge"),
    ({"max_age": "60"}, "max_age"),
    ({"login_hint": "x"}, "login_hint"),
    ({"foo": "bar"}, "foo"),
    ({"state": None}, "state"),
    ({"nonce": None}, "nonce"),
    ({"nonce": "x" * 21}, "nonce"),
    ({"acr_values": None}, "acr_values"),
    ({"acr_values": "eidas9"}, "acr_values"),
    ({"prompt": "none"}, "prompt"),
    ({"response_type": "token"}, "response_type"),
]
PLAIN = {"code_challenge": None, "code_challenge_method": None, "acr_values": "eidas1"}


@pytest.mark.parametrize(("change", "name"), FRANCECONNECT, ids=range(len(FRANCECONNECT)))
def test_the_franceconnect_profile_shows_a_bad_parameter(world, browser, change, name):
    """A page with HTTP 400, the alias Y030007, and the name of the parameter; no redirect."""
    service = Service(world, "fc")

    page = service.start(browser, **{**PLAIN, **change})

    assert page.status == 400
    assert not browser.sent_back()
    assert name in page.text


def test_the_franceconnect_profile_answers_as_it_does(world, browser):
    """Exactly five members, a minute of life, userinfo always signed."""
    service = Service(world, "fc")
    code = service.login(browser, **PLAIN)["code"]

    tokens = service.tokens(code, code_verifier=None)

    five = {"access_token", "expires_in", "id_token", "scope", "token_type"}
    assert set(tokens) == five
    assert tokens["expires_in"] == 60
    answer = service.userinfo(tokens["access_token"])
    assert answer.header("content-type").startswith("application/jwt")
    world.clock.advance(61)
    assert service.userinfo(tokens["access_token"]).status == 401


@pytest.mark.parametrize("place", ["query", "twice", "none"])
def test_a_bearer_token_has_one_place(browser, sample, place):
    """RFC 6750: never in the address; twice or nowhere is an error with its challenge."""
    token = sample.tokens(sample.login(browser)["code"])["access_token"]
    if place == "query":
        answer = sample.call("GET", f"{API}/userinfo?access_token={token}")
    elif place == "twice":
        form = {"access_token": token}
        answer = sample.call("POST", f"{API}/userinfo", form, bearer(token))
    else:
        answer = sample.call("GET", f"{API}/userinfo")

    assert answer.status == (401 if place == "none" else 400)
    assert answer.header("www-authenticate").startswith("Bearer")


def test_a_rotated_key_loses_no_login(world, browser, sample):
    """Between authorize and token the key changes; old tokens verify until they die."""
    before = sample.tokens(sample.login(world.browser())["code"])
    code = sample.login(browser)["code"]
    parts = world.broker.app.extensions["parts"]
    parts.keys.rotate("ES256", 0, 720, parts.journal)

    after = sample.tokens(code)

    assert sample.id_token(before)["sub"] == sample.id_token(after)["sub"]
    kids = {token["id_token"].split(".")[0] for token in (before, after)}
    assert len(kids) == 2
