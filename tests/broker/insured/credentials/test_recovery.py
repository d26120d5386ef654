"""A provisional code by mail or by text message, a day long, the newest alone; a new password."""

import pytest
from sqlalchemy import text

from broker.errors import BackChannelLimitError
from broker.insured.accounts.facts import Result
from broker.insured.credentials.proofs import ALPHABET

HOUR, DAY = 3600, 86_400
NEW = "Un-autre-3-mot!"


@pytest.fixture
def opened(classic):
    classic.opened()
    return classic


@pytest.fixture
def opened_lite(lite):
    lite.opened()
    return lite


def test_a_code_by_mail_gives_a_new_password(opened):
    """S88, S89, S91: number and birth date, the code, the password; the old one is gone."""
    handle = opened.recover()["recovery"]
    [(_, channel, to, values)] = opened.letters("recovery_code")

    assert (channel, to, values["hours"]) == ("mail", "claire.d@exemple.fr", "24")
    assert opened.redeem(handle) == {"result": "done"}
    assert opened.sign_in() == {"result": "refused"}
    assert opened.sign_in(NEW)["result"] == "signed_in"
    assert [one[2] for one in opened.letters("password_changed")] == ["claire.d@exemple.fr"]


def test_a_code_by_text_message_goes_to_the_mobile_on_file(opened):
    """S90: the number that the insurer knows."""
    opened.recover("sms")

    assert [one[1:3] for one in opened.letters("recovery_code")] == [("sms", "+33639010001")]


def test_no_code_goes_by_a_way_that_is_not_known(person):
    """S90: without a mobile nothing is sent, and the answer is the same."""
    someone = person(mobile="")
    someone.opened()

    assert someone.recover("sms").keys() == {"result", "recovery"}
    assert someone.letters("recovery_code") == []


@pytest.mark.parametrize(
    ("passed", "result"),
    [(23 * HOUR + 59 * 60, "done"), (DAY, "wrong"), (DAY + 60, "wrong")],
    ids=["23h59", "24h00", "24h01"],
)
def test_a_code_lives_a_day(opened, clock, passed, result):
    """S93: at 23 h 59 it serves, at 24 h 01 it does not."""
    handle = opened.recover()["recovery"]
    clock.now += passed

    assert opened.redeem(handle)["result"] == result


def test_only_the_newest_code_is_good(opened):
    """S94, S112: the first one is dead, with its own request and with the second."""
    first, code = opened.recover()["recovery"], opened.code("recovery_code")
    second = opened.recover()["recovery"]

    assert opened.redeem(first, code) == {"result": "wrong"}
    assert opened.redeem(second, code) == {"result": "wrong"}
    assert opened.redeem(second) == {"result": "done"}


def test_a_code_holds_no_letter_that_is_taken_for_another(opened_lite):
    """S114: eight of thirty-two letters, without 0, O, 1 and I."""
    codes = []
    for number in range(3):
        opened_lite.recover(origin=f"192.0.2.{number}")
        codes.append(opened_lite.code("recovery_code"))

    assert not set("0O1I") & set(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert all(len(code) == 8 and set(code) <= set(ALPHABET) for code in codes)
    assert len(set(codes)) == 3


def test_a_code_is_good_however_it_is_copied(opened_lite):
    """S117: lower case, blanks and a hyphen, as they come from a mail."""
    handle, code = opened_lite.recover()["recovery"], opened_lite.code("recovery_code")

    assert opened_lite.redeem(handle, f" {code[:4].lower()}-{code[4:]} ") == {"result": "done"}


def test_three_wrong_codes_kill_it(opened):
    """The right one comes too late, and says nothing else."""
    handle = opened.recover()["recovery"]
    tries = [opened.redeem(handle, "AAAAAAAA") for _ in range(3)]

    assert tries == [{"result": "wrong"}] * 3
    assert opened.redeem(handle) == {"result": "wrong"}
    assert opened.sign_in()["result"] == "signed_in"


def test_a_code_serves_once(opened):
    """It dies with the password it gave."""
    handle, code = opened.recover()["recovery"], opened.code("recovery_code")
    opened.redeem(handle, code)

    assert opened.redeem(handle, code, "Encore-1-autre!") == {"result": "wrong"}
    assert opened.sign_in(NEW)["result"] == "signed_in"


def test_a_refused_password_does_not_spend_the_code(opened):
    """However often: only wrong codes count."""
    handle = opened.recover()["recovery"]
    for _ in range(4):
        answer = opened.redeem(handle, password="azerty")
        assert answer["result"] == "password"
        assert answer["faults"][0] == "length"

    assert opened.redeem(handle) == {"result": "done"}


def test_a_wrong_code_is_told_before_a_weak_password(opened_lite):
    """Nobody learns the rules of an account's password without its code."""
    handle = opened_lite.recover()["recovery"]

    assert opened_lite.redeem(handle, "AAAAAAAA", opened_lite.nir) == {"result": "wrong"}


def nobody(classic):
    classic.create()


def before_the_code(classic):
    classic.create()
    classic.activate()


STRANGERS = {
    "a number of nobody": (None, {"nir": "285036938301219"[:13]}),
    "no account": (None, {}),
    "a creation never confirmed": (nobody, {}),
    "a password never confirmed": (before_the_code, {}),
    "another birth date": (lambda classic: classic.opened(), {"birthdate": "1985-03-28"}),
}


@pytest.mark.parametrize(("before", "changes"), STRANGERS.values(), ids=STRANGERS)
def test_whoever_has_nothing_to_recover_reads_the_same_answer(lite, before, changes):
    """Row 46: the same members, a handle of the same length, and no message (X10)."""
    if before:
        before(lite)
    answer = lite.recover(**changes)

    assert (answer["result"], len(answer["recovery"])) == ("asked", 43)
    assert answer.keys() == {"result", "recovery"}
    assert lite.letters("recovery_code") == []
    assert [lite.redeem(answer["recovery"], "AAAAAAAA") for _ in range(4)] == [
        {"result": "wrong"}
    ] * 4


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nir": "12"}, "nir_form"),
        ({"nir": "285036938301174"}, "nir_key"),
        ({"birthdate": "27/03/1985"}, "birthdate"),
        ({"birthdate": "2026-03-02"}, "birthdate"),
    ],
)
def test_a_typing_error_is_told(opened_lite, changes, reason):
    """It says nothing of anybody."""
    assert opened_lite.recover(**changes) == {"result": "refused", "reason": reason}


