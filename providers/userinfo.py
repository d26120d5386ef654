"""
The user information: fetched with the access token, plain or signed as the provider declared.

What is promised signed is never taken unsigned, and what is about another subject is never taken.
"""

from typing import Any

from providers.call_faults import USERINFO
from providers.calls import Calls, read_object
from providers.envelopes import Envelope, Find, open_envelope
from providers.faults import UserinfoMalformed, UserinfoUnsigned
from providers.id_token import audiences, same
from providers.settings import ProviderSettings
from providers.token_faults import SubjectMismatch, UserinfoAudience, UserinfoIssuer

_JSON, _JWT = "application/json", "application/jwt"


class Userinfo:
    """Reads the user information of one provider, as its settings declare it."""

    def __init__(self, settings: ProviderSettings, envelope: Envelope) -> None:
        self._settings = settings
        self._envelope = envelope
        self._signed = settings.userinfo == "jwt"
        self._accept = _JWT if self._signed else _JSON

    def claims(self, url: str, access_token: str, calls: Calls, find: Find) -> dict[str, Any]:
        """The claims at `url`, verified where signed; their subject is not yet compared."""
        headers = {"Authorization": f"Bearer {access_token}", "Accept": self._accept}
        reply = calls.get(url, headers, USERINFO)
        if not self._signed:
            return read_object(reply, USERINFO)
        content_type = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type == _JSON or reply.body.lstrip()[:1] == b"{":
            raise UserinfoUnsigned
        try:
            token = reply.body.decode("ascii")
        except UnicodeDecodeError as unreadable:
            raise UserinfoMalformed(part="text") from unreadable
        claims = open_envelope(token, self._envelope, find).claims
        self._check_addressee(claims)
        return claims

    def _check_addressee(self, claims: dict[str, Any]) -> None:
        """`iss` and `aud`, where there are any, are ours (OpenID Connect Core §5.3.2)."""
        if claims.get("iss", self._settings.issuer) != self._settings.issuer:
            raise UserinfoIssuer
        if "aud" in claims and self._settings.client_id not in audiences(claims):
            raise UserinfoAudience


def same_subject(userinfo: dict[str, Any], id_token: dict[str, Any]) -> None:
    """Refuse user information about another subject, or about none (Core §5.3.2)."""
    subject = userinfo.get("sub")
    if not isinstance(subject, str) or not same(subject, id_token["sub"]):
        raise SubjectMismatch
