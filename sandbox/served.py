"""
The entry of a node for a server, in a process that never draws on a terminal.

structlog takes rich along wherever it is installed: three megabytes in every node, for the
tracebacks of a developer's console, where a node writes JSON. SQLAlchemy takes greenlet along: one
more, for coroutines, of which we have none.
"""

import sys
from importlib import import_module

from flask import Flask

for unused in ("rich", "greenlet"):
    sys.modules[unused] = None  # type: ignore[assignment]  # as Python writes for "not there"


def create_app() -> Flask:
    """`sandbox.node.create_app`, imported only now."""
    app: Flask = import_module("sandbox.node").create_app()
    return app
