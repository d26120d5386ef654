"""Back-channel logout: who is told, how often, and what stays on record."""

from urllib.parse import urlencode

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey
from sqlalchemy import select

from broker.openid.notices import NOTICE, WAITING
from tests.broker.openid.listener import EVENT, Listener
from tests.service import API, Service

ENCRYPTION = ECKey.generate_key("P-256", {"use": "enc", "kid": "e"}, private=True)
NAMES = ("first", "second", "quiet")
SECRETS = {name: f"demonstration-secret-{name}-0123456789abcdef01234" for name in NAMES}


def registered(name, port, **more):
    return {
        "name": name.title(),
        "client_id": f"service-{name}",
        "client_secret": SECRETS[name],
        "client_auth": "client_secret_post",
        "redirect_uris": ["http://localhost:8081/callback"],
        "scopes": ["openid", "given_name"],
        "consent": "information",
        "backchannel_logout_uri": f"http://localhost:{port}/told?of=logout",
        **more,
    }


CLIENTS = {
    "first": registered("first", 8091),
    "second": registered("second", 8092, id_token_signed_alg="RS256"),
    "quiet": registered("quiet", 8093, backchannel_logout_uri=None),
}


@pytest.fixture
def world(make_world):
    """The demonstration with two services that want to be told and one that does not."""
    return make_world({"clients": CLIENTS})


@pytest.fixture
def first(world):
    return Listener(CLIENTS["first"]["backchannel_logout_uri"]).listen(world)


@pytest.fixture
def second(world):
    return Listener(CLIENTS["second"]["backchannel_logout_uri"]).listen(world)


def sign_in(world, browser, *names):
    """Log in to each service; the claims of their ID tokens, and the last ID token."""
    claims, token = {}, ""
    for name in names:
        service = Service(world, name)
        tokens = service.tokens(service.login(browser)["code"])
        claims[name], token = service.id_token(tokens), tokens["id_token"]
    return claims, token


def log_out(world, browser, token):
    return browser.open(
        f"{world.broker.url}{API}/session/end?{urlencode({'id_token_hint': token})}"
    )


def records(world):
    """What is on record about notices, the oldest first."""
    with world.broker.app.extensions["parts"].engines["broker"].connect() as connection:
        return connection.execute(select(NOTICE).order_by(NOTICE.c.id)).all()


def waiting(world):
    """How many notices the metrics count as not delivered yet."""
    with world.broker.app.extensions["parts"].engines["broker"].connect() as connection:
        return len(connection.execute(select(NOTICE).where(WAITING)).all())


def test_every_service_of_the_session_is_told_in_its_own_words(world, browser, first, second):
    """Each token names the person and the session as that service knows them, and no other."""
    claims, token = sign_in(world, browser, "first", "second", "quiet")

    log_out(world, browser, token)

    for name, listener, alg in (("first", first, "ES256"), ("second", second, "RS256")):
        service = Service(world, name)
        header, told = listener.read(service)
        assert len(listener.calls) == 1
        assert (header["alg"], header["typ"]) == (alg, "logout+jwt")
        assert told["aud"] == service.client_id
        assert (told["sub"], told["sid"]) == (claims[name]["sub"], claims[name]["sid"])
        assert told["events"] == {EVENT: {}}
        assert "nonce" not in told
        assert set(told) == {"iss", "aud", "iat", "exp", "jti", "sub", "sid", "events"}
    assert claims["first"]["sid"] != claims["second"]["sid"]
    assert (
        first.read(Service(world, "first"))[1]["jti"]
        != second.read(Service(world, "second"))[1]["jti"]
    )


def test_a_service_of_another_session_hears_nothing(world, browser, first, second):
    """The same person at another browser stays where they are."""
    sign_in(world, world.browser(), "second")
    _, token = sign_in(world, browser, "first")

    log_out(world, browser, token)

    assert len(first.calls) == 1
    assert second.calls == []


def test_a_service_that_was_begun_but_not_reached_hears_nothing(world, browser, first, second):
    """A login that was given up gave nothing to end."""
    Service(world, "second").start(browser)
    browser.click("abandon")
    _, token = sign_in(world, browser, "first")

    log_out(world, browser, token)

    assert second.calls == []


def test_a_confirmed_logout_tells_them_as_well(world, browser, first):
    """Without a hint the person confirms; the services are told then, and only then."""
    sign_in(world, browser, "first")

    browser.open(f"{world.broker.url}{API}/session/end")
    before = len(first.calls)
    browser.click("logout-confirm")

    assert (before, len(first.calls)) == (0, 1)


def test_a_notice_that_fails_is_repeated_with_growing_pauses(world, browser, first):
    """At once, then after 10 seconds, a minute, ten minutes, an hour; then it stays on record."""
    _, token = sign_in(world, browser, "first")
    first.status = "500 Internal Server Error"

    log_out(world, browser, token)
    for number, pause in enumerate((10, 60, 600, 3600), start=2):
        world.clock.advance(pause - 6)
        world.keep_up()
        assert len(first.calls) == number - 1
        world.clock.advance(6)
        world.keep_up()
        assert len(first.calls) == number
    world.clock.advance(86_400)
    world.keep_up()

    assert len(first.calls) == 5
    assert len(set(first.tokens())) == 5
    (record,) = records(world)
    assert (record.tries, record.failure, record.delivered_at) == (5, "status 500", None)
    assert waiting(world) == 0


