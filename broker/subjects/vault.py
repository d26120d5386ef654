"""A pivot identity at rest: sealed, and bound to the one thing it was sealed for."""

import json

from broker.sealing import Sealer
from providers.identity import Gender, PartialDate, PivotIdentity

_PURPOSE = "identity"


def seal_identity(identity: PivotIdentity, sealer: Sealer) -> bytes:
    """The identity, encrypted for an attempt, a session or a code."""
    stored = [
        identity.family_name,
        identity.given_names,
        str(identity.birthdate),
        identity.gender.value,
        identity.birthplace,
        identity.birthcountry,
        identity.usage_name,
        identity.email,
        identity.tokens_given,
    ]
    return sealer.seal(json.dumps(stored).encode(), _PURPOSE)


def open_identity(sealed: bytes, sealer: Sealer) -> PivotIdentity:
    """The inverse of `seal_identity`; UnsealError when the bytes were altered."""
    stored = json.loads(sealer.open(sealed, _PURPOSE))
    family_name, given_names, birthdate, gender, *rest = stored
    return PivotIdentity(
        family_name, tuple(given_names), PartialDate.parse(birthdate), Gender(gender), *rest
    )
