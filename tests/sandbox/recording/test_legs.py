"""What anybody on the wire can observe of a login."""

import base64
import hashlib
import json

import pytest

from sandbox.recording.legs import Leg, findings, legs
from sandbox.recording.recorder import Exchange

VERIFIER = "v" * 43
DIGEST = hashlib.sha256(VERIFIER.encode()).digest()
CHALLENGE = base64.urlsafe_b64encode(DIGEST).rstrip(b"=").decode()
ASKED = {"client_id": "ameli", "nonce": "n", "state": "s", "code_challenge": CHALLENGE}
GOOD = Leg(
    site="broker",
    asked=ASKED,
    answered={"code": "c", "state": "s", "iss": "i"},
    redeemed=[{"code": "c", "code_verifier": VERIFIER}],
    id_token={"sub": "p", "nonce": "n", "aud": "ameli"},
    userinfo={"sub": "p"},
)


def changed(**facts):
    kept = {name: getattr(GOOD, name) for name in Leg.__slots__}
    return Leg(**{**kept, **facts})


def test_an_honest_leg_holds_every_rule():
    """Nothing to say but yes."""
    assert dict(findings(GOOD)) == dict.fromkeys(
        (
            "issuer_named",
            "challenge_met",
            "redeemed_once",
            "same_nonce",
            "meant_for_the_client",
            "same_person",
        ),
        True,
    )


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("issuer_named", {"answered": {"code": "c", "state": "s"}}),
        ("challenge_met", {"redeemed": [{"code": "c"}]}),
        ("challenge_met", {"redeemed": [{"code": "c", "code_verifier": "other"}]}),
        ("redeemed_once", {"redeemed": [{"code_verifier": VERIFIER}] * 2}),
        ("same_nonce", {"id_token": {"sub": "p", "aud": "ameli", "nonce": "other"}}),
        ("same_nonce", {"id_token": {"sub": "p", "aud": "ameli"}}),
        ("meant_for_the_client", {"id_token": {"sub": "p", "nonce": "n", "aud": ["x"]}}),
        ("same_person", {"userinfo": {"sub": "other"}}),
        ("same_person", {"userinfo": {"name": "nobody"}}),
    ],
)
def test_each_rule_is_broken_by_its_own_fault(rule, facts):
    """And by no other."""
    broken = [name for name, held in findings(changed(**facts)) if not held]

    assert broken == [rule]


def test_nothing_is_said_of_what_was_not_seen():
    """An unfinished login breaks no rule."""
    assert list(findings(Leg("broker", {"client_id": "ameli"}))) == []
    assert "same_nonce" not in dict(findings(changed(asked={"client_id": "ameli"})))


def test_an_audience_may_be_a_list():
    """OpenID Connect Core §2."""
    leg = changed(id_token={"sub": "p", "nonce": "n", "aud": ["other", "ameli"]})

    assert dict(findings(leg))["meant_for_the_client"]


def exchange(site, url, location="", body=b"", answer=None):
    headers = [("Location", location)] if location else []
    if answer is not None:
        headers.append(("Content-Type", "application/json"))
    sent = {"content-type": "application/x-www-form-urlencoded"}
    text = json.dumps(answer).encode()
    return Exchange(1, 0, site, "POST", url, sent, body, 200, tuple(headers), text)


def test_each_application_that_was_asked_is_a_leg():
    """The service asks the broker, the broker asks the provider: two legs, each with its facts."""
    asked = "client_id=ameli&redirect_uri=r&response_type=code&state="
    found = legs(
        [
            exchange("portal", "http://p/login"),
            exchange("broker", f"http://b/authorize?{asked}one", "/login/x"),
            exchange(
                "tax", f"http://t/authorize?{asked}two", "http://b/cb?code=up&state=two&iss=t"
            ),
            exchange("tax", "http://t/token", body=b"grant_type=authorization_code&code=up"),
            exchange("broker", "http://b/consent", "http://p/cb?error=access_denied&state=one"),
            exchange("tax", "http://t/userinfo", answer={"sub": "p"}),
        ]
    )

    assert [leg.site for leg in found] == ["broker", "tax"]
    assert found[0].answered == {"error": "access_denied", "state": "one"}
    assert found[1].answered["code"] == "up"
    assert found[1].redeemed == [{"grant_type": "authorization_code", "code": "up"}]
    assert found[1].userinfo == {"sub": "p"}


def test_an_answer_with_another_state_is_not_the_answer():
    """It belongs to somebody else's login."""
    (leg,) = legs(
        [
            exchange(
                "broker", "http://b/a?client_id=a&redirect_uri=r&response_type=code&state=one"
            ),
            exchange("broker", "http://b/x", "http://p/cb?code=c&state=other"),
        ]
    )

    assert leg.answered == {}