def test_a_late_success_ends_the_repetition(world, browser, first):
    """The third try is accepted: the failure is forgotten, the time is kept."""
    _, token = sign_in(world, browser, "first")
    first.status = "503 Service Unavailable"
    log_out(world, browser, token)
    world.clock.advance(10)
    world.keep_up()
    first.status = "204 No Content"
    world.clock.advance(60)
    world.keep_up()
    world.clock.advance(86_400)
    world.keep_up()

    assert len(first.calls) == 3
    (record,) = records(world)
    assert (record.failure, record.next_at) == (None, None)
    assert record.delivered_at is not None


def test_a_token_of_a_later_try_is_good_at_that_time(world, browser, first):
    """It is signed anew: a token of ten minutes ago would have expired."""
    _, token = sign_in(world, browser, "first")
    first.status = "500 Internal Server Error"
    log_out(world, browser, token)
    world.clock.advance(10)
    world.keep_up()

    _, told = first.read(Service(world, "first"))

    assert told["iat"] <= world.clock() < told["exp"]


ABSENCES = {
    "unreachable": "unreachable",
    "slow": "slow",
}


@pytest.mark.parametrize(("how", "reason"), ABSENCES.items())
def test_a_service_that_is_away_delays_nobody(world, browser, second, how, reason):
    """The person is logged out, the other service told, the reason noted."""
    _, token = sign_in(world, browser, "first", "second")
    world.network.take_down("http://localhost:8091", how)

    page = log_out(world, browser, token)

    assert page.path == "/logged-out"
    assert len(second.calls) == 1
    failures = {record.client_id: record.failure for record in records(world)}
    assert failures == {"service-first": reason, "service-second": None}


@pytest.mark.parametrize("status", ["301 Moved Permanently", "400 Bad Request", "202 Accepted"])
def test_only_200_and_204_are_a_yes(world, browser, first, status):
    """Row 28: a redirect is not followed, wherever it leads."""
    elsewhere = Listener("http://localhost:8098/").listen(world)
    _, token = sign_in(world, browser, "first")
    first.status = status

    log_out(world, browser, token)

    assert elsewhere.calls == []
    assert records(world)[0].failure == f"status {status[:3]}"


def test_a_person_waits_a_few_seconds_at_most(world, browser, first, second):
    """A service that takes its time leaves the others to the upkeep."""
    _, token = sign_in(world, browser, "first", "second")
    first.then = second.then = lambda: world.clock.advance(4)

    log_out(world, browser, token)
    at_once = len(first.calls) + len(second.calls)
    world.keep_up()

    assert at_once == 1
    assert len(first.calls) + len(second.calls) == 2


def test_old_failures_of_others_do_not_slow_a_logout(world, browser, first, second):
    """Whoever leaves sends the notices of this session only; the upkeep sends the rest."""
    _, token = sign_in(world, browser, "first")
    first.status = "500 Internal Server Error"
    log_out(world, browser, token)
    world.clock.advance(10)
    other = world.browser()
    _, token = sign_in(world, other, "second")

    log_out(world, other, token)

    assert (len(first.calls), len(second.calls)) == (1, 1)


def test_a_service_closed_meanwhile_is_no_longer_told(world, browser, first):
    """Its address is not used any more, and the record says why."""
    _, token = sign_in(world, browser, "first")
    first.status = "500 Internal Server Error"
    log_out(world, browser, token)
    clients = world.broker.app.extensions["parts"].clients
    closed = clients.find("service-first")
    object.__setattr__(closed, "settings", closed.settings.model_copy(update={"disabled": True}))
    world.clock.advance(10)
    world.keep_up()

    assert len(first.calls) == 1
    assert records(world)[0].failure == "the service takes no notice any more"


def test_a_notice_is_encrypted_as_the_id_token_is(make_world):
    """A service that asked for encrypted ID tokens refuses a plain logout token (§2.6)."""
    sealed = {
        "jwks": {"keys": [ENCRYPTION.as_dict(private=False)]},
        "id_token_encrypted_alg": "ECDH-ES",
    }
    world = make_world({"clients": {"first": registered("first", 8091, **sealed)}})
    listener = Listener(CLIENTS["first"]["backchannel_logout_uri"]).listen(world)
    browser, service = world.browser(), Service(world, "first")
    tokens = service.tokens(service.login(browser)["code"])
    hint = jwe.decrypt_compact(tokens["id_token"], ENCRYPTION).plaintext.decode()

    log_out(world, browser, hint)

    opened = jwe.decrypt_compact(listener.tokens()[0], ENCRYPTION)
    assert opened.headers()["cty"] == "JWT"
    header, told = listener.read(service, opened.plaintext.decode())
    assert header["typ"] == "logout+jwt"
    assert told["aud"] == service.client_id


def test_two_nodes_never_send_the_same_notice(world, browser, first):
    """Whoever claims it first sends it: the other finds it moved."""
    _, token = sign_in(world, browser, "first")
    first.status = "500 Internal Server Error"
    log_out(world, browser, token)
    world.clock.advance(10)
    notices = world.broker.app.extensions["parts"].notices
    first.then = notices.deliver

    notices.deliver()

    assert len(first.calls) == 2


def test_records_are_kept_six_months(world, browser, first):
    """Accepted or given up, a notice is a technical log, and forgotten as one."""
    _, token = sign_in(world, browser, "first")
    log_out(world, browser, token)
    world.clock.advance(182 * 86_400)
    world.keep_up()
    kept = len(records(world))
    world.clock.advance(2 * 86_400)
    world.keep_up()

    assert (kept, len(records(world))) == (1, 0)
