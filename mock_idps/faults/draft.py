"""An ID token before its signature, in a form that lies can change."""

from dataclasses import dataclass, replace
from typing import Any

from joserfc.jwk import Key


@dataclass(frozen=True, slots=True)
class Draft:
    """Header, claims and signing key of a token to be; a lie gives a changed copy."""

    header: dict[str, Any]
    claims: dict[str, Any]
    key: Key | bytes

    def head(self, **members: Any) -> "Draft":
        """The same with other header members."""
        return replace(self, header={**self.header, **members})

    def claim(self, **claims: Any) -> "Draft":
        """The same with other claims; `...` removes one, since None is a value a liar may send."""
        return replace(self, claims=without_ellipses({**self.claims, **claims}))

    def signed_by(self, key: Key | bytes) -> "Draft":
        """The same under another key, the header unchanged."""
        return replace(self, key=key)


def without_ellipses(claims: dict[str, Any]) -> dict[str, Any]:
    """The claims that are really there."""
    return {name: value for name, value in claims.items() if value is not ...}
