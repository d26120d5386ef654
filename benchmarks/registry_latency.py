"""
Times look-ups, decisions and advisor's searches, one by one, on a registry that is warm.

The same questions are asked several times and the quickest answer of each counts: what other work
the machine did meanwhile is left out, what the question itself costs is not. The percentile of one
round as it came is told beside it.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from registry_engines import Bench
from registry_people import TODAY
from sqlalchemy import Connection

from broker.database import reading
from broker.insured.match import match
from broker.insured.registry.desk_search import Asked
from broker.insured.registry.desk_search import candidates as desk
from broker.insured.registry.lookup import candidates
from providers.identity import PivotIdentity

ROUNDS = 3
DESK_QUESTIONS = 500


@dataclass(frozen=True)
class Latency:
    """Milliseconds of one question; `as_it_came` is the 99th percentile of the last round."""

    p50_ms: float
    p99_ms: float
    most_ms: float
    as_it_came_p99_ms: float
    per_second: float


def look_ups(one: Bench, identities: Sequence[PivotIdentity]) -> tuple[Latency, float]:
    """The broker's own look-up, and how many candidates one finds on average."""
    found = 0

    def look_up(connection: Connection, identity: PivotIdentity) -> None:
        nonlocal found
        found += len(candidates(connection, identity))

    latency = _timed(one, identities, look_up)
    return latency, found / len(identities) / (ROUNDS + 1)


def decisions(one: Bench, identities: Sequence[PivotIdentity]) -> Latency:
    """Normalise, look up, guard, decide."""
    return _timed(one, identities, lambda tx, identity: match(tx, identity, TODAY))


def desk_searches(one: Bench, identities: Sequence[PivotIdentity]) -> Latency:
    """The advisor's ranked candidates."""
    some = identities[:DESK_QUESTIONS]
    return _timed(one, some, lambda tx, identity: desk(tx, Asked.of(identity)))


def _timed(
    one: Bench,
    identities: Sequence[PivotIdentity],
    ask: Callable[[Connection, PivotIdentity], object],
) -> Latency:
    engine = one.open()
    rounds = []
    with reading(engine) as connection:
        for _ in range(ROUNDS + 1):  # the first only warms
            durations = []
            for identity in identities:
                began = time.perf_counter()
                ask(connection, identity)
                durations.append((time.perf_counter() - began) * 1000)
            rounds.append(durations)
    engine.dispose()
    return _latency(rounds[1:])


def _latency(rounds: list[list[float]]) -> Latency:
    quickest = [min(times) for times in zip(*rounds, strict=True)]
    return Latency(
        p50_ms=percentile(quickest, 50),
        p99_ms=percentile(quickest, 99),
        most_ms=max(quickest),
        as_it_came_p99_ms=percentile(rounds[-1], 99),
        per_second=1000 * len(quickest) / min(sum(durations) for durations in rounds),
    )


def percentile(values: list[float], percent: int) -> float:
    """The value below which so many percent lie."""
    return statistics.quantiles(values, n=100)[percent - 1]
