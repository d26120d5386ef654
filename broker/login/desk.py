"""
The desk where a browser shows up at a step: proves the hop, finds the attempt, admits or sends on.

Each hop's URL carries a MAC over (attempt, step): a proof for one hop never serves another. Each
form carries another one over the attempt, which no address shows: an attempt belongs to one
browser, so nothing of the session is needed to know that the form was ours (security row 17).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Protocol

from flask import g, request
from sqlalchemy import Connection, Engine
from werkzeug.wrappers import Response

from broker.audit.journal import Journal
from broker.database import reading
from broker.errors import (
    AnotherBrowserError,
    AttemptUnknownError,
    FormTokenError,
    FormTokenMissingError,
    LoginExpiredError,
    StepProofError,
)
from broker.login import browser, store
from broker.login.attempt import Attempt, Step, next_step
from broker.login.cookies import Cookies
from broker.login.request import AuthorizationRequest
from broker.login.steps import StepRule
from broker.outside import Clock, Random
from broker.returning import ReturnPath
from broker.sealing import Sealer, b64

FORM_TOKEN = "csrf_token"  # noqa: S105 - the name of a field
_PROOF_CHARS = 22
_ID_BYTES = 16


class Hub(Protocol):
    """Entry and exit of every login; each step comes home to it."""

    def continue_login(
        self, attempt: Attempt, tx: Connection | None = None, *, written: bool = True
    ) -> Response:
        """
        Send the browser where the attempt stands now; `tx` joins an open transaction.

        Unless `written`, what the attempt knows is still to be stored in `tx`.
        """

    def return_path(self, attempt: Attempt) -> ReturnPath:
        """Where an answer to this attempt goes."""

    def check_still_allowed(self, attempt: Attempt, *, sign_in: bool) -> None:
        """Raise when the client or, with `sign_in`, the provider or the person was closed."""


@dataclass(frozen=True, slots=True)
class Desk:
    """
    What every step needs to know about attempts.

    `form_targets` are where the answer to a form may lead, for the pages' security policy.
    """

    engine: Engine
    sealer: Sealer
    clock: Clock
    random: Random
    journal: Journal
    cookies: Cookies
    attempt_seconds: int
    form_targets: tuple[str, ...]

    def open(self, wanted: AuthorizationRequest, *, wants_account: bool) -> Attempt:
        """A new attempt, bound to this browser, not stored yet."""
        now = self.clock()
        secret = browser.new_secret(self.random)
        attempt = Attempt(
            id=b64(self.random(_ID_BYTES)),
            browser=browser.digest_of(secret),
            request=wanted,
            created_at=now,
            expires_at=now + self.attempt_seconds,
            wants_account=wants_account,
        )
        browser.give(self.cookies, attempt, secret, self.attempt_seconds)
        return attempt

    def url(self, attempt: Attempt, step: Step, action: str = "") -> str:
        """The address of a step for this attempt, proof included."""
        name = action or step.value
        return f"/login/{attempt.id}/{name}?proof={self._proof(attempt.id, name)}"

    def abandon_url(self, attempt: Attempt) -> str:
        """The way out that stands on every page."""
        return self.url(attempt, Step.ENDED, "abandon")

    def find(self, attempt_id: str) -> Attempt:
        """The attempt, if it is alive and belongs to this browser."""
        with reading(self.engine) as connection:
            attempt = store.find(connection, attempt_id)
        if attempt is None:
            raise AttemptUnknownError
        # First: the browser forgets its secret at the same moment, and is no other one for that.
        if attempt.expires_at <= self.clock():
            raise LoginExpiredError
        if not browser.holds(self.cookies, attempt):
            raise AnotherBrowserError
        g.attempt = attempt
        g.form_token = lambda: self.form_token(attempt)
        return attempt

    def sign_out(self, tx: Connection) -> None:
        """
        Send the attempts of this browser back to the choice: whoever signed in has left.

        Another request of such an attempt that is faster has ended it, or finds it moved.
        """
        for attempt_id in browser.held(self.cookies):
            attempt = store.find(tx, attempt_id)
            if attempt is None or attempt.authentication is None or attempt.ended:
                continue
            if browser.holds(self.cookies, attempt):
                with suppress(store.AttemptMovedError):
                    store.save(tx, attempt.signed_out())

    def prove(self, attempt_id: str, name: str) -> None:
        """Refuse an address whose proof was not made for this hop of this attempt."""
        claimed = request.args.get("proof", "")
        if not self.sealer.same(self._proof(attempt_id, name), claimed):
            raise StepProofError

    def form_token(self, attempt: Attempt) -> str:
        """What every form of this attempt brings back."""
        return self.sealer.mac(attempt.id, "form")[:_PROOF_CHARS]

    def check_form(self, attempt: Attempt) -> None:
        """Refuse a form that no page of this attempt has shown."""
        claimed = request.form.get(FORM_TOKEN)
        if not claimed:
            raise FormTokenMissingError
        if not self.sealer.same(self.form_token(attempt), claimed):
            raise FormTokenError

    def _proof(self, attempt_id: str, name: str) -> str:
        # The kind of the value is part of the text: an id chosen in the settings can never equal
        # a step's name inside a MAC.
        return self.sealer.mac(f"hop\0{attempt_id}\0{name}", "hop")[:_PROOF_CHARS]


View = Callable[[Attempt], Response]
Guarded = Callable[[str], Response]


def entering(desk: Desk, hub: Hub, rule: StepRule, action: str = "") -> Callable[[View], Guarded]:
    """Guard a view: it runs only for an attempt that may enter the step now."""

    def decorate(view: View) -> Guarded:
        def entered(attempt: Attempt, *, moved: bool = False) -> Response:
            if request.method == "POST":
                desk.check_form(attempt)
            if moved or next_step(attempt) not in rule.after or rule.missing(attempt):
                return hub.continue_login(attempt)
            hub.check_still_allowed(attempt, sign_in=rule.recheck)
            return view(attempt)

        @wraps(view)
        def guarded(attempt_id: str) -> Response:
            desk.prove(attempt_id, action or rule.step.value)
            try:
                return entered(desk.find(attempt_id))
            except store.AttemptMovedError:
                return entered(desk.find(attempt_id), moved=True)

        return guarded

    return decorate
