"""
The catalogue as a document: `python -m broker.errors.catalogue > docs/errors.md`.

One chapter for each module of this package, one row for each number.
"""

import sys
from collections.abc import Iterator

from broker.errors import (
    advisor,
    authorize,
    backchannel,
    browsing,
    endpoints,
    journey,
    logout,
    matching,
    platform,
    returned,
    space,
    unsafe,
    upstream,
)
from broker.errors.lookup import declared
from broker.errors.record import PasserelleError

CHAPTERS = (
    (authorize, "The authorization request is refused"),
    (returned, "What a service must expect"),
    (endpoints, "Endpoints called by services"),
    (backchannel, "The back channel of the insured"),
    (logout, "Logging out"),
    (journey, "To a provider and back"),
    (upstream, "A provider fails"),
    (unsafe, "An answer of a provider is refused"),
    (matching, "No account"),
    (advisor, "The desk of the advisors"),
    (space, "The personal space"),
    (browsing, "The browser and its login"),
    (platform, "Any address"),
)

_HEAD = """# Errors

This page is generated from the classes of `broker/errors/` (`make errors`); edit them, not it.

Each refusal of the broker has one number, one sentence for the person in each language, one next
step, and at most one OAuth error. *Fate* tells where it may appear: `shown` on a page of the
broker, never sent anywhere; `redirected` to the service once its redirect URI is proven, shown
otherwise; `json` in the answer of an endpoint; `banner` on the page of providers. A number in
parentheses is the one FranceConnect has for the same event, so that a service can test how it
handles it; people never read it, and a page carries it in the attribute `data-alias` around its
numbers. **Bold** means that a client of profile `franceconnect` sees a page instead of a
redirect. Below the number of an error page stands a reference: look for it in the log.
"""


def kinds() -> Iterator[type[PasserelleError]]:
    """Every numbered class, in the order of the document."""
    for chapter, _title in CHAPTERS:
        yield from _of(chapter.__name__)


def markdown() -> str:
    """The whole document."""
    parts = [_HEAD]
    for chapter, title in CHAPTERS:
        rows = "\n".join(_row(kind) for kind in _of(chapter.__name__))
        parts.append(
            f"## {title}\n\n"
            "| number | HTTP | OAuth error | fate | what happened | what to do next "
            "| for the operator |\n"
            "|---|---|---|---|---|---|---|\n"
            f"{rows}\n"
        )
    return "\n".join(parts)


def _of(module: str) -> list[type[PasserelleError]]:
    ours = (kind for kind in declared() if kind.__module__ == module)
    return sorted(ours, key=lambda kind: kind.number)


def _row(kind: type[PasserelleError]) -> str:
    number = f"{kind.number} ({kind.alias})" if kind.alias else kind.number
    fate = f"**{kind.fate}**" if kind.refused_on_page else str(kind.fate)
    cells = (
        number,
        str(kind.status),
        f"`{kind.oauth}`" if kind.oauth else "",
        fate,
        f"{kind.public_fr}<br>{kind.public_en}",
        f"{' '.join(kind.next_fr)}<br>{' '.join(kind.next_en)}",
        f"{(kind.__doc__ or '').strip()} {kind.operator}".strip(),
    )
    return f"| {' | '.join(' '.join(cell.split()).replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    sys.stdout.write(markdown())
