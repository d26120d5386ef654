"""Back-Channel Logout OP: the service hears of the logout from the provider itself."""

from urllib.parse import urlencode

import pytest

from tests.broker.openid.listener import EVENT, Listener


@pytest.fixture
def listener(world, op):
    """The service's own address, which discovery knows nothing of."""
    return Listener(op.service.settings.backchannel_logout_uri).listen(world)


def test_discovery_offers_it(op):
    """oidcc-backchannel-logout-discovery-endpoint-verification: with the name of the session."""
    metadata = op.metadata()

    assert metadata["backchannel_logout_supported"] is True
    assert metadata["backchannel_logout_session_supported"] is True


def test_the_service_that_asked_is_told_too(op, browser, listener):
    """
    oidcc-backchannel-rp-initiated-logout: one token that says exactly what it must.

    The plan has a single service, which asks for the logout and waits for the token.
    """
    tokens, claims = op.flow(browser)
    asked = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": op.service.settings.post_logout_redirect_uris[0],
        "state": "s",
    }

    browser.open(f"{op.service.issuer}/session/end?{urlencode(asked)}")

    header, told = listener.read(op.service)
    assert len(listener.calls) == 1
    assert listener.calls[0][0] == "application/x-www-form-urlencoded"
    assert set(listener.calls[0][1]) == {"logout_token"}
    assert header["alg"] == "RS256"
    assert header["typ"] == "logout+jwt"
    assert (told["sub"], told["sid"]) == (claims["sub"], claims["sid"])
    assert (told["iss"], told["aud"]) == (op.service.issuer, op.service.client_id)
    assert told["iat"] <= op.service.world.clock() < told["exp"] <= told["iat"] + 120
    assert told["events"] == {EVENT: {}}
    assert told["jti"]
    assert "nonce" not in told
    op.start(browser, prompt="none")
    assert browser.sent_back()["error"] == "login_required"
