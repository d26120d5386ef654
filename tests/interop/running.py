"""Processes of an interoperability run: started in a folder, waited for, ended."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

READY_SECONDS = 90
BIN = Path(sys.executable).parent


class NotReadyError(Exception):
    """A program did not listen in time; the sentence holds the end of its log."""


@contextmanager
def running(folder, port, *words, **environ):
    """Run a program in `folder` until the block ends; it listens at `port` when this returns."""
    log = folder / f"{Path(words[0]).name}-{port}.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [str(word) for word in words],
            cwd=folder,
            env=os.environ | environ,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, port, log)
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def done(folder, *words, **environ):
    """Run a program to its end and return what it printed; its errors are shown when it fails."""
    told = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        raise NotReadyError(f"{words[0]} ended with {told.returncode}:\n{told.stdout}{told.stderr}")
    return told.stdout


def _wait(process, port, log):
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("localhost", port), 1):
            return
        time.sleep(0.1)
    raise NotReadyError(f"nothing listens at {port}:\n{log.read_text(errors='replace')[-3000:]}")
