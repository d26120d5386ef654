"""The ID token (OpenID Connect Core §2): drafted, falsified if need be, signed, encrypted."""

import hashlib
from typing import Any

from joserfc import jwe
from joserfc.jwk import Key

from mock_idps.faults.draft import Draft, without_ellipses
from mock_idps.faults.fault import Where, lie
from mock_idps.issuer import Issuer
from mock_idps.keys import sealed, unpadded
from mock_idps.records import Grant

ID_TOKEN_SECONDS = 300


def subject_of(issuer: Issuer, grant: Grant) -> Any:
    """The subject as this login will hear it, in both places."""
    return lie(
        grant.fault,
        Where.SUBJECT,
        grant.person.subject,
        issuer.liar(grant.asked, grant.person.persona),
    )


def id_token(issuer: Issuer, grant: Grant, access_token: str) -> str:
    """The compact ID token for that access token, lies of this login included."""
    liar = issuer.liar(grant.asked, grant.person.persona)
    draft = lie(grant.fault, Where.ID_TOKEN, _honest(issuer, grant, access_token), liar)
    token = sealed(draft.header, draft.claims, draft.key)
    if not issuer.dialect.encrypted_id_token:
        return token
    recipient = lie(grant.fault, Where.CIPHER, issuer.settings.client_key("enc"), liar)
    return _encrypted(token, recipient) if recipient else token


def _honest(issuer: Issuer, grant: Grant, access_token: str) -> Draft:
    asked, person, now = grant.asked, grant.person, issuer.now
    key = _signing_key(issuer, grant)
    digest = hashlib.sha256(access_token.encode()).digest()
    claims = {
        "iss": issuer.settings.issuer,
        "sub": subject_of(issuer, grant),
        "aud": issuer.settings.client_id,
        "iat": now,
        "exp": now + ID_TOKEN_SECONDS,
        "auth_time": person.auth_time,
        "nonce": asked.nonce,
        "acr": grant.level,
        "amr": list(person.amr),
        "at_hash": unpadded(digest[:16]).decode(),
    }
    header = {"alg": issuer.keys.alg, "kid": key.kid, "typ": "JWT"}
    return Draft(header, without_ellipses(claims), key)


def _signing_key(issuer: Issuer, grant: Grant) -> Key:
    """The key that signs now; for a fault of the JWKS, one the client must fetch first."""
    if grant.fault is None or grant.fault.where is not Where.JWKS:
        return issuer.keys.signing
    issuer.arm(grant.fault)
    return issuer.keys.publish()


def _encrypted(token: str, recipient: Key) -> str:
    """A JWE around the signed token (RFC 7516), content type JWT (RFC 7519 §5.2)."""
    header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "cty": "JWT", "kid": recipient.kid}
    if recipient.key_type == "RSA":
        header["alg"] = "RSA-OAEP-256"
    return jwe.encrypt_compact(
        header, token, recipient, algorithms=["ECDH-ES+A256KW", "RSA-OAEP-256", "A256GCM"]
    )
