"""The benchmark of the personal space measures what it says."""

import importlib
import re
import sys

import pytest


@pytest.fixture
def benchmark(root, monkeypatch):
    """The module `benchmarks/space.py`."""
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    return importlib.import_module("space")


def test_the_last_line_is_for_programs(benchmark, monkeypatch, capsys):
    """Three figures, and one call to the broker for a dashboard."""
    monkeypatch.setattr(benchmark, "WARM_UP", 1)
    monkeypatch.setattr(sys, "argv", ["space.py", "--views", "2", "--documents", "2"])
    benchmark.main()
    *table, last = capsys.readouterr().out.splitlines()[-6:]

    assert re.fullmatch(r"portal_cpu_ms=\S+ broker_cpu_ms=\S+ pdf_cpu_ms=\S+", last)
    figures = dict(part.split("=") for part in last.split())
    assert all(0 < float(value) < 1000 for value in figures.values())
    assert re.match(r"dashboard +\S+ +\S+ +1 ", table[0])


def test_a_meter_counts_its_application_alone(benchmark):
    """CPU and calls, and the answer goes through."""
    meter = benchmark.Meter()
    counted = meter.around(lambda _environ, _start: [b"x" * sum(range(1000))][:1])

    assert len(counted({}, None)[0]) == sum(range(1000))
    assert meter.calls == 1
    assert meter.seconds > 0
