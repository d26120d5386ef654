"""The activation link: 48 hours, once, the newest alone; and the password chosen behind it."""

import pytest
from sqlalchemy import text

HOUR = 3600


def test_a_link_leads_to_a_password_and_the_account_waits_for_its_first_sign_in(classic, count):
    """S50, S56: the password is stored, the account is not active yet."""
    classic.create()

    assert classic.activate() == {"result": "done"}
    assert count("account WHERE status = 'pending'") == 1
    assert count("credential WHERE password_hash LIKE '$argon2id$%'") == 1
    assert classic.events()[-1] == "password:set"


@pytest.mark.parametrize(
    ("passed", "state", "result"),
    [
        (47 * HOUR + 59 * 60, "valid", "done"),
        (48 * HOUR + 60, "expired", "expired"),
        (48 * HOUR, "expired", "expired"),
    ],
    ids=["47h59", "48h01", "48h00"],
)
def test_a_link_lives_48_hours(classic, clock, passed, state, result):
    """S49: at 47 h 59 it opens, at 48 h 01 it tells that it expired."""
    classic.create()
    clock.now += passed

    assert classic.steps.activation.read(classic.link()) == state
    assert classic.activate()["result"] == result


def test_a_link_serves_once(classic):
    """A second click, or a link that leaked afterwards, opens nothing."""
    classic.create()
    token = classic.link()
    classic.activate(token)

    assert classic.steps.activation.read(token) == "unknown"
    assert classic.activate(token, "Encore-1-autre!") == {"result": "unknown"}


def test_only_the_newest_link_is_good(classic):
    """The link of the first mail is dead once a second one was sent."""
    classic.create()
    first = classic.link()
    classic.create()

    assert classic.activate(first) == {"result": "unknown"}
    assert classic.activate() == {"result": "done"}


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é", "\0"])
def test_a_link_nobody_made_is_unknown(lite, token):
    """Whatever is in its place."""
    lite.create()

    assert lite.steps.activation.read(token) == "unknown"
    assert lite.do(lambda: lite.steps.activation.choose(token, "Un-mot-2-passe!", "fr")) == {
        "result": "unknown"
    }


def test_a_refused_password_leaves_the_link_as_it_was(lite):
    """Every fault is told at once, and the same link serves for the next try."""
    lite.create()

    assert lite.activate(password="azerty") == {
        "result": "password",
        "faults": ["length", "upper", "digit", "special", "known"],
    }
    assert lite.activate() == {"result": "done"}


@pytest.mark.parametrize("password", ["Aa!{nir}", "Aa!{nir13}", "Aa1!claire.d@exemple.fr"])
def test_a_password_that_tells_the_person_is_refused(lite, password):
    """Neither the NIR nor the address of the account."""
    lite.create()
    chosen = password.format(nir=lite.nir, nir13=lite.nir[:13])

    assert lite.activate(password=chosen) == {"result": "password", "faults": ["personal"]}


def test_a_new_link_changes_the_password_of_an_account_never_confirmed(lite, lite_count):
    """Somebody who forgot it before the first sign-in begins again with the form."""
    lite.create()
    lite.activate()
    lite.create()

    assert lite.activate(password="Encore-1-autre!") == {"result": "done"}
    assert lite.sign_in()["result"] == "refused"
    assert lite.sign_in("Encore-1-autre!")["result"] == "code_sent"
    assert lite_count("credential") == 1


@pytest.mark.parametrize("status", ["active", "replaced", "closed", "deactivated", "locked"])
def test_a_link_opens_no_account_but_one_that_waits_for_it(lite, sqlite_engine, status):
    """A login by a provider replaced the creation meanwhile: the link of the form is dead."""
    lite.create()
    with sqlite_engine.begin() as tx:
        tx.execute(text(f"UPDATE account SET status = '{status}'"))

    assert lite.steps.activation.read(lite.link()) == "unknown"
    assert lite.activate() == {"result": "unknown"}


def test_a_link_that_dies_while_its_password_is_hashed_opens_nothing(lite, lite_count):
    """What was read before is proven again in the transaction that writes."""
    lite.create()
    token = lite.link()
    deed = lite.steps.activation.choose(token, "Un-mot-2-passe!", "fr")
    lite.create()

    assert lite.do(lambda: deed) == {"result": "unknown"}
    assert lite_count("credential") == 0


@pytest.mark.parametrize("status", ["deactivated", "locked", "active", "replaced"])
def test_an_account_that_changes_while_its_password_is_hashed_gets_none(
    lite, sqlite_engine, lite_count, status
):
    """Row 45: the account itself is looked at again, not only the link."""
    lite.create()
    deed = lite.steps.activation.choose(lite.link(), "Un-mot-2-passe!", "fr")
    with sqlite_engine.begin() as tx:
        tx.execute(text(f"UPDATE account SET status = '{status}'"))

    assert lite.do(lambda: deed) == {"result": "unknown"}
    assert lite_count("credential") == 0
