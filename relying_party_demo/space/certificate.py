"""
The certificate of rights as a document: PDF/UA-1 (ISO 14289-1), written by typst.

The template stands in `data/certificate.typ`; the compiler is made once, with the fonts that it
carries, so that every machine writes the same document and no system library is needed.
"""

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import typst
from flask_babel import gettext as _
from flask_babel import ngettext

from relying_party_demo.pages.moments import day
from relying_party_demo.space.account_answers import Certificate
from relying_party_demo.space.words import SCHEMES, birth, nir_groups, word

_TEMPLATE = Path(__file__).parent / "data" / "certificate.typ"
_ONE_AT_A_TIME = Lock()
"""A compiler keeps what it compiled last: two threads would undo each other's work."""


class Site(NamedTuple):
    """Who issues certificates, and the address where anyone may check one."""

    name: str
    checking: str


def printed(found: Certificate, language: str, site: Site) -> bytes:
    """The document in the language of the request."""
    values = json.dumps(content(found, language, site))
    with _ONE_AT_A_TIME:
        document: bytes = _compiler().compile(
            format="pdf", pdf_standards="ua-1", sys_inputs={"data": values}
        )
    return document


def content(found: Certificate, language: str, site: Site) -> dict[str, Any]:
    """What stands on the document, in words; `rows` are pairs, `children` a table."""
    holder, issued = found.holder, found.issued_on
    rows = [
        (_("Birth name"), holder.family_name),
        (_("Usage name"), holder.usage_name or ""),
        (_("First names"), ", ".join(holder.given_names)),
        (_("Date of birth"), birth(holder.birthdate)),
        (_("Social security number"), nir_groups(found.nir)),
        (_("Scheme"), word(SCHEMES, found.scheme)),
        (_("Fund"), found.fund or ""),
    ]
    return {
        "language": language,
        "issued": [issued.year, issued.month, issued.day],
        "title": _("Certificate of rights to health insurance"),
        "banner": _("Demonstration: fictional document, without any value."),
        "issuer": site.name,
        "lead": _(
            "On %(day)s, the health insurance certifies that this person's rights are open.",
            day=day(issued),
        ),
        "rows": [[name, value] for name, value in rows if value],
        "children_title": ngettext("Child attached", "Children attached", len(found.children)),
        "children_head": [_("Name"), _("Date of birth")],
        "children": [[one.name, birth(one.birthdate)] for one in found.children],
        "validity": _validity(issued, found.valid_until),
        "check": _(
            "To check this certificate, type its code on the page “Check a certificate” of the "
            "site of the health insurance:"
        ),
        "address": site.checking,
        "code": found.code,
        "page": _("Page"),
    }


def _validity(issued: date, until: date) -> str:
    return str(
        _(
            "Issued on %(issued)s, valid until %(until)s unless your rights change.",
            issued=day(issued),
            until=day(until),
        )
    )


@lru_cache(maxsize=1)
def _compiler() -> Any:
    return typst.Compiler(input=str(_TEMPLATE), ignore_system_fonts=True)
