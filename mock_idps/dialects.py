"""
Dialects: how one issuer speaks OpenID Connect, as a row of choices.

The rows repeat what real providers do differently; the code asks the row, never the name.
"""

from dataclasses import dataclass
from enum import StrEnum


class SignIn(StrEnum):
    """How a person proves who they are."""

    PASSWORD = "password"  # noqa: S105 - the name of a way to sign in
    PHONE = "phone"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    One way to speak.

    `client_auth` lists the accepted ways of RFC 6749 §2.3 and OpenID Connect Core §9; `levels` the
    `acr` values, weakest first; `signed_userinfo` and `encrypted_id_token` are promises that every
    answer keeps; `old_claims` replaces the standard claim names (see `claims.py`).
    """

    signing_alg: str = "ES256"
    client_auth: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    levels: tuple[str, ...] = ("eidas1", "eidas2")
    discovery: bool = True
    signed_userinfo: bool = False
    encrypted_id_token: bool = False
    requires_par: bool = False
    requires_pkce: bool = False
    logout: bool = True
    old_claims: bool = False
    sign_in: SignIn = SignIn.PASSWORD
    attacks: bool = False


DIALECTS: dict[str, Dialect] = {
    "plain": Dialect(),
    "tax": Dialect(
        signing_alg="RS256", client_auth=("client_secret_post",), levels=("eidas1",), logout=False
    ),
    "postal": Dialect(
        client_auth=("client_secret_post",),
        signed_userinfo=True,
        requires_par=True,
        requires_pkce=True,
    ),
    "msa": Dialect(
        client_auth=("client_secret_basic",),
        levels=("eidas1",),
        discovery=False,
        old_claims=True,
        logout=False,
    ),
    "mobile": Dialect(
        client_auth=("private_key_jwt",),
        encrypted_id_token=True,
        logout=False,
        sign_in=SignIn.PHONE,
    ),
    "ameli": Dialect(levels=("eidas1",), logout=False, sign_in=SignIn.ACCOUNT),
    "attacker": Dialect(
        client_auth=("private_key_jwt", "client_secret_post", "client_secret_basic"), attacks=True
    ),
}
