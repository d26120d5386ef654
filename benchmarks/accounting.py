"""What the operating system says that a tree of processes has used (Linux, /proc)."""

import os
import time
from collections import defaultdict
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_KIB = 1024
# Positions in /proc/PID/stat after the name, counted from 0 (man 5 proc).
_PARENT, _OWN, _REAPED = 1, (11, 12), (13, 14)


def tree(root: int) -> list[int]:
    """The process `root` and all that descend from it."""
    children = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            children[int(stat[_PARENT])].append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += children[found[-1]]
    return found


def cpu_seconds(root: int) -> float:
    """User and system seconds of the tree, ended and reaped children included; 10 ms steps."""
    ticks = 0
    for pid in tree(root):
        stat = _stat(pid)
        ticks += sum(int(stat[n]) for n in (*_OWN, *_REAPED)) if stat else 0
    return ticks / _TICK


def pss_mib(root: int) -> float:
    """Memory of the tree in MiB, shared pages divided among those who share them."""
    return sum(map(_pss_mib, tree(root)))


def largest_mib(root: int) -> float:
    """Memory of the largest process of the tree in MiB: a worker, where another one watches it."""
    return max(map(_pss_mib, tree(root)), default=0.0)


def _pss_mib(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return sum(int(x.split()[1]) for x in rollup.splitlines() if x.startswith("Pss:")) / _KIB


def anonymous_mib() -> float:
    """Memory of this process in MiB that no file stands behind."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in status if line.startswith("RssAnon:")) / _KIB


def machine_ms() -> float:
    """CPU milliseconds of a fixed piece of work: how fast this machine is just now."""
    best = float("inf")
    for _ in range(3):
        started, kept = time.process_time(), {}
        for number in range(60_000):
            kept[number & 1023] = f"{number}x"
        best = min(best, time.process_time() - started)
    return best * 1000


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    # The name stands in parentheses and may hold anything, a parenthesis included.
    return text[text.rindex(")") + 2 :].split()
