"""
The counters of one process, raised in memory as things happen.

Every label comes from a closed list: events of the journal, endpoints, provider ids of the
settings, checks of the adapter. Several worker processes of one node add theirs up in files when
the library was told a folder at start (`PROMETHEUS_MULTIPROC_DIR`, see `passerelle serve`).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from broker.audit.events import Event
from providers.circuit import CircuitState
from providers.http import CallFailedError, Http, Limits, Reply

OUTCOMES: Mapping[str, str] = {
    Event.LOGIN_STARTED: "started",
    Event.CODE_ISSUED: "succeeded",
    Event.CONSENT_REFUSED: "declined",
    Event.LOGIN_ABANDONED: "abandoned",
    Event.ACCOUNT_REFUSED: "account_refused",
}
"""What becomes of a login, by the event that says so; `started` without any other: it was left."""

_STEP_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_CALL_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_RANK = {CircuitState.CLOSED: 0, CircuitState.TROUBLED: 1, CircuitState.OPEN: 2}
_ELSEWHERE = "elsewhere"
# Looking a series up costs more than raising it; there are fewer than this, for labels are closed.
_MOST_SERIES = 4096


class Numbers:
    """All that is counted; safe between threads. `registry` holds what this process knows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._events = self._counter("events", "Facts written to the journal.", "event")
        self._logins = self._counter(
            "logins", "Logins by what became of them.", "outcome", "provider"
        )
        self._refusals = self._counter(
            "provider_refusals", "Trips to a provider that a check ended.", "provider", "check"
        )
        self._requests = self._counter("requests", "Requests answered.", "endpoint", "status")
        self._steps = self._histogram(
            "request_seconds", "How long an answer took.", "endpoint", _STEP_SECONDS
        )
        self._calls = self._counter(
            "outgoing_calls", "Calls to providers and services.", "callee", "result"
        )
        self._waited = self._histogram(
            "outgoing_seconds", "How long an answered call took.", "callee", _CALL_SECONDS
        )
        self._circuits = Gauge(
            "passerelle_circuit_state",
            "0 fine, 1 troubled, 2 nobody is sent there; as the last worker that looked saw it.",
            ["provider"],
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )

    def _counter(self, name: str, said: str, *labels: str) -> Callable[..., Counter]:
        counter = Counter(f"passerelle_{name}", said, labels, registry=self.registry)
        return lru_cache(_MOST_SERIES)(counter.labels)

    def _histogram(
        self, name: str, said: str, label: str, buckets: tuple[float, ...]
    ) -> Callable[..., Histogram]:
        full = f"passerelle_{name}"
        histogram = Histogram(full, said, [label], registry=self.registry, buckets=buckets)
        return lru_cache(_MOST_SERIES)(histogram.labels)

    def observe(self, event: Mapping[str, Any]) -> None:
        """Count an event of the journal (see `broker.outside.Observer`)."""
        name, provider = event["event"], event["provider"] or ""
        self._events(name).inc()
        outcome = OUTCOMES.get(name)
        if outcome is not None:
            self._logins(outcome, provider).inc()
        elif name == Event.PROVIDER_REFUSED:
            check = json.loads(event["facts"]).get("check", "")
            self._refusals(provider, check).inc()

    def answered(self, endpoint: str | None, status: int, seconds: float) -> None:
        """Count an answer; `endpoint` is None for an address that does not exist."""
        step = endpoint or _ELSEWHERE
        self._requests(step, f"{status // 100}xx").inc()
        self._steps(step).observe(seconds)

    def called(self, callee: str, result: str, seconds: float | None = None) -> None:
        """Count an outgoing call; `result` is a class of status or why there was no answer."""
        self._calls(callee, result).inc()
        if seconds is not None:
            self._waited(callee).observe(seconds)

    def circuit(self, provider: str, state: CircuitState) -> None:
        """Note the health of a provider as this process sees it."""
        self._circuits.labels(provider).set(_RANK[state])

    def meter(self, http: Http, callee: str) -> Http:
        """The same calls, counted (see `broker.outside.Meter`)."""
        return CountedHttp(http, callee, self.called)


@dataclass(frozen=True, slots=True)
class CountedHttp:
    """Outgoing calls to one callee, each told to `called`."""

    http: Http
    callee: str
    called: Callable[..., None]

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen, and the signature of the protocol
    ) -> Reply:
        """One call, as the http behind answers or fails it."""
        try:
            reply = self.http.send(method, url, headers=headers, body=body, limits=limits)
        except CallFailedError as failed:
            self.called(self.callee, failed.reason)
            raise
        known = HTTPStatus.CONTINUE <= reply.status < 600  # noqa: PLR2004 - classes 1 to 5
        self.called(self.callee, f"{reply.status // 100}xx" if known else "odd", reply.elapsed)
        return reply
