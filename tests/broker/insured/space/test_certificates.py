"""Certificates of rights (S3, S11, S14, S153), and checking one."""

import re

import pytest
from sqlalchemy import select

from broker.errors import CertificateUnknownError, RightsClosedError
from broker.insured.space.certificates import issue, verify
from broker.insured.space.tables import CERTIFICATE

DAY = 86_400


def test_a_certificate_names_its_holder_in_full(doing, space, family):
    """Number included: that is what it is asked for; children under 16 stand on it."""
    tenant, (claire, _child, _grown) = family
    told = doing(issue, space, tenant)

    assert told["nir"] == claire.nir
    assert told["holder"]["family_name"] == "DURAND"
    assert (told["fund"], told["scheme"]) == ("CPAM du Rhône", "general")
    assert told["children"] == [{"name": "Léo DURAND", "birthdate": "2016-01-05"}]
    assert (told["issued_on"], told["valid_until"]) == ("2026-03-01", "2027-03-01")
    assert re.fullmatch(r"(?:[2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}", told["code"])


def test_one_certificate_a_day(doing, space, tenant, clock):
    """Asked again the same day it is the same paper; the next day another."""
    first, again = doing(issue, space, tenant), doing(issue, space, tenant)
    clock.now += DAY
    next_day = doing(issue, space, tenant)

    assert first["code"] == again["code"] != next_day["code"]


def test_closed_rights_are_not_certified(doing, engine, space, population, claire, open_account):
    """Nor is somebody whose record is gone."""
    population.register(engine, claire._replace(rights_open="0"))
    tenant = space.tenant(open_account(claire), "portal.example")
    with pytest.raises(RightsClosedError):
        doing(issue, space, tenant)
    population.register(engine, population.other())
    with pytest.raises(RightsClosedError):
        doing(issue, space, tenant)


@pytest.mark.parametrize("change", [str, str.lower, lambda c: c.replace("-", ""), " {} ".format])
def test_the_code_is_read_however_it_is_typed(doing, finding, space, tenant, change):
    """Small letters, no hyphens, blanks around: it was copied from paper."""
    code = doing(issue, space, tenant)["code"]

    assert finding(verify, space, change(code))["valid"]


def test_checking_tells_initials_and_dates_alone(doing, finding, space, tenant):
    """Whoever holds the paper learns nothing that is not on it."""
    code = doing(issue, space, tenant)["code"]

    assert finding(verify, space, code) == {
        "valid": True,
        "initials": "C. D.",
        "issued_on": "2026-03-01",
        "valid_until": "2027-03-01",
    }


@pytest.mark.parametrize(("days", "valid"), [(365, True), (366, False)])
def test_a_certificate_is_valid_for_a_year(doing, finding, space, tenant, clock, days, valid):
    """Its last day counts."""
    code = doing(issue, space, tenant)["code"]
    clock.now += days * DAY

    assert finding(verify, space, code)["valid"] is valid


def test_a_certificate_falls_with_the_rights(
    doing, engine, finding, space, tenant, population, claire
):
    """Rights that close, or a record that goes, end it before its date."""
    code = doing(issue, space, tenant)["code"]
    population.register(engine, claire._replace(rights_open="0"))
    assert not finding(verify, space, code)["valid"]
    population.register(engine, population.other())

    assert finding(verify, space, code)["initials"] == ""


@pytest.mark.parametrize("code", ["", "7K4M-2QXP-9HTR", "x" * 1000, "☃"])
def test_an_unknown_code_is_said(finding, space, code):
    """Forged or mistyped, the answer is the same."""
    with pytest.raises(CertificateUnknownError):
        finding(verify, space, code)


def test_a_copy_of_the_database_prints_no_certificate(doing, engine, space, tenant):
    """Codes are hashed to be found and sealed to be printed again."""
    code = doing(issue, space, tenant)["code"]
    with engine.connect() as connection:
        kept = str(connection.execute(select(CERTIFICATE)).all())

    assert code not in kept
    assert code.replace("-", "") not in kept


def test_a_paper_says_nothing_of_whoever_has_the_number_now(
    doing, finding, engine, space, tenant, population, claire
):
    """Its holder's number was given to somebody else: no initials, and it does not count."""
    code = doing(issue, space, tenant)["code"]
    population.register(engine, population.other()._replace(number=claire.number))

    told = finding(verify, space, code)

    assert (told["valid"], told["initials"]) == (False, "")
