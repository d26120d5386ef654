"""
Secrets out of what is shown and exported, without losing which one is which.

A secret becomes its name and a number, `[code 1]`: the same secret is the same label throughout
one timeline, so that a reader still follows it from hop to hop.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

_SECRET = {
    "access_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_challenge",
    "code_verifier",
    "csrf_token",
    "id_token",
    "id_token_hint",
    "jti",
    "nonce",
    "password",
    "proof",
    "request",
    "request_uri",
    "state",
    "token",
}
_ADDRESSES = {"location", "referer"}
_SECRET_HEADERS = {"authorization", "cookie", "set-cookie"}
_ADDRESS = re.compile(r"https?://")
_STEP = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}(?=/|$)")
_UNGUESSABLE = 16
_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}[\w.-]*")


class Redaction:
    """Labels of one timeline."""

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def value(self, name: str, value: str) -> str:
        """The value of a parameter, or its label when it is a secret."""
        if name in _SECRET and value:
            return self.label(name, value)
        return _JWT.sub(lambda found: self.label("token", found[0]), value)

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Parameters with labels for secrets; addresses among them are cleaned too."""
        return [
            (
                name,
                self.url(value)
                if value.startswith(("http://", "https://"))
                else self.value(name, value),
            )
            for name, value in pairs
        ]

    def headers(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Headers; of a cookie only the name stays, of an authorization only the scheme."""
        return [(name, self._header(name.lower(), value)) for name, value in pairs]

    def url(self, url: str) -> str:
        """An address with labels for the secrets in its path and in its parameters."""
        parts = urlsplit(url)
        path = _STEP.sub(lambda found: self.label("step", found[0]), parts.path)
        asked = self.pairs(parse_qsl(parts.query, keep_blank_values=True))
        # Written to be read: percent signs would hide what was asked.
        query = "&".join(f"{name}={value}" for name, value in asked)
        return parts._replace(path=path, query=query).geturl()

    def label(self, name: str, secret: str) -> str:
        """The label of a secret, the same at every meeting."""
        if secret not in self._labels:
            self._counts[name] = self._counts.get(name, 0) + 1
            self._labels[secret] = f"[{name} {self._counts[name]}]"
        return self._labels[secret]

    def _header(self, name: str, value: str) -> str:
        if name in _ADDRESSES:
            return self.url(value)
        if name not in _SECRET_HEADERS:
            return self.value(name, value)
        if name == "authorization":
            scheme, _, credentials = value.partition(" ")
            return f"{scheme} {self.label(scheme.lower(), credentials)}"
        if name == "set-cookie":
            pair, semicolon, rest = value.partition(";")
            return f"{self._cookie(pair)}{semicolon}{rest}"
        return "; ".join(self._cookie(pair.strip()) for pair in value.split(";"))

    def _cookie(self, pair: str) -> str:
        name, _, held = pair.partition("=")
        for secret, label in self._labels.items():
            # A cookie may be named after the login it belongs to.
            if len(secret) >= _UNGUESSABLE:
                name = name.replace(secret, label)
        return f"{name}={self.label(name, held)}" if held else name
