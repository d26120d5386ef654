"""
Payments as a spreadsheet: French CSV, that is semicolons, decimal commas, UTF-8 with its mark.

A cell that a spreadsheet would take for a formula is quoted with an apostrophe (CWE-1236).
"""

import csv
import io
from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from relying_party_demo.space.answers import Payment
from relying_party_demo.space.words import KINDS, short_day, word

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def spreadsheet(payments: Iterable[Payment], names: Mapping[int, str]) -> bytes:
    """The payments, a line each; `names` tells who stands at which place."""
    file = io.StringIO()
    file.write(_MARK)
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(_header())
    for one in payments:
        writer.writerow([safe(cell) for cell in _cells(one, names.get(one.place, ""))])
    return file.getvalue().encode()


def safe(cell: str) -> str:
    """The same text, that no spreadsheet computes."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _header() -> list[str]:
    return [
        _("Paid on"),
        _("Care on"),
        _("For"),
        _("Care"),
        _("Given by"),
        _("You paid (€)"),
        _("Tariff (€)"),
        _("Rate (per cent)"),
        _("Reimbursed (€)"),
        _("Complementary insurer"),
        _("Received by it on"),
        _("Reference"),
    ]


def _cells(one: Payment, name: str) -> list[str]:
    return [
        short_day(one.paid_on),
        short_day(one.care_on),
        name,
        word(KINDS, one.kind),
        one.label,
        _amount(one.spent),
        _amount(one.base),
        str(one.rate),
        _amount(one.paid),
        one.insurer or "",
        short_day(one.sent_on) if one.sent_on else "",
        one.reference,
    ]


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"
