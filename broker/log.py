"""Structured logs on standard error: one JSON object a line, without any name, number or token."""

import logging

import structlog

_TALKATIVE = ("authlib", "urllib3", "alembic", "waitress", "sqlalchemy.engine")


def prepare_log() -> None:
    """Configure structlog once, and keep libraries from writing what they handle."""
    for name in _TALKATIVE:
        # Authlib's debug lines hold tokens; SQLAlchemy's hold every value of a statement.
        logging.getLogger(name).setLevel(logging.WARNING)
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
