"""Departure: what the request asks for, how it is proven, and what is pushed ahead."""

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt

from providers import faults
from providers.client_auth import client_auth
from providers.keys import private_key
from providers.levels import Level
from tests.providers.stage import ISSUER, NOON, SECRET, on_stage, settings
from tests.providers.upstream import client_keys, signing_key


def _asked(stage, **trip):
    return stage.upstream.asked(stage.provider.depart(stage.trip(**trip)).url)


def test_a_request_asks_for_nothing_unexpected():
    """An ordinary request holds exactly the parameters it needs."""
    stage = on_stage()
    asked = _asked(stage)
    digest = hashlib.sha256(b"verifier-" + b"0" * 43).digest()

    assert asked == {
        "response_type": "code",
        "client_id": "broker",
        "redirect_uri": "https://broker.example/callback/here",
        "scope": "openid profile birth email",
        "state": "state-0",
        "nonce": "nonce-0",
        "acr_values": "eidas1",
        "ui_locales": "fr",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }


@pytest.mark.parametrize(
    ("trip", "name", "value"),
    [
        ({"force_login": True}, "prompt", "login"),
        ({"max_age": 0}, "max_age", "0"),
        ({"max_age": 600}, "max_age", "600"),
        ({"login_hint": "persona:claire+fault:none"}, "login_hint", "persona:claire+fault:none"),
        ({"ui_locales": "en"}, "ui_locales", "en"),
        ({"level": Level.SUBSTANTIAL}, "acr_values", "eidas2"),
    ],
)
def test_what_a_trip_wants_is_asked_for(trip, name, value):
    """Each wish of a trip becomes its parameter."""
    assert _asked(on_stage(), **trip)[name] == value


def test_a_provider_that_only_has_strong_levels_is_asked_for_those():
    """The level asked for is the weakest on offer that is strong enough."""
    stage = on_stage(levels=["eidas2", "eidas3"])

    assert _asked(stage, level=Level.LOW)["acr_values"] == "eidas2"
    assert _asked(stage, level=Level.HIGH)["acr_values"] == "eidas3"
    weak = on_stage(levels=["eidas1"])
    with pytest.raises(faults.LevelNotOffered):
        _asked(weak, level=Level.SUBSTANTIAL)
    assert weak.upstream.calls == []


def test_extra_parameters_and_no_pkce_are_settings():
    """A provider may need a parameter of its own, or not understand challenges."""
    stage = on_stage(pkce=False, authorization_params={"idp_hint": "x y"})
    asked = _asked(stage)

    assert asked["idp_hint"] == "x y"
    assert "code_challenge" not in asked
    assert stage.login().identity == stage.expected
    redeemed = [form for _, path, _, form in stage.upstream.calls if path == "/token"]
    assert len(redeemed) == 1
    assert "code_verifier" not in redeemed[0]


def test_a_pushed_request_leaves_nothing_to_the_browser():
    """With pushed requests the browser carries a reference and the client, nothing of the trip."""
    stage = on_stage("postal")
    url = stage.provider.depart(stage.trip()).url
    method, path, _headers, form = stage.upstream.calls[-1]

    assert (method, path) == ("POST", "/par")
    assert form["state"] == "state-0"
    assert form["client_secret"] == SECRET
    assert parse_qs(urlsplit(url).query).keys() == {"client_id", "request_uri"}
    assert SECRET not in url


@pytest.mark.parametrize("reference", [None, "", 7, ["urn:x"], "u" * 513])
def test_a_pushed_request_needs_its_reference(reference):
    """A push that is accepted without a usable reference leads nowhere."""
    stage = on_stage("postal")
    stage.upstream.lie("par", lambda _: {"request_uri": reference})

    with pytest.raises(faults.ParMalformed):
        stage.provider.depart(stage.trip())


# --- the client's proof ---------------------------------------------------------------------------


def test_basic_is_encoded_twice():
    """Client and secret are form-encoded before Base64: a colon or an accent stays what it is."""
    declared = settings(client_id="bro:ker é", client_secret="s:% +" + "é" * 32)
    headers = client_auth(declared, bytes)(NOON).headers
    pair = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()

    assert pair == "bro%3Aker+%C3%A9:s%3A%25+%2B" + "%C3%A9" * 32


@given(st.text(st.characters(codec="utf-8"), min_size=32, max_size=40))
def test_no_secret_breaks_a_header(secret):
    """Whatever characters a secret has, the header stays one line of ASCII."""
    value = client_auth(settings(client_secret=secret), bytes)(NOON).headers["Authorization"]

    assert value.isascii()
    assert value.isprintable()


