"""ACCOUNT: the account is created, linked or found, or the person learns why not."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection
from werkzeug.wrappers import Response

from broker.audit.events import Event
from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.database import writing
from broker.enrolment.refusals import refusal_of
from broker.errors import InteractionRequiredError
from broker.insured.accounts.facts import InsuredArrival, Settlement, Tell
from broker.insured.accounts.settle import Accounts
from broker.login import store
from broker.login.attempt import AccountResult, Attempt, Authentication, Step
from broker.login.desk import Desk, Hub
from broker.look import current_language
from broker.returning import return_to_service
from broker.screens import AccountNews, AccountScreen, RefusalScreen, render
from broker.subjects.pairwise import sector_of
from broker.subjects.vault import open_identity

REFUSED = "refused"
EVENTS = {
    "created": Event.ACCOUNT_CREATED,
    "linked": Event.ACCOUNT_LINKED,
    "existing": Event.ACCOUNT_FOUND,
    "refused": Event.ACCOUNT_REFUSED,
}


@dataclass(frozen=True, slots=True)
class EnrolmentDesk:
    """Settles the account of an attempt, shows what was done, and comes home."""

    desk: Desk
    hub: Hub
    clients: Clients
    accounts: Accounts
    label: Callable[[str], str]

    def show(self, attempt: Attempt) -> Response:
        """What became of the account; an account that was there already needs no page."""
        client = self.clients.active(attempt.request.client_id)
        if attempt.account is None:
            attempt = self._settled(attempt, client)
        result = attempt.account
        if result is None or (result.status == "existing" and not result.email_wanted):
            return self.leave(attempt)
        if "none" in attempt.request.prompt:
            raise InteractionRequiredError
        if result.status == "refused":
            return self._refusal(attempt, client, result)
        return render(
            AccountScreen(
                service=client.settings.name,
                abandon_url=self.desk.abandon_url(attempt),
                form_targets=self.desk.form_targets,
                valid_until=attempt.expires_at,
                news=AccountNews(result.status),
                continue_url=self.desk.url(attempt, Step.ACCOUNT),
                email_wanted=result.email_wanted,
                email_taken=result.email_taken,
                has_password=result.has_password,
            )
        )

    def leave(self, attempt: Attempt) -> Response:
        """The page was read: on to the service. A refusal leads nowhere but out."""
        if attempt.account is None or attempt.account.status == "refused":
            return self.show(attempt)
        with writing(self.desk.engine) as tx:
            return self.hub.continue_login(attempt.with_facts(account_seen=True), tx, written=False)

    def leave_refused(self, attempt: Attempt) -> Response:
        """Back to the service without an account: access_denied, with the number of the reason."""
        if attempt.account is None or attempt.account.status != "refused":
            return self.show(attempt)
        client = self.clients.active(attempt.request.client_id)
        with writing(self.desk.engine) as tx:
            store.save(tx, attempt.with_facts(ended=True, sealed_identity=None))
            self.desk.journal.write(
                tx, Event.LOGIN_ABANDONED, attempt=attempt.id, client_id=client.client_id
            )
        path = self.hub.return_path(attempt)
        refusal = path.refusal(refusal_of(attempt.account.outcome or "")())
        return return_to_service(path, refusal, client.settings.name)

    def _settled(self, attempt: Attempt, client: Client) -> Attempt:
        told: list[Settlement] = []

        def tell(settled: Settlement) -> None:
            with writing(self.desk.engine) as tx:
                self._note(tx, attempt, settled)
            told.append(settled)

        settled = self._settle(attempt, client, tell)
        result = AccountResult(
            status=settled.result.value,
            account_id=settled.account_id,
            match=settled.match,
            outcome=settled.outcome,
            case=settled.case,
            email_wanted=settled.email_wanted,
            email_taken=settled.email_conflict,
            has_password=settled.has_password,
        )
        with writing(self.desk.engine) as tx:
            if settled not in told:
                self._note(tx, attempt, settled)
            return store.save(tx, attempt.with_facts(account=result))

    def _note(self, tx: Connection, attempt: Attempt, settled: Settlement) -> None:
        self.desk.journal.write(
            tx,
            EVENTS[settled.result.value],
            attempt=attempt.id,
            client_id=attempt.request.client_id,
            person=_who(attempt).person,
            provider=_who(attempt).provider,
            decision=settled.explanation,
            case=settled.case,
        )

    def _settle(self, attempt: Attempt, client: Client, tell: Tell) -> Settlement:
        who, sealed = _who(attempt), attempt.sealed_identity
        if sealed is None:
            raise ValueError("the step rule lets no attempt without identity in")
        arrival = InsuredArrival(
            identity=open_identity(sealed, self.desk.sealer),
            issuer=who.issuer,
            subject=who.subject,
            person=who.person,
            provider=who.provider,
            provider_label=self.label(who.provider),
            account=who.account,
            language=current_language(),
        )
        settings = client.settings
        sector = sector_of(attempt.request.redirect_uri, settings.sector_identifier)
        return self.accounts.settle(arrival, sector, tell)

    def _refusal(self, attempt: Attempt, client: Client, result: AccountResult) -> Response:
        kind = refusal_of(result.outcome or "")
        settings = client.settings
        return render(
            RefusalScreen(
                service=settings.name,
                form_targets=self.desk.form_targets,
                valid_until=attempt.expires_at,
                error=kind,
                now=self.desk.clock(),
                leave_url=self.desk.url(attempt, Step.ACCOUNT, REFUSED),
                case=result.case,
                classic_url=settings.no_account_url if kind.classic_way else None,
                other_account_url=(
                    self.desk.url(attempt, Step.CHOOSE) if kind.other_account else None
                ),
            )
        )


def _who(attempt: Attempt) -> Authentication:
    if attempt.authentication is None:
        raise ValueError("the step rule lets no attempt without sign-in in")
    return attempt.authentication
