"""Codes by post: their own kind, fifteen days, newest only, three tries, once."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from broker.errors import BackChannelLimitError, DeskConflictError, PasswordsBusyError
from broker.insured.credentials.hashing import PasswordHashing
from broker.insured.credentials.lockout import lockout_key, take_turn
from broker.insured.desk.postcodes import LIVES_SECONDS, code_form
from tests.broker.insured.desk.conftest import CHEAP, POST_ROOM

PASSWORD = "Tulipe-Orage-27"
DONE, WRONG = {"result": "done"}, {"result": "wrong"}
ORIGIN = "192.0.2.7"


@pytest.fixture
def holder(registered, holders):
    """Claire, with an account."""
    claire = registered()
    holders.open(claire)
    return claire


@pytest.fixture
def posted(desk, staff, holder, sure_of, key, post):
    """Have a code posted; what stands on the letter."""

    def ask():
        desk.acts.post_code(staff, sure_of(holder), key())
        letter = post().to(POST_ROOM)[-1][2]
        return re.search(r"^([2-9A-Z]{5} [2-9A-Z]{5})$", letter, re.MULTILINE)[1]

    return ask


@pytest.fixture
def redeem(desk, holder):
    """Type number and code on the page of the portal."""

    def typed(code, nir=holder.nir, password=PASSWORD, origin=ORIGIN):
        deed = desk.codes.redeem(nir, code, password, origin)
        with desk.ground.engine.begin() as tx:
            return deed(tx).answer

    return typed


@pytest.fixture
def kept(desk):
    """What the tables hold."""

    def read(columns):
        with desk.ground.engine.connect() as connection:
            return connection.execute(text(f"SELECT {columns}")).all()

    return read


def test_a_code_by_post_gives_a_new_password(posted, redeem, kept, cheap, post):
    """S100: the letter is printed, the code chooses a password, the person is told of both."""
    assert redeem(posted()) == DONE

    ((stored,),) = kept("password_hash FROM credential")
    assert cheap.verify(stored, PASSWORD)
    subjects = [message[1] for message in post().to("claire@exemple.fr")]
    assert len(subjects) == 2
    assert "courrier" in subjects[0]


def test_the_letter_names_its_reader_and_its_last_day(posted, post):
    """It is put in an envelope: name, file and postcode; valid fifteen days."""
    posted()
    letter = post().to(POST_ROOM)[0][2]

    for part in ("Claire DURAND", "dossier 11", "69003", "17 mars 2026", "36 46"):
        assert part in letter.replace("\N{NO-BREAK SPACE}", " ")


def test_the_code_is_nowhere_readable(desk, posted, kept):
    """Hashed in its table, sealed in the outbox, absent from the rest."""
    code = posted()
    written = str(kept("* FROM post_code") + kept("* FROM desk_act") + kept("* FROM consultation"))

    assert code not in written
    assert code.replace(" ", "") not in written


def test_the_letters_of_a_code_cannot_be_confused(posted):
    """S114: no 0 or O, no 1 or I; copied in any case, with or without its blank."""
    code = posted()

    assert not set(code) & set("01OI")
    assert code_form(f"  {code.lower()} ") == code_form(code.replace(" ", "-"))


@pytest.mark.parametrize(("after", "good"), [(-1, True), (0, False)])
def test_a_code_lives_fifteen_days_from_posting(posted, redeem, clock, after, good):
    """X12: 14 days 23:59:59 and 15 days."""
    code = posted()
    clock.now += LIVES_SECONDS + after

    assert redeem(code) == (DONE if good else WRONG)


def test_only_the_newest_code_serves(posted, redeem):
    """S94, S112: the one that was posted before is dead."""
    first, second = posted(), posted()

    assert redeem(first) == WRONG
    assert redeem(second) == DONE


def test_a_code_serves_once(posted, redeem):
    """Whoever finds the letter afterwards gets nowhere."""
    code = posted()
    assert redeem(code) == DONE

    assert redeem(code, password="Autre-Tulipe-28") == WRONG


def test_a_code_dies_after_three_wrong_tries(posted, redeem, kept):
    """Then the right one is refused too."""
    code = posted()
    for _ in range(3):
        assert redeem("22222 22222") == WRONG

    assert redeem(code) == WRONG
    assert kept("status FROM post_code") == [("dead",)]


def test_a_node_that_died_before_it_marked_a_code_dead_gives_no_fourth_try(desk, posted, redeem):
    """The count alone decides, whatever the state says."""
    code = posted()
    with desk.ground.engine.begin() as tx:
        tx.execute(text("UPDATE post_code SET tries = 3"))

    assert redeem(code) == WRONG


def test_many_tries_at_once_are_counted_in_full(posted, redeem, kept):
    """Eight wrong ones together: three are looked at."""
    posted()

    def guess(number):
        return redeem(f"2222222{number:03d}") == WRONG

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(guess, range(8)))

    assert kept("tries, status FROM post_code") == [(3, "dead")]


def test_a_code_redeemed_in_two_windows_at_once_serves_one(posted, redeem):
    """One password is chosen, the other window is told no."""
    code = posted()

    def use(number):
        return redeem(code, password=f"Tulipe-Orage-{number}7") == DONE

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, (2, 3))) == [False, True]


def test_nobody_learns_whether_a_number_has_an_account(posted, redeem, population):
    """Row 46: a stranger's number, a wrong code and an old code read the same."""
    posted()
    stranger = population.other().nir

    assert redeem("22222 22222", nir=stranger) == redeem("22222 22222") == redeem("") == WRONG


