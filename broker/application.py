"""
The application a node is built on: Flask, without what no page or endpoint of ours asks of it.

A login passes here eight times. Left out are the search for coroutines, the session of whoever
holds none, the Host header, which decides nothing (addresses come from the settings), and the
copying of headers that are right already.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from werkzeug.datastructures import Headers, ImmutableMultiDict
from werkzeug.routing import MapAdapter
from werkzeug.sansio.http import parse_cookie
from werkzeug.utils import cached_property

_ASCII = bytes(range(0x80))
_URI = re.compile(r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*")
_WITHOUT_BODY = frozenset({204, 304})


class _Fields(ImmutableMultiDict[str, str]):
    """Parameters or cookies, most of which are asked for without being there."""

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002 - as in Werkzeug, of every overload
        """The first value of `key`; an error is not made up only to be thrown away."""
        return super().get(key, default, type) if key in self else default


class _AnyRequest(Request):
    """A request whose address may hold bytes that no address may (RFC 3986 §2)."""

    parameter_storage_class = dict_storage_class = _Fields

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        if not self.query_string.isascii():
            # Werkzeug reads them as UTF-8, which they need not be; percent-encoded they may be any.
            self.query_string = quote(self.query_string, safe=_ASCII).encode()

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """
        The cookies of this browser; a server joins several headers of them (PEP 3333).

        Bytes that are no UTF-8 stand in some cookie that is none of ours.
        """
        sent = self.environ.get("HTTP_COOKIE", "")
        if not sent.isascii():
            sent = sent.encode("latin-1").decode(errors="replace")
        return parse_cookie(sent, cls=_Fields)  # type: ignore[return-value]  # it makes what it is told to


class _FinishedResponse(Response):
    """A response whose headers go out as they are where they can, and whose body is one piece."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer (PEP 3333); a server that holds a list asks no other thread for what follows."""
        if not self.is_sequence:
            return super().__call__(environ, start_response)
        pieces, status, headers = self.get_wsgi_response(environ)
        start_response(status, headers)
        body = [b"".join(pieces)]
        self.close()
        return body

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        """The headers, Location being a URI (RFC 9110 §10.2.2) and the length told."""
        headers = self.headers
        if self.status_code in _WITHOUT_BODY or not _URI.fullmatch(headers.get("Location", "")):
            return super().get_wsgi_headers(environ)
        if "Content-Length" not in headers:
            if self.response:
                return super().get_wsgi_headers(environ)
            headers["Content-Length"] = "0"
        return headers


class _RareSession(SecureCookieSessionInterface):
    """Flask's session in a cookie, for the few browsers that hold one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the browser holds, or an empty session."""
        if app.config["SESSION_COOKIE_NAME"] in request.cookies:
            return super().open_session(app, request)
        return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Tell the browser what changed, and caches that somebody looked."""
        if session.accessed or session.modified:
            super().save_session(app, session, response)


class Application(Flask):
    """Flask as the broker uses it."""

    request_class = _AnyRequest
    response_class = _FinishedResponse
    session_interface = _RareSession()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: none of ours is a coroutine."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Match an address by its path alone."""
        if request is None:
            return None
        return MapAdapter(
            self.url_map,
            server_name="",
            script_name=request.root_path,
            subdomain=None,
            url_scheme=request.scheme,
            path_info=request.path,
            default_method=request.method,
        )
