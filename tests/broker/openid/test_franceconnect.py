"""The `franceconnect` profile, a test for each row of what it accepts and answers."""

import json

import pytest
from joserfc import jwe, jwt
from joserfc.jwk import ECKey

from tests.service import API, Service, bearer, body

ENCRYPTION = ECKey.generate_key("P-256", {"use": "enc", "kid": "e"}, private=True)
SIGNING = ECKey.generate_key("P-256", {"use": "sig", "kid": "s"}, private=True)
COMMON = {
    "client_secret": "demonstration-secret-held-to-fc-0123456789abcdef",
    "client_auth": "client_secret_post",
    "profile": "franceconnect",
    "redirect_uris": ["http://localhost:8081/callback"],
    "scopes": ["openid", "given_name", "birthdate"],
    "consent": "information",
}
CLIENTS = {
    "fc": {**COMMON, "name": "Held to FranceConnect", "client_id": "held-to-franceconnect"},
    "sealed": {
        **COMMON,
        "name": "Sealed",
        "client_id": "held-and-sealed",
        "jwks": {"keys": [ENCRYPTION.as_dict(private=False)]},
        "userinfo_encrypted_alg": "ECDH-ES",
    },
    "signing": {
        **COMMON,
        "name": "Signing",
        "client_id": "held-and-signing",
        "client_secret": None,
        "client_auth": "private_key_jwt",
        "jwks": {"keys": [SIGNING.as_dict(private=False)]},
    },
    "picky": {
        **COMMON,
        "name": "Picky",
        "client_id": "held-and-picky",
        "providers_denied": ["tax"],
    },
}
PLAIN = {"code_challenge": None, "code_challenge_method": None, "acr_values": "eidas1"}


@pytest.fixture
def world(make_world):
    return make_world({"clients": CLIENTS})


@pytest.fixture
def fc(world):
    return Service(world, "fc")


def start(service, browser, **changes):
    return service.start(browser, **{**PLAIN, **changes})


def login(service, browser, **changes):
    return service.login(browser, **{**PLAIN, **changes})["code"]


UNPROVEN = {
    "client_id": ({"client_id": "nobody"}, "Y04EA6EF"),
    "redirect_uri": ({"redirect_uri": "http://localhost:8081/other"}, "Y04C013C"),
    "no redirect_uri": ({"redirect_uri": None}, "Y04C013C"),
}


@pytest.mark.parametrize(("change", "alias"), UNPROVEN.values(), ids=UNPROVEN)
def test_client_and_address_are_shown(fc, browser, change, alias):
    """A failure of either is shown, never redirected, under FranceConnect's own number."""
    page = start(fc, browser, **change)

    assert page.status == 400
    assert page.element("references").get("data-alias") == alias
    assert not browser.sent_back()


