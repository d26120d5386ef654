"""
A fixed identity provider that remembers nothing: the denominator of the gauge.

It approves every request at once and never changes, so that its CPU per login is a yardstick of
the machine's speed at that moment: the same figure divides every figure of the broker. Codes and
access tokens carry their own content, unsigned; every client, secret and redirect URI is accepted.
For loopback measurements only, and always under the same server, gunicorn with one process of
eight threads, since the server is most of what it costs:

    gunicorn -b 127.0.0.1:9201 -k gthread --threads 8 "upstream:Upstream('http://127.0.0.1:9201')"
"""

import base64
import hashlib
import itertools
import json
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

Start = Callable[[str, list[tuple[str, str]]], object]
Environ = dict[str, Any]
Fields = dict[str, str]

_SECONDS = 300
_P256 = 32
# A constant key: nothing of a run depends on chance, and nothing is protected by it.
_KEY = ec.derive_private_key(
    int.from_bytes(hashlib.sha256(b"passerelle benchmark").digest(), "big"), ec.SECP256R1()
)


def text64(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def pack(content: list[str]) -> str:
    """A code or a token that carries its own content."""
    return text64(json.dumps(content).encode())


def unpack(text: str) -> list[str]:
    """The inverse of `pack`."""
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


_HEADER = text64(json.dumps({"alg": "ES256", "typ": "JWT", "kid": "fixed"}).encode())


def signed(claims: dict[str, Any]) -> str:
    """A JWS in compact form, ES256 (RFC 7518 §3.4)."""
    message = f"{_HEADER}.{text64(json.dumps(claims).encode())}"
    r, s = decode_dss_signature(_KEY.sign(message.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{message}.{text64(r.to_bytes(_P256, 'big') + s.to_bytes(_P256, 'big'))}"


def key_set() -> dict[str, Any]:
    """The public key (RFC 7517 §5)."""
    numbers = _KEY.public_key().public_numbers()
    x, y = (text64(n.to_bytes(_P256, "big")) for n in (numbers.x, numbers.y))
    key = {"kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256"}
    return {"keys": [{**key, "kid": "fixed"}]}


def person(number: int) -> dict[str, Any]:
    """The traits of the person of that number; no two of them have all the same."""
    letters = "".join(chr(65 + number // 26**n % 26) for n in range(5))
    return {
        "given_name": "Claire Anne",
        "family_name": f"DURAND {letters}",
        "birthdate": f"19{40 + number % 60:02d}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "gender": "female",
        "birthplace": "75107",
        "birthcountry": "99100",
        "preferred_username": "MARTIN",
        "email": f"personne{number}@example.org",
    }


class Upstream:
    """The WSGI application of one issuer, which spreads logins over `persons` persons in turn."""

    def __init__(self, issuer: str, persons: int = 100_000) -> None:
        self.issuer = issuer
        self._numbers = itertools.cycle(range(persons))
        self._pages = {
            "/authorize": self._authorize,
            "/token": self._token,
            "/userinfo": self._userinfo,
        }
        endpoints = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "authorization_response_iss_parameter_supported": True,
        }
        self._fixed = {"/.well-known/openid-configuration": endpoints, "/jwks": key_set()}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        path = environ["PATH_INFO"]
        if path in self._pages:
            status, kind, body, extra = self._pages[path](_fields(environ), environ)
        else:
            known = self._fixed.get(path)
            status = "200 OK" if known else "404 Not Found"
            kind, body, extra = "application/json", json.dumps(known or {}), []
        data = body.encode()
        length = ("Content-Length", str(len(data)))
        start(status, [("Content-Type", kind), length, ("Cache-Control", "no-store"), *extra])
        return [data]

    def _authorize(self, asked: Fields, _: Environ) -> tuple[str, str, str, list[tuple[str, str]]]:
        level = asked.get("acr_values", "eidas1").split()[0]
        who = str(next(self._numbers))
        code = pack([who, asked["client_id"], asked.get("nonce", ""), level])
        answer = urlencode({"code": code, "state": asked.get("state", ""), "iss": self.issuer})
        return "302 Found", "text/plain", "", [("Location", f"{asked['redirect_uri']}?{answer}")]

    def _token(self, asked: Fields, _: Environ) -> tuple[str, str, str, list[tuple[str, str]]]:
        who, client, nonce, level = unpack(asked["code"])
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": f"up-{who}", "aud": client, "nonce": nonce}
        claims |= {"iat": now, "exp": now + _SECONDS, "auth_time": now, "acr": level}
        reply = {"access_token": asked["code"], "token_type": "Bearer", "expires_in": _SECONDS}
        return "200 OK", "application/json", json.dumps(reply | {"id_token": signed(claims)}), []

    def _userinfo(self, _: Fields, environ: Environ) -> tuple[str, str, str, list[tuple[str, str]]]:
        who, client, _, _ = unpack(environ["HTTP_AUTHORIZATION"].split()[1])
        claims = {"iss": self.issuer, "aud": client, "sub": f"up-{who}", **person(int(who))}
        return "200 OK", "application/jwt", signed(claims), []


def _fields(environ: Environ) -> Fields:
    fields = dict(parse_qsl(environ.get("QUERY_STRING", "")))
    if environ["REQUEST_METHOD"] == "POST":
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        fields |= dict(parse_qsl(body.decode()))
    return fields
