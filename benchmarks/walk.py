"""
One login as a browser and a service walk it, over kept-alive connections on this machine.

Follows redirects, presses the controls of the pages by their `data-testid`, keeps cookies per
server as browsers do, and ends with the service's own two calls, token and userinfo.
"""

import base64
import hashlib
import html
import http.client
import json
import re
import secrets
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_HOPS = 30
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_INPUT = re.compile(r"<input\b([^>]*)>")
_BUTTON = re.compile(r"<button\b([^>]*)>")
_LINK = re.compile(r"<a\b([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


class LoginFailedError(Exception):
    """The login did not end as it should; the sentence says where."""


@dataclass(frozen=True)
class Service:
    """The relying party whose part is played, and the controls it presses on the way."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scope: str = "openid identite_pivot email"
    presses: tuple[str, ...] = ("provider-bench", "consent-continue", "account-continue")


@dataclass
class Walker:
    """A service and its browsers, one new browser for each login; `counts` requests per path."""

    service: Service
    counts: Counter[str] = field(default_factory=Counter)
    _connections: dict[str, http.client.HTTPConnection] = field(default_factory=dict)
    _cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def login(self) -> dict[str, object]:
        """Walk one whole login; the claims of the ID token, or LoginFailedError."""
        self._cookies.clear()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        answer = self._browse(self._departure(state, nonce, verifier))
        if answer.get("state") != [state] or "code" not in answer:
            raise LoginFailedError(f"the service was answered {sorted(answer)}")
        claims, token = self._redeem(answer["code"][0], verifier)
        if claims.get("nonce") != nonce:
            raise LoginFailedError("the ID token holds another nonce")
        bearer = {"Authorization": f"Bearer {token}"}
        status, _, _ = self._send("GET", f"{self.service.issuer}/userinfo", headers=bearer)
        if status != http.HTTPStatus.OK:
            raise LoginFailedError(f"userinfo answered {status}")
        return claims

    def _departure(self, state: str, nonce: str, verifier: str) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        asked = {
            "response_type": "code",
            "client_id": self.service.client_id,
            "redirect_uri": self.service.redirect_uri,
            "scope": self.service.scope,
            "state": state,
            "nonce": nonce,
            "acr_values": "eidas1",
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.service.issuer}/authorize?{urlencode(asked)}"

    def _browse(self, url: str) -> dict[str, list[str]]:
        method, fields = "GET", None
        for _ in range(_MOST_HOPS):
            if url.startswith(self.service.redirect_uri):
                return parse_qs(urlsplit(url).query)
            status, location, body = self._send(method, url, fields)
            if status in _REDIRECTS:
                method, url, fields = "GET", urljoin(url, location), None
            elif status == http.HTTPStatus.OK:
                method, url, fields = self._press(url, body.decode())
            else:
                raise LoginFailedError(f"{method} {url} answered {status}: {body[:300]!r}")
        raise LoginFailedError(f"{_MOST_HOPS} hops without reaching the service")

    def _press(self, url: str, page: str) -> tuple[str, str, list[tuple[str, str]] | None]:
        for control in controls(page):
            if control.testid in self.service.presses:
                target = urljoin(url, control.action or url)
                if control.method == "post":
                    return "POST", target, control.fields
                query = urlencode(control.fields)
                return "GET", f"{target}?{query}" if query else target, None
        raise LoginFailedError(f"nothing to press on {url}: {page[:300]}")

    def _redeem(self, code: str, verifier: str) -> tuple[dict[str, object], str]:
        pair = f"{self.service.client_id}:{self.service.client_secret}".encode()
        fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.service.redirect_uri),
            ("code_verifier", verifier),
        ]
        headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        status, _, body = self._send("POST", f"{self.service.issuer}/token", fields, headers)
        if status != http.HTTPStatus.OK:
            raise LoginFailedError(f"the token endpoint answered {status}: {body[:300]!r}")
        reply = json.loads(body)
        payload = reply["id_token"].split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "==")), reply["access_token"]

    def _send(
        self,
        method: str,
        url: str,
        fields: list[tuple[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str, bytes]:
        parts = urlsplit(url)
        jar = self._cookies.setdefault(parts.netloc, {})
        sent = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "fr", **(headers or {})}
        if jar and not headers:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        body = None
        if fields is not None:
            body = urlencode(fields)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            sent["Origin"] = f"{parts.scheme}://{parts.netloc}"
            sent["Referer"] = f"{sent['Origin']}{parts.path}"
        connection = self._connected(parts.netloc)
        connection.request(method, f"{parts.path}?{parts.query}".rstrip("?"), body, sent)
        reply = connection.getresponse()
        data = reply.read()
        self.counts[f"{method} {parts.netloc}"] += 1
        _keep_cookies(jar, reply)
        return reply.status, reply.getheader("Location", ""), data

    def _connected(self, netloc: str) -> http.client.HTTPConnection:
        if netloc not in self._connections:
            connection = http.client.HTTPConnection(netloc, timeout=20)
            connection.connect()
            # Without this the kernel holds back the second packet of a POST for 40 ms.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections[netloc] = connection
        return self._connections[netloc]


@dataclass(frozen=True)
class Control:
    """A button or a link of a page, with all that pressing it sends."""

    testid: str
    action: str
    method: str
    fields: list[tuple[str, str]]


def controls(page: str) -> list[Control]:
    """The controls of a page that carry a `data-testid`; required boxes are ticked."""
    found = [c for attributes, inside in _FORM.findall(page) for c in _buttons(attributes, inside)]
    links = [has for has in map(_attributes, _LINK.findall(page)) if "data-testid" in has]
    return found + [Control(has["data-testid"], has.get("href", ""), "get", []) for has in links]


def _buttons(attributes: str, inside: str) -> Iterator[Control]:
    form = _attributes(attributes)
    inputs = [_attributes(tag) for tag in _INPUT.findall(inside)]
    fields = [(has["name"], has.get("value", "on")) for has in inputs if _sent(has)]
    for has in map(_attributes, _BUTTON.findall(inside)):
        if "data-testid" in has:
            own = [(has["name"], has.get("value", ""))] if "name" in has else []
            action = has.get("formaction") or form.get("action", "")
            yield Control(
                has["data-testid"], action, form.get("method", "get").lower(), fields + own
            )


def _attributes(inside: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(inside)
    }


def _sent(has: dict[str, str]) -> bool:
    kind = has.get("type", "text").lower()
    if "name" not in has or kind in {"submit", "button", "image", "reset"}:
        return False
    return kind not in {"checkbox", "radio"} or "checked" in has or "required" in has


def _keep_cookies(jar: dict[str, str], reply: http.client.HTTPResponse) -> None:
    for header in reply.headers.get_all("Set-Cookie") or ():
        pair, *options = header.split(";")
        name, _, value = pair.strip().partition("=")
        ended = any(o.strip().lower() == "max-age=0" for o in options)
        if ended or not value or "1970" in header:
            jar.pop(name, None)
        else:
            jar[name] = value
