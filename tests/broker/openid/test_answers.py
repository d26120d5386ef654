"""The shapes of answers: signed, sealed or plain; introspection and revocation of each kind."""

import flask
import pytest
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, RSAKey

from tests.service import API, Service, body

RSA = RSAKey.generate_key(2048, {"use": "enc", "kid": "rsa"}, private=True)
EC = ECKey.generate_key("P-256", {"use": "enc", "kid": "ec"}, private=True)
ENCRYPTION = ["ECDH-ES", "RSA-OAEP-256", "A256GCM"]


def registered(name, **more):
    return {
        "name": name,
        "client_id": f"answers-{name}",
        "client_secret": f"demonstration-secret-answers-{name}-0123456789abcdef",
        "client_auth": "client_secret_post",
        "redirect_uris": ["http://localhost:8081/callback"],
        "scopes": ["openid", "family_name"],
        "consent": "information",
        **more,
    }


CLIENTS = {
    "plain": registered("plain"),
    "signed": registered("signed", userinfo_signed_alg="RS256", id_token_signed_alg="RS256"),
    "sealed": registered(
        "sealed",
        jwks={"keys": [EC.as_dict(private=False), RSA.as_dict(private=False)]},
        userinfo_encrypted_alg="RSA-OAEP-256",
        id_token_encrypted_alg="RSA-OAEP-256",
    ),
    "curved": registered(
        "curved",
        jwks={"keys": [RSA.as_dict(private=False), EC.as_dict(private=False)]},
        userinfo_encrypted_alg="ECDH-ES",
        userinfo_signed_alg="RS256",
    ),
    "fetched": registered(
        "fetched",
        jwks_uri="https://keys.example/jwks",
        id_token_encrypted_alg="ECDH-ES",
    ),
}


@pytest.fixture
def world(make_world):
    return make_world({"clients": CLIENTS})


def logged_in(world, browser, key):
    service = Service(world, key)
    return service, service.tokens(service.login(browser)["code"])


def test_a_code_is_not_spent_while_the_keys_of_its_service_are_away(world, browser):
    """The service asks again when its keys are back, and that is no replay."""
    service = Service(world, "fetched")
    code = service.login(browser)["code"]
    assert service.redeem(code).status >= 400
    keys = flask.Flask("keys")
    keys.get("/jwks")(lambda: {"keys": [EC.as_dict(private=False)]})
    world.network.attach("https://keys.example", keys)
    world.clock.advance(31)

    again = service.redeem(code)

    assert again.status == 200
    assert body(again)["id_token"].count(".") == 4


def test_userinfo_is_json_unless_asked_otherwise(world, browser):
    """No signature, no cache."""
    service, tokens = logged_in(world, browser, "plain")

    answer = service.userinfo(tokens["access_token"])

    assert answer.header("content-type") == "application/json"
    assert answer.header("cache-control") == "no-store"
    assert body(answer)["family_name"] == "DURAND"


def test_userinfo_is_signed_as_registered(world, browser):
    """RS256, for this service, by this issuer (OIDC Core §5.3.2)."""
    service, tokens = logged_in(world, browser, "signed")

    answer = service.userinfo(tokens["access_token"])

    assert answer.header("content-type") == "application/jwt"
    opened = jwt.decode(answer.body.decode(), service.keys(), algorithms=["RS256"])
    assert opened.header["alg"] == "RS256"
    assert (opened.claims["iss"], opened.claims["aud"]) == (service.issuer, service.client_id)
    assert opened.claims["sub"] == service.id_token(tokens)["sub"]


SEALED = {"sealed": (RSA, "RSA-OAEP-256", "ES256"), "curved": (EC, "ECDH-ES", "RS256")}


@pytest.mark.parametrize(("key", "kind"), SEALED.items(), ids=SEALED)
def test_userinfo_is_signed_then_sealed_for_the_right_key(world, browser, key, kind):
    """The key of the kind that the algorithm needs, wherever it stands in the set."""
    private, alg, inner = kind
    service, tokens = logged_in(world, browser, key)

    answer = service.userinfo(tokens["access_token"])

    opened = jwe.decrypt_compact(answer.body, private, algorithms=ENCRYPTION)
    header = opened.headers()
    assert (header["alg"], header["enc"], header["cty"]) == (alg, "A256GCM", "JWT")
    assert header["kid"] == private.kid
    signed = jwt.decode(opened.plaintext.decode(), service.keys(), algorithms=["ES256", "RS256"])
    assert signed.header["alg"] == inner
    assert signed.claims["family_name"] == "DURAND"


