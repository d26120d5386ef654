"""
Why a provider brought the person back to the page of providers, told once.

The signed cookie holds the provider and the number of the error; nothing else.
"""

from dataclasses import dataclass

from flask import redirect, session
from werkzeug.wrappers import Response

from broker.audit.events import Event
from broker.errors import error_of
from broker.login import store
from broker.login.attempt import Attempt, Step
from broker.login.desk import Desk
from providers.faults import ProviderFault

_KEY = "banner"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Which provider, and the number of what went wrong."""

    provider: str
    number: str


def bring_back(desk: Desk, attempt: Attempt, provider: str, fault: ProviderFault) -> Response:
    """Back to the page of providers; whatever is still on its way from the provider is spent."""
    with desk.engine.begin() as tx:
        attempt = store.save(tx, attempt)
        desk.journal.write(
            tx,
            Event.PROVIDER_REFUSED,
            attempt=attempt.id,
            client_id=attempt.request.client_id,
            provider=provider,
            check=fault.check,
            **fault.private,
        )
    session[_KEY] = [attempt.id, provider, error_of(fault).number]
    return redirect(desk.url(attempt, Step.CHOOSE), 303)


def take(attempt: Attempt) -> Trouble | None:
    """The trouble to show now, if the last one was of this attempt."""
    held = session.get(_KEY)
    if not held or held[0] != attempt.id:
        return None
    session.pop(_KEY)
    return Trouble(held[1], held[2])
