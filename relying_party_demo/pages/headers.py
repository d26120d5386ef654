"""The headers that protect every answer."""

from urllib.parse import urlsplit

from flask import Flask
from werkzeug import Response

_TWO_YEARS = "max-age=63072000; includeSubDomains"


def mount_headers(app: Flask, broker_issuer: str, *, production: bool) -> None:
    """Strict policy, nothing cached, nothing told to other sites; HSTS in production."""
    policy = content_policy(broker_issuer, production=production)

    def protect(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if response.mimetype == "text/html":
            response.headers["Vary"] = "Accept-Language, Cookie"
        if production:
            response.headers["Strict-Transport-Security"] = _TWO_YEARS
        return response

    app.after_request(protect)


def content_policy(broker_issuer: str, *, production: bool) -> str:
    """
    The Content-Security-Policy: our own style, script and pictures, nothing else.

    Browsers apply `form-action` to every redirect that follows a form. Signing in and out goes
    through the broker and then through identity providers that this service does not know, so
    the directive ends where they may be: https, and this machine in the demonstration.
    """
    parts = urlsplit(broker_issuer)
    targets = f"'self' {parts.scheme}://{parts.netloc} https:"
    if not production:
        targets += " http://localhost:* http://127.0.0.1:*"
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        f"img-src 'self'; form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
    )
