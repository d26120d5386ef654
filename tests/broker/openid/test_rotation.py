"""Signing keys change while people log in: nobody notices."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from joserfc import jws

from tests.service import API, Service, body


def ring(world):
    parts = world.broker.app.extensions["parts"]
    return parts.keys, parts.journal


def kids(service):
    return {key["kid"] for key in body(service.call("GET", f"{API}/jwks"))["keys"]}


def test_rotation_under_load_loses_no_login(world):
    """Four people log in again and again while both keys change twenty times."""
    keys, journal = ring(world)
    logged_in, stop = [], threading.Event()

    def log_in(persona):
        service, done = Service(world, "sample"), 0
        while not stop.is_set() or done < 3:
            tokens = service.tokens(service.login(world.browser(), persona)["code"])
            logged_in.append(service.id_token(tokens)["sub"])
            done += 1

    def rotate():
        for number in range(20):
            keys.rotate(("ES256", "RS256")[number % 2], 0, 720, journal)
        stop.set()

    with ThreadPoolExecutor(4) as pool:
        people = [pool.submit(log_in, name) for name in ("claire", "marc", "alix")]
        pool.submit(rotate).result()
        for person in people:
            person.result()

    assert len(logged_in) >= 9
    assert len(set(logged_in)) == 3


def test_the_next_key_is_published_before_it_signs(world, browser, sample):
    """A service that keeps the set for ten minutes already has the key when it begins."""
    keys, journal = ring(world)
    before = kids(sample)
    coming = keys.rotate("ES256", 3600, 720, journal)

    ahead = sample.tokens(sample.login(browser)["code"])
    world.clock.advance(3601)
    after = sample.tokens(sample.login(world.browser())["code"])

    assert coming not in before
    assert sample.id_token(ahead)["sub"] == sample.id_token(after)["sub"]
    assert header(after)["kid"] == coming
    assert header(ahead)["kid"] != coming


@pytest.mark.parametrize(("seconds", "published"), [(690, True), (721, False)])
def test_an_old_key_is_published_until_its_last_token_died(world, sample, seconds, published):
    """Ten minutes of an ID token, and a little more."""
    keys, journal = ring(world)
    old = keys.current("ES256").kid
    keys.rotate("ES256", 0, 720, journal)
    world.clock.advance(seconds)

    assert (old in kids(sample)) is published


def test_another_node_signs_with_the_new_key_within_seconds(world, browser, sample):
    """The ring is in the database: a node that was not told reads it again."""
    keys, journal = ring(world)
    world.broker.restart()
    sample.login(browser)
    new = keys.rotate("ES256", 0, 720, journal)
    world.clock.advance(5)

    tokens = sample.tokens(sample.login(world.browser())["code"])

    assert header(tokens)["kid"] == new


def test_a_hint_signed_by_an_old_key_is_still_known(world, browser, sample):
    """RP-initiated logout after a rotation happens at once."""
    keys, journal = ring(world)
    tokens = sample.tokens(sample.login(browser)["code"])
    keys.rotate("ES256", 0, 720, journal)

    page = browser.open(f"{sample.issuer}/session/end?id_token_hint={tokens['id_token']}")

    assert page.path == "/logged-out"


def header(tokens):
    return jws.extract_compact(tokens["id_token"].encode()).headers()
