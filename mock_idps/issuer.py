"""One mock issuer: its settings, keys, people and memory, handed to every view."""

from collections.abc import Mapping
from typing import Any, cast

from flask import current_app

from mock_idps.asked import NOTHING_ASKED, Asked
from mock_idps.dialects import Dialect, SignIn
from mock_idps.faults.fault import Fault, Liar, Where
from mock_idps.faults.table import faults_of
from mock_idps.keys import KeyRing
from mock_idps.outside import Outside
from mock_idps.personas import Cast, Persona
from mock_idps.records import Approval, Grant, Pending, Received, SignedIn
from mock_idps.settings import MockSettings
from mock_idps.stores import Shelf, Tail
from mock_idps.subjects import subject_at

PUSHED_SECONDS, PHONE_SECONDS = 90, 300
PAGE_SECONDS, CODE_SECONDS, TOKEN_SECONDS, SESSION_SECONDS = 1800, 60, 600, 1800
ARMED_SECONDS = 30
_AMR = {
    SignIn.PASSWORD: ("pwd",),
    SignIn.PHONE: ("pop", "mfa"),
    SignIn.ACCOUNT: ("pwd",),
}


class Issuer:
    """Everything one mock provider knows. Safe between threads."""

    def __init__(self, settings: MockSettings, outside: Outside) -> None:
        self.settings = settings
        self.outside = outside
        self.dialect: Dialect = settings.speaks
        self.faults: dict[str, Fault] = faults_of(self.dialect)
        self.keys = KeyRing(self.dialect.signing_alg, outside.make_key)
        self.cast = Cast(outside.clock())
        clock = outside.clock
        self.pages: Shelf[Pending] = Shelf(clock, PAGE_SECONDS)
        self.pushed: Shelf[Mapping[str, str]] = Shelf(clock, PUSHED_SECONDS)
        self.approvals: Shelf[Approval] = Shelf(clock, PHONE_SECONDS)
        self.codes: Shelf[Grant] = Shelf(clock, CODE_SECONDS)
        self.spent: Shelf[str] = Shelf(clock, TOKEN_SECONDS)
        self.tokens: Shelf[Grant] = Shelf(clock, TOKEN_SECONDS)
        self.sessions: Shelf[SignedIn] = Shelf(clock, SESSION_SECONDS)
        self.assertions: Shelf[bool] = Shelf(clock, 600)
        self.queue: Tail[tuple[Fault, str]] = Tail(200)
        self.armed: Tail[tuple[Fault, float]] = Tail(50)
        self.received: Tail[Received] = Tail(300)

    @property
    def now(self) -> int:
        """Unix seconds, whole."""
        return int(self.outside.clock())

    @property
    def cookie(self) -> str:
        """The name of this provider's cookie: browsers share cookies between ports."""
        return f"mock_{self.settings.id}"

    def url(self, path: str) -> str:
        """The absolute address of one of our pages."""
        return f"{self.settings.issuer}{path}"

    def forget(self) -> None:
        """Back to the first day, keys excepted."""
        self.cast.reset()
        for shelf in (self.pages, self.pushed, self.approvals, self.codes, self.spent):
            shelf.clear()
        for people in (self.tokens, self.sessions):
            people.clear()
        for tail in (self.queue, self.armed, self.received):
            tail.clear()

    def signed_in(self, persona: Persona) -> SignedIn:
        """That persona, having proved it just now; the subject is the same at every visit."""
        return SignedIn(
            subject=self.subject(persona.key),
            traits=persona.traits,
            auth_time=self.now,
            amr=_AMR[self.dialect.sign_in],
            highest=persona.highest,
            persona=persona.key,
        )

    def account_holder(self, traits: Mapping[str, Any]) -> SignedIn:
        """
        The holder of an existing account, as the check of the password described them.

        The subject is the account itself: the broker must be able to tell whose account it is.
        """
        kept = {name: value for name, value in traits.items() if name != "sub"}
        return SignedIn(traits["sub"], kept, self.now)

    def subject(self, seed: str) -> str:
        """A stable opaque subject of this issuer."""
        return subject_at(self.settings.issuer, seed)

    def level(self, asked: Asked, person: SignedIn) -> str:
        """The first level asked that can be reached; else the highest; the lowest unasked."""
        if person.level:
            return person.level
        reachable = [level for level in self.dialect.levels if level <= person.highest]
        reachable = reachable or [self.dialect.levels[0]]
        if not asked.levels:
            return reachable[0]
        return next((level for level in asked.levels if level in reachable), reachable[-1])

    def queued_fault(self, persona: str) -> Fault | None:
        """The oldest fault queued for anybody or for this persona, taken once."""
        taken = self.queue.pop(lambda entry: entry[1] in ("", persona))
        return taken[0] if taken else None

    def arm(self, fault: Fault, seconds: float = ARMED_SECONDS) -> None:
        """Make a fault of the JWKS or of the discovery meet the next request, for a while."""
        self.armed.add((fault, self.outside.clock() + seconds))

    def armed_fault(self, where: Where) -> Fault | None:
        """The fault that this very request of a document must meet, taken once."""
        now = self.outside.clock()
        while taken := self.armed.pop(lambda entry: entry[0].where is where):
            if taken[1] > now:
                return taken[0]
        return None

    def liar(self, asked: Asked = NOTHING_ASKED, persona: str = "") -> Liar:
        """What a lie may lean on here and now."""
        return Liar(self.settings, self.keys, self.outside, asked, persona)


def here() -> Issuer:
    """The issuer of the application that answers this request."""
    extensions: dict[str, Any] = current_app.extensions
    return cast("Issuer", extensions["mock_issuer"])
