"""
Static files, held in memory and compressed once, under names that hold their fingerprint.

A browser keeps them for a year; a new content has a new name. The stylesheet is Bootstrap as its
package installs it, then ours, then the colours of the service.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from flask import Flask, request
from werkzeug import Response
from werkzeug.exceptions import NotFound

from relying_party_demo.settings import Brand, ServiceTable

_OURS = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its address, its type, its content plain and compressed."""

    address: str
    kind: str
    body: bytes
    packed: bytes


def mount_assets(app: Flask, service: ServiceTable, brand: Brand) -> None:
    """Serve the files, and give templates their addresses as `assets["site.css"]`."""
    texts = {
        "site.css": _style(service, brand),
        "icon.svg": _text("icon.svg").replace("#accent", service.accent or brand.accent),
        "session.js": _text("session.js"),
        "password.js": _text("password.js"),
    }
    held = {name: _asset(name, text.encode()) for name, text in texts.items()}
    by_address = {asset.address: asset for asset in held.values()}
    addresses = {name: asset.address for name, asset in held.items()}
    app.context_processor(lambda: {"assets": addresses})

    def serve(name: str) -> Response:
        asset = by_address.get(f"/assets/{name}")
        if asset is None:
            raise NotFound
        packs = "gzip" in request.headers.get("Accept-Encoding", "")
        response = Response(asset.packed if packs else asset.body, content_type=asset.kind)
        response.headers["Cache-Control"] = _FOREVER
        response.headers["Vary"] = "Accept-Encoding"
        if packs:
            response.headers["Content-Encoding"] = "gzip"
        return response

    app.add_url_rule("/assets/<name>", "assets", serve)


@lru_cache(maxsize=16)
def _asset(name: str, body: bytes) -> Asset:
    path = Path(name)
    fingerprint = hashlib.sha256(body).hexdigest()[:12]
    return Asset(
        f"/assets/{path.stem}-{fingerprint}{path.suffix}",
        f"{_TYPES[path.suffix]}; charset=utf-8",
        body,
        gzip.compress(body, 9, mtime=0),
    )


def _style(service: ServiceTable, brand: Brand) -> str:
    bootstrap = files("flask_bootstrap") / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
    light, dark = service.accent or brand.accent, service.accent_dark or brand.accent_dark
    return "\n".join(
        (
            # The map of Bootstrap's sources is not served.
            bootstrap.read_text(encoding="utf-8").partition("/*# sourceMappingURL")[0],
            _text("site.css"),
            f":root{{--accent:{light}}}",
            f"@media(prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}",
        )
    )


def _text(name: str) -> str:
    return (_OURS / name).read_text(encoding="utf-8")
