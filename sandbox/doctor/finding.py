"""What a check may find."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended; `UNSEEN` when the service did nothing that shows it."""

    GOOD = "good"
    WARNING = "warning"
    PROBLEM = "problem"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: why it matters or what was seen, and what to change."""

    check: str
    verdict: Verdict
    cause: str
    fix: str = ""


Outcome = tuple[Verdict, str, str]
"""Verdict, cause and fix, as a check returns them."""


def good(cause: str) -> Outcome:
    """Nothing to change."""
    return Verdict.GOOD, cause, ""


def unseen(cause: str, fix: str) -> Outcome:
    """Nothing to judge: `fix` says what to do so that there is."""
    return Verdict.UNSEEN, cause, fix
