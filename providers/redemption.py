"""From the answer at the callback to a code, and from the code to tokens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from providers.call_faults import TOKEN
from providers.calls import Calls
from providers.client_auth import Proof
from providers.faults import IssuerMismatch, IssuerMissing, NoCode, ProviderError, TokenMalformed

_CODE = re.compile(r"[\x21-\x7e]{1,4096}")
_ACCESS_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The usable part of a token reply; the ID token is whatever the provider put there."""

    access_token: str
    id_token: object


def code_of(answer: Mapping[str, str], issuer: str, *, iss_promised: bool) -> str:
    """
    The code of a successful answer.

    The issuer is compared first, errors included: whoever mixed providers up may also write an
    error (RFC 9207 §2.4).
    """
    named = answer.get("iss")
    if named is None and iss_promised:
        raise IssuerMissing
    if named is not None and named != issuer:
        raise IssuerMismatch
    if "error" in answer:
        raise ProviderError(answer["error"])
    code = answer.get("code", "")
    if not _CODE.fullmatch(code):
        raise NoCode
    return code


def redeemed(endpoint: str, grant: Mapping[str, str], proof: Proof, calls: Calls) -> Tokens:
    """The tokens for a grant, that is code, redirect_uri and code_verifier (RFC 6749 §4.1.3)."""
    form = urlencode({"grant_type": "authorization_code", **grant, **proof.fields})
    reply = calls.post(endpoint, proof.headers, form, TOKEN)
    return Tokens(_access_token(reply), _id_token(reply))


def _access_token(reply: dict[str, Any]) -> str:
    """The access token, of characters that may stand in a header (RFC 6750 §2.1)."""
    kind, token = reply.get("token_type"), reply.get("access_token")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise TokenMalformed(part="token_type")
    if not isinstance(token, str) or not _ACCESS_TOKEN.fullmatch(token):
        raise TokenMalformed(part="access_token")
    return token


def _id_token(reply: dict[str, Any]) -> object:
    if "id_token" not in reply:
        raise TokenMalformed(part="id_token")
    return reply["id_token"]
