"""
Who signs when: the keys of one algorithm follow one another without a gap.

Each signs from its start until the start of the next, the last without an end in sight. Whatever
comes or goes, the others are lined up again, so that at every later moment exactly one signs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from joserfc.jwk import Key

# Where no rotation said how long: no ID token lives as long as a day.
_KEPT_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Turn:
    """When one key signs and is published; times in Unix seconds, None for no end in sight."""

    kid: str
    alg: str
    signs_from: float
    signs_until: float | None
    published_until: float | None

    @property
    def retired(self) -> bool:
        """Whether it was taken out at once: then it is published no longer than it signed."""
        return self.published_until is not None and self.published_until == self.signs_until

    def state_at(self, now: float) -> str:
        """`next`, `current`, `previous` or `retired`."""
        if not self.published_at(now):
            return "retired"
        if now < self.signs_from:
            return "next"
        return "current" if self.signs_at(now) else "previous"

    def signs_at(self, now: float) -> bool:
        """Whether this key may sign at `now`."""
        return self.signs_from <= now and self.lives_at(now)

    def lives_at(self, now: float) -> bool:
        """Whether this key signs at `now`, or will."""
        return not self.retired and (self.signs_until is None or now < self.signs_until)

    def published_at(self, now: float) -> bool:
        """Whether services may still need this key at `now`."""
        return not self.retired and (self.published_until is None or now < self.published_until)

    def ending(self, end: float | None, keep: float) -> "Turn":
        """The same key, signing until `end` and published for `keep` more seconds, or longer."""
        if end == self.signs_until:
            return self
        if end is None:
            return replace(self, signs_until=None, published_until=None)
        kept = (self.published_until or 0.0) - (self.signs_until or 0.0)
        return replace(self, signs_until=end, published_until=end + max(keep, kept))

    def retired_at(self, now: float) -> "Turn":
        """The same key, out of use and out of the published set from `now` on."""
        return replace(self, signs_until=now, published_until=now)


@dataclass(frozen=True, slots=True)
class SigningKey(Turn):
    """One key of the ring, ready to sign."""

    key: Key


def in_turn(keys: Iterable[Turn], now: float, keep: float = _KEPT_SECONDS) -> tuple[Turn, ...]:
    """
    The keys of one algorithm that sign now or later, each until the start of the next.

    The first starts at once when none signs at `now`; empty when none is left. Keys with the same
    start stay in the order given, and the last of them signs.
    """
    living = sorted((k for k in keys if k.lives_at(now)), key=lambda k: k.signs_from)
    if living and now < living[0].signs_from:
        living[0] = replace(living[0], signs_from=now)
    starts = [key.signs_from for key in living]
    pairs = zip_longest(living, starts[1:])
    return tuple(key.ending(end, keep) for key, end in pairs)


def signing_at(keys: Sequence[SigningKey], alg: str, now: float) -> SigningKey:
    """
    The key of `alg` that signs at `now`; `keys` come in the order of their starts.

    On a node whose clock is behind, the first that will. LookupError when the table was emptied.
    """
    for key in reversed(keys):
        if key.alg == alg and key.signs_at(now):
            return key
    for key in keys:
        if key.alg == alg and key.lives_at(now):
            return key
    raise LookupError(f"no key signs with {alg}: `passerelle keys rotate --alg {alg} --lead 0`")
