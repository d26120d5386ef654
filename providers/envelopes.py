"""
Opening what a provider wrapped: decryption, signature, and nothing believed before either.

Only the compact serialisation, only the algorithm agreed with the provider, only keys it
publishes; a header that names its own key, an extension or compression is refused (RFC 8725).
"""

from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jws import JWSRegistry

from providers.faults import ProviderFault
from providers.jwks import Header, VerificationKey
from providers.keys import PrivateKey
from providers.strict_json import json_object
from providers.token_faults import (
    AlgRefused,
    BadSignature,
    HeaderKeyRefused,
    JweMissing,
    JweRefused,
    JweUndecryptable,
    JweUnexpected,
    TypRefused,
    UnknownCrit,
)

_MAX_KID = 255
_JWS_DOTS, _JWE_DOTS = 2, 4
_KEY_HEADERS = frozenset({"jwk", "jku", "x5u", "x5c"})
_TYPES = frozenset({"jwt", "application/jwt"})
# Tuples, since a header may hold a value that cannot be hashed.
_JWE_ALGS = ("RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW")
_JWE_ENCS = ("A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512")


class _Signatures(JWSRegistry):
    """The library's own limits, but for headers: some providers send long ones."""

    max_header_length = 4096


_ENCRYPTION = JWERegistry(algorithms=_JWE_ALGS + _JWE_ENCS, strict_check_header=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """How one kind of token of one provider must be wrapped; made once, with the settings."""

    alg: str
    malformed: type[ProviderFault]
    decryption_key: PrivateKey | None = None
    signatures: JWSRegistry = field(init=False)

    def __post_init__(self) -> None:
        registry = _Signatures(algorithms=[self.alg], strict_check_header=False)
        object.__setattr__(self, "signatures", registry)


@dataclass(frozen=True, slots=True)
class Opened:
    """A token whose signature was verified: its claims, and the signed token itself."""

    claims: dict[str, Any]
    signed: str


Find = Callable[[Header, VerificationKey | None], VerificationKey]
"""The key for a header; given a key that failed, a newer one or the same again."""


def open_envelope(token: object, envelope: Envelope, find: Find) -> Opened:
    """The verified content of a token; one fault for each way it may be wrong."""
    if not isinstance(token, str) or not token.isascii():
        raise envelope.malformed(kind=token if token is None else type(token).__name__)
    signed = _decrypted(token, envelope)
    header = _header(signed, envelope.malformed)
    for check in HEADER_CHECKS:
        check(header, envelope)
    return Opened(_verified(signed, header, envelope, find), signed)


def _header(token: str, malformed: type[ProviderFault]) -> dict[str, Any]:
    segment = token.partition(".")[0]
    try:
        return json_object(urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except ValueError as unreadable:
        raise malformed(part="header") from unreadable


def _decrypted(token: str, envelope: Envelope) -> str:
    """The signed token inside; a signed token itself where no encryption was agreed."""
    dots = token.count(".")
    key = envelope.decryption_key
    if key is None:
        if dots == _JWE_DOTS:
            raise JweUnexpected
        return token
    if dots == _JWS_DOTS:
        raise JweMissing
    header = _header(token, envelope.malformed)
    no_critical_extension(header, envelope)
    if header.get("alg") not in _JWE_ALGS or header.get("enc") not in _JWE_ENCS or "zip" in header:
        raise JweRefused(alg=header.get("alg"), enc=header.get("enc"))
    try:
        inside = jwe.decrypt_compact(token, key, registry=_ENCRYPTION).plaintext or b""
        return inside.decode("ascii")
    except Exception as undecryptable:  # the library tells a bad token by a dozen unrelated classes
        raise JweUndecryptable from undecryptable


def agreed_algorithm(header: Header, envelope: Envelope) -> None:
    """`alg` is the one agreed; `none` and HMAC never are."""
    if header.get("alg") != envelope.alg:
        raise AlgRefused(alg=header.get("alg"), agreed=envelope.alg)


def no_critical_extension(header: Header, _envelope: Envelope) -> None:
    """No `crit`, and no detached or unencoded payload (RFC 7797)."""
    if "crit" in header or "b64" in header:
        raise UnknownCrit


def no_key_of_its_own(header: Header, _envelope: Envelope) -> None:
    """No key, nor address of a key, in the header."""
    brought = _KEY_HEADERS & header.keys()
    if brought:
        raise HeaderKeyRefused(header=min(brought))


def right_type(header: Header, _envelope: Envelope) -> None:
    """`typ`, where there is one, says JWT."""
    typ = header.get("typ", "JWT")
    if not isinstance(typ, str) or typ.lower() not in _TYPES:
        raise TypRefused(typ=typ)


def usable_key_id(header: Header, envelope: Envelope) -> None:
    """`kid`, where there is one, is a text of sane length."""
    kid = header.get("kid", "")
    if not isinstance(kid, str) or len(kid) > _MAX_KID:
        raise envelope.malformed(part="kid")


HEADER_CHECKS = (
    no_critical_extension,
    no_key_of_its_own,
    agreed_algorithm,
    right_type,
    usable_key_id,
)


def _verified(signed: str, header: Header, envelope: Envelope, find: Find) -> dict[str, Any]:
    try:
        token = jws.extract_compact(signed.encode("ascii"), registry=envelope.signatures)
    except JoseError as unreadable:
        raise envelope.malformed(part="segments") from unreadable
    key = find(header, None)
    if not _signs(token, key, envelope):
        newer = find(header, key)
        if newer is key or not _signs(token, newer, envelope):
            raise BadSignature(alg=envelope.alg, kid=header.get("kid", ""))
    try:
        return json_object(token.payload)
    except ValueError as unreadable:
        raise envelope.malformed(part="payload") from unreadable


def _signs(token: jws.CompactSignature, key: VerificationKey, envelope: Envelope) -> bool:
    try:
        return jws.validate_compact(token, key, registry=envelope.signatures)
    except (JoseError, ValueError, TypeError):
        return False
