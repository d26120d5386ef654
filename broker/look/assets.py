"""
Static files, held in memory under a name that holds a fingerprint of their content.

A browser keeps them for a year; a new content has a new name. Compressed once, at start.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: `name` as written by us, `address` with its fingerprint."""

    name: str
    address: str
    body: bytes
    packed: bytes

    @property
    def content_type(self) -> str:
        """As in the header of that name."""
        return f"{_TYPES[Path(self.name).suffix]}; charset=utf-8"


def asset(name: str, body: bytes) -> Asset:
    """Fingerprint and compress one file."""
    stem, dot, suffix = name.rpartition(".")
    fingerprint = hashlib.sha256(body).hexdigest()[:12]
    packed = gzip.compress(body, 9, mtime=0)
    return Asset(name, f"/assets/{stem}-{fingerprint}{dot}{suffix}", body, packed)


def mount_assets(app: Flask, assets: Mapping[str, Asset]) -> None:
    """
    Serve /assets/<name>-<fingerprint>.<suffix>.

    An old fingerprint gets the present file, uncached: while nodes are being renewed, a page of
    one may ask its style from another.
    """
    by_address = {held.address: held for held in assets.values()}
    by_stem = {name.partition(".")[0]: held for name, held in assets.items()}

    @app.get("/assets/<name>")
    def assets_file(name: str) -> Response:
        exact = by_address.get(f"/assets/{name}")
        held = exact or by_stem.get(name.rpartition("-")[0])
        if held is None:
            raise NotFound
        packs = "gzip" in request.headers.get("Accept-Encoding", "")
        answer = Response(held.packed if packs else held.body, content_type=held.content_type)
        answer.headers["Cache-Control"] = _FOREVER if exact else "no-cache"
        answer.headers["Vary"] = "Accept-Encoding"
        if packs:
            answer.headers["Content-Encoding"] = "gzip"
        return answer
