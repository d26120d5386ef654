"""The keys of a provider: what is taken from its document, and when it is asked again."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey

from providers import call_faults, faults, token_faults
from providers.jwks import REFRESHES, SECONDS_PER_REFRESH, KeySource, Ration, parsed_keys
from tests.providers.stage import NOON, on_stage
from tests.providers.upstream import json_reply, signing_key

EC = signing_key("ES256").as_dict(private=False)
RSA = signing_key("RS256").as_dict(private=False)

UNUSABLE = {
    "a key to encrypt": {**EC, "use": "enc"},
    "a shared secret": OctKey.generate_key(256, {"kid": "k1"}).as_dict(),
    "a kind nobody knows": {"kty": "AKP", "kid": "k1", "pub": "AAAA"},
    "an Edwards key": OKPKey.generate_key("Ed25519", {"kid": "k1"}).as_dict(private=False),
    "a private key": signing_key("ES256").as_dict(private=True),
    "a short RSA key": {**RSA, "n": RSA["n"][:171]},
    "an RSA key without exponent": {"kty": "RSA", "n": RSA["n"], "kid": "k1"},
    "an RSA key that is no number": {**RSA, "n": "!!"},
    "a huge RSA key": {**RSA, "n": RSA["n"] * 8},
    "a point off its curve": {**EC, "x": EC["y"]},
    "an unknown curve": {**EC, "crv": "P-999"},
    "a curve that is a list": {**EC, "crv": ["P-256"]},
    "a key id that is a number": {**EC, "kid": 7},
    "a key that may only sign": {**EC, "use": "sig", "key_ops": ["sign"]},
    "a type that is a list": {**EC, "kty": ["EC"]},
    "a number": 7,
    "null": None,
    "a text": "key",
    "a list": [EC],
}


@pytest.mark.parametrize("jwk", UNUSABLE.values(), ids=UNUSABLE)
def test_an_unusable_key_is_passed_over(jwk):
    """A key that cannot have signed is as good as absent; the others serve."""
    with pytest.raises(faults.JwksEmpty):
        parsed_keys({"keys": [jwk]})

    assert [key.kid for key in parsed_keys({"keys": [jwk, EC]})] == ["k1"]


@pytest.mark.parametrize("listed", [None, {}, "keys", 7, [EC] * 51])
def test_a_document_that_lists_no_keys_is_malformed(listed):
    """`keys` must be a list, and not a long one: parsing keys costs time."""
    with pytest.raises(faults.JwksMalformed):
        parsed_keys({"keys": listed})
    with pytest.raises(faults.JwksMalformed):
        parsed_keys({})


def test_an_empty_set_is_refused():
    """A document without keys says nothing of who signed."""
    with pytest.raises(faults.JwksEmpty):
        parsed_keys({"keys": []})


def test_keys_are_fetched_once_for_many_logins():
    """Keys last for their lifetime, and are asked for once more after it."""
    stage = on_stage(jwks_seconds=600)
    for _ in range(5):
        stage.login()
    assert stage.upstream.paths().count("/jwks") == 1

    stage.clock[0] += 601
    stage.login()
    assert stage.upstream.paths().count("/jwks") == 2


def test_a_crowd_that_misses_one_key_asks_once():
    """Forty logins under a new key at once: one refresh, one of the ration, nobody refused."""
    old, new = (signing_key("ES256", kid).as_dict(private=False) for kid in ("k1", "k2"))
    source, fetched, start = KeySource(600), [], threading.Barrier(40)
    source.find({"kid": "k1", "alg": "ES256"}, NOON, lambda: {"keys": [old]})

    def fetch():
        fetched.append(1)
        time.sleep(0.05)
        return {"keys": [old, new]}

    def find(_):
        start.wait()
        return source.find({"kid": "k2", "alg": "ES256"}, NOON, fetch).kid

    with ThreadPoolExecutor(40) as pool:
        assert set(pool.map(find, range(40))) == {"k2"}
    assert fetched == [1]


def test_a_key_withdrawn_is_forgotten_after_its_lifetime():
    """A token of a key no longer published stops being accepted when the set is renewed."""
    stage = on_stage(jwks_seconds=600)
    stage.login()
    stage.upstream.lie(
        "jwks", lambda _: {"keys": [signing_key("ES256", "k9").as_dict(private=False)]}
    )
    assert stage.login()

    stage.clock[0] += 601
    with pytest.raises(token_faults.UnknownKey):
        stage.login()


def test_keys_serve_once_more_while_their_document_is_down():
    """A key document that cannot be renewed serves a second lifetime, not a third."""
    stage = on_stage(jwks_seconds=600)
    stage.login()
    stage.upstream.lie("jwks", lambda _: json_reply({}, 500))

    stage.clock[0] += 700
    assert stage.login()
    stage.clock[0] += 700
    with pytest.raises(call_faults.JWKS.status):
        stage.login()


def test_an_unknown_key_id_asks_once_and_is_then_refused():
    """One refresh for one unknown key, and the token is refused by name."""
    stage = on_stage()
    stage.login()
    before = stage.upstream.paths().count("/jwks")
    stage.upstream.lie("id_header", lambda header: {**header, "kid": "never published"})

    with pytest.raises(token_faults.UnknownKey) as refused:
        stage.login()
    assert stage.upstream.paths().count("/jwks") == before + 1
    assert refused.value.private["alg"] == "ES256"


def test_invented_key_ids_do_not_hammer_the_provider():
    """Beyond the ration, unknown keys are refused without asking; time earns it back."""
    stage = on_stage()
    stage.login()
    stage.upstream.lie("id_header", lambda header: {**header, "kid": "never published"})

    for _ in range(3 * REFRESHES):
        with pytest.raises(token_faults.UnknownKey):
            stage.login()
    asked = stage.upstream.paths().count("/jwks")
    assert asked == 1 + REFRESHES

    stage.clock[0] += SECONDS_PER_REFRESH
    with pytest.raises(token_faults.UnknownKey):
        stage.login()
    assert stage.upstream.paths().count("/jwks") == asked + 1


def test_a_failed_refresh_leaves_the_known_keys_in_place():
    """A key document that fails while an unknown key is looked up harms no other login."""
    stage = on_stage()
    stage.login()
    stage.upstream.lie("id_header", lambda header: {**header, "kid": "never published"})
    for answer, fault in (
        (json_reply({}, 500), call_faults.JWKS.status),
        (json_reply({"keys": []}), faults.JwksEmpty),
        (json_reply({"keys": 7}), faults.JwksMalformed),
    ):
        stage.upstream.lie("jwks", lambda _, answer=answer: answer)
        with pytest.raises(fault):
            stage.login()

    stage.upstream.lies.clear()
    stage.upstream.lie("jwks", lambda _: json_reply({}, 500))
    assert stage.login()


def test_a_key_replaced_under_the_same_id_loses_no_login():
    """A signature that fails makes us look again: some providers reuse an id for a new key."""
    stage = on_stage()
    stage.login()
    fresh = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig"})
    stage.upstream.lie("jwks", lambda _: {"keys": [fresh.as_dict(private=False)]})
    stage.upstream.signs_with = fresh

    assert stage.login().identity == stage.expected


def _without_kid(jwk):
    return {name: value for name, value in jwk.items() if name != "kid"}


def test_a_token_without_key_id_needs_the_only_key():
    """Without an id the one key that fits the algorithm serves; with two it is a guess, refused."""
    other = _without_kid(signing_key("ES256", "k2").as_dict(private=False))
    for keys, accepted in (
        ([_without_kid(EC)], True),
        ([EC], True),
        ([_without_kid(EC), _without_kid(RSA)], True),
        ([_without_kid(EC), other], False),
        ([_without_kid(RSA)], False),
    ):
        stage = on_stage()
        stage.upstream.lie("jwks", lambda _, keys=keys: {"keys": keys})
        stage.upstream.lie("id_header", _without_kid)
        if accepted:
            assert stage.login().identity == stage.expected
        else:
            with pytest.raises(token_faults.UnknownKey):
                stage.login()


def test_a_key_without_id_does_not_serve_a_token_that_names_one():
    """A token that names its key is not verified with a nameless one."""
    stage = on_stage()
    stage.upstream.lie("jwks", lambda _: {"keys": [_without_kid(EC)]})

    with pytest.raises(token_faults.UnknownKey):
        stage.login()


@pytest.mark.parametrize("jwk", [{**EC, "alg": "ES384"}, {**EC, "alg": "ECDH-ES"}])
def test_a_key_for_another_algorithm_does_not_serve(jwk):
    """A key that names its algorithm serves no other."""
    stage = on_stage()
    stage.upstream.lie("jwks", lambda _: {"keys": [jwk]})

    with pytest.raises(token_faults.UnknownKey):
        stage.login()


def test_a_ration_is_spent_and_earned():
    """So many at once, one more for each interval, never more than the whole ration."""
    ration = Ration(2, 30.0)
    taken = [ration.take(NOON) for _ in range(3)]
    assert taken == [True, True, False]

    assert not ration.take(NOON + 29)
    assert ration.take(NOON + 31)
    assert [ration.take(NOON + 10_000) for _ in range(3)] == [True, True, False]


def test_a_clock_that_goes_back_earns_nothing():
    """A clock set back neither earns refreshes nor takes any away."""
    ration = Ration(1, 30.0)
    assert ration.take(NOON)
    assert not ration.take(NOON - 10_000)
    assert ration.take(NOON - 10_000 + 31)
