"""Whether this node lives, and whether it can serve."""

from collections.abc import Mapping

from flask import Flask, Response, jsonify
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from broker.database import at_head


def mount_health(app: Flask, engines: Mapping[str, Engine]) -> None:
    """
    `/healthz`: the process answers. `/readyz`: each database answers, its schema not behind.

    A later schema is none of a node's business: during an upgrade the nodes of the version before
    go on serving.
    """

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify({"status": "ok"})

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        found = {name: _state(engine, name) for name, engine in engines.items()}
        ready = all(state == "ok" for state in found.values())
        return jsonify({"status": "ok" if ready else "unavailable", **found}), 200 if ready else 503


def _state(engine: Engine, bind: str) -> str:
    try:
        return "ok" if at_head(engine, bind) else "not migrated"
    except SQLAlchemyError:
        return "unreachable"
