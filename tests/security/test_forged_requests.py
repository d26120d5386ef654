"""
Row 28: no address that a stranger or a service writes makes the broker call an inner one.

The inner address is a trap in the network of the world: whatever is asked of it is told.
"""

import json

import pytest
from flask import Flask, Response, redirect, request
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.service import Service

INNER = "http://169.254.169.254"
OURS = "http://localhost:5000"
MINE = {
    "name": "Mine",
    "client_id": "mine",
    "client_auth": "private_key_jwt",
    "jwks_uri": f"{OURS}/jwks",
    "redirect_uris": [f"{OURS}/callback"],
    "scopes": ["openid", "given_name"],
}
KEY = ECKey.generate_key("P-256")
HEADER = {"alg": "ES256", "typ": "client-authentication+jwt"}


@pytest.fixture
def world(make_world):
    notified = {"backchannel_logout_uri": f"{OURS}/logout"}
    return make_world({"clients": {"own": MINE, "sample": notified}})


@pytest.fixture
def trap(world):
    """What was asked of the inner address."""
    asked = []
    app = Flask("metadata")

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
    @app.route("/<path:path>", methods=["GET", "POST"])
    def answer(path):
        asked.append(f"{request.method} /{path}")
        return Response(json.dumps({"keys": []}), content_type="application/json")

    world.network.attach(INNER, app)
    return asked


def serve(world, answer):
    """A service whose every address gives that answer; what was asked of it."""
    asked = []
    app = Flask("service")

    @app.route("/<path:path>", methods=["GET", "POST"])
    def anything(path):
        asked.append(f"/{path}")
        return answer()

    world.network.attach(OURS, app)
    return asked


def inner():
    return redirect(f"{INNER}/latest/meta-data/", 307)


def huge():
    return Response(b'{"keys": [' + b" " * (1 << 20) + b"]}", content_type="application/json")


def assertion_call(world):
    """A token call that makes the broker look for the service's keys."""
    claims = {
        "iss": "mine",
        "sub": "mine",
        "aud": f"{world.broker.url}/api/v2",
        "iat": int(world.clock()),
        "exp": int(world.clock()) + 60,
        "jti": "j" * 32,
    }
    return Service(world, "own").call(
        "POST",
        "/api/v2/token",
        {
            "grant_type": "authorization_code",
            "code": "c" * 40,
            "client_id": "mine",
            "client_assertion": jwt.encode(HEADER, claims, KEY),
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        },
    )


@pytest.mark.parametrize("scheme", [f"{INNER}/request", "file:///etc/passwd", "http://localhost/"])
def test_a_request_uri_is_never_fetched(world, browser, trap, scheme):
    """Row 28 (PYSEC-2026-4360): only a reference that the broker made itself is known."""
    page = Service(world, "sample").start(browser, request_uri=scheme)

    assert page.status == 400
    assert trap == []


@pytest.mark.parametrize("answer", [inner, huge], ids=["redirect", "megabyte"])
def test_the_keys_of_a_service_are_read_at_its_own_address_only(world, trap, answer):
    """Row 28 (CVE-2026-1180): a redirect is not followed, a megabyte not read: invalid_client."""
    asked = serve(world, answer)
    refused = assertion_call(world)

    assert refused.status == 401
    assert json.loads(refused.body)["error"] == "invalid_client"
    assert asked == ["/jwks"]
    assert trap == []


def test_a_slow_address_of_keys_holds_nobody_for_long(world, trap):
    """Row 28 (CVE-2026-4874): the call ends within the limits of every outgoing call."""
    serve(world, lambda: world.network.sleep(3600))

    assert assertion_call(world).status == 401


def test_a_logout_notice_is_not_carried_elsewhere(world, browser, trap):
    """Row 28 (CVE-2026-4874): the service may redirect; its notice goes no further."""
    asked = serve(world, inner)
    sample = Service(world, "sample")
    tokens = sample.tokens(sample.login(browser)["code"])
    browser.open(f"{sample.issuer}/session/end?id_token_hint={tokens['id_token']}")
    world.keep_up()

    assert "/logout" in asked
    assert trap == []
