"""Our own private keys towards a provider: to sign assertions, to open encrypted tokens."""

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from providers.strict_json import json_object

_CURVE_ALGORITHMS = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}

PrivateKey = ECKey | RSAKey


def private_key(text: str) -> PrivateKey:
    """The private key in `text`, a JWK in JSON or a PEM; ValueError for anything else."""
    for kind in (ECKey, RSAKey):
        try:
            key = kind.import_key(json_object(text) if text.startswith("{") else text)
        except (JoseError, ValueError, KeyError, TypeError):
            continue
        if key.is_private:
            return key
    raise ValueError("must be a private EC or RSA key, as a JWK in JSON or as a PEM")


def assertion_alg(key: PrivateKey) -> str | None:
    """The algorithm this key signs with, None for a curve that signs nothing here."""
    if isinstance(key, RSAKey):
        return "RS256"
    return _CURVE_ALGORITHMS.get(key.curve_name)
