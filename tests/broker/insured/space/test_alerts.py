"""Alerts, each asked for by the person (S19, S140-S143, S156), and the history of sign-ins."""

from datetime import date

import pytest

from broker.insured.space.alerts import alert, choose, preferences, speak, tell, warn
from broker.insured.space.arrivals import euros, pay
from broker.insured.space.visits import KEPT_SECONDS, note_visit, purge_visits, visits

VISIT = {
    "session": "0123456789abcdef",
    "way": "federation",
    "provider": "tax",
    "device": "Firefox, Windows",
    "language": "fr",
}


def payment(person, number, care_on=date(2026, 2, 20), paid=123_456):
    return {
        "person_id": int(person),
        "reference": f"{person}-{number}",
        "kind": "dental",
        "label": "Cabinet",
        "care_on": care_on,
        "paid_on": date(2026, 3, 1),
        "spent": paid,
        "base": paid,
        "rate": 60,
        "paid": paid,
        "insurer": None,
        "sent_on": None,
    }


def test_nothing_is_sent_to_whoever_asked_for_nothing(doing, finding, space, tenant, letters):
    """S140-S142: opt-in, all three."""
    for kind in ("login", "contact"):
        doing(alert, space, tenant.account_id, kind)
    doing(pay, space, [payment(tenant.person_id, 1)])

    assert letters.all() == []
    assert not any(finding(preferences, tenant.account_id).asked().values())


@pytest.mark.parametrize("kind", ["login", "contact", "payment"])
def test_each_alert_is_chosen_by_itself(doing, finding, space, tenant, letters, kind):
    """One box ticked, one kind of mail."""
    doing(choose, tenant.account_id, **{f"alert_{kind}": True})
    doing(note_visit, space, tenant, VISIT)
    doing(alert, space, tenant.account_id, "contact")
    doing(pay, space, [payment(tenant.person_id, 1)])

    assert letters.names() == [f"alert_{kind}"]
    doing(choose, tenant.account_id, **{f"alert_{kind}": False})
    doing(alert, space, tenant.account_id, kind, device="x", amount="y")
    assert letters.names() == [f"alert_{kind}"]


def test_one_mail_for_each_new_payment(doing, space, tenant, letters):
    """S19: as many mails as payments, none for one delivered again; the amount is told."""
    doing(choose, tenant.account_id, alert_payment=True)
    rows = [payment(tenant.person_id, n) for n in range(3)]
    doing(pay, space, rows)
    doing(pay, space, rows)

    assert letters.names() == ["alert_payment"] * 3
    assert letters.last()["values"]["amount"] == "1\N{NARROW NO-BREAK SPACE}234,56 €"


def test_a_childs_payment_is_told_to_the_parent(doing, space, family, letters):
    """S84, S142: until the 16th birthday; care given later is nobody else's business."""
    tenant, (_claire, child, grown) = family
    doing(choose, tenant.account_id, alert_payment=True)
    doing(pay, space, [payment(child.number, 1)])
    assert letters.names() == ["alert_payment"]
    doing(pay, space, [payment(grown.number, 1, care_on=date(2026, 2, 28))])

    assert letters.names() == ["alert_payment"]


def test_a_payment_of_somebody_without_account_is_told_to_nobody(doing, space, family, letters):
    """No account, no mail, no fault."""
    _tenant, (_claire, _child, grown) = family
    assert doing(pay, space, [payment(grown.number, 1, care_on=date(2026, 2, 28))]) == 1
    assert doing(pay, space, [payment(987654, 1)]) == 1
    assert letters.all() == []


