"""Everything a browser or a client reads: pages, headers, and the one rendering of every error."""

from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from werkzeug import Response as AnyResponse
from werkzeug.exceptions import HTTPException

from mock_idps.errors import GoneError, InvalidBearerError, RefusedError, ShownError
from mock_idps.issuer import Issuer, here
from mock_idps.languages import gettext, language

# No form-action: a sign-in form ends, redirect after redirect, at services this provider does not
# know, and browsers apply the directive to each of them.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
)
_STYLE = (Path(__file__).parent / "static" / "mock.css").read_text(encoding="utf-8")


def mount_pages(app: Flask, issuer: Issuer) -> None:
    """Headers of every answer, the style sheet in this provider's colours, the error pages."""
    style = f":root{{--light:{issuer.settings.accent};--dark:{issuer.settings.accent_dark}}}\n"
    app.add_url_rule("/style.css", "style", lambda: _style_sheet(style + _STYLE))
    app.context_processor(_everywhere)
    app.after_request(_headers)
    app.register_error_handler(ShownError, _shown)
    app.register_error_handler(GoneError, _gone)
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(InvalidBearerError, _bearer)
    app.register_error_handler(HTTPException, _plain)


def page(template: str, **values: object) -> Response:
    """A page in the language of this request."""
    return make_response(render_template(template, **values))


def _everywhere() -> dict[str, object]:
    settings = here().settings
    return {"mock": settings, "language": language(), "elsewhere": _other_language}


def _other_language(code: str) -> str:
    """The same page in another language."""
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'lang': code})}"


def _style_sheet(text: str) -> Response:
    response = make_response(text)
    response.content_type = "text/css; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _headers(response: AnyResponse) -> AnyResponse:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = language()
        response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _shown(error: ShownError) -> tuple[Response, int]:
    g.setdefault("language", "fr")
    return page("error.html", sentence=gettext(error.sentence), detail=error.detail), error.status


def _gone(error: GoneError) -> tuple[Response, int]:
    return page("gone.html", sentence=gettext(error.sentence), back=error.back), error.status


def _refused(error: RefusedError) -> tuple[Response, int]:
    body = jsonify(error=error.error, error_description=error.sentence)
    if error.status == 401 and request.authorization:  # noqa: PLR2004 - RFC 6749 §5.2
        body.headers["WWW-Authenticate"] = f'Basic realm="{here().settings.id}"'
    return body, error.status


def _bearer(error: InvalidBearerError) -> tuple[Response, int]:
    body = jsonify(error="invalid_token", error_description=error.sentence)
    body.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return body, 401


def _plain(error: HTTPException) -> tuple[Response, int]:
    return page("error.html", sentence=gettext(error.name)), error.code or 500
