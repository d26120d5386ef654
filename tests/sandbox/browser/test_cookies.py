"""Cookies as browsers keep them."""

from email.utils import formatdate

import pytest

from sandbox.browser.cookies import Cookie, CookieJar
from sandbox.clock import MovableClock

HERE = "http://localhost:7001/login/page"


@pytest.fixture
def clock():
    clock = MovableClock(start=1_000_000)
    clock.freeze()
    return clock


@pytest.fixture
def jar(clock):
    return CookieJar(clock)


def test_a_cookie_comes_back_to_the_host_that_set_it(jar):
    """Name and value return; attributes do not."""
    jar.keep(HERE, ["sid=abc=; Path=/; HttpOnly; SameSite=Lax"])

    assert jar.header(HERE) == "sid=abc="
    assert jar.header("http://elsewhere.example/") == ""
    assert jar.get("sid") == Cookie("sid", "abc=", "localhost", http_only=True, same_site="Lax")


def test_the_ports_of_a_host_share_their_cookies(jar):
    """A port is no boundary: two applications of this machine must name their cookies apart."""
    jar.keep("http://localhost:7001/", ["sid=shop"])
    jar.keep("http://localhost:7002/", ["sid=bank"])

    assert jar.header("http://localhost:7001/") == "sid=bank"


@pytest.mark.parametrize(
    ("path", "sent"),
    [("/login", True), ("/login/page", True), ("/login/", True), ("/logins", False), ("/", False)],
)
def test_a_path_bounds_a_cookie(jar, path, sent):
    """A cookie of `/login` goes to what is below, and not to a longer word."""
    jar.keep(HERE, ["step=1; Path=/login"])

    assert bool(jar.header(f"http://localhost:7001{path}")) is sent


def test_longer_paths_are_sent_first(jar):
    """RFC 6265 §5.4: the more specific cookie first."""
    jar.keep(HERE, ["a=1; Path=/", "b=2; Path=/login"])

    assert jar.header(HERE) == "b=2; a=1"


def test_a_cookie_is_replaced_by_a_newer_one(jar):
    """One name, one path: one cookie."""
    jar.keep(HERE, ["sid=1"])
    jar.keep(HERE, ["sid=2"])

    assert jar.header(HERE) == "sid=2"
    assert len(jar) == 1


@pytest.mark.parametrize(
    "deletion",
    ["sid=; Max-Age=0", "sid=x; Max-Age=-1", "sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
)
def test_a_cookie_can_be_deleted(jar, deletion):
    """Logging out leaves nothing behind."""
    jar.keep(HERE, ["sid=1"])
    jar.keep(HERE, [deletion])

    assert jar.header(HERE) == ""
    assert jar.get("sid") is None


def test_max_age_ends_on_the_clock_of_the_world(jar, clock):
    """When the tester lets half an hour pass, the cookie of half an hour is gone."""
    jar.keep(HERE, ["sid=1; Max-Age=1800"])
    clock.advance(minutes=29)
    before = jar.header(HERE)
    clock.advance(minutes=1)

    assert (before, jar.header(HERE)) == ("sid=1", "")


def test_an_expiry_date_counts_as_a_lifetime(jar, clock):
    """Libraries write the date by the machine's clock; the world may live in another year."""
    jar = CookieJar(clock, wall=lambda: 5_000_000.0)
    jar.keep(HERE, [f"sid=1; Expires={formatdate(5_000_060, usegmt=True)}"])
    clock.advance(59)
    before = jar.header(HERE)
    clock.advance(1)

    assert (before, jar.header(HERE)) == ("sid=1", "")


def test_max_age_wins_over_expires(jar, clock):
    """RFC 6265 §5.3: the date is ignored beside a lifetime."""
    jar.keep(HERE, ["sid=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"])

    assert jar.header(HERE) == "sid=1"


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://bank.example/", True),
        ("http://bank.example/", False),
    ],
)
def test_a_secure_cookie_stays_on_tls(jar, url, sent):
    """A secure cookie never crosses a line in clear."""
    jar.keep("https://bank.example/", ["__Host-sid=1; Secure; Path=/"])

    assert bool(jar.header(url)) is sent


def test_this_machine_counts_as_secure(jar):
    """Browsers trust localhost without TLS."""
    jar.keep("http://localhost:7001/", ["__Host-sid=1; Secure; Path=/"])

    assert jar.header("http://localhost:7001/") == "__Host-sid=1"


def test_a_planted_cookie_is_sent_like_any_other(jar):
    """An attacker who can write a cookie fixes a session."""
    jar.put(Cookie("sid", "fixed", "localhost"))
    planted = jar.header(HERE)
    jar.clear()

    assert (planted, jar.header(HERE)) == ("sid=fixed", "")
