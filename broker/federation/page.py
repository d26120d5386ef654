"""CHOOSE: the page of providers, and leaving for the one that was picked."""

from dataclasses import dataclass

from flask import redirect, request
from werkzeug.wrappers import Response

from broker.clients.client import Client
from broker.clients.directory import Clients
from broker.errors import (
    PasserelleError,
    ProviderDisabledError,
    ProviderNotAllowedError,
    ProviderTooWeakError,
    ProviderUnknownError,
    numbered,
)
from broker.federation.banner import bring_back, take
from broker.federation.directory import Entry, ProviderDirectory, accepts
from broker.federation.last_used import recall
from broker.federation.trips import Trips
from broker.login.attempt import Attempt, Step
from broker.login.desk import Desk
from broker.look import current_language
from broker.screens import (
    Banner,
    ConfirmLeaveScreen,
    ProvidersScreen,
    Tile,
    TileState,
    back_at,
    render,
)
from providers.circuit import CircuitState
from providers.faults import ProviderFault

LEAVE = "leave"
_BY_HEALTH = {
    CircuitState.CLOSED: TileState.OPEN,
    CircuitState.TROUBLED: TileState.TROUBLED,
    CircuitState.OPEN: TileState.UNAVAILABLE,
}


@dataclass(frozen=True, slots=True)
class ChoosingDesk:
    """Shows the providers and sends the browser out to one."""

    desk: Desk
    trips: Trips
    providers: ProviderDirectory
    clients: Clients

    def show(self, attempt: Attempt) -> Response:
        """The page of providers, with the trouble of the last trip if there was one."""
        client = self._client(attempt)
        return render(
            ProvidersScreen(
                service=client.settings.name,
                abandon_url=self.desk.abandon_url(attempt),
                form_targets=self.desk.form_targets,
                valid_until=attempt.expires_at,
                choose_url=self.desk.url(attempt, Step.CHOOSE, LEAVE),
                tiles=tuple(self._tiles(attempt, client)),
                banner=self._banner(attempt),
                no_account_url=client.settings.no_account_url,
            )
        )

    def leave(self, attempt: Attempt) -> Response:
        """Go to the chosen provider, or stop once where its settings ask for it."""
        client = self._client(attempt)
        entry = self._chosen(request.form.get("provider", ""), attempt, client)
        if entry.settings.confirm and request.form.get("confirmed") != "yes":
            return self._confirmation(entry, attempt, client)
        return self.depart(attempt, entry.settings.id)

    def depart(self, attempt: Attempt, provider: str) -> Response:
        """Send the browser to `provider`; when it cannot be reached, back to the page."""
        entry = self._chosen(provider, attempt, self._client(attempt))
        trip = self.trips.outward(attempt, provider, self.desk.clock())
        try:
            departure = entry.circuit.departing(lambda: entry.provider.depart(trip), trip.now)
        except ProviderFault as fault:
            return bring_back(self.desk, attempt, provider, fault)
        # Nothing is written: the trip is derived again on return, and its journal row says whence.
        return redirect(departure.url, 303)

    def _client(self, attempt: Attempt) -> Client:
        return self.clients.active(attempt.request.client_id)

    def _chosen(self, provider: str, attempt: Attempt, client: Client) -> Entry:
        entry = self.providers.find(provider)
        if entry is None:
            raise ProviderUnknownError
        refusal = self._closed(entry, attempt, client)
        if refusal is not None:
            raise refusal
        return entry

    def _closed(self, entry: Entry, attempt: Attempt, client: Client) -> PasserelleError | None:
        """Why this provider may not be used now, decided again at every use."""
        if not self.providers.is_active(entry.settings.id):
            return ProviderDisabledError()
        if not accepts(client, entry.settings.id):
            return ProviderNotAllowedError()
        if not _strong_enough(entry, attempt):
            return ProviderTooWeakError()
        return None

    def _tiles(self, attempt: Attempt, client: Client) -> list[Tile]:
        last = recall(self.desk.cookies)
        shown = [e for e in self.providers if not e.settings.hidden]
        shown = [e for e in shown if accepts(client, e.settings.id)]
        return [self._tile(e, self._closed(e, attempt, client), last) for e in shown]

    def _tile(self, entry: Entry, refusal: PasserelleError | None, last: str | None) -> Tile:
        settings, now, language = entry.settings, self.desk.clock(), current_language()
        state = _tile_state(refusal, entry.circuit.state(now))
        back = entry.circuit.reopens_at(now) if state is TileState.UNAVAILABLE else None
        return Tile(
            id=settings.id,
            label=settings.label,
            need=settings.need_fr if language == "fr" else settings.need_en,
            state=state,
            reason=back_at(back) if back is not None else None,
            beta=settings.beta,
            last_used=settings.id == last and state is TileState.OPEN,
        )

    def _banner(self, attempt: Attempt) -> Banner | None:
        trouble = take(attempt)
        if trouble is None:
            return None
        label = self.providers.label(trouble.provider)
        return Banner.about(numbered(trouble.number), label, current_language())

    def _confirmation(self, entry: Entry, attempt: Attempt, client: Client) -> Response:
        settings = entry.settings
        notice = settings.notice_fr if current_language() == "fr" else settings.notice_en
        return render(
            ConfirmLeaveScreen(
                service=client.settings.name,
                abandon_url=self.desk.abandon_url(attempt),
                form_targets=self.desk.form_targets,
                valid_until=attempt.expires_at,
                provider=settings.label,
                provider_id=settings.id,
                confirm_url=self.desk.url(attempt, Step.CHOOSE, LEAVE),
                back_url=self.desk.url(attempt, Step.CHOOSE),
                notice=notice or None,
            )
        )


def _strong_enough(entry: Entry, attempt: Attempt) -> bool:
    strongest = max(level.rank for level in entry.provider.levels)
    return strongest >= attempt.request.level.rank


def _tile_state(refusal: PasserelleError | None, health: CircuitState) -> TileState:
    if isinstance(refusal, ProviderTooWeakError):
        return TileState.TOO_WEAK
    return _BY_HEALTH[health] if refusal is None else TileState.DISABLED
