"""Changes that a person declares (S17, S109, S152, S161, S163, X3)."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from broker.errors import BackChannelLimitError, BackChannelRequestError
from broker.insured.space.alerts import choose, speak
from broker.insured.space.declarations import (
    DAILY,
    WORKING_DAYS,
    declare,
    declared,
    funds,
)
from broker.insured.space.tables import DECLARATION

IBAN = "FR76 3000 6000 0112 3456 7890 189"
PLAIN = IBAN.replace(" ", "")
ADDRESS = {"street": "12 rue des Lilas", "postal_code": "69003", "city": "Lyon"}
DAY = 86_400


def at(day):
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        ("address", ADDRESS, ADDRESS),
        ("bank", {"iban": IBAN}, {"end": "0189"}),
        ("doctor", {"name": "Dr Lenoir", "city": "Lyon"}, {"name": "Dr Lenoir", "city": "Lyon"}),
        ("fund", {"fund": "CPAM du Rhône"}, {"fund": "CPAM du Rhône"}),
    ],
)
def test_what_was_declared_is_told_back(doing, finding, space, tenant, kind, values, shown):
    """Four kinds; of an IBAN only the end."""
    doing(declare, space, tenant, kind, values)
    found = finding(declared, space, tenant.person_id)
    place = "coming" if WORKING_DAYS[kind] else "current"

    assert found[kind][place]["values"] == shown
    assert set(found[kind]) == {place}


@pytest.mark.parametrize(
    ("declared_on", "usable_on"),
    [
        (date(2026, 3, 2), date(2026, 3, 5)),  # Monday
        (date(2026, 3, 5), date(2026, 3, 10)),  # Thursday: over a weekend
        (date(2026, 4, 3), date(2026, 4, 9)),  # Friday before Easter Monday
        (date(2026, 12, 23), date(2026, 12, 29)),  # over Christmas
        (date(2026, 5, 13), date(2026, 5, 19)),  # over Ascension Day
    ],
)
def test_new_bank_details_wait_for_three_working_days(
    doing, finding, space, tenant, clock, declared_on, usable_on
):
    """S109, X3: weekends and French holidays do not count; until then the old ones serve."""
    clock.now = at(declared_on)
    answer = doing(declare, space, tenant, "bank", {"iban": IBAN})

    assert answer["effective_on"] == usable_on.isoformat()
    for day, place in (
        (date.fromordinal(usable_on.toordinal() - 1), "coming"),
        (usable_on, "current"),
    ):
        clock.now = at(day)
        assert list(finding(declared, space, tenant.person_id)["bank"]) == [place]


def test_the_latest_counts_once_its_day_has_come(doing, finding, space, tenant, clock):
    """S161: several IBANs over time; the one before serves while the next waits."""
    other = "FR14 2004 1010 0505 0001 3M02 606"
    doing(declare, space, tenant, "bank", {"iban": IBAN})
    clock.now += 10 * DAY
    doing(declare, space, tenant, "bank", {"iban": other})
    found = finding(declared, space, tenant.person_id)["bank"]
    assert (found["current"]["values"]["end"], found["coming"]["values"]["end"]) == ("0189", "2606")

    clock.now += 10 * DAY
    found = finding(declared, space, tenant.person_id)["bank"]
    assert found["current"]["values"]["end"] == "2606"
    assert "coming" not in found


def test_no_iban_is_kept_in_clear(doing, engine, space, tenant):
    """A copy of the database tells neither account nor address."""
    doing(declare, space, tenant, "bank", {"iban": IBAN})
    doing(declare, space, tenant, "address", ADDRESS)
    with engine.connect() as connection:
        kept = str(connection.execute(select(DECLARATION)).all())

    assert PLAIN not in kept
    assert "0123456789" not in kept
    assert "Lilas" not in kept


@pytest.mark.parametrize(
    "iban",
    ["FR76 3000 6000 0112 3456 7890 188", "FR76", "#" + "0" * 32 + "0189", "XX00 1234 5678 9012"],
)
def test_an_impossible_iban_is_refused(doing, space, tenant, iban):
    """Country, length, both keys; the form in which the registry exports one is no IBAN."""
    with pytest.raises(BackChannelRequestError) as refusal:
        doing(declare, space, tenant, "bank", {"iban": iban})

    assert refusal.value.parameter == "iban"
    assert iban not in str(refusal.value)


def test_a_fund_must_be_one_that_exists(doing, finding, space, tenant):
    """S163: the list comes from the registry."""
    assert finding(funds) == ["CPAM du Rhône"]
    with pytest.raises(BackChannelRequestError):
        doing(declare, space, tenant, "fund", {"fund": "CPAM de la Lune"})


@pytest.mark.parametrize("asked", [False, True])
def test_new_bank_details_are_told_to_the_holder_in_any_case(doing, space, tenant, letters, asked):
    """S143: at the mailbox and on the mobile, whatever the alerts; of the IBAN only its end."""
    doing(choose, tenant.account_id, alert_contact=asked)
    doing(declare, space, tenant, "bank", {"iban": IBAN})
    told = letters.all()

    assert [name for name, _content in told] == ["bank_declared", "bank_declared"]
    assert [content["to"] for _name, content in told] == ["claire@exemple.fr", "+33639010001"]
    for _name, content in told:
        assert content["values"]["end"] == "0189"
        assert PLAIN[4:-4] not in str(content)


def test_bank_details_that_are_refused_are_told_to_nobody(doing, space, tenant, letters):
    """The letter stands or falls with the fact."""
    with pytest.raises(BackChannelRequestError):
        doing(declare, space, tenant, "bank", {"iban": "FR76"})

    assert letters.all() == []


def test_the_letter_speaks_the_language_of_the_person(doing, space, tenant, letters):
    """The last one that was read in the portal."""
    doing(speak, tenant.account_id, "en")
    doing(declare, space, tenant, "bank", {"iban": IBAN})

    assert {content["values"]["language"] for _name, content in letters.all()} == {"en"}


@pytest.mark.parametrize(("kind", "told"), [("address", True), ("doctor", False)])
def test_whoever_asked_is_told_of_a_new_address(doing, space, tenant, letters, kind, told):
    """S141: alert 2, for what sends letters elsewhere."""
    values = {"address": ADDRESS, "doctor": {"name": "Dr A", "city": "B"}}
    doing(declare, space, tenant, kind, values[kind])
    assert letters.names() == []
    doing(choose, tenant.account_id, alert_contact=True)
    doing(declare, space, tenant, kind, values[kind])

    assert letters.names() == (["alert_contact"] if told else [])


def test_declarations_have_a_limit_a_day(doing, space, tenant, clock):
    """Somebody who fills our disks is stopped, and told when to come back."""
    for _ in range(DAILY.most):
        doing(declare, space, tenant, "address", ADDRESS)
    with pytest.raises(BackChannelLimitError) as limit:
        doing(declare, space, tenant, "address", ADDRESS)
    assert limit.value.retry_after == DAY
    clock.now += DAY + 1

    assert doing(declare, space, tenant, "address", ADDRESS)
