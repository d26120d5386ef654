"""
The headers that protect a page (security page, "Browser side").

The policy allows nothing but our own style, pictures and, where a screen names one, script.
Browsers apply `form-action` to every redirect that follows a form, so a screen with a form lists
the origins its answer may lead to.
"""

from functools import lru_cache

from flask import Flask, g
from werkzeug.wrappers import Response

_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_TWO_YEARS = "max-age=63072000; includeSubDomains"


@lru_cache(maxsize=256)
def page_policy(targets: tuple[str, ...] = (), *, script: bool = False) -> str:
    """The Content-Security-Policy of a page whose form may end at these origins."""
    scripts = "; script-src 'self'" if script else ""
    ends = " ".join(("'self'", *targets))
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self'{scripts}; "
        f"form-action {ends}; frame-ancestors 'none'; base-uri 'none'"
    )


def mount_headers(app: Flask, *, production: bool) -> None:
    """Add the headers to every answer; what a view has set itself stays."""
    fixed = [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")]
    if production:
        fixed.append(("Strict-Transport-Security", _TWO_YEARS))

    @app.after_request
    def protect(answer: Response) -> Response:
        headers = answer.headers
        # Added, not set: nothing else writes these, and setting looks through all the others.
        headers.add("Content-Security-Policy", g.get("policy") or _NOTHING)
        for name, value in fixed:
            headers.add(name, value)
        if "Cache-Control" not in headers:
            headers.add("Cache-Control", "no-store")
        return answer
