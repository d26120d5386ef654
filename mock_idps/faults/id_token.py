"""Lies told in the ID token: its claims, its header, its signature, its encryption."""

from collections.abc import Callable
from typing import Any, cast

from joserfc.jwk import ECKey, RSAKey

from mock_idps.faults.draft import Draft
from mock_idps.faults.fault import Ends, Fault, Liar, Where

_DAY = 86_400
_SIGNATURE = "Refuse: the signature must come from a published key, by the agreed algorithm."
_ALGORITHM = "Refuse: only the agreed algorithm is accepted, whatever the header says."


def _claims(name: str, does: str, expects: str, **claims: Any) -> Fault:
    """A lie that sets fixed claims; `...` leaves one out."""

    def act(draft: Draft, _: Liar) -> Draft:
        return draft.claim(**claims)

    return Fault(name, Where.ID_TOKEN, does, expects, act)


def _made(
    name: str,
    does: str,
    expects: str,
    act: Callable[[Draft, Liar], Draft],
    ends: Ends = Ends.BANNER,
) -> Fault:
    return Fault(name, Where.ID_TOKEN, does, expects, act, ends)


def _expired(draft: Draft, liar: Liar) -> Draft:
    return draft.claim(iat=liar.now - 2 * _DAY, exp=liar.now - _DAY)


def _not_yet_valid(draft: Draft, liar: Liar) -> Draft:
    return draft.claim(iat=liar.now + _DAY, nbf=liar.now + _DAY, exp=liar.now + 2 * _DAY)


def _two_audiences(draft: Draft, _: Liar) -> Draft:
    return draft.claim(aud=[draft.claims["aud"], "another-service"])


def _hmac_with_public_key(draft: Draft, liar: Liar) -> Draft:
    public = cast("ECKey | RSAKey", liar.keys.signing)
    return draft.head(alg="HS256").signed_by(public.as_pem(private=False))


def _hmac_with_secret(draft: Draft, liar: Liar) -> Draft:
    return draft.head(alg="HS256").signed_by(liar.settings.client_secret.encode())


def _header_key(draft: Draft, liar: Liar) -> Draft:
    foreign = liar.keys.foreign
    return draft.head(kid=foreign.kid, jwk=foreign.as_dict(private=False)).signed_by(foreign)


def _lower_level(draft: Draft, _: Liar) -> Draft:
    rank = int(draft.claims["acr"][-1])
    return draft.claim(acr=f"eidas{rank - 1}")


def _other_case(draft: Draft, _: Liar) -> Draft:
    return draft.claim(sub=str(draft.claims["sub"]).swapcase())


