"""
What is decided about a provider while the broker runs: closed or open, and where its secret goes.

Kept in the database and read again every few seconds, so that a decision holds on every node soon
and a login reads nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Table,
    Text,
    bindparam,
    select,
    update,
)

from broker.audit.events import Event
from broker.audit.journal import Journal
from broker.database import BROKER, reading, upsert
from broker.outside import Clock
from providers.binding import Binding, binding, secret_kept_elsewhere
from providers.settings import ProviderSettings

FRESH_SECONDS = 4.0
_LOG = structlog.get_logger("broker.federation")

PROVIDER_STATE = Table(
    "provider_state",
    BROKER,
    Column("provider", Text, primary_key=True),
    Column("disabled_at", Float),
    Column("addresses", Text),
    Column("secrets", Text),
)

_ALL = select(PROVIDER_STATE)
_BIND = (
    update(PROVIDER_STATE)
    .where(PROVIDER_STATE.c.provider == bindparam("wanted"))
    .values(addresses=bindparam("new_addresses"), secrets=bindparam("new_secrets"))
)


@dataclass(frozen=True, slots=True)
class ProviderState:
    """
    What the database says of one provider.

    `disabled_at` Unix seconds, None while open; `bound` the binding agreed to, None before the
    first start that knew this provider.
    """

    disabled_at: float | None = None
    bound: Binding | None = None


class Switches:
    """The decisions about the providers of these settings, remembered for `FRESH_SECONDS`."""

    def __init__(
        self, settings: Mapping[str, ProviderSettings], engine: Engine, clock: Clock
    ) -> None:
        self._bindings = {table.id: binding(table) for table in settings.values()}
        self._engine, self._clock = engine, clock
        self._read_at = float("-inf")
        self._closed: frozenset[str] = frozenset()

    def is_closed(self, provider: str) -> bool:
        """Whether an operator closed it, or its addresses moved while its secret stayed."""
        now = self._clock()
        # A clock set back must not keep an old answer for ever.
        if not 0 <= now - self._read_at < FRESH_SECONDS:
            states = self.states()
            known = {**dict.fromkeys(self._bindings, ProviderState()), **states}
            self._closed = frozenset(
                one
                for one, state in known.items()
                if state.disabled_at is not None or self._moved(one, state)
            )
            self._read_at = now
        return provider in self._closed

    def states(self) -> dict[str, ProviderState]:
        """What the database says now, by provider."""
        with reading(self._engine) as connection:
            return _states(connection)

    def moved(self, provider: str) -> bool:
        """Whether its secret would go to addresses edited since it was agreed to."""
        return self._moved(provider, self.states().get(provider, ProviderState()))

    def agree(self) -> None:
        """Note where each secret goes, at start; who moved without a new secret stays closed."""
        states = self.states()
        for provider, wanted in self._bindings.items():
            state = states.get(provider, ProviderState())
            if self._moved(provider, state):
                _LOG.error("provider closed: addresses changed, secret did not", provider=provider)
            elif state.bound != wanted:
                with self._engine.begin() as tx:
                    self._bind(tx, provider, wanted)

    def close(self, provider: str, journal: Journal) -> None:
        """Let nobody depart for or arrive from this provider."""
        with self._engine.begin() as tx:
            row = {"provider": provider, "disabled_at": self._clock()}
            upsert(tx, PROVIDER_STATE, row, refresh="disabled_at")
            journal.write(tx, Event.PROVIDER_CLOSED, provider=provider)
        self._read_at = float("-inf")

    def open(self, provider: str, journal: Journal) -> None:
        """Take `close` back."""
        with self._engine.begin() as tx:
            row = {"provider": provider, "disabled_at": None}
            upsert(tx, PROVIDER_STATE, row, refresh="disabled_at")
            journal.write(tx, Event.PROVIDER_OPENED, provider=provider)
        self._read_at = float("-inf")

    def trust(self, provider: str, journal: Journal) -> None:
        """Agree that the secret goes to the addresses of the settings as they stand."""
        with self._engine.begin() as tx:
            self._bind(tx, provider, self._bindings[provider])
            journal.write(tx, Event.PROVIDER_TRUSTED, provider=provider)
        self._read_at = float("-inf")

    def _moved(self, provider: str, state: ProviderState) -> bool:
        wanted = self._bindings.get(provider)
        if wanted is None or state.bound is None:
            return False
        return secret_kept_elsewhere(state.bound, wanted)

    @staticmethod
    def _bind(tx: Connection, provider: str, wanted: Binding) -> None:
        upsert(tx, PROVIDER_STATE, {"provider": provider})
        tx.execute(
            _BIND,
            {
                "wanted": provider,
                "new_addresses": wanted.addresses,
                "new_secrets": wanted.secrets,
            },
        )


def _states(connection: Connection) -> dict[str, ProviderState]:
    return {
        row.provider: ProviderState(
            row.disabled_at, Binding(row.addresses, row.secrets) if row.addresses else None
        )
        for row in connection.execute(_ALL)
    }
