"""
Signing keys of mock providers, made once in a process.

A world of a test would otherwise spend a fifth of its time looking for primes. Each issuer has
keys of its own, and never the same one twice in a world; in another world it has them again.
"""

from threading import Lock

from joserfc.jwk import Key

from mock_idps.keys import MakeKey, make_key

_kept: dict[tuple[str, str], list[Key]] = {}
_lock = Lock()


def keys_of(issuer: str) -> MakeKey:
    """The keys of one issuer in one world, one after the other."""
    given = {"ES256": 0, "RS256": 0}

    def next_key(alg: str) -> Key:
        with _lock:
            kept = _kept.setdefault((issuer, alg), [])
            number, given[alg] = given[alg], given[alg] + 1
            if number == len(kept):
                kept.append(make_key(alg))
            return kept[number]

    return next_key
