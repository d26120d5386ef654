"""What a built-in provider declares about itself, so that its settings table stays short."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Claims = Mapping[str, Any]


def unchanged(claims: Claims) -> Claims:
    """The claims as they came."""
    return claims


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    One way of speaking OpenID Connect.

    `defaults` are keys of `[providers.<id>]` that a table of this `kind` may leave out or
    override; `reshape` rewrites the claims for what no mapping can declare.
    """

    kind: str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    reshape: Callable[[Claims], Claims] = unchanged
