"""Whom the benchmark of the registry asks for: persons of the file, near misses and strangers."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from broker.insured.registry.columns import Line
from broker.insured.registry.generate import persons
from broker.insured.registry.packing import BAR
from providers.identity import Gender, PartialDate, PivotIdentity

TODAY = date(2026, 3, 1)
_SAMPLE = 50_000
_STRANGERS = 1_000_003


def asked(file: Path, rows: int, seed: int) -> Iterator[PivotIdentity]:
    """Identities without end: two of three are of the file, one of these with a slip."""
    dice = Random(seed)
    there = _sample(file, rows, dice)
    strangers = list(persons(min(rows, _SAMPLE // 2), seed + _STRANGERS, TODAY))
    while True:
        yield identity_of(dice.choice(there))
        yield _slip(identity_of(dice.choice(there)), dice)
        yield identity_of(dice.choice(strangers))


def _sample(file: Path, rows: int, dice: Random) -> list[Line]:
    chosen = set(dice.sample(range(1, rows + 1), min(rows, _SAMPLE)))
    with file.open(encoding="utf-8", newline="") as lines:
        picked = [line for number, line in enumerate(lines) if number in chosen]
    return [Line(*row) for row in csv.reader(picked)]


def identity_of(line: Line) -> PivotIdentity:
    """What a provider sends of this person."""
    return PivotIdentity(
        family_name=line.family_name,
        given_names=tuple(line.given_names.split(BAR)),
        birthdate=PartialDate.parse(line.birthdate),
        gender=Gender.MALE if line.sex == "M" else Gender.FEMALE,
        birthplace=line.birthplace or None,
        birthcountry=line.birthcountry,
        tokens_given=True,
    )


def _slip(identity: PivotIdentity, dice: Random) -> PivotIdentity:
    slips = (
        {"family_name": identity.family_name + "E"},
        {"given_names": identity.given_names[:1]},
        {"family_name": identity.family_name.lower().replace(" ", "-")},
        {"tokens_given": False},
        {"birthdate": replace(identity.birthdate, year=identity.birthdate.year - 1)},
    )
    try:
        return replace(identity, **dice.choice(slips))
    except ValueError:
        return identity
