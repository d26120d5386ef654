"""Everything the first page shows, in one answer (S60), and the page of rights."""

import pytest

from broker.insured.space.alerts import choose
from broker.insured.space.arrivals import cover
from broker.insured.space.dashboard import REMINDER_SECONDS, dashboard, rights
from broker.insured.space.declarations import declare
from broker.insured.space.demonstration import Demonstration
from broker.insured.space.email import ask
from broker.insured.space.messages import answer, send
from broker.insured.space.orders import order_card


def test_a_new_account_has_an_empty_space(space, tenant):
    """Nothing is there yet, and nothing is missing."""
    told = dashboard(space, tenant)

    assert told["account_id"] == tenant.reference
    assert told["status"] == "active"
    assert told["rights"]["open"]
    assert told["reimbursements"] == {"count": 0, "total": 0, "latest": []}
    assert told["household"] == [{"place": 0, "name": "Claire", "holder": True}]
    for empty in ("leave", "order", "email_change"):
        assert told[empty] is None
    assert (told["unread"], told["coming"], told["password_reminder"]) == (0, [], False)


def test_everything_that_happens_is_there(doing, space, tenant):
    """An order, an answer, a change that waits, an address that waits."""
    Demonstration(space, 36).serve(tenant)
    doing(order_card, space, tenant, "loss")
    number = doing(send, space, tenant, "rights", "?")["number"]
    doing(answer, space, number, "!", "advisor-7")
    doing(declare, space, tenant, "bank", {"iban": "FR76 3000 6000 0112 3456 7890 189"})
    doing(ask, space, tenant, "nouvelle@exemple.fr", "fr")
    told = dashboard(space, tenant)

    assert told["order"]["stage"] == "prepared"
    assert told["unread"] == 1
    assert told["coming"] == [{"kind": "bank", "effective_on": "2026-03-04"}]
    assert told["email_change"]["email_masked"] == "n•••••@exemple.fr"
    assert len(told["reimbursements"]["latest"]) == 3


@pytest.mark.parametrize(("more", "reminded"), [(-1, False), (0, True), (1e9, True)])
def test_an_old_password_is_spoken_of_after_six_months(
    space, tenant, clock, passwords, more, reminded
):
    """S130, X7: a reminder, never a duty."""
    passwords.chosen[tenant.account_id] = clock.now
    clock.now += REMINDER_SECONDS + more

    assert dashboard(space, tenant)["password_reminder"] is reminded


def test_a_reminder_may_be_put_off(doing, space, tenant, clock, passwords):
    """It comes back six months later; a new password silences it too."""
    passwords.chosen[tenant.account_id] = clock.now - 2 * REMINDER_SECONDS
    doing(choose, tenant.account_id, reminded_at=clock.now)
    assert not dashboard(space, tenant)["password_reminder"]
    clock.now += REMINDER_SECONDS
    assert dashboard(space, tenant)["password_reminder"]
    passwords.chosen[tenant.account_id] = clock.now

    assert not dashboard(space, tenant)["password_reminder"]


def test_the_page_of_rights_names_who_stands_behind_them(doing, space, family):
    """S3, S149: fund, doctor, complementary insurer; children and when they may have an account."""
    tenant, _lines = family
    doing(cover, tenant.person_id, "Mutuelle Exemple", "Dr Lenoir")
    told = rights(space, tenant)

    assert (told["insurer"], told["doctor"]) == ("Mutuelle Exemple", "Dr Lenoir")
    assert told["rights"] == {"open": True, "scheme": "general", "fund": "CPAM du Rhône"}
    assert [(one["name"], one["minor"]) for one in told["children"]] == [
        ("Ève DURAND", False),
        ("Léo DURAND", True),
    ]
    assert told["children"][1]["adult_on"] == "2032-01-05"


def test_a_child_who_grew_up_long_ago_is_not_named(space, family, clock):
    """Nothing of them is shown any more a year after the 16th birthday."""
    tenant, _lines = family
    clock.now += 366 * 86_400

    assert [one["name"] for one in rights(space, tenant)["children"]] == ["Léo DURAND"]


def test_without_cover_there_is_none(space, tenant):
    """Nothing is invented."""
    told = rights(space, tenant)

    assert (told["insurer"], told["doctor"], told["declared"]) == (None, None, {})
