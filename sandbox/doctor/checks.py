"""The checks of the doctor, in the order in which a login happens."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable

from sandbox.doctor.evidence import Evidence
from sandbox.doctor.finding import Finding, Outcome, Verdict, good, unseen
from sandbox.doctor.rehearsed import clock, state_kept

_UNGUESSABLE = 22
_SLOW_SECONDS = 20.0


Check = Callable[[Evidence], Outcome]


def diagnose(evidence: Evidence) -> list[Finding]:
    """Every finding, in the order of a login."""
    return [Finding(name, *check(evidence)) for name, check in CHECKS.items()]


_NO_REQUEST = unseen("no authorization request of this service was seen", "log in once")
_NO_CODE = unseen("no code was redeemed by this service", "log in to the end once")


def discovery(evidence: Evidence) -> Outcome:
    """The service reads where the endpoints are instead of holding them."""
    if not evidence.redemptions:
        return _NO_CODE
    if evidence.fetched.get("openid-configuration"):
        return good("the discovery document was read")
    return (
        Verdict.WARNING,
        "the discovery document was not read since the sandbox started",
        "configure the issuer only, and let your library read its discovery document",
    )


def redirect_uri(evidence: Evidence) -> Outcome:
    """Every request names a registered address."""
    if not evidence.requests:
        return _NO_REQUEST
    used = {request.params.get("redirect_uri", "") for request in evidence.requests}
    foreign = sorted(used - set(evidence.client.redirect_uris))
    if not foreign:
        return good("every redirect URI used is registered")
    return (
        Verdict.PROBLEM,
        f"used but not registered: {', '.join(map(repr, foreign))}",
        "register the address exactly as it is sent, to the last slash",
    )


def state(evidence: Evidence) -> Outcome:
    """Each request carries a state of its own that nobody can guess (RFC 6749 §10.12)."""
    return _unguessable(evidence, "state", "bind it to the browser's session and compare it")


def nonce(evidence: Evidence) -> Outcome:
    """Each request carries a nonce of its own (OpenID Connect Core §15.5.2)."""
    return _unguessable(evidence, "nonce", "keep it and compare it with the ID token's")


def pkce(evidence: Evidence) -> Outcome:
    """The code is bound to a verifier by S256, new for each login (RFC 7636, RFC 9700 §2.1.1)."""
    asked = [request.params for request in evidence.requests if not request.refused]
    if not asked:
        return _NO_REQUEST
    if any(params.get("code_challenge_method") != "S256" for params in asked):
        return (
            Verdict.WARNING,
            "a request without an S256 code challenge was sent",
            "switch PKCE on in your library: every service should use it, secret or not",
        )
    challenges = [params.get("code_challenge", "") for params in asked]
    if len(set(challenges)) < len(challenges):
        return Verdict.PROBLEM, "a challenge was used twice", "make a new verifier for each login"
    given = [one.form.get("code_verifier", "") for one in evidence.redemptions]
    if not all(_challenge(verifier) in challenges for verifier in given):
        return (
            Verdict.PROBLEM,
            "a verifier that meets no challenge was sent",
            "send the verifier of this very login, kept in the browser's session",
        )
    return good("every request carries an S256 challenge of its own")


def redemption(evidence: Evidence) -> Outcome:
    """A code is redeemed at once and once (RFC 6749 §4.1.2)."""
    codes = [one.form.get("code", "") for one in evidence.redemptions]
    if not codes:
        return _NO_CODE
    if len(set(codes)) < len(codes):
        return (
            Verdict.PROBLEM,
            "a code was redeemed twice, which revokes what it gave",
            "redirect after the callback so that Refresh does not redeem again; never retry",
        )
    given = {answer.params.get("code"): answer.at for answer in evidence.answers}
    waits = [one.at - given.get(one.form.get("code"), one.at) for one in evidence.redemptions]
    if max(waits) > _SLOW_SECONDS:
        return (
            Verdict.WARNING,
            f"a code waited {max(waits):.0f} seconds before it was redeemed",
            "redeem in the request of the callback: codes die within a minute",
        )
    return good("every code was redeemed once, and soon")


def client_secret(evidence: Evidence) -> Outcome:
    """The secret never passes through a browser."""
    if not evidence.requests:
        return _NO_REQUEST
    if any("client_secret" in request.params for request in evidence.requests):
        return (
            Verdict.PROBLEM,
            "the client secret was sent through the browser",
            "send it to the token endpoint only, and get a new one: this one is burnt",
        )
    return good("the secret was never seen in a browser")


def refused_codes(evidence: Evidence) -> Outcome:
    """Token calls succeed."""
    if not evidence.redemptions:
        return _NO_CODE
    failed = sum(one.status != 200 for one in evidence.redemptions)  # noqa: PLR2004 - RFC 6749 §5.1
    if failed:
        return (
            Verdict.WARNING,
            f"{failed} of {len(evidence.redemptions)} token calls were refused",
            "read error_description in the answer: it names the parameter and the rule",
        )
    return good("every token call was answered")


def signature(evidence: Evidence) -> Outcome:
    """After a change of keys the service reads them anew: it verifies signatures."""
    if not evidence.redemptions:
        return _NO_CODE
    last = max(one.number for one in evidence.redemptions)
    changes = [number for number in evidence.rotations if number < last]
    read = evidence.fetched.get("jwks", [])
    if not changes:
        return unseen("the keys did not change", "run `passerelle doctor --rotate`, then log in")
    if not any(number > max(changes) for number in read):
        return (
            Verdict.PROBLEM,
            "the keys changed, a login followed, and the new keys were never read",
            "verify the ID token's signature, and read the JWKS again on an unknown kid",
        )
    return good("the new keys were read after they changed")


def bearer(evidence: Evidence) -> Outcome:
    """Access tokens travel in the header (RFC 6750 §2.3)."""
    if not evidence.bearers:
        return unseen("userinfo was not called", "call it once, if your service needs it")
    if "query" in evidence.bearers:
        return Verdict.PROBLEM, "an access token was sent in an address", "send it in the header"
    return good("access tokens were sent where they belong")


def abandon(evidence: Evidence) -> Outcome:
    """A refused login ends without a token call, and another one can begin."""
    refused = [answer.number for answer in evidence.answers if "error" in answer.params]
    if not refused:
        return unseen("no login was given up", "decline once, and look at your page")
    later = [one.number for one in evidence.requests if one.number > min(refused)]
    if later:
        return good("after a refusal, another login could begin")
    return (
        Verdict.WARNING,
        "after a refused login no other one began",
        "show what happened and offer to try again, or your other ways in",
    )


def logout(evidence: Evidence) -> Outcome:
    """Logging out tells the broker too, with the ID token (RP-Initiated Logout 1.0 §2)."""
    if not evidence.logouts:
        return unseen("the end of a session was not told", "log out once from your service")
    if not any("id_token_hint" in params for params in evidence.logouts):
        return (
            Verdict.WARNING,
            "a logout without id_token_hint asks the person to confirm",
            "keep the ID token, and send it as id_token_hint",
        )
    return good("logging out tells the broker")


CHECKS: dict[str, Check] = {
    "discovery": discovery,
    "redirect URI": redirect_uri,
    "state": state,
    "state compared": state_kept,
    "nonce": nonce,
    "PKCE": pkce,
    "client secret": client_secret,
    "token calls": refused_codes,
    "use of codes": redemption,
    "signature": signature,
    "access token": bearer,
    "abandoned login": abandon,
    "logout": logout,
    "clock": clock,
}


def _unguessable(evidence: Evidence, name: str, use: str) -> Outcome:
    values = [r.params.get(name, "") for r in evidence.requests if not r.refused]
    if not values:
        return _NO_REQUEST
    if not all(values):
        return Verdict.PROBLEM, f"a request without {name} was sent", f"send one, and {use}"
    if len(set(values)) < len(values):
        return Verdict.PROBLEM, f"the same {name} was sent twice", "make one for each login"
    if min(map(len, values)) < _UNGUESSABLE:
        return (
            Verdict.WARNING,
            f"a {name} of {min(map(len, values))} characters may be guessed",
            f"make it of {_UNGUESSABLE} random characters at least",
        )
    return good(f"every request carries a {name} of its own")


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
