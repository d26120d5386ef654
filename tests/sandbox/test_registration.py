"""A service registers itself, in a sandbox that lets it."""

import json

import pytest

from sandbox.wsgi import Request

HERE = "http://localhost:5000/callback"


@pytest.fixture
def register(world):
    def post(body, content_type="application/json"):
        url = f"{world.sites['room'].url}/register"
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer, _ = world.network.send(Request("POST", url, {"Content-Type": content_type}, data))
        return answer.status, json.loads(answer.body)

    return post


def test_a_service_gets_its_credentials_and_can_log_in(world, browser, register):
    """RFC 7591 §3.2.1: what it registered, with an id and a secret; then a login with it."""
    status, told = register({"redirect_uris": [HERE], "client_name": "Mon service"})
    assert status == 201
    assert told["client_name"] == "Mon service"
    assert len(told["client_secret"]) >= 32
    assert told["redirect_uris"] == [HERE]
    assert told["token_endpoint_auth_method"] == "client_secret_basic"

    page = browser.open(
        f"{world.broker.url}/api/v2/authorize?client_id={told['client_id']}&response_type=code"
        f"&redirect_uri={HERE}&scope=openid&state=abc&nonce=0123456789012345678901"
    )
    assert "Mon service" in page.text


def test_two_services_get_two_names(register):
    """Nobody chooses an id."""
    first, second = (register({"redirect_uris": [HERE]})[1] for _ in range(2))

    assert first["client_id"] != second["client_id"]


def test_a_public_service_gets_no_secret(register):
    """It has no place to keep one."""
    told = register({"redirect_uris": [HERE], "token_endpoint_auth_method": "none"})[1]

    assert told["client_secret"] is None


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({}, "invalid_redirect_uri"),
        ({"redirect_uris": []}, "invalid_redirect_uri"),
        ({"redirect_uris": HERE}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://elsewhere.example/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://x.example/*"]}, "invalid_redirect_uri"),
        ({"redirect_uris": [HERE], "token_endpoint_auth_method": 7}, "invalid_client_metadata"),
        ({"redirect_uris": [HERE], "jwks": {"keys": [{"kty": "?"}]}}, "invalid_client_metadata"),
        ({"redirect_uris": [HERE], "client_name": "x" * 500}, "invalid_client_metadata"),
        ([HERE], "invalid_client_metadata"),
        (b"not json", "invalid_client_metadata"),
    ],
)
def test_wrong_metadata_is_refused_with_its_field(register, metadata, error):
    """RFC 7591 §3.2.2: a code and a sentence."""
    status, told = register(metadata)

    assert (status, told["error"]) == (400, error)
    assert told["error_description"]


def test_a_form_of_another_site_registers_nothing(register):
    """Only a JSON document counts, which no form can send."""
    assert register(b"redirect_uris=x", "application/x-www-form-urlencoded")[0] == 400
