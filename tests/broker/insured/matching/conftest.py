"""One person of the registry and what a provider says of her, from which every case departs."""

from datetime import date

import pytest
from hypothesis import HealthCheck, settings

from broker.insured.matching.decision import decide
from broker.insured.matching.records import RegistryRecord
from providers.identity import FRANCE, Gender, PartialDate, PivotIdentity

TODAY = date(2026, 3, 1)

# Property tests wait for a busy machine instead of failing on it.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def _date(value):
    return PartialDate.parse(value) if isinstance(value, str) else value


def _names(value):
    return tuple(value.split("|")) if isinstance(value, str) else tuple(value)


def _country(birthplace, birthcountry):
    return birthcountry or (FRANCE if birthplace else "99139")


@pytest.fixture(scope="session")
def record():
    """Makes a record: given names separated by a bar, a date as text, a place as a COG code."""

    def make(
        family="LE GALL",
        given="ANNE|MARIE",
        born="1985-03-02",
        place="69123",
        country=None,
        gender="female",
        **more,
    ):
        more.setdefault("person_id", 1)
        more.setdefault("nir", "285036912300126")
        return RegistryRecord(
            family_name=family,
            given_names=_names(given),
            birthdate=_date(born),
            gender=Gender(gender),
            birthplace=place,
            birthcountry=_country(place, country),
            **more,
        )

    return make


@pytest.fixture(scope="session")
def identity():
    """Makes a pivot identity with the same words; `tokens_given` unless told otherwise."""

    def make(
        family="Le Gall",
        given="Anne|Marie",
        born="1985-03-02",
        place="69123",
        country=None,
        gender="female",
        **more,
    ):
        more.setdefault("tokens_given", True)
        return PivotIdentity(
            family_name=family,
            given_names=_names(given),
            birthdate=_date(born),
            gender=Gender(gender),
            birthplace=place,
            birthcountry=_country(place, country),
            **more,
        )

    return make


@pytest.fixture(scope="session")
def outcome():
    """The outcome of an identity against records, as its word."""

    def of(sent, *records, on=TODAY):
        return str(decide(sent, records, on).outcome)

    return of
