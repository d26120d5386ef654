"""Reimbursements of twelve months: filtered, added up, as a spreadsheet, as monthly statements."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import Response, abort, render_template, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from relying_party_demo.door.door import here, members_only
from relying_party_demo.space.answers import Member, Payment
from relying_party_demo.space.room import account_id, insurer, views
from relying_party_demo.space.spreadsheet import spreadsheet
from relying_party_demo.space.words import KINDS, PARIS

PERIODS: dict[str, tuple[int, LazyString]] = {
    "12": (0, _("The last 12 months")),
    "6": (183, _("The last 6 months")),
    "3": (92, _("The last 3 months")),
    "1": (31, _("The last 31 days")),
}
"""Each period by its value in the form: how many days back, none for all of them."""

_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
_MOST_PAGES = 50


@views.get("/mon-compte/remboursements")
@members_only
def payments() -> str:
    """The payments that the form asks for, and the months that have a statement."""
    chosen, wanted = _chosen()
    found = insurer().payments(account_id(), {**wanted, "page": chosen["page"]})
    return render_template(
        "space/payments.html",
        found=found,
        chosen=chosen,
        page=int(chosen["page"]),
        periods=PERIODS,
        names=names_of(found.household),
        months=insurer().statements(account_id()).months,
        by_month=by_month,
    )


@views.get("/mon-compte/remboursements.csv")
@members_only
def payments_file() -> Response:
    """The same payments, all of them, for a spreadsheet (S157)."""
    _form, wanted = _chosen()
    rows: list[Payment] = []
    names: dict[int, str] = {}
    for found in _all_pages(wanted):
        rows.extend(found[0])
        names.update(found[1])
    day = here().outside.clock()
    name = f"remboursements-{datetime.fromtimestamp(day, PARIS):%Y-%m-%d}.csv"
    response = Response(spreadsheet(rows, names), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@views.get("/mon-compte/releves/<month>")
@members_only
def statement(month: str) -> str:
    """The statement of a month, to be read or printed (S18, S159)."""
    if not _MONTH.fullmatch(month):
        abort(404)
    found = insurer().statement(account_id(), month)
    who = insurer().dashboard(account_id())
    return render_template(
        "space/statement.html", found=found, names=names_of(found.household), who=who
    )


def names_of(household: tuple[Member, ...]) -> dict[int, str]:
    """First names by their place in the household."""
    return {one.place: one.name for one in household}


def by_month(payments: Iterable[Payment]) -> Iterator[tuple[date, list[Payment]]]:
    """The payments of each month, in their order, by its first day."""
    for first, group in groupby(payments, lambda one: one.paid_on.replace(day=1)):
        yield first, list(group)


def _all_pages(wanted: dict[str, str]) -> Iterator[tuple[tuple[Payment, ...], dict[int, str]]]:
    for number in range(1, _MOST_PAGES + 1):
        found = insurer().payments(account_id(), {**wanted, "page": str(number)})
        yield found.payments, names_of(found.household)
        if number >= found.pages:
            return


def _chosen() -> tuple[dict[str, str], dict[str, str]]:
    """What the form shows as chosen, and what is asked of the insurer; nonsense is no choice."""
    asked = request.args
    period = asked.get("periode", "12")
    kind, place, page = asked.get("nature", ""), asked.get("pour", ""), asked.get("page", "1")
    chosen = {
        "periode": period if period in PERIODS else "12",
        "nature": kind if kind in KINDS else "",
        "pour": place if place.isascii() and place.isdecimal() and len(place) <= 2 else "",  # noqa: PLR2004 - two digits are a household
        "page": page if re.fullmatch(r"[1-9][0-9]?", page) else "1",
    }
    wanted = {"kind": chosen["nature"], "place": chosen["pour"]}
    days, _label = PERIODS[chosen["periode"]]
    if days:
        wanted["since"] = (_today() - timedelta(days=days)).isoformat()
    return chosen, {name: value for name, value in wanted.items() if value}


def _today() -> date:
    return datetime.fromtimestamp(here().outside.clock(), PARIS).date()
