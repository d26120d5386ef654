"""`/metrics`, which Prometheus reads, and where the answers of the application are timed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector

from broker.errors import InvalidTokenError, TokenMissingError
from broker.metrics.numbers import Numbers
from broker.metrics.state import StoredFigures
from broker.outside import Clock, Outside
from broker.parts import Parts


@dataclass(frozen=True, slots=True)
class MetricsDesk:
    """Shows the numbers to whoever bears the token."""

    numbers: Numbers
    parts: Parts
    token: str

    def show(self) -> Response:
        """Every figure, of this node (text format 0.0.4 of Prometheus)."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise TokenMissingError
        if not compare_digest(token.strip().encode("utf-8", "replace"), self.token.encode()):
            raise InvalidTokenError(detail="this is not the token of the metrics")
        self.refresh()
        now = CollectorRegistry()
        now.register(StoredFigures(self.parts.engines))
        text = generate_latest(_all_workers(self.numbers)) + generate_latest(now)
        headers = {"Cache-Control": "no-store"}
        return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4, headers=headers)

    def refresh(self) -> None:
        """Note the state of every circuit of this process, for whichever worker is asked."""
        now = self.parts.outside.clock()
        for entry in self.parts.providers:
            self.numbers.circuit(entry.settings.id, entry.circuit.state(now))


def mount_metrics(app: Flask, parts: Parts, numbers: Numbers) -> None:
    """Offer `/metrics`; the settings hold its token."""
    desk = MetricsDesk(numbers, parts, parts.settings.broker.metrics_token or "")
    app.extensions["metrics"] = desk
    app.add_url_rule("/metrics", "metrics", desk.show)


def refresher(app: Flask) -> Callable[[], None]:
    """What keeps the gauges of this process fresh; nothing where nothing is counted."""
    desk: MetricsDesk | None = app.extensions.get("metrics")
    return desk.refresh if desk else lambda: None


def counted(app: Flask, numbers: Numbers, outside: Outside) -> Outside:
    """
    The same outside world, whose calls and events are counted; every answer of `app` is timed.

    Called before anything else is mounted, so that the time of an answer is the whole of it.
    """
    time_answers(app, numbers, outside.timer)

    def observe(event: Mapping[str, Any]) -> None:
        numbers.observe(event)
        outside.observe(event)

    return replace(outside, observe=observe, meter=numbers.meter)


def time_answers(app: Flask, numbers: Numbers, timer: Clock) -> None:
    """Time every answer of `app`."""

    @app.before_request
    def begin() -> None:
        g.began = timer()

    @app.after_request
    def end(answer: Response) -> Response:
        numbers.answered(request.endpoint, answer.status_code, timer() - g.began)
        return answer


def _all_workers(numbers: Numbers) -> CollectorRegistry:
    """What all the workers of this node counted, or this process where it is alone."""
    together = CollectorRegistry()
    try:
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # it publishes no types
    except ValueError:
        return numbers.registry
    return together
