"""Keys of mock providers are made once in a process; no two of one world are the same."""

import pytest

from sandbox.signing_keys import keys_of

TAX, POSTAL = "http://tax.example", "http://postal.example"


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_a_world_has_the_keys_of_another_world(alg):
    """In the same order, each of them once."""
    one, other = keys_of(TAX), keys_of(TAX)
    first, second = one(alg), one(alg)

    assert first is not second
    assert first.kid != second.kid
    assert [other(alg), other(alg)] == [first, second]


def test_no_issuer_has_the_key_of_another():
    """What one signs, the others did not."""
    assert keys_of(TAX)("ES256").kid != keys_of(POSTAL)("ES256").kid


def test_a_provider_that_starts_again_has_a_new_key(make_world):
    """As if it had lost its memory."""
    world = make_world()
    before = world.upstream("tax").issuer.keys.signing.kid
    world.providers["tax"].restart()

    assert world.upstream("tax").issuer.keys.signing.kid != before


def test_another_world_has_the_same_providers(make_world):
    """And so spends no time on primes."""
    kids = [make_world().upstream("tax").issuer.keys.signing.kid for _ in range(2)]

    assert kids[0] == kids[1]