def test_a_code_of_another_account_opens_nothing(posted, redeem, population, registered, holders):
    """Row 4: a proof made for one person is not consumed by another."""
    paul = population.other(given_names="Paul")
    registered(paul)
    holders.open(paul, email="paul@exemple.fr", mobile=None)

    assert redeem(posted(), nir=paul.nir) == WRONG


def test_a_locked_account_is_opened_by_the_code(
    desk, staff, registered, holders, sure_of, key, post, sealer, clock
):
    """Ten wrong passwords lock until a recovery: this is one."""
    claire = registered()
    holders.open(claire, status="locked")
    locked = lockout_key(sealer, claire.nir)
    with desk.ground.engine.begin() as tx:
        for _ in range(5):
            take_turn(tx, locked, clock.now)
    desk.acts.post_code(staff, sure_of(claire), key())
    code = re.search(r"^([2-9A-Z]{5} [2-9A-Z]{5})$", post().to(POST_ROOM)[0][2], re.MULTILINE)[1]

    deed = desk.codes.redeem(claire.nir, code, PASSWORD, ORIGIN)
    with desk.ground.engine.begin() as tx:
        assert deed(tx).answer == DONE

    assert [row.status for row in holders.rows()] == ["active"]
    with desk.ground.engine.begin() as tx:
        assert take_turn(tx, locked, clock.now).allowed


@pytest.mark.parametrize("status", ["pending", "deactivated", "closed", "replaced"])
def test_no_code_is_posted_for_an_account_that_is_not_open(
    desk, staff, registered, holders, sure_of, key, status
):
    """A request nobody confirmed has no holder yet; a closed one has none any more."""
    claire = registered()
    holders.open(claire, status=status)

    with pytest.raises(DeskConflictError):
        desk.acts.post_code(staff, sure_of(claire), key())


def test_an_account_deactivated_meanwhile_is_not_opened_by_its_code(desk, posted, redeem):
    """Row 11: whoever was shut out stays out, whatever is in the post."""
    code = posted()
    with desk.ground.engine.begin() as tx:
        tx.execute(text("UPDATE account SET status = 'deactivated'"))

    assert redeem(code) == WRONG


