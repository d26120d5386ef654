"""Several worker processes of one node count together."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
import requests

from sandbox.command import main
from tests.broker.metrics.conftest import TOKEN
from tests.sandbox.test_command import COMMAND, free_base

READY_SECONDS = 60


@pytest.fixture
def node(tmp_path, root):
    """`passerelle serve --workers 2` in a folder of its own; gives its address."""
    port = free_base()
    text = (root / "config.toml").read_text().replace('"127.0.0.1:8000"', f'"127.0.0.1:{port}"')
    text = text.replace("demonstration_persons = 3000", "demonstration_persons = 0")
    own = f'[broker]\nmetrics_token = "{TOKEN}"\n'
    (tmp_path / "config.toml").write_text(text.replace("[broker]\n", own))
    environ = {k: v for k, v in os.environ.items() if k != "PASSERELLE_CONFIG"}
    environ |= {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [*COMMAND, "serve", "--workers", "2"],
        cwd=tmp_path,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def ask(url, **headers):
    """Each call over a connection of its own, so that any worker may take it."""
    return requests.get(url, headers=headers, timeout=10).text


def wait_for(url):
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        with suppress(requests.ConnectionError):
            return ask(url)
        time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def counted(node):
    text = ask(f"{node}/metrics", Authorization=f"Bearer {TOKEN}")
    found = re.search(r'^passerelle_requests_total\{.*"healthz".*\} (\S+)$', text, re.MULTILINE)
    return float(found[1]), text


def workers(folder):
    """The processes that have counted something so far."""
    return {path.stem.rpartition("_")[2] for path in folder.glob("*/counter_*.db")}


def test_the_figures_are_those_of_the_node_whichever_worker_is_asked(node, tmp_path):
    """What one worker answered is told by the other: counters only grow."""
    wait_for(f"{node}/healthz")
    asked, until = 1, time.monotonic() + READY_SECONDS
    while len(workers(tmp_path)) < 2 and time.monotonic() < until:
        ask(f"{node}/healthz")
        asked += 1
    seen = [counted(node) for _ in range(4)]

    assert len(workers(tmp_path)) == 2
    assert [figure for figure, _ in seen] == [asked] * 4
    assert "passerelle_journal_rows" in seen[0][1]
    assert 'passerelle_circuit_state{provider="tax"} 0.0' in seen[0][1]


def test_one_worker_needs_no_folder(monkeypatch, tmp_path, root):
    """Nothing is left in the folder for temporary files where nothing is added up."""
    started = {}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("PASSERELLE_CONFIG", raising=False)
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    monkeypatch.setattr(os, "execve", lambda *words: started.update(words[2]))
    text = (root / "config.toml").read_text().replace("_persons = 3000", "_persons = 0")
    (tmp_path / "config.toml").write_text(
        text.replace("[broker]\n", f'[broker]\nmetrics_token = "{TOKEN}"\n')
    )
    main(["serve"], standalone_mode=False)

    assert "PROMETHEUS_MULTIPROC_DIR" not in started
    assert started["MALLOC_ARENA_MAX"] == "2"
