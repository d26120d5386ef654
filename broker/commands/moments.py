"""Moments as an operator reads them on a terminal; programs read those of `--json`."""

from datetime import UTC, datetime


def moment(at: float) -> str:
    """Unix seconds as `2026-03-01 09:00:00 UTC`."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def iso(at: float | None) -> str | None:
    """Unix seconds as ISO 8601, in whole seconds and UTC; None stays None."""
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