def test_a_recovery_ends_a_lock(opened, clock):
    """After ten wrong passwords, the code and a new password open again."""
    for _ in range(10):
        opened.sign_in("wrong")
        clock.now += 12 * HOUR
    locked = opened.sign_in()
    opened.redeem(opened.recover()["recovery"])

    assert locked == {"result": "locked"}
    assert opened.sign_in(NEW)["result"] == "signed_in"


def test_a_recovery_opens_an_account_that_was_locked(opened, engine):
    """The status of the account as well as the count of its number."""
    with engine.begin() as tx:
        tx.execute(text("UPDATE account SET status = 'locked'"))
    opened.redeem(opened.recover()["recovery"])

    assert opened.sign_in(NEW)["result"] == "signed_in"


def test_a_closed_account_is_not_recovered(opened_lite, sqlite_engine):
    """Deactivated by an advisor: no code, in the same words."""
    with sqlite_engine.begin() as tx:
        tx.execute(text("UPDATE account SET status = 'deactivated'"))

    assert opened_lite.recover()["result"] == "asked"
    assert opened_lite.letters("recovery_code") == []


def test_an_account_closed_after_the_code_was_sent_gets_no_password(opened_lite, sqlite_engine):
    """The step that writes looks again (row 45)."""
    handle = opened_lite.recover()["recovery"]
    deed = opened_lite.steps.recovery.redeem(handle, opened_lite.code("recovery_code"), NEW)
    with sqlite_engine.begin() as tx:
        tx.execute(text("UPDATE account SET status = 'deactivated'"))

    assert opened_lite.do(lambda: deed) == {"result": "wrong"}


def test_an_account_opened_by_a_provider_gets_a_password(classic, accounts, arriving):
    """X13: without password until a recovery; the links stay, the same account is reached."""
    settled = accounts.settle(arriving(), "ameli.exemple")
    before = classic.sign_in()
    classic.redeem(classic.recover(language="en")["recovery"])

    assert settled.result is Result.CREATED
    assert before == {"result": "refused"}
    assert classic.letters("recovery_code")[0][2] == "claire.durand@exemple.fr"
    assert classic.letters("password_changed")[0][3]["language"] == "en"
    assert classic.sign_in(NEW) == {"result": "signed_in", "account_id": settled.account_id}
    assert accounts.settle(arriving(), "ameli.exemple").account_id == settled.account_id


def test_an_account_without_address_is_written_to_where_the_insurer_does(
    lite, sqlite_engine, with_iban
):
    """The provider's e-mail was taken: the one on file serves."""
    lite.opened()
    with sqlite_engine.begin() as tx:
        tx.execute(text("UPDATE account SET email_sealed = NULL, email_index = NULL"))
    lite.recover()

    assert [one[2] for one in lite.letters("recovery_code")] == [with_iban.email]


LIMITS = {
    "three an hour for a number": (3, HOUR, lambda n: {"origin": f"192.0.2.{n}"}),
    "ten an hour from an address": (
        10,
        HOUR,
        lambda n: {"nir": f"2850369383{100 + n}"},
    ),
}


@pytest.mark.parametrize(("most", "seconds", "changes"), LIMITS.values(), ids=LIMITS)
def test_recoveries_are_limited(lite, clock, most, seconds, changes):
    """Whether or not there is anybody, with the time to wait."""
    for number in range(most):
        assert lite.recover(**changes(number))["result"] == "asked"
    with pytest.raises(BackChannelLimitError) as refusal:
        lite.recover(**changes(most))
    clock.now += refusal.value.retry_after

    assert refusal.value.retry_after == seconds
    assert lite.recover(**changes(most))["result"] == "asked"


def test_recoveries_are_five_a_day_for_a_number(lite, clock):
    """Three in the first hour, two in the next, then tomorrow."""
    for number in range(5):
        lite.recover(origin=f"192.0.2.{number}")
        clock.now += HOUR / 2
    with pytest.raises(BackChannelLimitError) as refusal:
        lite.recover(origin="192.0.2.9")

    assert refusal.value.retry_after == DAY - 5 * HOUR / 2