@pytest.mark.parametrize("alg", ["ES256", "ES384", "RS256"])
def test_an_assertion_is_for_this_issuer_alone_and_once(alg):
    """Audience, type, lifetime and identifier of an assertion leave no room for another server."""
    key = signing_key(alg)
    declared = settings(
        client_auth="private_key_jwt", client_key=json.dumps(key.as_dict(private=True))
    )
    drawn = iter(range(1, 100))
    prove = client_auth(declared, lambda size: next(drawn).to_bytes(size, "big"))
    tokens = [
        jwt.decode(prove(NOON).fields["client_assertion"], key, algorithms=[alg]) for _ in range(2)
    ]

    assert tokens[0].header == {"alg": alg, "kid": "k1", "typ": "client-authentication+jwt"}
    assert tokens[0].claims["aud"] == ISSUER
    assert tokens[0].claims["iss"] == tokens[0].claims["sub"] == "broker"
    assert tokens[0].claims["exp"] - NOON == 60
    assert tokens[0].claims["jti"] != tokens[1].claims["jti"]
    assert len(tokens[0].claims["jti"]) == 22


def test_a_key_without_name_gets_one():
    """A key that came as a PEM is named by its fingerprint, which the provider knows too."""
    pem = signing_key("ES256").as_pem(private=True).decode()
    declared = settings(client_auth="private_key_jwt", client_key=pem)
    token = client_auth(declared, bytes)(NOON).fields["client_assertion"]
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))

    assert header["kid"] == private_key(pem).thumbprint()


def test_no_secret_goes_where_it_is_not_due():
    """The browser, the key endpoint and the user information never see a secret or an assertion."""
    for kind in ("tax", "postal", "msa", "mobile"):
        stage = on_stage(kind)
        url = stage.provider.depart(stage.trip()).url
        stage.login()
        assert SECRET not in url
        for method, path, headers, form in stage.upstream.calls:
            if path not in {"/token", "/par"}:
                assert method == "GET"
                assert form == {}
                assert not headers.get("Authorization", "").startswith("Basic")
        assert client_keys()[0] not in str(stage.upstream.calls)


# --- what the callback brings ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("access_denied", "access_denied"),
        ("login_required", "login_required"),
        ("temporarily_unavailable", "temporarily_unavailable"),
        ("server_error", "server_error"),
        ("", "other"),
        ("<script>", "other"),
        ("DURAND Claire", "other"),
    ],
)
def test_an_error_is_one_of_the_registered_words(error, told):
    """An error travels through the browser: only registered words are repeated, none blames."""
    stage = on_stage()
    trip = stage.trip()
    answer = {"error": error, "error_description": "DURAND", "iss": ISSUER}

    with pytest.raises(faults.ProviderError) as refused:
        stage.provider.arrive(answer, trip)
    assert refused.value.error == told
    assert refused.value.private == {"error": told}
    assert not refused.value.blames_upstream
    assert "/token" not in stage.upstream.paths()


def test_an_error_beside_a_code_is_an_error():
    """An answer that holds both is refused, and its code is not used."""
    stage = on_stage()
    trip = stage.trip()
    answer = {**stage.sign_in(trip), "error": "access_denied"}

    with pytest.raises(faults.ProviderError):
        stage.provider.arrive(answer, trip)


@pytest.mark.parametrize("kind", [None, "", "mac", "DPoP", 7, ["Bearer"]])
def test_only_bearer_tokens_are_understood(kind):
    """A token of another type is refused (RFC 6749 §7.1)."""
    stage = on_stage()
    stage.upstream.lie("token", lambda reply: {**reply, "token_type": kind})

    with pytest.raises(faults.TokenMalformed) as refused:
        stage.login()
    assert refused.value.private == {"part": "token_type"}


def test_bearer_is_written_in_any_case():
    """The type of a token is not sensitive to case (RFC 6749 §5.1)."""
    stage = on_stage()
    stage.upstream.lie("token", lambda reply: {**reply, "token_type": "bEARER"})

    assert stage.login().identity == stage.expected


def test_a_token_reply_needs_an_id_token():
    """Without an ID token there is no sign-in."""
    stage = on_stage()
    stage.upstream.lie("token", lambda reply: {k: v for k, v in reply.items() if k != "id_token"})

    with pytest.raises(faults.TokenMalformed) as refused:
        stage.login()
    assert refused.value.private == {"part": "id_token"}
