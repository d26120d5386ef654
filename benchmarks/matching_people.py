"""The people of a benchmark: drawn by the product's generator, seen as matching sees them."""

from collections.abc import Iterator
from datetime import date

from broker.insured.matching.records import RegistryRecord
from broker.insured.registry.columns import Line
from broker.insured.registry.generate import persons
from broker.insured.registry.packing import BAR
from providers.identity import Gender, PartialDate

TODAY = date(2026, 3, 1)
STRANGERS = 1_000_003
"""Added to the seed: the people of another country, absent from this registry."""


def people(count: int, seed: int) -> Iterator[RegistryRecord]:
    """So many persons of the registry that this seed makes."""
    return map(_record, persons(count, seed, TODAY))


def strangers(count: int, seed: int) -> list[RegistryRecord]:
    """People who are in no registry of this seed."""
    return list(people(count, seed + STRANGERS))


def _record(line: Line) -> RegistryRecord:
    return RegistryRecord(
        person_id=int(line.number),
        family_name=line.family_name,
        given_names=tuple(line.given_names.split(BAR)),
        birthdate=PartialDate.parse(line.birthdate),
        gender=Gender.MALE if line.sex == "M" else Gender.FEMALE,
        birthplace=line.birthplace or None,
        birthcountry=line.birthcountry,
        usage_name=line.usage_name or None,
        presumed=line.presumed == "1",
        nir=line.nir,
    )
