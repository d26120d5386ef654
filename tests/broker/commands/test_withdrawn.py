"""What is withdrawn from a service while tokens and codes live: at every use, today counts."""

import json

import pytest
from joserfc import jwe, jwt
from joserfc.jwk import ECKey

from tests.broker.commands.conftest import CALLBACK
from tests.service import API, body

KEY = ECKey.generate_key("P-256", {"use": "enc", "kid": "ec"}, private=True)
RIGHTS = {
    "name": "rights",
    "client_id": "data-rights",
    "client_secret": "demonstration-secret-data-rights-0123456789abcdef",
    "scopes": ["birth", "email"],
    "sector": "rights.example",
    "jwks": {"keys": [KEY.as_dict(private=False)]},
}
SCOPE = "openid birth email"
ASKED = {"scope": SCOPE, "claims": json.dumps({"id_token": {"email": {"essential": True}}})}


@pytest.fixture
def world(make_world):
    return make_world({"data_providers": {"rights": RIGHTS}})


@pytest.fixture
def added(operator):
    """A service that may have the place of birth and the e-mail address."""
    return operator.add("--scope", "birth", "--scope", "email")


@pytest.fixture
def service(operator, added):
    return operator.service(added)


@pytest.fixture
def withdraw(operator, world, added):
    """Change what the service registered, on every node."""

    def edit(*words):
        told = operator("edit", added["client_id"], *words)
        assert told.status == 0, told.refusal
        world.clock.advance(5)

    return edit


def userinfo(service, tokens):
    return body(service.userinfo(tokens["access_token"]))


def data(service, tokens):
    """What a provider of data learns of the access token."""
    form = {name: RIGHTS[name] for name in ("client_id", "client_secret")}
    sealed = service.call("POST", f"{API}/checktoken", {**form, "token": tokens["access_token"]})
    signed = jwe.decrypt_compact(sealed.body, KEY, algorithms=["ECDH-ES", "A256GCM"]).plaintext
    claims = jwt.decode(signed.decode(), service.keys(), algorithms=["ES256"]).claims
    return claims["token_introspection"]


def test_a_living_token_gives_no_claim_of_a_scope_that_was_withdrawn(service, browser, withdraw):
    """Row 31: at userinfo, by whatever way it is asked; what is left of the scopes goes on."""
    tokens = service.tokens(service.login(browser, **ASKED)["code"])
    before = userinfo(service, tokens)
    withdraw("--scope", "email")
    after = userinfo(service, tokens)

    assert set(before) == {"sub", "birthplace", "birthcountry", "email"}
    assert after == {"sub": before["sub"], "email": before["email"]}


def test_a_scope_that_is_granted_again_opens_again(service, browser, withdraw):
    """Nothing was forgotten in between: the token lives, the person agreed."""
    tokens = service.tokens(service.login(browser, **ASKED)["code"])
    before = userinfo(service, tokens)
    withdraw("--scope", "email")
    withdraw("--scope", "birth", "--scope", "email")

    assert userinfo(service, tokens) == before


def test_a_claim_that_another_scope_opens_as_well_goes_on(service, browser, withdraw):
    """It is the claim that counts, not the name by which it was asked for."""
    tokens = service.tokens(service.login(browser, **ASKED)["code"])
    withdraw("--scope", "birthplace")

    assert set(userinfo(service, tokens)) == {"sub", "birthplace"}


def test_a_signed_userinfo_says_no_more(service, browser, withdraw):
    """The JWT is made of the same claims."""
    tokens = service.tokens(service.login(browser, **ASKED)["code"])
    withdraw("--scope", "birth", "--userinfo-alg", "ES256")
    answer = service.userinfo(tokens["access_token"]).body.decode()
    claims = jwt.decode(answer, service.keys(), algorithms=["ES256"]).claims

    assert set(claims) == {"iss", "aud", "iat", "sub", "birthplace", "birthcountry"}


def test_a_code_gives_no_claim_of_a_scope_that_was_withdrawn(service, browser, withdraw):
    """Neither the ID token nor the reply, which tells the scopes that are left."""
    code = service.login(browser, **ASKED)["code"]
    withdraw("--scope", "birth")
    tokens = service.tokens(code)

    assert "email" not in service.id_token(tokens)
    assert service.id_token(tokens)["nonce"] == service.params()["nonce"]
    assert set(tokens["scope"].split()) == {"openid", "birth"}


def test_introspection_tells_the_scopes_that_are_left(service, browser, withdraw):
    """To the service itself."""
    tokens = service.tokens(service.login(browser, **ASKED)["code"])
    withdraw("--scope", "email")
    told = body(service.post("/introspect", token=tokens["access_token"]))

    assert told["active"]
    assert set(told["scope"].split()) == {"openid", "email"}


def test_a_provider_of_data_learns_what_is_left(service, browser, withdraw):
    """Neither a scope nor a trait; nothing at all once none of its scopes is left."""
    tokens = service.tokens(service.login(browser, **ASKED)["code"])
    before = data(service, tokens)
    withdraw("--scope", "email")
    partly = data(service, tokens)
    withdraw("--scope", "gender")

    assert (before["scope"], "birthplace" in before) == ("birth email", True)
    assert (partly["scope"], "birthplace" in partly) == ("email", False)
    assert data(service, tokens) == {"active": False}


def test_a_code_for_an_address_that_was_removed_is_no_use(service, browser, withdraw):
    """It was removed because somebody else may read what arrives there."""
    code = service.login(browser, **ASKED)["code"]
    withdraw("--redirect-uri", "http://localhost:8081/another")
    answer = service.redeem(code)

    assert (answer.status, body(answer)["error"]) == (400, "invalid_grant")
    assert "redirect_uri: is not registered any more" in body(answer)["error_description"]


def test_a_code_is_good_again_when_its_address_is(service, browser, withdraw):
    """A mistake of the operator costs no login: the refusal spent nothing."""
    code = service.login(browser, **ASKED)["code"]
    withdraw("--redirect-uri", "http://localhost:8081/another")
    service.redeem(code)
    withdraw("--redirect-uri", CALLBACK)

    assert service.redeem(code).status == 200


@pytest.mark.parametrize("control", ["consent-continue", "consent-decline", "abandon"])
def test_nobody_is_sent_to_an_address_that_was_removed_meanwhile(
    service, browser, withdraw, control
):
    """A login that was under way ends on a page of ours."""
    service.start(browser, **ASKED)
    page = browser.sign_in("claire")
    withdraw("--redirect-uri", "http://localhost:8081/another")
    page = page.accept() if control == "consent-continue" else page.click(control)

    assert page.status == 400
    assert not browser.sent_back()
