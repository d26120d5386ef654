"""
What one complete brokered login costs: CPU of the broker, gauge, latency, throughput, memory.

    python benchmarks/login.py [--logins 200] [--runs 3] [--together 4] [--persons 100000]
                               [--server waitress|granian] [--database URL | --postgres]

Broker and upstream run as processes of their own, the broker as in production. A login is:
authorize, page of providers, choice, the provider's answer and the broker's two calls to it,
consent page, consent, token, userinfo; with a new browser and a person not seen in this run.

CPU is user and system time of the broker's process tree as the operating system accounts for it.
The gauge is that figure divided by the CPU of a fixed upstream (upstream.py) in the same run: the
speed of a machine moves by a half from minute to minute, the gauge by a few hundredths, and so a
change of the code is judged by the gauge. Latency comes from logins walked one at a time,
throughput from several walked together on the same machine, driver and upstream included. Each
figure of the last line is the median of the runs.
"""

import argparse
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from accounting import pss_mib
from measure import Measured, measure
from servers import Servers, postgresql, start_servers


def main() -> int:
    """Measure as asked; the exit status is 1 when a login failed."""
    asked = _arguments()
    print(__doc__.split("\n\n", 2)[2])
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="passerelle-bench-")))
        database = asked.database or f"sqlite:///{folder}/broker.sqlite"
        if asked.postgres:
            database = stack.enter_context(postgresql(folder))
        servers = stack.enter_context(
            start_servers(folder, database, server=asked.server, persons=asked.persons)
        )
        print(f"broker under {asked.server} on {database.split(':')[0]}")
        empty = pss_mib(servers.pids["broker"])
        runs = [_run(asked, servers, number) for number in range(1, asked.runs + 1)]
        _sum_up(runs, empty)
    return int(any(part.faults for run in runs for part in run))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--logins", type=int, default=200, help="logins of each run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--warmup", type=int, default=30, help="logins before the counting starts")
    parser.add_argument("--together", type=int, default=4, help="logins at a time, for throughput")
    parser.add_argument("--persons", type=int, default=100_000, help="persons of the upstream")
    parser.add_argument("--server", choices=["granian", "waitress"], default="granian")
    parser.add_argument("--database", help="a database URL; a new SQLite file without it")
    parser.add_argument("--postgres", action="store_true", help="a new PostgreSQL for this run")
    return parser.parse_args()


def _run(asked: argparse.Namespace, servers: Servers, number: int) -> tuple[Measured, Measured]:
    alone = measure(servers.service, servers.pids, asked.logins, asked.warmup)
    crowd = measure(servers.service, servers.pids, asked.logins, asked.warmup, asked.together)
    broker, upstream = alone.cpu_ms("broker"), alone.cpu_ms("upstream")
    print(
        f"run {number}: broker {broker:.2f} ms CPU, upstream {upstream:.2f} ms,"
        f" gauge {broker / upstream:.2f}; p50 {alone.quantile_ms(0.5):.1f} ms,"
        f" p99 {alone.quantile_ms(0.99):.1f} ms; {asked.together} together:"
        f" {crowd.logins / crowd.wall:.1f} logins/s, p99 {crowd.quantile_ms(0.99):.1f} ms;"
        f" broker PSS {crowd.pss['broker']:.1f} MiB, its worker {crowd.worker['broker']:.1f};"
        f" machine {alone.machine:.1f} ms",
        flush=True,
    )
    for fault in (alone.faults + crowd.faults)[:3]:
        print(f"  failed: {fault}", file=sys.stderr)
    return alone, crowd


def _sum_up(runs: list[tuple[Measured, Measured]], empty: float) -> None:
    alone, crowd = [a for a, _ in runs], [c for _, c in runs]
    for name, count in sorted(alone[0].requests.items()):
        print(f"  {count / alone[0].logins:5.2f} requests per login: {name}")
    walked = sum(m.logins for m in alone + crowd)
    grown = (crowd[-1].pss["broker"] - crowd[0].pss["broker"]) * 1024
    later = walked - alone[0].logins - crowd[0].logins
    print(f"memory: {empty:.1f} MiB before the first login", end="")
    print(f", then {grown / later:+.2f} KiB per login over {later} logins" if later else "")
    middle = statistics.median
    broker, upstream = ([m.cpu_ms(n) for m in alone] for n in ("broker", "upstream"))
    gauge = middle(b / u for b, u in zip(broker, upstream, strict=True))
    print(
        f"broker_cpu_ms={middle(broker):.2f} gauge={gauge:.2f}"
        f" logins_per_s={middle(m.logins / m.wall for m in crowd):.1f}"
        f" p99_ms={middle(m.quantile_ms(0.99) for m in alone):.1f}"
        f" pss_mib={middle(m.pss['broker'] for m in crowd):.1f}"
        f" worker_pss_mib={middle(m.worker['broker'] for m in crowd):.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
