"""
Which browser an attempt belongs to.

The browser holds one secret for each of its attempts, in a cookie of its own, so that two tabs
started at the same moment do not overwrite each other; the attempt holds the digest. The secret
is renewed on arrival from the provider: whoever planted a cookie before the sign-in loses the
attempt then.
"""

import hmac

from broker.login.attempt import Attempt
from broker.login.cookies import Cookies
from broker.outside import Random
from broker.sealing import b64, digest

_KIND = "login_"
_KEPT = 12
_SECRET_BYTES = 16


def new_secret(random: Random) -> str:
    """A secret that a browser may be given for one attempt."""
    return b64(random(_SECRET_BYTES))


def digest_of(secret: str) -> str:
    """What the attempt keeps of the secret."""
    return digest("browser", secret)


def give(cookies: Cookies, attempt: Attempt, secret: str, seconds: int) -> None:
    """Let this browser hold the secret; the oldest of too many attempts is forgotten."""
    held = sorted(cookies.names(_KIND), key=lambda name: (cookies.get(name) or "").split(".")[0])
    for name in held[: max(0, len(held) - _KEPT + 1)]:
        cookies.drop(name)
    cookies.put(_name(attempt.id), f"{int(attempt.created_at):010d}.{secret}", seconds)


def newest(cookies: Cookies) -> str:
    """The id of the login this browser began last, as it says; empty when it began none."""
    held = max(cookies.names(_KIND), key=lambda name: cookies.get(name) or "", default=_KIND)
    return held.removeprefix(_KIND)


def holds(cookies: Cookies, attempt: Attempt) -> bool:
    """Whether this browser is the one the attempt belongs to."""
    secret = (cookies.get(_name(attempt.id)) or "").partition(".")[2]
    return hmac.compare_digest(digest_of(secret), attempt.browser)


def held(cookies: Cookies) -> list[str]:
    """The ids of the attempts this browser holds a secret for, ours or made up."""
    return [name.removeprefix(_KIND) for name in cookies.names(_KIND)]


def _name(attempt_id: str) -> str:
    return f"{_KIND}{attempt_id}"
