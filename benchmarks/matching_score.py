"""Runs labelled queries through the product and counts what came out, class by class."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from matching_index import Index
from matching_queries import (
    FIRST_FLOORS,
    FIVE_FLOORS,
    LINK_FLOORS,
    NONE_FLOORS,
)
from matching_rivals import THRESHOLDS, equality, fuzzy
from matching_truth import Query

from broker.insured.matching.candidates import TOP, rank
from broker.insured.matching.decision import decide
from broker.insured.matching.outcomes import Decision
from broker.insured.matching.records import RegistryRecord

ON = date(2026, 3, 1)
HEARD_EVERY = 50_000
EXAMPLES = 100
NOBODY = ("none", "near_miss", "usage_name")


@dataclass
class Tally:
    """What became of the queries of one class; `examples` shows the first wrong links."""

    queries: int = 0
    right_links: int = 0
    wrong_links: int = 0
    indistinguishable: int = 0
    ambiguous: int = 0
    none: int = 0
    first: int = 0
    five: int = 0
    examples: list[dict[str, str]] = field(default_factory=list)
    rival_queries: int = 0
    rival_right: dict[str, int] = field(default_factory=dict)
    rival_wrong: dict[str, int] = field(default_factory=dict)

    def rate(self, count: int) -> float:
        """A share of the queries of this class, 0 when there is none."""
        return count / self.queries if self.queries else 0.0

    def rival_rate(self, count: int) -> float:
        """A share of the queries that the baselines were asked too."""
        return count / self.rival_queries if self.rival_queries else 0.0


def run(
    queries: Iterable[Query],
    index: Index,
    *,
    rivals: int = 0,
    hears: Callable[[dict[str, Tally]], None] = lambda _: None,
) -> dict[str, Tally]:
    """
    Decide every query; let the baselines decide so many of each class too, the first ones.

    `hears` is told how it stands after every HEARD_EVERY queries, should the run be stopped.
    """
    tallies: dict[str, Tally] = {}
    for asked, query in enumerate(queries, 1):
        tally = tallies.setdefault(query.kind, Tally())
        rows = index.candidates(query.identity)
        _count(query, rows, tally)
        if query.kind in FIRST_FLOORS or query.kind in FIVE_FLOORS:
            _count_desk(query, [*rows, *index.desk(query.identity)], tally)
        if tally.rival_queries < rivals:
            _count_rivals(query, [*rows, *index.desk(query.identity)], tally)
        if asked % HEARD_EVERY == 0:
            hears(tallies)
    return tallies


def _count(query: Query, rows: list[RegistryRecord], tally: Tally) -> None:
    """
    A match counts as a link even where age, death or rights bar the account afterwards. Nobody is
    found in D4, D5 and D6 alike: among strangers drawn at random some resemble somebody.
    """
    decision = decide(query.identity, rows, ON)
    tally.queries += 1
    tally.ambiguous += decision.outcome == "ambiguous"
    tally.none += decision.outcome in NOBODY
    if decision.record is None:
        return
    if decision.record.person_id == query.truth:
        tally.right_links += 1
    elif query.tells_apart(decision.record):
        tally.wrong_links += 1
        if len(tally.examples) < EXAMPLES:
            tally.examples.append(_example(query, decision))
    else:
        tally.indistinguishable += 1


def _example(query: Query, decision: Decision) -> dict[str, str]:
    return {
        "sent": str(query.identity),
        "meant": str(query.meant and query.meant.identity()),
        "linked": str(decision.record),
        "why": f"{decision.explanation.rule} {dict(decision.explanation.equivalences)}",
    }


def _count_desk(query: Query, rows: list[RegistryRecord], tally: Tally) -> None:
    shown = [one.person_id for one in rank(query.identity, rows)]
    tally.first += shown[:1] == [query.truth]
    tally.five += query.truth in shown[:TOP]


def _count_rivals(query: Query, rows: list[RegistryRecord], tally: Tally) -> None:
    same = equality(query.identity, rows)
    likeness, nearest = fuzzy(query.identity, rows)
    answers = {"equality": same}
    for threshold in THRESHOLDS:
        answers[f"fuzzy {threshold:.2f}"] = nearest if likeness >= threshold else None
    tally.rival_queries += 1
    for name, answer in answers.items():
        right = answer is not None and answer == query.truth
        wrong = answer is not None and answer != query.truth
        tally.rival_right[name] = tally.rival_right.get(name, 0) + right
        tally.rival_wrong[name] = tally.rival_wrong.get(name, 0) + wrong


def shortfalls(tallies: dict[str, Tally]) -> list[str]:
    """Every floor that was missed, as a sentence; empty when all is well."""
    missed = [
        f"{kind}: {tally.wrong_links} wrong links, none is allowed"
        for kind, tally in tallies.items()
        if tally.wrong_links
    ]
    for kind, tally in tallies.items():
        for what, floors, count in (
            ("linked", LINK_FLOORS, tally.right_links),
            ("first for the advisor", FIRST_FLOORS, tally.first),
            ("in the advisor's first five", FIVE_FLOORS, tally.five),
            ("found nobody", NONE_FLOORS, tally.none),
        ):
            if kind in floors and tally.rate(count) < floors[kind]:
                missed.append(f"{kind}: {tally.rate(count):.4%} {what}, {floors[kind]:.2%} asked")
        if kind in FIRST_FLOORS.keys() | FIVE_FLOORS.keys() and tally.right_links:
            missed.append(f"{kind}: {tally.right_links} links after an error, none is allowed")
    return missed
