"""
Checks for which the doctor acts itself: it brings the service an answer that nobody asked for.

The forged answer carries a code and a state of the doctor's own making. A service that compares
the state redeems nothing; whoever asks for tokens with that code would do so for any stranger's.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from sandbox.doctor.evidence import FORGED, HEARD, PROBED, Evidence
from sandbox.doctor.finding import Outcome, Verdict, good, unseen

_TOLERATED_SECONDS, _FATAL_SECONDS = 10.0, 60.0
_PROBE = "run `passerelle doctor --probe` while the service runs"

Observe = Callable[[Mapping[str, Any]], None]


def forge(
    redirect_uris: tuple[str, ...], client_id: str, issuer: str, observe: Observe
) -> list[str]:
    """The addresses of the forged answers, one for each redirect URI; the recorder is told."""
    code = FORGED + secrets.token_urlsafe(16)
    answer = urlencode({"code": code, "state": secrets.token_urlsafe(24), "iss": issuer})
    observe({"event": PROBED, "client_id": client_id})
    return [f"{uri}{'&' if '?' in uri else '?'}{answer}" for uri in redirect_uris]


def hear(date: str, client_id: str, now: float, observe: Observe) -> None:
    """Keep how far the clock of a service is from ours; `date` as HTTP writes it, or unreadable."""
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    observe({"event": HEARD, "client_id": client_id, "ahead": known.timestamp() - now})


def state_kept(evidence: Evidence) -> Outcome:
    """The service compares the state of the answer with the one it sent (RFC 6749 §10.12)."""
    if not evidence.probed:
        return unseen("no forged answer was brought to the service", _PROBE)
    if evidence.forged:
        return (
            Verdict.PROBLEM,
            "the code of an answer with a state of nobody was redeemed",
            "compare the state with the one of this browser's session before the token call",
        )
    return good("an answer with a state of nobody was not redeemed")


def clock(evidence: Evidence) -> Outcome:
    """The clocks of the service and of the sandbox agree, or tokens look too old or too new."""
    if not evidence.ahead:
        return unseen("the clock of the service was not seen", _PROBE)
    worst = max(evidence.ahead, key=abs)
    told = f"{abs(worst):.0f} seconds {'ahead of' if worst > 0 else 'behind'} the sandbox"
    if abs(worst) <= _TOLERATED_SECONDS:
        return good("the clock of the service agrees with the sandbox's")
    verdict = Verdict.PROBLEM if abs(worst) > _FATAL_SECONDS else Verdict.WARNING
    return (
        verdict,
        f"the clock of the service is {told}",
        "synchronise it (NTP), tolerate a minute at most, and bring the sandbox back to real time",
    )