def test_a_sign_in_is_noted_once_and_told_with_its_device(doing, finding, space, tenant, letters):
    """S140: alert 1; the portal may report the same session as often as it likes."""
    doing(choose, tenant.account_id, alert_login=True)
    assert doing(note_visit, space, tenant, VISIT)
    assert not doing(note_visit, space, tenant, {**VISIT, "device": "other"})

    (seen,) = finding(visits, tenant.account_id)
    assert (seen["device"], seen["provider"], seen["way"]) == (
        "Firefox, Windows",
        "tax",
        "federation",
    )
    assert letters.names() == ["alert_login"]
    assert letters.last()["values"]["device"] == "Firefox, Windows"


def test_mails_are_in_the_language_of_the_last_sign_in(doing, space, tenant, letters):
    """Somebody who reads the site in English gets English mails."""
    doing(note_visit, space, tenant, {**VISIT, "language": "en"})
    doing(tell, space, tenant.account_id, "account_closed")

    assert letters.last()["values"]["language"] == "en"


def test_the_history_goes_back_twelve_months(doing, finding, space, tenant, clock):
    """Older sign-ins are forgotten; the latest is shown first."""
    doing(note_visit, space, tenant, VISIT)
    clock.now += KEPT_SECONDS
    doing(note_visit, space, tenant, {**VISIT, "session": "f" * 16})
    clock.now += 1

    assert [one["session"] for one in finding(visits, tenant.account_id)] == [
        "f" * 16,
        VISIT["session"],
    ]
    assert doing(purge_visits, clock.now - KEPT_SECONDS) == 1
    assert [one["session"] for one in finding(visits, tenant.account_id)] == ["f" * 16]


@pytest.mark.parametrize("email", ["claire@exemple.fr", None])
def test_mails_go_to_the_account_then_to_what_the_insurer_knows(
    doing, engine, space, population, claire, open_account, letters, email
):
    """An account without an address uses the contact of the file."""
    population.register(engine, claire._replace(email="dossier@exemple.fr"))
    tenant = space.tenant(open_account(claire, email=email), "portal.example")
    doing(tell, space, tenant.account_id, "account_closed")

    assert letters.last()["to"] == (email or "dossier@exemple.fr")


def test_nobody_to_write_to_is_no_fault(
    doing, engine, space, population, claire, open_account, letters
):
    """Neither the account nor the file has an address or a number."""
    population.register(engine, claire._replace(email="", mobile=""))
    tenant = space.tenant(open_account(claire, email=None), "portal.example")
    doing(tell, space, tenant.account_id, "account_closed")

    assert letters.all() == []


@pytest.mark.parametrize(
    ("cents", "words"),
    [(0, "0,00 €"), (5, "0,05 €"), (1900, "19,00 €"), (123_456_789, "1 234 567,89 €")],
)
def test_amounts_are_written_as_in_french(cents, words):
    """Comma, two decimals, narrow spaces between thousands."""
    assert euros(cents).replace("\N{NARROW NO-BREAK SPACE}", " ") == words


def test_a_warning_goes_wherever_the_holder_can_be_reached(
    doing, engine, space, population, claire, open_account, letters
):
    """The mailbox alone when no mobile is known, and nobody is invented."""
    other = population.other()
    population.register(engine, claire._replace(mobile=""), other)
    mine = space.tenant(open_account(claire), "portal.example")
    theirs = space.tenant(open_account(other, email=None), "portal.example")
    doing(warn, space, mine.account_id, "card_ordered")
    doing(warn, space, theirs.account_id, "card_ordered")

    assert [content["to"] for _name, content in letters.all()] == ["claire@exemple.fr"]


def test_mails_follow_the_language_that_is_read_now(doing, finding, tenant):
    """The choice of alerts stays what it was."""
    doing(choose, tenant.account_id, alert_login=True)
    for language in ("en", "en", "fr"):
        doing(speak, tenant.account_id, language)
        found = finding(preferences, tenant.account_id)
        assert (found.language, found.login) == (language, True)


def test_whoever_reads_french_needs_no_row(doing, finding, tenant):
    """What is the case already is not written."""
    doing(speak, tenant.account_id, "fr")

    assert finding(preferences, tenant.account_id).language == "fr"
