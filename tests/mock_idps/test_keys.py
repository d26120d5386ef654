"""Keys turn over in two steps, and no login is lost on the way."""

import pytest
from joserfc.jwk import KeySet

from mock_idps.keys import KeyRing

HEADERS = {"Content-Type": "application/json"}


def _step(rp, name):
    return rp.back.post(f"/_control/keys/{name}", headers=HEADERS)


@pytest.mark.parametrize("dialect", ["plain", "tax"])
def test_a_key_is_published_before_it_signs(party, tokens_read, dialect):
    """Between the two steps the new key is known and the old one signs."""
    rp = party(dialect)
    first = rp.keys().keys[0].kid

    def signer():
        return tokens_read[0](rp.opened(rp.redeem(rp.sign_in())))[0]["kid"]

    _step(rp, "publish")
    published = {key.kid for key in rp.keys().keys}
    between = signer()
    _step(rp, "use")
    after = signer()

    assert len(published) == 2
    assert (between, after) == (first, (published - {first}).pop())


def test_a_client_that_read_the_keys_in_time_loses_no_login(plain):
    """Keys fetched after the first step verify tokens signed before and after the second."""
    before = plain.redeem(plain.sign_in())
    _step(plain, "publish")
    read = KeySet.import_key_set(plain.back.get("/jwks").json)
    _step(plain, "use")
    after = plain.redeem(plain.sign_in())

    plain.keys = lambda: read
    assert plain.verified(plain.opened(before))["sub"]
    assert plain.verified(plain.opened(after))["sub"]


def test_retired_keys_are_published_no_more(plain):
    """Only the key that signs remains."""
    for step in ("publish", "use", "retire"):
        _step(plain, step)
    state = plain.back.get("/_control/keys").json

    assert state["published"] == [state["signing"]]


def test_an_unknown_step_names_the_known_ones(plain):
    """400 with publish, use, retire."""
    refused = _step(plain, "jump")

    assert refused.status_code == 400
    assert "publish, use, retire" in refused.json["error_description"]


def test_no_private_part_is_ever_published(plain):
    """The key set holds public members only."""
    _step(plain, "publish")

    for key in plain.back.get("/jwks").json["keys"]:
        assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}


def test_published_keys_are_bounded_and_the_signing_one_stays():
    """After many publications the key set is short and still verifies."""
    ring = KeyRing("ES256")
    signing = ring.signing.kid
    for _ in range(40):
        ring.publish()

    assert len(ring.kids) == 20
    assert signing in ring.kids


def test_using_before_publishing_makes_a_key():
    """The second step alone still leaves a provider that can sign."""
    ring = KeyRing("ES256")

    assert ring.use().kid == ring.signing.kid
    assert len(ring.kids) == 1


def test_issuers_share_no_key(party):
    """Each provider has its own."""
    assert party("plain").keys().keys[0].kid != party("plain").keys().keys[0].kid
