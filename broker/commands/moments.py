"""Moments as an operator reads them on a terminal; programs read those of `--json`."""

from datetime import UTC, datetime

# What a calendar can tell: a moment beyond is told as its last second, not as a stack trace.
_LAST = datetime.max.replace(microsecond=0, tzinfo=UTC)


def _date(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC) if at < _LAST.timestamp() else _LAST


def moment(at: float) -> str:
    """Unix seconds as `2026-03-01 09:00:00 UTC`."""
    return f"{_date(at):%Y-%m-%d %H:%M:%S} UTC"


def iso(at: float | None) -> str | None:
    """Unix seconds as ISO 8601, in whole seconds and UTC; None stays None."""
    return None if at is None else _date(at).isoformat(timespec="seconds")