def test_the_id_token_is_sealed_with_rsa_too(world, browser):
    """RSA-OAEP-256 with A256GCM around an ES256 token."""
    service, tokens = logged_in(world, browser, "sealed")

    opened = jwe.decrypt_compact(tokens["id_token"], RSA, algorithms=ENCRYPTION)
    claims = jwt.decode(opened.plaintext.decode(), service.keys(), algorithms=["ES256"]).claims

    assert claims["aud"] == service.client_id
    assert claims["nonce"] == service.params()["nonce"]


def test_introspection_tells_what_a_person_s_token_is(world, browser):
    """RFC 7662 §2.2: active, for whom, whose, what for, until when, how strongly."""
    service, tokens = logged_in(world, browser, "plain")

    told = body(service.post("/introspect", token=tokens["access_token"]))

    assert told["active"] is True
    assert told["client_id"] == told["aud"] == service.client_id
    assert told["iss"] == service.issuer
    assert told["scope"] == "openid family_name"
    assert told["token_type"] == "Bearer"
    assert told["exp"] - told["iat"] == 600
    assert told["sub"] == service.id_token(tokens)["sub"]
    assert told["acr"] == "eidas1"
    assert "DURAND" not in str(told)


def test_introspection_knows_a_service_s_own_token(ameli):
    """Client credentials: nobody stands behind it."""
    token = body(ameli.post("/token", grant_type="client_credentials", scope="insured"))

    told = body(ameli.post("/introspect", token=token["access_token"]))

    assert (told["active"], told["scope"]) == (True, "insured")
    assert "sub" not in told


def test_a_service_s_own_token_can_be_revoked_by_it_alone(ameli, sample):
    """The other service's word changes nothing."""
    token = body(ameli.post("/token", grant_type="client_credentials", scope="insured"))
    text = token["access_token"]

    sample.post("/token/revocation", token=text)
    before = body(ameli.post("/introspect", token=text))["active"]
    ameli.post("/token/revocation", token=text)

    assert before is True
    assert body(ameli.post("/introspect", token=text)) == {"active": False}


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "nonsense"])
@pytest.mark.parametrize("end", ["/introspect", "/token/revocation"])
def test_a_hint_at_the_kind_changes_nothing(world, browser, end, hint):
    """RFC 7009 §2.1: only a hint."""
    service, tokens = logged_in(world, browser, "plain")

    answer = service.post(end, token=tokens["access_token"], token_type_hint=hint)

    assert answer.status == 200


@pytest.mark.parametrize("end", ["/introspect", "/token/revocation"])
def test_a_call_without_token_names_what_is_missing(world, end):
    """Neither none, nor empty, nor two, nor in the address."""
    service = Service(world, "plain")
    known = list(service.credentials().items())
    two = service.call("POST", API + end, [*known, ("token", "a"), ("token", "b")])
    address = service.call("POST", f"{API}{end}?token=a", known)

    for answer in (service.post(end), service.post(end, token=""), two, address):
        assert (answer.status, body(answer)["error"]) == (400, "invalid_request")
    assert "token" in body(two)["error_description"]


BAD = {
    "no grant type": ({"grant_type": None}, "invalid_request", "grant_type"),
    "another grant": ({"grant_type": "password"}, "unsupported_grant_type", "grant_type"),
    "no code": ({"code": None}, "invalid_request", "code"),
    "another code": ({"code": "x"}, "invalid_grant", ""),
    "another address": ({"redirect_uri": "http://x"}, "invalid_grant", "redirect_uri"),
    "another verifier": ({"code_verifier": "v" * 50}, "invalid_grant", "code_verifier"),
}


@pytest.mark.parametrize(("change", "error", "name"), BAD.values(), ids=BAD)
def test_a_token_error_is_json_that_names_the_parameter(world, browser, change, error, name):
    """RFC 6749 §5.2: the code, our words, never a cache."""
    service = Service(world, "plain")

    good = {"code": service.login(browser)["code"], "grant_type": "authorization_code"}
    good |= {"redirect_uri": service.redirect_uri, "code_verifier": service.verifier}

    answer = service.post("/token", **{**good, **change})

    assert (answer.status, body(answer)["error"]) == (400, error)
    assert name in body(answer)["error_description"]
    assert "no-store" in answer.header("cache-control")
