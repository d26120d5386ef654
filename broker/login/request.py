"""The authorization request after every check has passed, as an attempt keeps it."""

from dataclasses import dataclass
from typing import Any

from providers.levels import Level

_LISTS = ("scopes", "prompt", "claims", "voluntary", "in_id_token")


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """
    What a service asked for (OpenID Connect Core §3.1.2.1); nothing in it is unchecked.

    `level` is the least level to reach; `code_challenge` an S256 challenge or None; `max_age` in
    seconds or None. `claims` were asked one by one, `voluntary` are those the person may keep,
    `in_id_token` those wanted in the ID token; `hinted_sub` is the only person the service takes.
    """

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    level: Level
    state: str | None = None
    nonce: str | None = None
    code_challenge: str | None = None
    prompt: tuple[str, ...] = ()
    max_age: int | None = None
    login_hint: str | None = None
    ui_locales: str | None = None
    idp_hint: str | None = None
    response_mode: str = "query"
    claims: tuple[str, ...] = ()
    voluntary: tuple[str, ...] = ()
    in_id_token: tuple[str, ...] = ()
    hinted_sub: str | None = None

    def as_json(self) -> dict[str, Any]:
        """A form that `from_json` reads again; empty fields are left out."""
        named = ((name, getattr(self, name)) for name in type(self).__slots__)
        return {name: value for name, value in named if value not in (None, ())}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "AuthorizationRequest":
        """The inverse of `as_json`."""
        fields: dict[str, Any] = {**stored, "level": Level(stored["level"])}
        fields |= {key: tuple(stored[key]) for key in _LISTS if key in stored}
        return cls(**fields)