def test_a_replaced_account_takes_its_code_with_it(
    desk, staff, holder, posted, redeem, sure_of, key
):
    """The code that was on its way to the old account opens neither."""
    code = posted()
    desk.acts.replace(staff, sure_of(holder), key(), "")

    assert redeem(code) == WRONG


@pytest.mark.parametrize(
    ("password", "rule"),
    [("court", "length"), ("tulipe-orage-27", "upper"), ("Ameli2026!", "known")],
)
def test_a_password_that_breaks_a_rule_costs_no_try(posted, redeem, kept, password, rule):
    """S51-S54: the rules are told first, the code stays whole."""
    code = posted()
    answer = redeem(code, password=password)

    assert answer["result"] == "password"
    assert rule in answer["faults"]
    assert kept("tries FROM post_code") == [(0,)]
    assert redeem(code) == DONE


def test_a_password_that_holds_the_number_is_refused(posted, redeem, holder):
    """Neither the number nor the address of the person."""
    answer = redeem(posted(), password=f"Aa-{holder.nir[:13]}")

    assert answer == {"result": "password", "faults": ["personal"]}


@pytest.mark.parametrize(
    ("nir", "reason"), [("", "nir_form"), ("123", "nir_form"), ("285036938301199", "nir_key")]
)
def test_a_typing_error_in_the_number_is_told_apart(redeem, nir, reason):
    """S46: a wrong key is a slip of the finger."""
    assert redeem("22222 22222", nir=nir) == {"result": "refused", "reason": reason}


def test_a_number_may_be_tried_ten_times_a_day(posted, redeem, clock):
    """Whatever was typed; the next day it may be tried again."""
    for number in range(10):
        assert redeem("22222 22222", origin=f"192.0.2.{number}") == WRONG
    code = posted()
    with pytest.raises(BackChannelLimitError) as refusal:
        assert redeem(code) == DONE
    assert refusal.value.retry_after == 86_400
    clock.now += 86_401

    assert redeem(code) == DONE


def test_an_address_may_try_twenty_times_an_hour(redeem, population):
    """One computer does not go through a list of numbers."""
    for _ in range(20):
        assert redeem("22222 22222", nir=population.other().nir) == WRONG

    with pytest.raises(BackChannelLimitError):
        assert redeem("22222 22222", nir=population.other().nir) == DONE


def test_the_journal_learns_what_happened_and_of_whom_by_number(desk, posted, holder):
    """The account by its row; neither the code, nor the NIR, nor the person."""
    code = posted()
    told = []
    for typed in ("22222 22222", code):
        deed = desk.codes.redeem(holder.nir, typed, PASSWORD, ORIGIN)
        with desk.ground.engine.begin() as tx:
            told.append(deed(tx))

    assert [(one.events[0].value, one.account_id) for one in told] == [
        ("post-code:refused", 1),
        ("post-code:used", 1),
    ]
    for secret in (code, code_form(code), holder.nir, "DURAND", PASSWORD):
        assert secret not in str(told)


def test_a_busy_node_costs_no_try(sqlite_engine, open_desk, posted, kept, holder, cheap):
    """Whoever is told to come back finds the code as it was."""
    posted()
    desk = open_desk(sqlite_engine)
    busy = PasswordHashing(CHEAP.model_copy(update={"at_once": 1, "waiting": 0}))
    codes = replace(desk.codes, ground=replace(desk.ground, hashing=busy))

    with busy.turn(), pytest.raises(PasswordsBusyError):
        codes.redeem(holder.nir, "22222 22222", PASSWORD, ORIGIN)
    assert kept("tries FROM post_code") == [(0,)]


@given(st.text(max_size=30))
def test_no_text_is_a_code_by_accident(typed):
    """Whatever is typed becomes letters and figures in upper case, or nothing."""
    assert code_form(code_form(typed)) == code_form(typed)
    assert all(c.isalnum() for c in code_form(typed))
