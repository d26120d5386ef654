"""CONSENT: what will be sent, with its values and its origin, and the person's answer."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, redirect, request
from werkzeug.wrappers import Response

from broker.audit.events import Event
from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.cog.names import country_name, place_name
from broker.consent.boxes import (
    Answer,
    has_line,
    optional_claims,
    wanted_claims,
    without_value,
)
from broker.consent.ledger import Ledger, consent_kind
from broker.database import writing
from broker.errors import ConsentRefusedError
from broker.login import store
from broker.login.attempt import Attempt, Step
from broker.login.desk import Desk, Hub
from broker.look import current_language
from broker.screens import ConsentKind, ConsentScreen, Line, render
from broker.screens.wording import (
    date_in_words,
    gender_in_words,
    label_of,
    place_in_words,
)
from broker.subjects.vault import open_identity
from providers.identity import PivotIdentity

CHANGE = "change"


@dataclass(frozen=True, slots=True)
class ConsentDesk:
    """
    Shows the screen and takes the answer; `label` is what people call a provider.

    `sign_out` ends the session of this browser, as a logout does, and takes the path where the
    person goes on; it returns the address to visit first.
    """

    desk: Desk
    hub: Hub
    clients: Clients
    ledger: Ledger
    label: Callable[[str], str]
    sign_out: Callable[[str], str]

    def show(self, attempt: Attempt, *, agreement_missing: bool = False) -> Response:
        """The consent page, the information page or the anonymous notice."""
        client = self.clients.active(attempt.request.client_id)
        identity = self._identity(attempt)
        settings, language = client.settings, current_language()
        return render(
            ConsentScreen(
                service=settings.name,
                abandon_url=self.desk.abandon_url(attempt),
                form_targets=self.desk.form_targets,
                valid_until=attempt.expires_at,
                kind=ConsentKind(consent_kind(attempt, client)),
                answer_url=self.desk.url(attempt, Step.CONSENT),
                lines=self._lines(attempt, client, identity),
                given_name=identity.given_names[0],
                purpose=settings.purpose_fr if language == "fr" else settings.purpose_en,
                will_create_account=client.wants_account,
                change_account_url=self.desk.url(attempt, Step.CONSENT, CHANGE),
                agreement_missing=agreement_missing,
            )
        )

    def answer(self, attempt: Attempt) -> Response:
        """Record what the person decided, in the transaction that may issue the code."""
        client = self.clients.active(attempt.request.client_id)
        kind = consent_kind(attempt, client)
        if request.form.get("answer") == "decline":
            return self._declined(attempt, kind)
        if kind == "explicit" and request.form.get("agree") != "yes":
            return self.show(attempt, agreement_missing=True)
        given = self._given(attempt, client)
        with writing(self.desk.engine) as tx:
            agreed = self.ledger.record(tx, attempt, client, given)
            self.desk.journal.write(tx, Event.CONSENT_GIVEN, kind=kind, **_marks(attempt))
            return self.hub.continue_login(attempt.with_facts(agreed=agreed), tx, written=False)

    def change(self, attempt: Attempt) -> Response:
        """Not this person, or another account: whoever is signed in leaves, the login stays."""
        return redirect(self.sign_out(self.desk.url(attempt, Step.CHOOSE)), 303)

    def _declined(self, attempt: Attempt, kind: str) -> Response:
        with writing(self.desk.engine) as tx:
            self.desk.journal.write(tx, Event.CONSENT_REFUSED, kind=kind, **_marks(attempt))
            store.save(tx, attempt.with_facts(ended=True, sealed_identity=None))
        g.return_path = self.hub.return_path(attempt)
        raise ConsentRefusedError

    def _given(self, attempt: Attempt, client: Client) -> Answer:
        """What the boxes say; a box that could not be drawn says nothing."""
        wanted = wanted_claims(attempt)
        lines = frozenset(claim for claim in wanted if has_line(claim, wanted))
        unticked = (lines & optional_claims(attempt, client)) - set(request.form.getlist("claim"))
        if not unticked:
            return Answer(frozenset(), frozenset())
        untold = unticked & without_value(self._identity(attempt))
        return Answer(unticked - untold, untold)

    def _identity(self, attempt: Attempt) -> PivotIdentity:
        if attempt.sealed_identity is None:
            raise ValueError("the step rule lets no attempt without identity in")
        return open_identity(attempt.sealed_identity, self.desk.sealer)

    def _lines(self, attempt: Attempt, client: Client, identity: PivotIdentity) -> tuple[Line, ...]:
        provider = attempt.authentication.provider if attempt.authentication else ""
        values = readable(identity)
        optional, wanted = optional_claims(attempt, client), wanted_claims(attempt)
        return tuple(
            Line(
                label=label_of(claim),
                value=values[claim],
                claim=claim,
                origin=self.label(provider),
                optional=claim in optional,
                ticked=True,
            )
            for claim in wanted
            if claim in values and has_line(claim, wanted)
        )


def readable(identity: PivotIdentity) -> dict[str, str]:
    """What the page shows for each claim this identity has a value for."""
    language, place = current_language(), identity.birthplace
    town = place_name(place, identity.birthcountry, language) if place else None
    country = country_name(identity.birthcountry, language)
    shown = {
        "family_name": identity.family_name,
        "preferred_username": identity.usage_name,
        "given_name": identity.given_name,
        "given_name_array": ", ".join(identity.given_names),
        "birthdate": date_in_words(identity.birthdate),
        "idp_birthdate": str(identity.birthdate),
        "gender": gender_in_words(identity.gender),
        "birthplace": place_in_words(town, place) if place else None,
        "birthcountry": place_in_words(country, identity.birthcountry),
        "email": identity.email,
    }
    return {claim: value for claim, value in shown.items() if value}


def _marks(attempt: Attempt) -> dict[str, str | None]:
    who = attempt.authentication
    return {
        "attempt": attempt.id,
        "client_id": attempt.request.client_id,
        "provider": who.provider if who else None,
        "person": who.person if who else None,
    }
