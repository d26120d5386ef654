"""The user information: plain or signed as declared, about the same person, with our token."""

import base64
import json

import pytest
from joserfc.jwk import ECKey

from providers import call_faults, faults, token_faults
from providers.http import Reply
from tests.providers.stage import on_stage
from tests.providers.upstream import json_reply, signed, signing_key, unpadded


def test_it_is_fetched_with_the_access_token_in_the_header():
    """The token goes in the Authorization header, never in the address."""
    stage = on_stage()
    stage.login()
    method, path, headers, form = stage.upstream.calls[-1]

    assert (method, path, form) == ("GET", "/userinfo", {})
    assert headers["Authorization"] == "Bearer access-0"
    assert headers["Accept"] == "application/json"


@pytest.mark.parametrize(
    "token", ["", "two words", "line\r\nX-Evil: 1", "é", "t" * 20_000, 7, None]
)
def test_an_access_token_that_cannot_stand_in_a_header_is_refused(token):
    """A token that would break the header, or is no text, goes nowhere."""
    stage = on_stage()
    stage.upstream.lie("token", lambda reply: {**reply, "access_token": token})

    with pytest.raises(faults.TokenMalformed) as refused:
        stage.login()
    assert refused.value.private == {"part": "access_token"}
    assert "/userinfo" not in stage.upstream.paths()


OTHERS = [None, "", "claire-2", "Claire-1", "claire-1 ", 1, ["claire-1"], {"sub": "claire-1"}]


@pytest.mark.parametrize("userinfo", ["json", "jwt"])
@pytest.mark.parametrize("subject", OTHERS)
def test_it_must_be_about_the_same_person(userinfo, subject):
    """Another subject, a near one, or none: the two halves are not of one person."""
    stage = on_stage(userinfo=userinfo)
    stage.upstream.lie("userinfo", lambda claims: {**claims, "sub": subject})

    with pytest.raises(token_faults.SubjectMismatch):
        stage.login()


def test_it_must_name_its_person():
    """User information without any subject is refused."""
    stage = on_stage()
    stage.upstream.lie("userinfo", lambda claims: {k: v for k, v in claims.items() if k != "sub"})

    with pytest.raises(token_faults.SubjectMismatch):
        stage.login()


UNSIGNED = {
    "JSON": lambda reply: json_reply(_claims(reply)),
    "JSON under another name": lambda reply: Reply(
        200, {"content-type": "application/jwt"}, json.dumps(_claims(reply)).encode()
    ),
    "JSON with a blank before": lambda reply: Reply(
        200, {}, b"\n {" + json.dumps(_claims(reply)).encode()[1:]
    ),
    "a token under the name of JSON": lambda reply: Reply(
        200, {"content-type": "application/json; charset=utf-8"}, reply.body
    ),
}


def _claims(reply):
    payload = reply.body.decode().split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "==="))


@pytest.mark.parametrize("how", UNSIGNED.values(), ids=UNSIGNED)
def test_what_is_promised_signed_is_never_taken_unsigned(how):
    """JSON where a signed token is promised is refused, however it is dressed."""
    stage = on_stage(userinfo="jwt")
    stage.upstream.lie("userinfo_reply", how)

    with pytest.raises(faults.UserinfoUnsigned):
        stage.login()


def test_what_is_promised_plain_is_not_taken_as_a_token():
    """A token where JSON is promised is no JSON."""
    stage = on_stage()
    stage.upstream.lie(
        "userinfo_reply", lambda _: Reply(200, {"content-type": "application/jwt"}, b"e30.e30.AA")
    )

    with pytest.raises(call_faults.USERINFO.not_json):
        stage.login()


FORGED = {
    "alg none": (lambda c: signed({"alg": "none"}, c, None), token_faults.AlgRefused),
    "HMAC": (lambda c: signed({"alg": "HS256"}, c, b"secret"), token_faults.AlgRefused),
    "another key": (
        lambda c: signed({"alg": "ES256", "kid": "k1"}, c, ECKey.generate_key()),
        token_faults.BadSignature,
    ),
    "its own key": (
        lambda c: signed(
            {"alg": "ES256", "jwk": signing_key("ES256", "k7").as_dict(private=False)},
            c,
            signing_key("ES256", "k7"),
        ),
        token_faults.HeaderKeyRefused,
    ),
    "the type of an access token": (
        lambda c: signed({"alg": "ES256", "kid": "k1", "typ": "at+jwt"}, c, signing_key("ES256")),
        token_faults.TypRefused,
    ),
    "a text": (lambda _: "hello", faults.UserinfoMalformed),
    "not ASCII": (lambda _: "hé", faults.UserinfoMalformed),
    "a signed list": (
        lambda _: signed({"alg": "ES256", "kid": "k1"}, [], signing_key("ES256")),
        faults.UserinfoMalformed,
    ),
    "encrypted": (lambda _: f"{unpadded(b'{}')}.a.b.c.d", token_faults.JweUnexpected),
}


@pytest.mark.parametrize(("how", "fault"), FORGED.values(), ids=FORGED)
def test_a_signed_one_is_verified_as_an_id_token_is(how, fault):
    """Every trick against a signature is refused here too, under its own name."""
    stage = on_stage(userinfo="jwt")
    claims = {"sub": "claire-1", **stage.upstream.traits}
    stage.upstream.lie(
        "userinfo_reply",
        lambda _: Reply(200, {"content-type": "application/jwt"}, how(claims).encode()),
    )

    with pytest.raises(fault):
        stage.login()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"iss": "https://other.example"}, token_faults.UserinfoIssuer),
        ({"iss": None}, token_faults.UserinfoIssuer),
        ({"aud": "another-client"}, token_faults.UserinfoAudience),
        ({"aud": []}, token_faults.UserinfoAudience),
        ({"aud": None}, token_faults.UserinfoAudience),
    ],
)
def test_a_signed_one_is_addressed_to_us(changes, fault):
    """Where a signed user information names issuer and audience, they are the right ones."""
    stage = on_stage(userinfo="jwt")
    stage.upstream.lie("userinfo", lambda claims: {**claims, **changes})

    with pytest.raises(fault):
        stage.login()


def test_a_signed_one_may_have_its_own_algorithm():
    """User information may be signed with another algorithm than the ID token."""
    stage = on_stage(userinfo="jwt", userinfo_alg="RS256")
    assert stage.login().identity == stage.expected

    stage.upstream.lie("userinfo_header", lambda header: {**header, "alg": "RS512"})
    with pytest.raises(token_faults.AlgRefused):
        stage.login()


# --- the account that vouches ---------------------------------------------------------------------


def test_the_provider_of_insured_accounts_names_the_account():
    """The existing account is told, so that it is never linked to anybody else."""
    stage = on_stage("ameli")
    assert stage.login().account == "claire-1"

    stage = on_stage("ameli", account_claim="account_id")
    stage.upstream.traits["account_id"] = "a-42"
    assert stage.login().account == "a-42"
    assert on_stage("tax").login().account is None


@pytest.mark.parametrize("account", [None, "", 7, ["a-42"], "a" * 256])
def test_an_account_that_is_not_named_is_refused(account):
    """Without the account there is no telling whose session it was."""
    stage = on_stage("ameli", account_claim="account_id")
    stage.upstream.traits["account_id"] = account

    with pytest.raises(token_faults.AccountMissing):
        stage.login()
