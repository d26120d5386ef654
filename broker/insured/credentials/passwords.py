"""
The rules of a password (S51 to S54, X9): its shape, and that it is neither personal nor common.

Twelve characters are advised by the pages; eight are required, with the lockout that makes eight
enough. A renewal is never forced (X7).
"""

from collections.abc import Callable, Iterator
from pathlib import Path

SHORTEST, LONGEST = 8, 128
_LONG_ENOUGH = 5
_NIR_WITHOUT_KEY = 13
_UNDISGUISED = str.maketrans("@4310$57!", "aaeiossti")

# The stems of the passwords most often found in leaks, in French and in English; with figures and
# signs around them they satisfy the four classes, and are tried first by whoever guesses.
_STEMS = frozenset((Path(__file__).parent / "data" / "stems.txt").read_text("utf-8").split())

_SHAPE: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("length", lambda password: len(password) >= SHORTEST),
    ("lower", lambda password: any(map(str.islower, password))),
    ("upper", lambda password: any(map(str.isupper, password))),
    ("digit", lambda password: any(map(str.isdigit, password))),
    ("special", lambda password: not all(map(str.isalnum, password))),
)


def faults(password: str, personal: tuple[str, ...] = ()) -> list[str]:
    """
    Every rule that a password breaks, in the order in which pages show them.

    `personal` holds the NIR and the e-mail address of the account.
    """
    broken = [name for name, holds in _SHAPE if not holds(password)]
    if any(part in _bare(password) for text in personal for part in _telling(text)):
        broken.append("personal")
    if _is_known(password):
        broken.append("known")
    if len(password) > LONGEST:
        broken.append("too_long")
    return broken


def _bare(password: str) -> str:
    return password.casefold().replace(" ", "").replace(".", "").replace("-", "")


def _telling(text: str) -> Iterator[str]:
    """The parts of a personal text that a password may not hold."""
    local, at, _ = text.partition("@")
    if at:
        yield _bare(text)
    if at and len(local) >= _LONG_ENOUGH:
        yield _bare(local)
    if text and not at:
        yield _bare(text[:_NIR_WITHOUT_KEY])


def _is_known(password: str) -> bool:
    folded = password.casefold()
    kept = "".join(letter for letter in folded if letter.isalpha())
    undisguised = "".join(c for c in folded.translate(_UNDISGUISED) if c.isalpha())
    # P@ssw0rd2026! reads passwordaoab once undisguised: a stem with a short tail is the stem.
    return kept in _STEMS or any(
        undisguised.startswith(stem) and len(undisguised) - len(stem) <= _LONG_ENOUGH
        for stem in _STEMS
        if len(stem) > _LONG_ENOUGH
    )
