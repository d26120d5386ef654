"""The benchmark of a burst starts what it measures, and people in it wait as they are told."""

import importlib
import re
import sys
import threading
from collections import Counter
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

PAGE = b'<input name="csrf_token" type="hidden" value="t"><input name="request_key" value="k">'


@pytest.fixture
def benchmark(root, monkeypatch):
    """A module of the folder `benchmarks`, by name."""
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    return importlib.import_module


@pytest.fixture
def portal():
    """A portal that answers each form as told: its address, the answers to give, the forms sent."""
    answers, forms = [], []

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            pass

    def application(environ, start):
        status = "200 OK"
        if environ["REQUEST_METHOD"] == "POST":
            forms.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode())
            status = answers.pop(0)
        start(status, [("Content-Type", "text/html"), ("Content-Length", str(len(PAGE)))])
        return [PAGE]

    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", answers, forms
        server.shutdown()


def test_whoever_is_told_to_wait_comes_back(benchmark, portal, monkeypatch):
    """Until in; every answer is counted, and the form is that of the page."""
    people = benchmark("burst_people")
    monkeypatch.setattr(people, "_COME_BACK", (0.01, 0.02))
    address, answers, forms = portal
    answers += ["503 Service Unavailable", "429 Too Many Requests", "303 See Other"]

    told = people.wave(address, ["285036938300142"])

    assert told.answers == Counter({"in": 1, "wait": 1, "429": 1})
    assert told.waves == told.seconds
    assert 0.02 <= told.seconds[0] < 10
    assert len(forms) == 3
    assert all("csrf_token=t&request_key=k&nir=285036938300142&password=" in one for one in forms)


def test_a_person_who_never_gets_in_is_told(benchmark, portal, monkeypatch):
    """Patience ends, and the seconds are infinite: no wave looks good by losing people."""
    people = benchmark("burst_people")
    monkeypatch.setattr(people, "_PATIENCE", 0.2)
    monkeypatch.setattr(people, "_COME_BACK", (0.05, 0.05))
    address, answers, _forms = portal
    answers += ["503 Service Unavailable"] * 50

    told = people.wave(address, ["285036938300142"])

    assert told.seconds == [float("inf")]
    assert set(told.answers) == {"wait"}


def test_a_round_tells_how_many_times_its_quiet_value_p95_is(benchmark):
    """The ratio of two quantiles, whatever else differs."""
    burst, measured = benchmark("burst"), benchmark("measure").Measured
    quiet, loud = (
        measured([share * n for n in range(1, 101)], 1.0, {}, {}, {}, Counter(), 1.0)
        for share in (0.001, 0.003)
    )

    assert burst.Round(quiet, loud, None).ratio == pytest.approx(3)


def test_a_whole_run_ends_with_a_line_for_programs(benchmark, monkeypatch, capsys):
    """Broker, portal and upstream as processes, accounts opened, everybody in."""
    words = ["--rounds", "1", "--logins", "4", "--warmup", "2", "--people", "3"]
    monkeypatch.setattr(sys, "argv", ["burst.py", *words])

    status = benchmark("burst").main()
    told = capsys.readouterr()

    assert status == 0, told.out + told.err
    last = told.out.splitlines()[-1]
    figures = {name: float(value) for name, value in re.findall(r"(\w+)=(\S+)", last)}
    assert list(figures) == [
        *("quiet_p50_ms", "quiet_p95_ms", "burst_p50_ms", "burst_p95_ms", "ratio"),
        *("classic_done", "classic_told_to_wait", "classic_p95_s"),
    ]
    assert figures["classic_done"] >= 3
    assert figures["ratio"] > 0
