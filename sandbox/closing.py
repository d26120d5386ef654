"""Closes a database for good, with what the broker keeps open on it between two requests."""

from sqlalchemy import Engine

from broker import database


def close_database(engine: Engine) -> None:
    """Close every connection, so that the engine and all it remembers can be forgotten."""
    vars(engine).pop(database._KEPT, None)  # noqa: SLF001 - a connection kept for later never dies
    engine.dispose()
