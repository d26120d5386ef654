"""
Personas: who can sign in, and why each of them exists.

The demonstration people stand in `personas.toml`; testers may add their own through the control
API. The demonstration registry of the broker knows the same people by the same names, from its
own table.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

Group = Literal[
    "found",
    "names",
    "places",
    "dates",
    "alike",
    "account",
    "insured",
    "unknown",
    "provider",
    "own",
]
"""Situations, in the order of the page; `own` holds the personas made through the control API."""

_RELATIVE = re.compile(r"today-(\d{1,3})y(?:\+(\d{1,3})d)?")

TraitValue = str | list[str]


class Persona(BaseModel):
    """
    One person as this provider knows them.

    `traits` are claims under their standard names, exactly as they will be sent, malformed ones
    included; `highest` is the strongest `acr` this person can reach; `locked` closes the account.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9_]{1,40}$")
    traits: dict[str, TraitValue]
    group: Group = "own"
    fr: str = ""
    en: str = ""
    expect: str = ""
    password: str = "demo-2026"  # noqa: S105 - printed on the page itself
    phone: str = ""
    highest: str = Field(default="eidas3", pattern=r"^eidas[123]$")
    locked: bool = False

    @property
    def name(self) -> str:
        """First names and birth name, as far as they are known."""
        return f"{self.traits.get('given_name', '')} {self.traits.get('family_name', '')}".strip()


class Cast:
    """The personas of one issuer: the demonstration's, and those a tester adds, at most 500."""

    size = 500

    def __init__(self, now: float) -> None:
        """`now` in Unix seconds decides once what `today` means in a birthdate."""
        self._today = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo("Europe/Paris")).date()
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        """Back to the demonstration people."""
        self._people = {one.key: self._dated(one) for one in _demonstration()}

    def get(self, key: str | None) -> Persona | None:
        """The persona of that login, or None."""
        return self._people.get(key or "")

    def by_phone(self, number: str) -> Persona | None:
        """The persona who owns that number, written with or without spaces, or None."""
        digits = re.sub(r"[ .\-]", "", number)
        digits = re.sub(r"^(?:\+|00)33", "0", digits)
        return next((one for one in self if digits and one.phone == digits), None)

    def put(self, persona: Persona) -> bool:
        """Add or replace; False when there is no room for one more."""
        with self._lock:
            if persona.key not in self._people and len(self._people) >= self.size:
                return False
            self._people = {**self._people, persona.key: self._dated(persona)}
            return True

    def remove(self, key: str) -> bool:
        """Remove; False when there was nobody of that name."""
        with self._lock:
            kept = {name: one for name, one in self._people.items() if name != key}
            known, self._people = len(kept) < len(self._people), kept
            return known

    def logins(self) -> list[str]:
        """Every login, in the order of the page."""
        return list(self._people)

    def by_group(self) -> list[tuple[str, list[Persona]]]:
        """The people of each situation, empty situations left out."""
        groups = [(group, [one for one in self if one.group == group]) for group in get_args(Group)]
        return [(group, people) for group, people in groups if people]

    def __iter__(self) -> Iterator[Persona]:
        return iter(tuple(self._people.values()))

    def _dated(self, persona: Persona) -> Persona:
        born = persona.traits.get("birthdate")
        relative = _RELATIVE.fullmatch(born) if isinstance(born, str) else None
        if not relative:
            return persona
        day = self._today + timedelta(days=int(relative[2] or 0))
        day = _years_before(day, int(relative[1]))
        return persona.model_copy(
            update={"traits": {**persona.traits, "birthdate": day.isoformat()}}
        )


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February in a year that has none
        return day.replace(year=day.year - years, day=28)


@cache
def _demonstration() -> tuple[Persona, ...]:
    document = tomllib.loads(Path(__file__).with_name("personas.toml").read_text(encoding="utf-8"))
    return tuple(Persona.model_validate(one) for one in document["persona"])