BAD = {
    "response_type": {"response_type": "token"},
    "response_type missing": {"response_type": None},
    "scope without openid": {"scope": "given_name"},
    "scope not granted": {"scope": "openid email"},
    "state missing": {"state": None},
    "state empty": {"state": ""},
    "nonce missing": {"nonce": None},
    "nonce of 21 characters": {"nonce": "n" * 21},
    "acr_values missing": {"acr_values": None},
    "acr_values not offered": {"acr_values": "eidas3"},
    "acr_values unknown": {"acr_values": "eidas9"},
    "code_challenge": {"code_challenge": "x" * 43},
    "code_challenge_method": {"code_challenge_method": "S256"},
    "prompt none": {"prompt": "none"},
    "prompt select_account": {"prompt": "select_account"},
    "prompt unknown": {"prompt": "login create"},
    "claims": {"claims": "{"},
    "max_age": {"max_age": "60"},
    "login_hint": {"login_hint": "x"},
    "id_token_hint": {"id_token_hint": "x"},
    "display": {"display": "page"},
    "response_mode": {"response_mode": "query"},
    "request": {"request": "a.b.c"},
    "request_uri": {"request_uri": "urn:x"},
    "claims_locales": {"claims_locales": "fr"},
    "foo": {"foo": "bar"},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_a_bad_parameter_is_a_page(fc, browser, change):
    """HTTP 400, the number Y030007, the name of the parameter and its rule; no redirect."""
    page = start(fc, browser, **change)

    assert page.status == 400
    assert page.element("references").get("data-alias") == "Y030007"
    detail = page.element("error-detail").text
    assert detail.startswith(f"{next(iter(change))}: ")
    assert len(detail) > len(next(iter(change))) + 6
    assert not browser.sent_back()


GOOD = {
    "nonce of 22 characters": {"nonce": "n" * 22},
    "prompt login": {"prompt": "login"},
    "prompt consent": {"prompt": "consent"},
    "prompt both": {"prompt": "login consent"},
    "ui_locales": {"ui_locales": "fr-FR en"},
    "claims": {"claims": '{"id_token":{"amr":null}}'},
    "unknown scope": {"scope": "openid given_name something"},
    "several levels": {"acr_values": "eidas2 eidas1"},
}


@pytest.mark.parametrize("change", [c for k, c in GOOD.items() if k != "claims"])
def test_what_is_listed_is_accepted(fc, browser, change):
    """The page of providers, whatever the order of the words."""
    assert start(fc, browser, **change).path.endswith("/providers")


def test_amr_must_have_been_granted(fc, browser):
    """As a scope or as a claim: refused with its own number."""
    for change in ({"scope": "openid amr"}, GOOD["claims"]):
        page = start(fc, browser, **change)
        assert (page.status, page.element("references").get("data-alias")) == (400, "Y100009")


def test_a_hint_leads_straight_to_the_provider(fc, browser):
    """idp_hint: no page of providers on the way."""
    page = start(fc, browser, idp_hint="tax")

    assert page.url.startswith(fc.world.providers["tax"].url)


@pytest.mark.parametrize(("key", "hint"), [("fc", "nobody"), ("picky", "tax")])
def test_a_hint_that_is_not_allowed_goes_back_to_the_service(world, browser, key, hint):
    """invalid_idp_hint with state and iss, globally unknown or denied to this service."""
    service = Service(world, key)

    start(service, browser, idp_hint=hint)

    answer = browser.sent_back()
    assert answer["error"] == "invalid_idp_hint"
    assert answer["state"] == service.params()["state"]
    assert answer["iss"] == service.issuer


def test_every_answer_carries_state_and_issuer(fc, browser):
    """The code, and the refusal of a person who gives up (RFC 9207)."""
    code = fc.login(browser, **PLAIN)
    start(fc, browser, prompt="login")
    browser.click("abandon")
    refusal = browser.sent_back()

    assert {"code", "state", "iss"} == set(code)
    assert refusal["error"] == "access_denied"
    assert (refusal["state"], refusal["iss"]) == (code["state"], code["iss"])


@pytest.mark.parametrize(("seconds", "status"), [(20, 200), (31, 400)])
def test_a_code_lives_half_a_minute(world, fc, browser, seconds, status):
    """30 seconds instead of 60."""
    code = login(fc, browser)
    world.clock.advance(seconds)

    assert fc.redeem(code, code_verifier=None).status == status


def test_the_token_reply_has_exactly_five_members(fc, browser):
    """Access token and ID token of a minute, no refresh token, nothing else."""
    tokens = fc.tokens(login(fc, browser), code_verifier=None)
    claims = fc.id_token(tokens)

    assert set(tokens) == {"access_token", "expires_in", "id_token", "scope", "token_type"}
    assert (tokens["expires_in"], tokens["token_type"]) == (60, "Bearer")
    assert claims["exp"] - claims["iat"] == 60
    assert {"sub", "iss", "aud", "nonce", "acr", "auth_time", "at_hash"} <= set(claims)


@pytest.mark.parametrize(("seconds", "status"), [(45, 200), (61, 401)])
def test_an_access_token_lives_a_minute(world, fc, browser, seconds, status):
    """60 seconds instead of ten minutes."""
    tokens = fc.tokens(login(fc, browser), code_verifier=None)
    world.clock.advance(seconds)

    assert fc.userinfo(tokens["access_token"]).status == status


def test_userinfo_is_always_a_signed_jwt(fc, browser):
    """By GET and by POST: application/jwt, signed for this service."""
    token = fc.tokens(login(fc, browser), code_verifier=None)["access_token"]
    answers = [fc.userinfo(token), fc.call("POST", f"{API}/userinfo", headers=bearer(token))]

    for answer in answers:
        assert answer.header("content-type") == "application/jwt"
        opened = jwt.decode(answer.body.decode(), fc.keys(), algorithms=["ES256"])
        assert opened.claims["aud"] == fc.client_id
        assert opened.claims["given_name"] == "Claire Anne"


def test_userinfo_is_sealed_for_a_service_that_registered_a_key(world, browser):
    """Signed, then encrypted, at eidas2 as at eidas1."""
    service = Service(world, "sealed")
    level = {**PLAIN, "acr_values": "eidas2"}
    code = service.login(browser, via="postal", **level)["code"]
    token = service.tokens(code, code_verifier=None)["access_token"]

    answer = service.userinfo(token)

    opened = jwe.decrypt_compact(answer.body, ENCRYPTION)
    inside = jwt.decode(opened.plaintext.decode(), service.keys(), algorithms=["ES256"])
    assert inside.claims["given_name"] == "Claire Anne"


def test_a_bad_secret_is_invalid_client(fc, browser):
    """401 with our number, whose alias is Y0434A7B in the catalogue."""
    answer = fc.redeem(login(fc, browser), code_verifier=None, client_secret="x" * 40)

    assert (answer.status, body(answer)["error"]) == (401, "invalid_client")
    assert "B0202" in body(answer)["error_description"]


@pytest.mark.parametrize(("uses", "number"), [(1, "B0210"), (0, "B0209")])
def test_code_errors_keep_their_numbers(fc, browser, uses, number):
    """Used twice (Y0416228), never issued (Y049E20B)."""
    code = login(fc, browser) if uses else "never-issued"
    for _ in range(uses):
        fc.redeem(code, code_verifier=None)

    answer = fc.redeem(code, code_verifier=None)

    assert (answer.status, body(answer)["error"]) == (400, "invalid_grant")
    assert number in body(answer)["error_description"]


def test_basic_authentication_is_not_for_this_profile(fc, browser):
    """client_secret_post or private_key_jwt: a header is refused, the code still good."""
    code = login(fc, browser)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": fc.redirect_uri}

    answer = fc.call("POST", f"{API}/token", form, {"Authorization": "Basic eDp5"})

    assert answer.status == 401
    assert fc.redeem(code, code_verifier=None).status == 200


def test_a_signed_assertion_is_for_this_profile(world, browser):
    """private_key_jwt with the audience and the type of RFC 10070."""
    service, now = Service(world, "signing"), int(world.clock())
    claims = {"iss": "held-and-signing", "sub": "held-and-signing", "aud": service.issuer}
    header = {"alg": "ES256", "kid": "s", "typ": "client-authentication+jwt"}
    proof = jwt.encode(header, {**claims, "exp": now + 60, "jti": "one"}, SIGNING)
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    answer = service.redeem(
        login(service, browser),
        code_verifier=None,
        client_assertion_type=kind,
        client_assertion=proof,
    )

    assert answer.status == 200


def test_nothing_is_pushed_in_this_profile(fc):
    """FranceConnect knows no pushed request: refused at once rather than useless later."""
    answer = fc.post("/par", **fc.params(**PLAIN))

    assert (answer.status, body(answer)["error"]) == (400, "unauthorized_client")


def test_sessions_are_shared_at_eidas1_and_eidas2(fc, browser):
    """The next login of this browser asks nobody, at the same level or below."""
    login(fc, browser)
    browser.hops.clear()

    login(fc, browser)

    assert not any(hop.url.startswith(fc.world.providers["tax"].url) for hop in browser.hops)


def test_no_session_answers_at_eidas3(make_world):
    """Where the platform offers it, every login at eidas3 is a new sign-in."""
    mobile = {"levels": ["eidas1", "eidas2", "eidas3"]}
    world = make_world(
        {
            "clients": CLIENTS,
            "broker": {"offered_levels": ["eidas1", "eidas2", "eidas3"]},
            "providers": {"mobile": mobile},
        }
    )
    service, browser = Service(world, "fc"), world.browser()
    login(service, browser, acr_values="eidas1")

    page = start(service, browser, acr_values="eidas3")

    assert page.path.endswith("/providers")


def test_there_is_no_refresh_token(fc, browser):
    """The grant does not exist."""
    answer = fc.post("/token", grant_type="refresh_token", refresh_token="x")

    assert (answer.status, body(answer)["error"]) == (400, "unsupported_grant_type")
    assert body(answer)["error_description"].startswith("grant_type: must be")
    assert "refresh_token" not in json.dumps(fc.tokens(login(fc, browser), code_verifier=None))
