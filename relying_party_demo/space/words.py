"""The insurer's codes in words, amounts and short dates as people read them, in both languages."""

import re
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from relying_party_demo.pages.languages import language
from relying_party_demo.pages.moments import day

PARIS = ZoneInfo("Europe/Paris")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PARTIAL = re.compile(r"(?P<year>(?!0000)[0-9]{4})(?:-(?P<month>0[0-9]|1[0-2]))?(?:-00)?")
_THIN, _NO_BREAK = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"

SCHEMES: dict[str, LazyString] = {
    "general": _("general scheme"),
    "agricultural": _("agricultural scheme (MSA)"),
    "students": _("students' scheme"),
    "seafarers": _("seafarers' scheme"),
    "clergy": _("clergy's scheme"),
    "military": _("military scheme"),
    "other": _("another scheme"),
}
STATES: dict[str, LazyString] = {
    "active": _("active"),
    "locked": _("locked: call 36 46"),
    "deactivated": _("closed"),
    "closed": _("closed"),
    "replaced": _("replaced by a newer one"),
}
KINDS: dict[str, LazyString] = {
    "consultation": _("Consultation"),
    "pharmacy": _("Pharmacy"),
    "biology": _("Laboratory"),
    "imaging": _("Imaging"),
    "dental": _("Dental care"),
    "optical": _("Glasses and lenses"),
    "nursing": _("Nursing care"),
}
SHARES: dict[str, LazyString] = {
    "consultation": _("flat-rate share"),
    "biology": _("flat-rate share"),
    "imaging": _("flat-rate share"),
    "pharmacy": _("medical deductible"),
    "nursing": _("medical deductible"),
}
"""What is taken off the payment of each kind of care."""
REASONS: dict[str, LazyString] = {
    "loss": _("lost or stolen"),
    "deterioration": _("damaged or not working"),
}
STAGES: dict[str, LazyString] = {
    "prepared": _("being prepared"),
    "made": _("being made"),
    "posted": _("in the post"),
    "received": _("received"),
    "cancelled": _("cancelled"),
}
CHANGES: dict[str, LazyString] = {
    "address": _("Address"),
    "bank": _("Bank details"),
    "doctor": _("Doctor"),
    "fund": _("Fund"),
}
TOPICS: dict[str, LazyString] = {
    "reimbursement": _("A reimbursement"),
    "rights": _("My rights"),
    "leave": _("A sick leave"),
    "document": _("A document I need"),
    "other": _("Something else"),
}
WAYS: dict[str, LazyString] = {
    "federation": _("with an account you use elsewhere"),
    "classic": _("with your number and your password"),
}


def mount_words(app: Flask) -> None:
    """Give templates `euros`, `short_day`, `month_name`, `birth`, `nir_groups`, `word`..."""
    app.jinja_env.globals |= {
        "euros": euros,
        "short_day": short_day,
        "month_name": month_name,
        "of_month": of_month,
        "birth": birth,
        "born_on": born_on,
        "nir_groups": nir_groups,
        "word": word,
        "SCHEMES": SCHEMES,
        "STATES": STATES,
        "KINDS": KINDS,
        "SHARES": SHARES,
        "REASONS": REASONS,
        "STAGES": STAGES,
        "CHANGES": CHANGES,
        "TOPICS": TOPICS,
        "WAYS": WAYS,
    }


def word(words: dict[str, LazyString], code: str) -> str:
    """A code in words; an unknown one as it came."""
    return str(words.get(code, code))


def euros(cents: int) -> str:
    """`1 234,50 €` in French, `€1,234.50` in English."""
    whole, rest = divmod(abs(cents), 100)
    minus = "-" if cents < 0 else ""
    grouped = f"{whole:,}"
    if language() == "fr":
        return f"{minus}{grouped.replace(',', _THIN)},{rest:02d}{_NO_BREAK}€"
    return f"{minus}€{grouped}.{rest:02d}"


def short_day(when: date) -> str:
    """`24/11/2026` in French, `24 Nov 2026` in English; an aware datetime is brought to Paris."""
    if isinstance(when, datetime):
        when = when.astimezone(PARIS).date()
    if language() == "fr":
        return f"{when.day:02d}/{when.month:02d}/{when.year}"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def month_name(first: date) -> str:
    """`novembre 2026`."""
    return day(first.replace(day=2)).split(" ", 1)[1]


def of_month(first: date) -> str:
    """`de novembre 2026`, `d'octobre 2026`; `of October 2026` in English."""
    name = month_name(first)
    if language() != "fr":
        return f"of {name}"
    return f"d'{name}" if name.startswith(("a", "o")) else f"de {name}"


def birth(when: date | str) -> str:
    """A birth date as read; a partial one (`1972-05-00`) says what is not known."""
    if isinstance(when, date):
        return day(when)
    known = _known_part(when)
    if known is None:
        return when
    if isinstance(known, str):
        return str(gettext("%(year)s (day and month unknown)", year=known))
    return str(gettext("%(month)s (day unknown)", month=month_name(known)))


def born_on(when: date | str) -> str:
    """The same in a sentence: `né(e) le 5 janvier 2016`, `né(e) en mai 1972 (jour inconnu)`."""
    if isinstance(when, date):
        return str(gettext("born on %(day)s", day=day(when)))
    return str(gettext("born in %(when)s", when=birth(when)))


def _known_part(when: str) -> date | str | None:
    """The first day of a known month, else the year, else None."""
    found = _PARTIAL.fullmatch(when)
    if found is None:
        return None
    month = int(found["month"] or 0)
    return date(int(found["year"]), month, 1) if month else found["year"]


def nir_groups(nir: str) -> str:
    """`2 85 03 69 383 001 42`: a number as the card writes it."""
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return " ".join(nir[a:b] for a, b in pairwise(cuts) if nir[a:b])