CLAIMS_AND_SIGNATURE = (
    _claims(
        "wrong_token_iss",
        "The ID token names another issuer.",
        "Refuse: the issuer is compared exactly with the settings.",
        iss="https://other.example",
    ),
    _claims(
        "wrong_aud",
        "The ID token is meant for another service.",
        "Refuse: the audience must be the broker's own client.",
        aud="another-service",
    ),
    _made(
        "two_aud_no_azp",
        "The ID token has two audiences and no authorized party.",
        "Refuse: with several audiences azp must name the broker's client.",
        _two_audiences,
    ),
    _claims(
        "wrong_azp",
        "The ID token was given to another authorized party.",
        "Refuse: azp, when present, must be the broker's client.",
        azp="another-service",
    ),
    _made("expired", "The ID token expired yesterday.", "Refuse: too old.", _expired),
    _made(
        "not_yet_valid",
        "The ID token is dated tomorrow.",
        "Refuse: from the future beyond the tolerated skew.",
        _not_yet_valid,
    ),
    _claims(
        "wrong_nonce",
        "The ID token has the nonce of another login.",
        "Refuse: the nonce must be the one of this trip.",
        nonce="0" * 43,
    ),
    _claims(
        "no_nonce",
        "The ID token has no nonce, and says nonces are not supported.",
        "Refuse: a nonce was sent, it must come back, whatever the token says.",
        nonce=...,
        nonce_supported=False,
    ),
    _made(
        "alg_none",
        "The ID token is not signed (alg none).",
        _ALGORITHM,
        lambda draft, _: draft.head(alg="none"),
    ),
    _made(
        "hs256_public_key",
        "The ID token is signed by HMAC with the public key as secret.",
        _ALGORITHM,
        _hmac_with_public_key,
    ),
    _made(
        "hs256_client_secret",
        "The ID token is signed by HMAC with the client secret.",
        _ALGORITHM,
        _hmac_with_secret,
    ),
    _made(
        "unknown_kid",
        "The ID token names a key that is not published.",
        "Refuse after one refresh of the published keys, at a limited rate.",
        lambda draft, liar: draft.head(kid="nobody").signed_by(liar.keys.foreign),
    ),
    _made(
        "foreign_key",
        "The ID token is signed by a foreign key under the name of the published one.",
        _SIGNATURE,
        lambda draft, liar: draft.signed_by(liar.keys.foreign),
    ),
    _made(
        "jwk_header",
        "The ID token brings its own key in its header.",
        "Refuse: a key from the token itself proves nothing.",
        _header_key,
    ),
    _made(
        "unknown_crit",
        "The ID token demands an extension nobody knows (crit).",
        "Refuse: an unknown critical extension may not be ignored (RFC 7515 §4.1.11).",
        lambda draft, _: draft.head(crit=["x-unknown"], **{"x-unknown": True}),
    ),
    _claims(
        "wrong_at_hash",
        "The ID token vouches for another access token.",
        "Refuse: at_hash must fit the access token received with it.",
        at_hash="AAAAAAAAAAAAAAAAAAAAAA",
    ),
    _made(
        "other_case_sub",
        "The ID token writes the subject in other case than the userinfo.",
        "Refuse: subjects are compared byte by byte.",
        _other_case,
    ),
    _made(
        "acr_lower",
        "The ID token has a level below the one it could reach.",
        "Refuse: the level must be at least the one asked, and a known one.",
        _lower_level,
    ),
    _claims(
        "acr_missing",
        "The ID token has no level.",
        "Refuse: an unknown level is no level.",
        acr=...,
    ),
    _made(
        "old_auth_time",
        "The person signed in yesterday.",
        "Refuse if the request asked for a recent sign-in (max_age), accept otherwise.",
        lambda draft, liar: draft.claim(auth_time=liar.now - _DAY),
        Ends.AS_ASKED,
    ),
)

ENCRYPTION = (
    Fault(
        "wrong_encryption_key",
        Where.CIPHER,
        "The ID token is encrypted to the key of somebody else.",
        "Refuse: what cannot be read is not accepted.",
        lambda _, __: ECKey.generate_key("P-256", {"use": "enc"}, auto_kid=True),
        only="encrypted_id_token",
    ),
    Fault(
        "not_encrypted",
        Where.CIPHER,
        "The ID token is signed but not encrypted, though encryption was agreed.",
        "Refuse: a promised encryption may not be left out.",
        lambda _, __: None,
        only="encrypted_id_token",
    ),
)

SIGNED_USERINFO = (
    Fault(
        "userinfo_unsigned",
        Where.SIGNED_USERINFO,
        "The userinfo is bare JSON though a signature was agreed.",
        "Refuse: a promised signature may not be left out.",
        lambda _, __: None,
        only="signed_userinfo",
    ),
    Fault(
        "userinfo_alg_none",
        Where.SIGNED_USERINFO,
        "The userinfo is a token that is not signed (alg none).",
        _ALGORITHM,
        lambda draft, _: draft.head(alg="none"),
        only="signed_userinfo",
    ),
    Fault(
        "userinfo_foreign_key",
        Where.SIGNED_USERINFO,
        "The userinfo is signed by a foreign key under the name of the published one.",
        _SIGNATURE,
        lambda draft, liar: draft.signed_by(liar.keys.foreign),
        only="signed_userinfo",
    ),
    Fault(
        "userinfo_wrong_aud",
        Where.SIGNED_USERINFO,
        "The signed userinfo is meant for another service.",
        "Refuse: the audience must be the broker's own client (OpenID Connect Core §5.3.2).",
        lambda draft, _: draft.claim(aud="another-service"),
        only="signed_userinfo",
    ),
)
