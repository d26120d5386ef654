"""
The key ring: made at first start, kept, shared by every node through the database.

A key is published before it signs and stays published until the last token it signed has
expired, so that a service that caches the set (10 minutes) is never surprised.
"""

import json
import threading
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers, RSAPublicNumbers
from joserfc.jwk import ECKey, Key, KeyParameters, KeySet, RSAKey
from joserfc.util import base64_to_int
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    LargeBinary,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)

from broker.audit.events import Event
from broker.audit.journal import Journal
from broker.database import BROKER, exclusive, reading
from broker.keys.succession import SigningKey, Turn, in_turn, signing_at
from broker.outside import Clock
from broker.sealing import Sealer

SIGNING_KEY = Table(
    "signing_key",
    BROKER,
    Column("kid", Text, primary_key=True),
    Column("alg", Text, nullable=False),
    Column("private", LargeBinary, nullable=False),
    Column("public", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("signs_from", Float, nullable=False),
    Column("signs_until", Float),
    Column("published_until", Float),
)

_PURPOSE = "signing-key"
_REFRESH_SECONDS = 5.0
_CHANGE = (
    update(SIGNING_KEY)
    .where(SIGNING_KEY.c.kid == bindparam("changed"))
    .values(
        signs_from=bindparam("begins"),
        signs_until=bindparam("ends"),
        published_until=bindparam("out"),
    )
)
_RSA = ("n", "e", "d", "p", "q", "dp", "dq", "qi")
_LOCK = 7_274_776  # any number, the same for every node
_BY_AGE = select(SIGNING_KEY).order_by(
    SIGNING_KEY.c.signs_from, SIGNING_KEY.c.created_at, SIGNING_KEY.c.kid
)
_TURNS = _BY_AGE.with_only_columns(
    *(
        SIGNING_KEY.c[name]
        for name in ("kid", "alg", "signs_from", "signs_until", "published_until")
    )
)
ALGORITHMS = ("ES256", "RS256")


class KeyRing:
    """Signing keys, parsed once and read again from the database every five seconds at most."""

    def __init__(self, engine: Engine, sealer: Sealer, clock: Clock) -> None:
        self._engine, self._sealer, self._clock = engine, sealer, clock
        self._keys: tuple[SigningKey, ...] = ()
        self._parsed: dict[str, Key] = {}
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def ensure(self, journal: Journal) -> None:
        """Let some key of each algorithm sign, now and later; harmless where one does."""
        with self._engine.begin() as tx:
            exclusive(tx, _LOCK)
            now, keys = self._clock(), _turns(tx)
            for alg in ALGORITHMS:
                own = [key for key in keys if key.alg == alg]
                if not _line_up(tx, own, in_turn(own, now)):
                    # Without a predecessor it signs whatever the clock of another node says.
                    self._create(tx, alg, now if own else 0.0, journal)
        self.forget()

    def rotate(self, alg: str, lead: float, keep: float, journal: Journal) -> str:
        """
        Make the next key of `alg`: published now, signing in `lead` seconds; returns its kid.

        The key that signs until then stays published for `keep` more seconds, so that the last
        token it signed can be verified to its end. A key that waits for a later moment still
        takes its turn. When nothing signs, the new key does so at once.
        """
        with self._engine.begin() as tx:
            exclusive(tx, _LOCK)
            now = self._clock()
            someone = any(key.lives_at(now) for key in _turns(tx) if key.alg == alg)
            kid = self._create(tx, alg, now + lead if someone else now, journal)
            own = [key for key in _turns(tx) if key.alg == alg]
            _line_up(tx, own, in_turn(own, now, keep))
        self.forget()
        return kid

    def retire(self, kid: str, journal: Journal) -> bool:
        """
        Take a key out of use and out of the published set at once (a leaked key).

        Whoever follows it signs at once, and whoever it would have followed goes on signing.
        False when there is no such key. ValueError when nothing else could sign.
        """
        with self._engine.begin() as tx:
            exclusive(tx, _LOCK)
            now, keys = self._clock(), _turns(tx)
            leaving = next((key for key in keys if key.kid == kid), None)
            if leaving is None:
                return False
            if leaving.retired:
                return True
            others = [key for key in keys if key.alg == leaving.alg and key is not leaving]
            heirs = in_turn(others, now)
            if not heirs:
                raise ValueError(
                    "It is the only key that signs: first `passerelle keys rotate --lead 0`."
                )
            _line_up(tx, keys, (*heirs, leaving.retired_at(now)))
            journal.write(tx, Event.KEY_RETIRED, kid=kid)
        self.forget()
        return True

    def everything(self) -> tuple[SigningKey, ...]:
        """Every key, whatever its state, oldest first."""
        self.forget()
        return self._fresh()

    def forget(self) -> None:
        """Read the database again at the next use."""
        self._read_at = float("-inf")

    def current(self, alg: str) -> SigningKey:
        """The key that signs now with `alg`."""
        return signing_at(self._fresh(), alg, self._clock())

    def published(self) -> dict[str, list[dict[str, Any]]]:
        """The JWK set as services see it (RFC 7517 §5): next, current and previous keys."""
        now = self._clock()
        keys = [k for k in self._fresh() if k.published_at(now)]
        return {"keys": [_public(k) for k in keys]}

    def kids(self) -> tuple[str, ...]:
        """The names of the published keys: while they are the same, so is the whole set."""
        now = self._clock()
        return tuple(k.kid for k in self._fresh() if k.published_at(now))

    def verification_set(self) -> KeySet:
        """The published keys, ready to verify what this issuer signed."""
        now = self._clock()
        return KeySet([k.key for k in self._fresh() if k.published_at(now)])

    def _fresh(self) -> tuple[SigningKey, ...]:
        now = self._clock()
        # A clock set back must not freeze the ring.
        if not 0 <= now - self._read_at < _REFRESH_SECONDS:
            with self._lock, reading(self._engine) as connection:
                self._keys = tuple(self._read(row) for row in connection.execute(_BY_AGE))
                self._read_at = now
        return self._keys

    def _read(self, row: Any) -> SigningKey:
        if row.kid not in self._parsed:
            private = json.loads(self._sealer.open(row.private, _PURPOSE))
            self._parsed[row.kid] = _import(private)
        times = (row.signs_from, row.signs_until, row.published_until)
        return SigningKey(row.kid, row.alg, *times, self._parsed[row.kid])

    def _create(self, tx: Connection, alg: str, begins: float, journal: Journal) -> str:
        made = _generate(alg)
        kid = made.thumbprint()
        private = json.dumps(made.as_dict(private=True) | {"kid": kid}).encode()
        row = {
            "kid": kid,
            "alg": alg,
            "private": self._sealer.seal(private, _PURPOSE),
            "public": json.dumps(made.as_dict(private=False) | {"kid": kid}),
            "created_at": self._clock(),
            "signs_from": begins,
        }
        tx.execute(insert(SIGNING_KEY), row)
        journal.write(tx, Event.KEY_CREATED, kid=kid, alg=alg)
        return kid


def _turns(tx: Connection) -> tuple[Turn, ...]:
    """Every key by the moment it begins; none is unsealed for that."""
    return tuple(Turn(*row) for row in tx.execute(_TURNS))


def _line_up(tx: Connection, before: Sequence[Turn], after: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Write what is not as it was before; returns `after`."""
    for key in after:
        if key not in before:
            times = {"begins": key.signs_from, "ends": key.signs_until, "out": key.published_until}
            tx.execute(_CHANGE, {"changed": key.kid, **times})
    return after


def _generate(alg: str) -> Key:
    parameters: KeyParameters = {"use": "sig", "alg": alg}
    if alg == "ES256":
        return ECKey.generate_key("P-256", parameters, private=True)
    return RSAKey.generate_key(2048, parameters, private=True)


def _import(jwk: dict[str, Any]) -> Key:
    if jwk["kty"] == "EC":
        return ECKey.import_key(jwk)
    n, e, d, p, q, dp, dq, qi = (base64_to_int(jwk[name]) for name in _RSA)
    numbers = RSAPrivateNumbers(p, q, d, dp, dq, qi, RSAPublicNumbers(e, n))
    # That its primes are primes was seen when we made it, and nobody else can seal: proving it
    # again takes 40 ms.
    private = numbers.private_key(unsafe_skip_rsa_key_validation=True)
    told: KeyParameters = {"kid": jwk["kid"], "use": jwk["use"], "alg": jwk["alg"]}
    return RSAKey.import_key(private, told)


def _public(key: SigningKey) -> dict[str, Any]:
    return key.key.as_dict(private=False)
