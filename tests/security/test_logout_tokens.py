"""Logout tokens at the two services of the demonstration, as the broker or a forger sends them."""

import itertools
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from broker.sessions.store import session_id
from sandbox.world import World
from sandbox.wsgi import Request, call, environment
from tests.service import API, Service

EVENT = "http://schemas.openid.net/event/backchannel-logout"
OTHER = ECKey.generate_key("P-256", {"kid": "other"}, private=True)
SHARED = OctKey.import_key("demonstration-secret-ameli-portal-0123456789abcdef")
_numbers = itertools.count()


class Person:
    """Signed in at one service; knows what the broker would write to end that session."""

    def __init__(self, world, key):
        self.world, self.site = world, world.sites["portal" if key == "ameli" else key]
        self.service = Service(world, key)
        self.parts = world.broker.app.extensions["parts"]
        self.browser = world.browser()
        page = self.browser.login(self.site)
        self.page = page.accept() if page.has("consent-continue") else page
        held = self.browser.cookies.get("passerelle_session").value
        self.sid = self.parts.tokens.sid(session_id(held), self.service.client_id)
        self.sub = self.service.sub(self.browser)

    def claims(self, **changes):
        """An honest logout token; None leaves a claim out."""
        now = int(self.world.clock())
        honest = {
            "iss": self.service.issuer,
            "aud": self.service.client_id,
            "iat": now,
            "exp": now + 120,
            "jti": f"jti-{next(_numbers)}",
            "sid": self.sid,
            "sub": self.sub,
            "events": {EVENT: {}},
            **changes,
        }
        return {k: v for k, v in honest.items() if v is not None}

    def signed(self, claims, typ="logout+jwt"):
        return self.parts.tokens.sign(claims, "ES256", typ)

    def post(self, *tokens):
        sent = urlencode([("logout_token", token) for token in tokens]).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        request = Request("POST", f"{self.site.url}/backchannel-logout", kind, sent)
        return call(self.site, environment(request))

    def still_in(self):
        return self.browser.open(self.page.url).url == self.page.url


@pytest.fixture(scope="module")
def shared():
    """One world: what is refused changes nothing for the next test."""
    with World.build() as world:
        yield world


@pytest.fixture(scope="module", params=["ameli", "sample"])
def person(shared, request):
    """Somebody at the portal, somebody at the private service."""
    return Person(shared, request.param)


def with_key(key, header):
    return lambda person: jwt.encode(header, person.claims(), key, algorithms=[header["alg"]])


def spoiled(**changes):
    return lambda person: person.signed(person.claims(**changes))


FORGED = {
    "nothing": lambda person: "",
    "no token": lambda person: "a.b.c",
    "unsigned": lambda person: "eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9.e30.",
    "another key": with_key(OTHER, {"alg": "ES256", "typ": "logout+jwt", "kid": "other"}),
    "the client secret as key": with_key(SHARED, {"alg": "HS256", "typ": "logout+jwt"}),
    "cut short": lambda person: person.signed(person.claims())[:-4],
    "an ID token": lambda person: person.service.tokens(
        person.service.login(person.browser)["code"]
    )["id_token"],
    "typ of an ID token": lambda person: person.signed(person.claims(), "JWT"),
    "another issuer": spoiled(iss="https://other.example"),
    "another service": spoiled(aud="another-service"),
    "no audience": spoiled(aud=None),
    "no issuer": spoiled(iss=None),
    "no time": spoiled(iat=None),
    "no end": spoiled(exp=None),
    "expired": spoiled(exp=1),
    "of the future": spoiled(iat=99_999_999_999),
    "good for ever": spoiled(exp=99_999_999_999),
    "no jti": spoiled(jti=None),
    "empty jti": spoiled(jti=""),
    "a jti of control characters": spoiled(jti="\x00"),
    "no events": spoiled(events=None),
    "another event": spoiled(events={"https://other.example/event": {}}),
    "an event that is no object": spoiled(events={EVENT: True}),
    "events as a list": spoiled(events=[EVENT]),
    "a nonce": spoiled(nonce="n"),
    "nobody": spoiled(sid=None, sub=None),
    "sid of a wrong type": spoiled(sid=["x"]),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_logout_token_closes_nothing(person, forge):
    """Row 33 (CVE-2026-18569): 400 in JSON that nobody keeps, and the person is still inside."""
    answer = person.post(forge(person))

    assert answer.status == 400
    assert answer.header("content-type") == "application/json"
    assert "no-store" in answer.header("cache-control")
    assert person.still_in()


def test_two_tokens_at_once_are_none(person):
    """Row 33: the parameter comes once, good as both may be."""
    good = person.signed(person.claims(sid="another-session", sub=None))

    assert person.post(good, good).status == 400


def test_a_logout_token_serves_once(person):
    """Row 33: the same jti again is refused, even for another session."""
    first = person.post(person.signed(person.claims(sid="another-session", jti="the-same")))
    again = person.post(person.signed(person.claims(jti="the-same")))

    assert (first.status, again.status) == (200, 400)
    assert person.still_in()


def test_a_good_token_of_another_session_closes_nothing_here(person):
    """Row 33: the sid decides, though the person is the same."""
    assert person.post(person.signed(person.claims(sid="another-session"))).status == 200
    assert person.still_in()


def test_the_sid_of_somebody_else_closes_nothing(person):
    """Row 33: sid and sub must be about one session."""
    assert person.post(person.signed(person.claims(sub="somebody-else"))).status == 200
    assert person.still_in()


@pytest.mark.parametrize("key", ["ameli", "sample"])
def test_a_good_token_closes_the_session_it_names(world, key):
    """The session of that sid is over, that of another browser of the same person is not."""
    here, elsewhere = Person(world, key), Person(world, key)

    answer = here.post(here.signed(here.claims()))

    assert answer.status == 200
    assert not here.still_in()
    assert elsewhere.still_in()


def test_a_token_that_names_only_the_person_closes_every_session(world):
    """Without a sid, all the sessions of that person at this service (§2.4)."""
    here, elsewhere = Person(world, "sample"), Person(world, "sample")

    assert here.post(here.signed(here.claims(sid=None))).status == 200

    assert not here.still_in()
    assert not elsewhere.still_in()


def test_leaving_one_service_closes_the_other(world):
    """The person logs out of the private service: the portal hears of it from the broker."""
    at_portal = Person(world, "ameli")
    browser = at_portal.browser
    page = browser.login(world.sample)
    assert (page.accept() if page.has("consent-continue") else page).url.startswith(
        world.sample.url
    )

    browser.click("logout")

    assert not at_portal.still_in()
    parts = world.broker.app.extensions["parts"]
    assert parts.notices.deliver() == 0


def test_the_end_of_a_session_is_no_form_of_a_page(world, browser):
    """Row 32: the address takes no GET, and a page of another site changes nothing with it."""
    assert browser.open(f"{world.portal.url}/backchannel-logout").status == 405
    page = browser.post(f"{world.portal.url}/backchannel-logout", b"logout_token=x")
    assert page.status == 400
    assert API not in page.text
