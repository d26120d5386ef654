"""What a service sends ahead, and what it makes the broker fetch."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.service import API, Service, body

KEY = ECKey.generate_key("P-256", {"use": "sig", "kid": "s"}, private=True)
NEXT = ECKey.generate_key("P-256", {"use": "sig", "kid": "t"}, private=True)
FETCHED = "http://localhost:8097"
CLIENTS = {
    "far": {
        "name": "Keys elsewhere",
        "client_id": "far-service",
        "client_auth": "private_key_jwt",
        "jwks_uri": f"{FETCHED}/jwks",
        "redirect_uris": ["http://localhost:8081/callback"],
        "scopes": ["openid", "given_name"],
        "consent": "information",
    },
}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def pushed(service, **changes):
    uri = body(service.post("/par", **service.params(**changes)))["request_uri"]
    return {"client_id": service.client_id, "request_uri": uri}


def test_of_twenty_parallel_uses_of_a_pushed_request_one_starts(world, sample):
    """Row 27 (CVE-2024-4540): one login begins; the others see a page with a number."""
    asked = urlencode(pushed(sample))
    together = threading.Barrier(20)

    def use(_):
        together.wait()
        return sample.call("GET", f"{API}/authorize?{asked}")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(use, range(20)))

    assert sorted(answer.status for answer in answers) == [303] + [400] * 19


def test_a_pushed_request_is_in_no_cookie_and_no_log(browser, sample, no_secret_in_logs):
    """Row 27 (CVE-2024-4540): nonce, state and challenge stay in the database, sealed."""
    asked = pushed(sample, state="state-of-a-push", nonce="nonce-of-a-push-0123456789")
    no_secret_in_logs.never(asked["request_uri"], "state-of-a-push", "nonce-of-a-push")

    browser.open(f"{sample.issuer}/authorize?{urlencode(asked)}")

    cookies = "".join(cookie.value for cookie in browser.cookies)
    assert "of-a-push" not in cookies
    assert not any("of-a-push" in hop.location for hop in browser.hops)


def test_a_pushed_request_expires_after_a_minute(world, browser, sample):
    """Row 27: a page with a number, and no redirect to anywhere."""
    asked = urlencode(pushed(sample))
    world.clock.advance(61)

    page = browser.open(f"{sample.issuer}/authorize?{asked}")

    assert (page.status, page.response.header("location")) == (400, "")


def test_what_stands_beside_a_pushed_request_counts_for_nothing(browser, sample):
    """Row 27: scope and state outside are ignored, the pushed ones rule."""
    outside = {"state": "outside", "scope": "openid birthplace", "redirect_uri": "http://x.example"}

    browser.open(
        f"{sample.issuer}/authorize?{urlencode({**pushed(sample, state='inside'), **outside})}"
    )
    browser.click("abandon")

    assert browser.sent_back()["state"] == "inside"


@pytest.mark.parametrize("request_uri", ["x", "urn:ietf:params:oauth:request_uri:", FETCHED])
def test_only_what_we_gave_is_taken(world, browser, sample, request_uri):
    """Row 28 (PYSEC-2026-4360): any other address is an error, and nobody calls it."""
    visited = []
    world.network.attach(FETCHED, lambda env, start: visited.append(env) or [])

    sample.start(browser, request_uri=request_uri)

    assert browser.sent_back()["error"] == "invalid_request_uri"
    assert visited == []


def test_a_service_that_must_push_is_held_to_it(make_world):
    """Row 27 (CVE-2026-96446): require_par leaves no other way, signed or not."""
    world = make_world({"clients": {"sample": {"require_par": True}}})
    sample, browser = Service(world, "sample"), world.browser()

    sample.start(browser)
    refused = browser.sent_back()
    page = browser.open(f"{sample.issuer}/authorize?{urlencode(pushed(sample))}")

    assert refused["error"] == "unauthorized_client"
    assert page.path.endswith("/providers")


@pytest.mark.parametrize("twice", ["request_uri", "request"])
def test_a_reference_comes_once_and_alone(browser, sample, twice):
    """Two references, or both kinds, are an error that names the parameter."""
    asked = urlencode([*sample.params().items(), (twice, "a.b.c"), (twice, "d.e.f")])
    browser.open(f"{sample.issuer}/authorize?{asked}")
    repeated = browser.sent_back()
    sample.start(browser, request="a.b.c", request_uri="urn:x")
    both = browser.sent_back()

    assert repeated["error"] == both["error"] == "invalid_request"
    assert twice in repeated["error_description"]
    assert "request_uri" in both["error_description"]


class KeyServer:
    """Publishes the keys of a service, or whatever it is told to."""

    def __init__(self, *keys):
        self.status, self.calls = "200 OK", 0
        self.document = json.dumps({"keys": [key.as_dict(private=False) for key in keys]})

    def __call__(self, _environ, start_response):
        self.calls += 1
        start_response(self.status, [("Location", f"{FETCHED}/elsewhere")])
        return [self.document.encode()]


@pytest.fixture
def far(make_world):
    """A service whose keys are behind an address."""
    return Service(make_world({"clients": CLIENTS}), "far")


@pytest.fixture
def keys(far):
    server = KeyServer(KEY)
    far.world.network.attach(FETCHED, server)
    return server


def proven(far, number, key=KEY):
    """Introspect something with an assertion signed by `key`; the status is what counts."""
    now = int(far.world.clock())
    claims = {"iss": "far-service", "sub": "far-service", "aud": far.issuer, "exp": now + 60}
    header = {"alg": "ES256", "kid": key.kid, "typ": "client-authentication+jwt"}
    proof = jwt.encode(header, {**claims, "jti": f"jti-{number}"}, key)
    form = {"client_assertion_type": ASSERTION, "client_assertion": proof}
    return far.post("/introspect", token="x", **form)


ANSWERS = {
    "a redirect": ("302 Found", '{"keys":[]}'),
    "an error": ("500 Internal Server Error", "{}"),
    "no JSON": ("200 OK", "<html>"),
    "a list": ("200 OK", "[]"),
    "no keys": ("200 OK", '{"keys":[]}'),
    "keys that are none": ("200 OK", '{"keys":["x",1]}'),
    "a thousand keys": ("200 OK", json.dumps({"keys": [KEY.as_dict(private=False)] * 1000})),
    "a megabyte": ("200 OK", '{"keys":[' + " " * 1_000_000 + "]}"),
    "too deep": ("200 OK", '{"keys":' + "[" * 20_000),
}


@pytest.mark.parametrize(("status", "document"), ANSWERS.values(), ids=ANSWERS)
def test_keys_that_cannot_be_used_are_no_fault_of_ours(far, keys, status, document):
    """Rows 28 and 41 (CVE-2026-1180): bounded, never redirected; 401 in JSON, as any bad proof."""
    keys.status, keys.document = status, document

    answer = proven(far, 1)

    assert (answer.status, body(answer)["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("reason", ["unreachable", "slow"])
def test_keys_that_are_away_are_no_fault_of_ours(far, keys, browser, reason):
    """Row 28: the call ends within its limits; a signed request is refused at the service."""
    far.world.network.take_down(FETCHED, reason)
    visitor = far.world.browser()

    assert proven(far, 1).status == 401
    inside = jwt.encode({"alg": "ES256", "kid": "s"}, far.params(), KEY)
    far.start(visitor, request=inside)
    assert visitor.sent_back()["error"] == "invalid_request_object"


def test_rotated_keys_are_asked_for_again_once_a_minute(far, keys):
    """Row 28 (CVE-2026-4874): forged signatures cannot make the broker hammer the service."""
    assert proven(far, 1).status == 200
    far.world.clock.advance(61)
    keys.document = KeyServer(KEY, NEXT).document
    assert proven(far, 2, NEXT).status == 200
    before = keys.calls

    for number in range(10, 20):
        forged = ECKey.generate_key("P-256", {"kid": "s"}, private=True)
        assert proven(far, number, forged).status == 401

    assert before == 2
    assert keys.calls == before


def test_a_signed_request_under_a_new_key_is_read_with_it(far, keys):
    """Keys that a service rotated an hour ago do not refuse its requests for ten minutes."""
    assert proven(far, 1).status == 200
    far.world.clock.advance(61)
    keys.document = KeyServer(NEXT).document
    browser = far.world.browser()

    inside = jwt.encode({"alg": "ES256", "kid": "t"}, far.params(state="inside"), NEXT)
    page = far.start(browser, request=inside)

    assert page.path.endswith("/providers")
    assert keys.calls == 2
