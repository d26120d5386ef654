"""
private_key_jwt: a service proves itself with a signed assertion (RFC 7523 §3, RFC 10070).

The audience must be the issuer alone and the type `client-authentication+jwt`, so that an
assertion made for one server is worth nothing at another. Each `jti` serves once, on any node.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    delete,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from broker.clients.client import Client
from broker.clients.keys import ClientKeys
from broker.clients.signed import is_moment, protected_header
from broker.database import BROKER
from broker.errors import ClientAssertionError, ClientAssertionReplayedError
from broker.outside import Clock
from broker.sealing import digest

USED_ASSERTION = Table(
    "used_assertion",
    BROKER,
    Column("client_id", Text, nullable=False),
    Column("jti_hash", Text, nullable=False),
    Column("expires_at", Float, nullable=False),
    PrimaryKeyConstraint("client_id", "jti_hash"),
    Index("used_assertion_expiry", "expires_at"),
)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TYP = "client-authentication+jwt"
ALGORITHMS = ("ES256", "ES384", "ES512", "PS256", "RS256")
LONGEST_LIFE = 600
SKEW = 60
_MAX_JTI = 255
_LOG = structlog.get_logger("broker.clients")


@dataclass(frozen=True, slots=True)
class Assertions:
    """Verifies client assertions for this issuer."""

    engine: Engine
    keys: ClientKeys
    clock: Clock
    issuer: str

    def check(self, client: Client, assertion: str) -> None:
        """Accept the assertion once, or raise why it is refused."""
        claims = self._verified(client, assertion)
        self._check_claims(client, claims)
        self._use_once(client, claims)

    def _verified(self, client: Client, assertion: str) -> Mapping[str, Any]:
        typ = protected_header(assertion, refused).get("typ", "JWT")
        older = client.settings.legacy_assertion_audience and typ == "JWT"
        if typ != TYP and not older:
            raise refused(f"typ must be {TYP}")
        return self.keys.verified(client.settings, assertion, ALGORITHMS, refused)

    def _check_claims(self, client: Client, claims: Mapping[str, Any]) -> None:
        now = self.clock()
        if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
            raise refused("iss and sub must both be the client_id")
        self._check_audience(client, claims.get("aud"))
        expires = claims.get("exp")
        if not is_moment(expires):
            raise refused("exp is required")
        if expires <= now - SKEW:
            raise refused("has expired")
        if expires > now + LONGEST_LIFE + SKEW:
            raise refused(f"must not live longer than {LONGEST_LIFE} seconds")
        for name in ("iat", "nbf"):
            begins = claims.get(name, now)
            if not is_moment(begins) or begins > now + SKEW:
                raise refused(f"{name} is in the future")

    def _check_audience(self, client: Client, audience: object) -> None:
        if audience in (self.issuer, [self.issuer]):
            return
        older = (f"{self.issuer}/token", [f"{self.issuer}/token"])
        if client.settings.legacy_assertion_audience and audience in older:
            _LOG.info("legacy assertion audience", client_id=client.client_id)
            return
        raise refused("aud must be the issuer alone")

    def _use_once(self, client: Client, claims: Mapping[str, Any]) -> None:
        jti = claims.get("jti")
        if not isinstance(jti, str) or not 0 < len(jti) <= _MAX_JTI or not jti.isprintable():
            raise refused("jti is required")
        row = {
            "client_id": client.client_id,
            "jti_hash": digest("jti", jti),
            "expires_at": float(claims["exp"]) + SKEW,
        }
        try:
            with self.engine.begin() as tx:
                tx.execute(insert(USED_ASSERTION), row)
        except IntegrityError as fault:
            raise ClientAssertionReplayedError(detail="this jti was used before") from fault


def purge(tx: Connection, before: float, most: int = 500) -> int:
    """Forget up to `most` assertions that expired before `before`; returns how many."""
    columns = USED_ASSERTION.c
    old = select(columns.jti_hash).where(columns.expires_at < before).limit(most)
    done = tx.execute(
        delete(USED_ASSERTION).where(columns.jti_hash.in_(old), columns.expires_at < before)
    )
    return int(done.rowcount)


def refused(detail: str) -> ClientAssertionError:
    """The refusal of an assertion for breaking a rule."""
    return ClientAssertionError(parameter="client_assertion", detail=detail)
