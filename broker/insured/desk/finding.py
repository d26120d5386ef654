"""
Finds who calls: by number, by what the caller says, or by the case of a refused login.

The search itself belongs to the registry, and its ranking to the matching. What is found is kept
with the consultation, so that only a person who was shown can be opened.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from broker.cog.names import place_label
from broker.database import reading
from broker.errors import CaseUnknownError, DeskFieldError
from broker.insured.desk.asking import asked_of
from broker.insured.desk.consultations import Look, Why
from broker.insured.desk.ground import Ground
from broker.insured.desk.persons import by_former_nir, rights, traits
from broker.insured.desk.words import Kind
from broker.insured.matching.nir import NirError, validated
from broker.insured.registry.desk_search import Asked, Ranked, TooLittleAskedError, candidates
from broker.insured.registry.lookup import by_id, by_nir
from broker.insured.schema import CASE
from providers.identity import Gender, MalformedTraitError, PartialDate, PivotIdentity

_MOST_COUNTED = 1000
_CASE = select(CASE).where(CASE.c.number == bindparam("wanted"))
_OPEN_CASES = (
    select(CASE.c.number, CASE.c.outcome, CASE.c.provider, CASE.c.opened_at)
    .where(CASE.c.closed_at.is_(None))
    .order_by(CASE.c.opened_at.desc())
    .limit(20)
)
_WAITING = select(CASE.c.number).where(CASE.c.closed_at.is_(None)).limit(_MOST_COUNTED)


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks persons up; every look is a `Look` for a consultation."""

    ground: Ground

    def by_nir(self, nir: str, why: Why) -> Look:
        """Who has or had this number; DeskFieldError when it is none."""
        try:
            number = validated(nir)
        except NirError as fault:
            raise DeskFieldError(str(fault.fault), parameter="nir") from fault
        with reading(self.ground.engine) as connection:
            found = by_nir(connection, number)
            persons = [found.person_id] if found else by_former_nir(connection, number)
        shown = [{"person": person, "differing": [], "former": not found} for person in persons]
        return Look(Kind.SEARCH, why, shown=shown, asked={"nir": "•"})

    def by_traits(self, said: Mapping[str, str], why: Why) -> Look:
        """The persons nearest to what the caller says; DeskFieldError when it is too little."""
        asked = asked_of(said)
        try:
            with reading(self.ground.engine) as connection:
                found = candidates(connection, asked)
        except TooLittleAskedError as fault:
            raise DeskFieldError("too_little", parameter="family_name") from fault
        except MalformedTraitError as fault:
            raise DeskFieldError("malformed", parameter=fault.trait) from fault
        kept = {name: text for name, text in said.items() if text}
        return Look(Kind.SEARCH, why, shown=[_shown(one) for one in found], asked=kept)

    def by_case(self, number: str, why: Why) -> Look:
        """The persons nearest to the identity that a refused login brought; CaseUnknownError."""
        with reading(self.ground.engine) as connection:
            row = connection.execute(_CASE, {"wanted": case_number_form(number)}).one_or_none()
            if row is None:
                raise CaseUnknownError
            identity = _identity(self.ground, row.identity_sealed)
            found = candidates(connection, Asked.of(identity)) if identity else []
        return Look(Kind.CASE, why, case=row.number, shown=[_shown(one) for one in found])

    def shown(self, look: Look) -> list[dict[str, Any]]:
        """The persons of a search or a case, as the registry has them now."""
        with reading(self.ground.engine) as connection:
            return [card for one in look.shown if (card := _card(connection, one))]

    def case(self, number: str) -> dict[str, Any]:
        """What a refused login left: the rule, the explanation, the identity as it was sent."""
        with reading(self.ground.engine) as connection:
            row = connection.execute(_CASE, {"wanted": number}).one_or_none()
        if row is None:
            raise CaseUnknownError
        identity = _identity(self.ground, row.identity_sealed)
        return {
            "number": row.number,
            "outcome": row.outcome,
            "provider": row.provider,
            "opened_at": row.opened_at,
            "closed_at": row.closed_at,
            "explanation": json.loads(row.explanation),
            "identity": _sent(identity) if identity else None,
        }

    def open_cases(self, outcomes: Collection[str] | None = None) -> dict[str, Any]:
        """
        How many cases are open (a thousand stands for more), and the latest of them.

        `outcomes` keeps those with one of these outcomes.
        """
        latest, waiting = _OPEN_CASES, _WAITING
        if outcomes is not None:
            latest = latest.where(CASE.c.outcome.in_(outcomes))
            waiting = waiting.where(CASE.c.outcome.in_(outcomes))
        with reading(self.ground.engine) as connection:
            rows = connection.execute(latest).mappings().all()
            counted = select(func.count()).select_from(waiting.subquery())
            return {
                "waiting": connection.execute(counted).scalar_one(),
                "latest": [dict(row) for row in rows],
            }


def case_number_form(text: str) -> str:
    """`7k4m 2qxp` -> `7K4M-2QXP`."""
    letters = "".join(c for c in text.upper() if c.isalnum())
    return f"{letters[:4]}-{letters[4:]}"


def _identity(ground: Ground, sealed: bytes | None) -> PivotIdentity | None:
    """The identity of a case, as `accounts/cases.py` sealed it."""
    if sealed is None:
        return None
    kept = json.loads(ground.sealing.open(sealed, "case:identity"))
    kept["birthdate"] = PartialDate(**kept["birthdate"])
    kept["given_names"], kept["gender"] = tuple(kept["given_names"]), Gender(kept["gender"])
    return PivotIdentity(**kept)


def _sent(identity: PivotIdentity) -> dict[str, Any]:
    return {
        "family_name": identity.family_name,
        "usage_name": identity.usage_name,
        "given_names": list(identity.given_names),
        "birthdate": str(identity.birthdate),
        "gender": str(identity.gender),
        "birthplace": identity.birthplace or identity.birthcountry,
        "birthplace_name": place_label(identity.birthplace, identity.birthcountry),
    }


def _shown(ranked: Ranked) -> dict[str, Any]:
    return {
        "person": ranked.record.person_id,
        "differing": [str(trait) for trait in ranked.differing],
        "former": False,
    }


def _card(connection: Connection, shown: Mapping[str, Any]) -> dict[str, Any] | None:
    record = by_id(connection, shown["person"])
    if record is None:
        return None
    return {
        **traits(record),
        "rights": rights(connection, record),
        "differing": shown["differing"],
        "former_number": shown["former"],
    }
