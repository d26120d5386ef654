"""
Whether a burst of classic logins starves brokered ones: the hashing of passwords is bounded.

    python benchmarks/burst.py [--logins 150] [--rounds 3] [--together 2] [--people 50]
                               [--server granian|waitress]

The broker, the portal of the insurer and the fixed upstream run as processes of their own, the
broker as in production with one worker. Brokered logins are walked by `--together` clients, each
as login.py does; first alone (quiet), then while `--people` people sign in at the portal with NIR
and password, all at the same moment (burst): portal, back channel, argon2id at the least that
OWASP advises. Whoever is told to wait presses again two to four seconds later; when everybody is
in, as many come again, until the brokered logins of the round are done. The portal has a thread
for each of them: nothing but the broker holds them back. Portal and people run at a lower priority
than the rest, for in the real world they are on other machines.

Quiet and burst take turns in one run, because the speed of a machine moves. Each figure of the
last line is the median of the rounds; `ratio` is that of p95 under burst to p95 in quiet.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from burst_people import Told, crowding, open_accounts
from measure import Measured, measure
from servers import SECRET, Servers, start_servers

_GOAL = 2.0


class Round(NamedTuple):
    """Brokered logins in quiet, brokered logins under burst, and what the burst became."""

    quiet: Measured
    burst: Measured
    classic: Told

    @property
    def ratio(self) -> float:
        """How many times its quiet value p95 is under burst."""
        return self.burst.quantile_ms(0.95) / self.quiet.quantile_ms(0.95)


def main() -> int:
    """Measure as asked; the exit status is 1 when a login failed."""
    asked = _arguments()
    print(__doc__.split("\n\n", 2)[2])
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-") as name:
        database = f"sqlite:///{name}/broker.sqlite"
        with start_servers(
            Path(name), database, server=asked.server, persons=100_000, portal=True
        ) as servers:
            nirs = open_accounts(f"sqlite:///{name}/insured.sqlite", SECRET, asked.people)
            rounds = [_round(asked, servers, nirs) for _ in range(asked.rounds)]
    _sum_up(rounds)
    return int(any(r.quiet.faults or r.burst.faults or _unfinished(r.classic) for r in rounds))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--logins", type=int, default=150, help="brokered logins of each phase")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warmup", type=int, default=10, help="logins before each phase")
    parser.add_argument("--together", type=int, default=2, help="brokered logins at a time")
    parser.add_argument("--people", type=int, default=50, help="classic logins at a time")
    parser.add_argument("--server", choices=["granian", "waitress"], default="granian")
    return parser.parse_args()


def _round(asked: argparse.Namespace, servers: Servers, nirs: list[str]) -> Round:
    brokered = (servers.service, servers.pids, asked.logins, asked.warmup, asked.together)
    quiet = measure(*brokered)
    with crowding(servers.origins["portal"], nirs) as classic:
        burst = measure(*brokered)
    one = Round(quiet, burst, classic)
    print(
        f"quiet p50 {_ms(quiet, 0.5)}, p95 {_ms(quiet, 0.95)};"
        f" burst p50 {_ms(burst, 0.5)}, p95 {_ms(burst, 0.95)}; ratio {one.ratio:.2f};"
        f" {quiet.logins / quiet.wall:.0f} and {burst.logins / burst.wall:.0f} logins/s;"
        f" machine {quiet.machine:.1f} and {burst.machine:.1f} ms\n"
        f"  {_classic(classic)}",
        flush=True,
    )
    for fault in (quiet.faults + burst.faults)[:3]:
        print(f"  failed: {fault}", file=sys.stderr)
    return one


def _ms(measured: Measured, share: float) -> str:
    return f"{measured.quantile_ms(share):.1f} ms"


def _classic(told: Told) -> str:
    seconds = sorted(told.seconds)
    return (
        f"classic: {told.answers['in']} in, half of them within {statistics.median(seconds):.1f} s"
        f" and the last after {seconds[-1]:.1f} s, asked to wait {told.answers['wait']} times"
        + (f"; {_unfinished(told)} otherwise: {dict(told.answers)}" if _unfinished(told) else "")
    )


def _unfinished(told: Told) -> int:
    return told.answers.total() - told.answers["in"] - told.answers["wait"]


def _sum_up(rounds: list[Round]) -> None:
    middle = statistics.median
    ratio = middle(one.ratio for one in rounds)
    people = [second for one in rounds for second in one.classic.seconds]
    print(f"goal: a ratio of {_GOAL:.0f} at most")
    print(
        f"quiet_p50_ms={middle(one.quiet.quantile_ms(0.5) for one in rounds):.1f}"
        f" quiet_p95_ms={middle(one.quiet.quantile_ms(0.95) for one in rounds):.1f}"
        f" burst_p50_ms={middle(one.burst.quantile_ms(0.5) for one in rounds):.1f}"
        f" burst_p95_ms={middle(one.burst.quantile_ms(0.95) for one in rounds):.1f}"
        f" ratio={ratio:.2f}"
        f" classic_done={sum(one.classic.answers['in'] for one in rounds)}"
        f" classic_told_to_wait={sum(one.classic.answers['wait'] for one in rounds)}"
        f" classic_p95_s={sorted(people)[int(len(people) * 0.95)]:.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
