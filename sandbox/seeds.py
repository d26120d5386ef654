"""
Databases of a world: migrated and seeded once in a process, then copied for each world.

What the first start of the applications writes depends on few settings; two worlds that agree on
those share one template.
"""

import atexit
import hashlib
import json
import shutil
import sqlite3
import tempfile
from pathlib import Path
from threading import Lock

from sandbox.clock import MovableClock
from sandbox.configuration import files, load, stored
from sandbox.document import Document
from sandbox.mailbox import Mailbox
from sandbox.network import Network
from sandbox.recording.recorder import Recorder
from sandbox.sites import BROKER, PORTAL, SAMPLE, sites
from sandbox.surroundings import without_sockets

_templates: dict[str, Path] = {}
_lock = Lock()


def copy_into(folder: Path, document: Document, start: float) -> None:
    """Fill `folder` with the databases of a world that begins at `start` (Unix seconds)."""
    for path in _template(document, start).iterdir():
        shutil.copyfile(path, folder / path.name)


def prepare(document: Document, start: float) -> None:
    """Migrate and seed the databases that the document names, by starting who uses them."""
    clock = MovableClock(start)
    around = without_sockets(Network(), clock, Mailbox(clock), Recorder(clock).observe)
    for site in sites(load(document), around):
        if site.name in {BROKER, PORTAL, SAMPLE}:
            _ = site.app


def _template(document: Document, start: float) -> Path:
    key = _key(document, start)
    with _lock:
        if key not in _templates:
            folder = Path(tempfile.mkdtemp(prefix="passerelle-template-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            own = stored(document, folder)
            prepare(own, start)
            _fold_journals(own)
            _templates[key] = folder
        return _templates[key]


def _key(document: Document, start: float) -> str:
    own = document.get("broker", {})
    matters = [
        start,
        {name: own.get(name) for name in ("secret", "older_secrets")},
        {k: v for k, v in document.get("insured", {}).items() if k != "database"},
        [name in document for name in ("insured", "portal", "sample_service")],
    ]
    return hashlib.sha256(json.dumps(matters, sort_keys=True).encode()).hexdigest()


def _fold_journals(document: Document) -> None:
    """Bring what SQLite keeps in a write-ahead log into the file itself, to copy it alone."""
    for path in files(document):
        if path.suffix == ".sqlite" and path.exists():
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
    for path in files(document):
        if path.suffix != ".sqlite":
            path.unlink(missing_ok=True)
