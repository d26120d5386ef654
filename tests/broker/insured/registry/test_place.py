"""Whoever builds a registry on PostgreSQL holds the place, and a dead holder lets go of it."""

import os
import signal
import time
from threading import Timer

import pytest
from sqlalchemy import text

from broker.insured.registry.building import AlreadyBuildingError
from broker.insured.registry.store import builder_of

pytestmark = pytest.mark.postgresql


@pytest.fixture
def engines(postgres_url, opened):
    """Two nodes on one PostgreSQL database."""
    pair = opened(postgres_url), opened(postgres_url)
    yield pair
    for engine in pair:
        engine.dispose()


def test_the_place_of_a_killed_import_is_free_within_moments(engines, postgres_url, opened):
    """Even in the middle of a long statement the server notices that nobody waits for it."""
    ready, told = os.pipe()
    for engine in engines:
        engine.dispose()
    child = os.fork()
    if child == 0:
        builder = builder_of(opened(postgres_url))
        builder.__enter__()
        os.write(told, b"x")
        builder._connection.execute(text("SELECT pg_sleep(600)"))
        os._exit(0)
    os.read(ready, 1)
    time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

    with builder_of(engines[0]) as builder:
        assert builder.resume() is None


def test_an_import_waits_a_moment_for_the_one_before(engines):
    """A holder that is just ending is no reason to refuse."""
    first = builder_of(engines[0])
    first.__enter__()
    Timer(0.5, first.__exit__).start()

    with builder_of(engines[1]) as builder:
        assert builder.resume() is None


def test_an_import_does_not_wait_for_ever(engines):
    """A holder at work is left to its work, and the next who asks finds the place as it was."""
    with builder_of(engines[0]) as builder:
        builder.start()
        with pytest.raises(AlreadyBuildingError):
            builder_of(engines[1]).__enter__()
        builder.discard()

    with builder_of(engines[1]) as builder:
        assert builder.resume() is None
