"""How to reach an advisor (S164-S171), and whether one answers now."""

from datetime import datetime

from flask import Flask, render_template

from relying_party_demo.outside import Clock
from relying_party_demo.pages.languages import language
from relying_party_demo.portal.opening import (
    PARIS,
    after_working_days,
    holiday_name,
    opening,
)

_FIRST, _LAST = 3, 5
"""Working days within which a written message is answered (S168)."""


def mount(app: Flask, clock: Clock) -> None:
    """Give `app` the contact page, and every template `opening()`."""

    def contact() -> str:
        hours = opening(clock())
        today = datetime.fromtimestamp(clock(), PARIS).date()
        return render_template(
            "contact.html",
            hours=hours,
            holiday=holiday_name(hours.closed_on, language()),
            reply_from=after_working_days(today, _FIRST),
            reply_until=after_working_days(today, _LAST),
        )

    app.jinja_env.globals["opening"] = lambda: opening(clock())
    app.add_url_rule("/contact", "contact", contact)
