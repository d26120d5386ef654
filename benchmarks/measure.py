"""Logins walked by one process or several, and what each server spent on them meanwhile."""

import multiprocessing
import statistics
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from accounting import cpu_seconds, largest_mib, machine_ms, pss_mib
from walk import Service, Walker

_FORK = multiprocessing.get_context("fork")
_PATIENCE = 600


@dataclass(frozen=True)
class Measured:
    """
    A number of logins: seconds each, seconds in all, CPU seconds and PSS (MiB) by server, of all
    its processes and of the largest one.

    `requests` counts those of the browser and the service by server address; `machine` is the
    speed of the machine in milliseconds, taken just before and just after.
    """

    seconds: list[float]
    wall: float
    cpu: dict[str, float]
    pss: dict[str, float]
    worker: dict[str, float]
    requests: Counter[str]
    machine: float
    faults: list[str] = field(default_factory=list)

    @property
    def logins(self) -> int:
        """How many ended well."""
        return len(self.seconds)

    def cpu_ms(self, server: str) -> float:
        """CPU milliseconds of that server for one login."""
        return self.cpu[server] * 1000 / self.logins

    def quantile_ms(self, share: float) -> float:
        """The duration that this share of the logins did not exceed."""
        return sorted(self.seconds)[min(self.logins - 1, int(self.logins * share))] * 1000


def measure(
    service: Service, servers: Mapping[str, int], logins: int, warmup: int, together: int = 1
) -> Measured:
    """Walk `logins` logins, `together` at a time; `servers` maps a name to the root of its tree."""
    speed = machine_ms()
    pipes = [
        _start(service, logins // together, max(1, warmup // together)) for _ in range(together)
    ]
    for pipe in pipes:
        _hear(pipe)
    before = {name: cpu_seconds(pid) for name, pid in servers.items()}
    started = time.perf_counter()
    for pipe in pipes:
        pipe.send("go")
    told = [_hear(pipe) for pipe in pipes]
    wall = time.perf_counter() - started
    cpu = {name: cpu_seconds(pid) - before[name] for name, pid in servers.items()}
    pss = {name: pss_mib(pid) for name, pid in servers.items()}
    worker = {name: largest_mib(pid) for name, pid in servers.items()}
    seconds = [second for part, _, _ in told for second in part]
    requests = sum((counts for _, counts, _ in told), Counter())
    faults = [fault for _, _, part in told for fault in part]
    if not seconds:
        raise SystemExit(f"No login succeeded. {faults[0]}")
    machine = statistics.mean([speed, machine_ms()])
    return Measured(seconds, wall, cpu, pss, worker, requests, machine, faults)


def _start(service: Service, logins: int, warmup: int) -> Connection:
    ours, theirs = _FORK.Pipe()
    _FORK.Process(target=_walk, args=(service, logins, warmup, theirs), daemon=True).start()
    return ours


def _hear(pipe: Connection) -> tuple[list[float], Counter[str], list[str]]:
    if not pipe.poll(_PATIENCE):
        raise SystemExit(f"Nothing heard from a walker for {_PATIENCE} seconds.")
    heard = pipe.recv()
    if isinstance(heard, str) and heard != "warm":
        raise SystemExit(f"The first logins failed. {heard}")
    return heard


def _walk(service: Service, logins: int, warmup: int, pipe: Connection) -> None:
    walker = Walker(service)
    try:
        for _ in range(warmup):
            walker.login()
    except Exception as fault:  # noqa: BLE001 - whatever it was, the parent tells it
        pipe.send(f"{type(fault).__name__}: {fault}")
        return
    pipe.send("warm")
    pipe.recv()
    walker.counts.clear()
    seconds, faults = [], []
    for _ in range(logins):
        started = time.perf_counter()
        try:
            walker.login()
        except Exception as fault:  # noqa: BLE001 - counted and told, the run goes on
            faults.append(f"{type(fault).__name__}: {fault}")
        else:
            seconds.append(time.perf_counter() - started)
    pipe.send((seconds, walker.counts, faults))
