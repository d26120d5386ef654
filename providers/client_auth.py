"""
How this client proves who it is at a provider's token and PAR endpoints.

What can be made once is made once: the header of client_secret_basic, the parsed key.
"""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus

from joserfc import jwt
from joserfc.jws import JWSRegistry

from providers.keys import PrivateKey, assertion_alg, private_key
from providers.settings import ProviderSettings

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 60
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Proof:
    """What a request to the provider must carry: headers, and fields of its form."""

    headers: Mapping[str, str]
    fields: Mapping[str, str]


Prove = Callable[[float], Proof]
"""The proof for one request, told the time."""


def client_auth(settings: ProviderSettings, random: Random) -> Prove:
    """The proof in the way the settings name (OpenID Connect Core §9)."""
    if settings.client_auth == "private_key_jwt":
        return Assertions(settings, private_key(settings.client_key or ""), random)
    secret = settings.client_secret or ""
    if settings.client_auth == "client_secret_basic":
        fixed = Proof({**_FORM, "Authorization": _basic(settings.client_id, secret)}, {})
    else:
        fixed = Proof(_FORM, {"client_id": settings.client_id, "client_secret": secret})
    return lambda _now: fixed


def _basic(client_id: str, secret: str) -> str:
    """Both parts are form-encoded before Base64 (RFC 6749 §2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + b64encode(pair.encode("ascii")).decode("ascii")


class Assertions:
    """
    Signs one assertion for each request (RFC 7523 §3).

    The audience is the issuer alone and the type explicit, so that no other server can make use of
    an assertion meant for this one (the audience injection of 2025, CVE-2025-27370).
    """

    def __init__(self, settings: ProviderSettings, key: PrivateKey, random: Random) -> None:
        key.ensure_kid()
        alg = assertion_alg(key) or ""
        self._key, self._random, self._client_id = key, random, settings.client_id
        self._audience = settings.issuer
        self._header = {"alg": alg, "kid": key.kid, "typ": "client-authentication+jwt"}
        self._registry = JWSRegistry(algorithms=[alg])

    def __call__(self, now: float) -> Proof:
        """A form with an assertion good for a minute, never signed twice."""
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._audience,
            "iat": int(now),
            "exp": int(now) + _ASSERTION_SECONDS,
            "jti": urlsafe_b64encode(self._random(16)).rstrip(b"=").decode("ascii"),
        }
        signed = jwt.encode(self._header, claims, self._key, registry=self._registry)
        fields = {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": signed}
        return Proof(_FORM, {"client_id": self._client_id, **fields})
