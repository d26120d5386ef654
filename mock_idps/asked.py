"""A checked authorization request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A checked authorization request (OpenID Connect Core §3.1.2.1).

    `levels` are the `acr_values` in order of preference; `max_age` seconds or None; `challenge`
    the S256 code challenge or None; `hint` the raw `login_hint`; `locales` the `ui_locales`.
    """

    redirect_uri: str
    state: str | None
    nonce: str | None
    scopes: tuple[str, ...]
    levels: tuple[str, ...] = ()
    prompt: frozenset[str] = frozenset()
    max_age: int | None = None
    challenge: str | None = None
    hint: str = ""
    locales: str = ""


NOTHING_ASKED = Asked(redirect_uri="", state=None, nonce=None, scopes=())
"""For the answers that belong to no request, such as the published keys."""
