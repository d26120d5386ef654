"""Each check of the doctor, on what a service did."""

import base64
import hashlib

import pytest

from broker.settings.clients import ClientSettings
from sandbox.doctor.checks import CHECKS, diagnose
from sandbox.doctor.evidence import Answer, Evidence, Redemption, Request
from sandbox.doctor.finding import Verdict

HERE = "http://localhost:5000/callback"
CLIENT = ClientSettings(
    name="Mine", client_id="mine", client_secret="s" * 40, redirect_uris=(HERE,), scopes=("openid",)
)


def verifier(number):
    return f"verifier-{number}-" + "v" * 40


def asked(number, **changes):
    digest = hashlib.sha256(verifier(number).encode()).digest()
    params = {
        "redirect_uri": HERE,
        "state": f"state-{number}-of-22-characters",
        "nonce": f"nonce-{number}-of-22-characters",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **changes,
    }
    return Request(number * 10, {k: v for k, v in params.items() if v is not None}, refused=False)


def redeemed(number, at=100.0, status=200, **changes):
    form = {"code": f"code-{number}", "code_verifier": verifier(number), **changes}
    return Redemption(number * 10 + 5, at, form, status)


def careful(**changes):
    """What a good service leaves behind: a login, a refusal, a login after new keys, a logout."""
    evidence = Evidence(
        CLIENT,
        requests=[asked(1), asked(2), asked(3)],
        answers=[
            Answer(14, 99.0, {"code": "code-1"}),
            Answer(24, 199.0, {"error": "access_denied"}),
            Answer(34, 299.0, {"code": "code-3"}),
        ],
        redemptions=[redeemed(1), redeemed(3, 300.0)],
        fetched={"openid-configuration": [9], "jwks": [16, 36]},
        logouts=[{"id_token_hint": "eyJ"}],
        bearers=["header"],
        rotations=[1, 27],
        ahead=[0.4, -1.2],
        probed=True,
    )
    for name, value in changes.items():
        setattr(evidence, name, value)
    return evidence


def verdicts(evidence):
    return {finding.check: finding.verdict for finding in diagnose(evidence)}


def test_a_careful_service_hears_nothing_but_good():
    """Every check passes, and none suggests anything."""
    findings = diagnose(careful())

    assert {finding.verdict for finding in findings} == {Verdict.GOOD}
    assert {finding.fix for finding in findings} == {""}


def test_a_silent_service_is_told_what_to_exercise():
    """Nothing is good or bad that was not seen; each finding says what to do."""
    findings = diagnose(Evidence(CLIENT))

    assert {finding.verdict for finding in findings} == {Verdict.UNSEEN}
    assert all(finding.fix for finding in findings)


CASES = [
    ("discovery", Verdict.WARNING, {"fetched": {"jwks": [16, 36]}}),
    ("redirect URI", Verdict.PROBLEM, {"requests": [asked(1, redirect_uri=HERE + "/")]}),
    ("redirect URI", Verdict.PROBLEM, {"requests": [asked(1, redirect_uri=None)]}),
    ("state", Verdict.PROBLEM, {"requests": [asked(1, state=None)]}),
    ("state", Verdict.PROBLEM, {"requests": [asked(1, state="x" * 30), asked(2, state="x" * 30)]}),
    ("state", Verdict.WARNING, {"requests": [asked(1, state="short")]}),
    ("nonce", Verdict.PROBLEM, {"requests": [asked(1, nonce=None)]}),
    ("nonce", Verdict.WARNING, {"requests": [asked(1, nonce="short")]}),
    ("PKCE", Verdict.WARNING, {"requests": [asked(1, code_challenge_method=None)]}),
    ("PKCE", Verdict.WARNING, {"requests": [asked(1, code_challenge_method="plain")]}),
    ("PKCE", Verdict.PROBLEM, {"requests": [asked(1), asked(1, state="s" * 22, nonce="n" * 22)]}),
    ("PKCE", Verdict.PROBLEM, {"redemptions": [redeemed(1, code_verifier="other")]}),
    ("client secret", Verdict.PROBLEM, {"requests": [asked(1, client_secret="s" * 40)]}),
    ("token calls", Verdict.WARNING, {"redemptions": [redeemed(1, status=400)]}),
    ("use of codes", Verdict.PROBLEM, {"redemptions": [redeemed(1), redeemed(1)]}),
    ("use of codes", Verdict.WARNING, {"redemptions": [redeemed(1, at=130.0)]}),
    ("signature", Verdict.PROBLEM, {"fetched": {"openid-configuration": [9], "jwks": [16]}}),
    ("signature", Verdict.UNSEEN, {"rotations": []}),
    ("access token", Verdict.PROBLEM, {"bearers": ["header", "query"]}),
    ("abandoned login", Verdict.WARNING, {"requests": [asked(1), asked(2)]}),
    ("logout", Verdict.WARNING, {"logouts": [{}]}),
    ("state compared", Verdict.PROBLEM, {"forged": 1}),
    ("state compared", Verdict.UNSEEN, {"probed": False}),
    ("clock", Verdict.WARNING, {"ahead": [0.4, -30.0]}),
    ("clock", Verdict.PROBLEM, {"ahead": [172_800.0]}),
    ("clock", Verdict.UNSEEN, {"ahead": []}),
]


@pytest.mark.parametrize(("check", "verdict", "facts"), CASES)
def test_a_fault_is_found_and_comes_with_its_remedy(check, verdict, facts):
    """The finding says what was seen, and what to change."""
    found = {finding.check: finding for finding in diagnose(careful(**facts))}[check]

    assert found.verdict is verdict
    assert found.cause
    assert found.fix


def test_every_check_has_a_case_that_fails():
    """A check that never fails checks nothing."""
    assert {check for check, verdict, _ in CASES} == set(CHECKS)


def test_a_refused_request_is_not_blamed_twice():
    """A page that names the redirect URI says enough: state and nonce are not counted."""
    refused = Request(1, {"redirect_uri": "http://x"}, refused=True)

    assert verdicts(careful(requests=[refused]))["state"] is Verdict.UNSEEN
    assert verdicts(careful(requests=[refused]))["redirect URI"] is Verdict.PROBLEM
