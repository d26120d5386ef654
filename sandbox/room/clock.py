"""The clock of the world, shown and moved."""

import re
from datetime import datetime

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug import Response

from sandbox.clock import DAY, HALF_A_YEAR, HOUR, MINUTE, MovableClock
from sandbox.room.moments import PARIS

views = Blueprint("clock", __name__, url_prefix="/clock")

JUMPS = {
    "ten-minutes": 10 * MINUTE,
    "half-an-hour": 30 * MINUTE,
    "one-day": DAY,
    "two-days": 48 * HOUR,
    "five-days": 5 * DAY,
    "six-months": HALF_A_YEAR,
    "one-day-back": -DAY,
}
"""What the buttons do, in seconds."""

_DATE = re.compile(r"\s*(\d{1,2})[/ ](\d{1,2})[/ ](\d{4})(?:[ ,à]+(\d{1,2})[:h](\d{2}))?\s*")


@views.get("")
def show() -> str:
    """The hour it is, and the buttons."""
    return render_template("clock.html", problem="", written="")


@views.post("")
def move() -> Response | tuple[str, int]:
    """Do what the button says."""
    clock: MovableClock = current_app.extensions["room"].clock
    button = request.form.get("do", "")
    if button == "set":
        return _set(clock, request.form.get("date", ""))
    verbs = {"freeze": clock.freeze, "resume": clock.resume, "real": clock.back_to_real_time}
    if button in verbs:
        verbs[button]()
    else:
        clock.advance(JUMPS.get(button, 0))
    return redirect("/clock", 303)


def _set(clock: MovableClock, written: str) -> Response | tuple[str, int]:
    moment = read_moment(written)
    if moment is None:
        return render_template("clock.html", problem="date", written=written), 422
    clock.set(moment)
    return redirect("/clock", 303)


def read_moment(written: str) -> datetime | None:
    """`27/03/2026` or `27 03 2026 09:30`, in Paris time, or None; without an hour it is noon."""
    found = _DATE.fullmatch(written)
    if not found:
        return None
    day, month, year, hour, minute = (int(part) if part else None for part in found.groups())
    try:
        return datetime(
            year or 0, month or 0, day or 0, 12 if hour is None else hour, minute or 0, tzinfo=PARIS
        )
    except ValueError:
        return None
