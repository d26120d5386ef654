"""Signing in: both factors, each code once, guesses counted before they are examined."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pyotp
import pytest

from broker.errors import DeskClosedError, PasswordsBusyError, StaffRefusedError, StaffSessionError
from broker.insured.credentials.hashing import PasswordHashing
from broker.insured.desk.sessions import IDLE_SECONDS, LONGEST_SECONDS
from broker.insured.desk.signing_in import FOR_EVER, LAST_LOCK, LOCK_SECONDS, SignIn
from tests.broker.insured.desk.conftest import CHEAP, PASSWORD

WRONG = "not the password"


@pytest.fixture
def refused(desk):
    """Try to sign in; the refusal."""

    def tried(name="camille", password=PASSWORD, code="000000"):
        with pytest.raises(StaffRefusedError) as refusal:
            desk.come_in(name, password, code)
        return refusal.value

    return tried


def test_every_refusal_reads_the_same(refused, camille, code):
    """A wrong name, password or code are one answer (row 46)."""
    said = {
        str(refused(name="nobody", code=code())),
        str(refused(password=WRONG, code=code())),
        str(refused(code="000000")),
        str(refused(code="")),
        str(refused(code="é" * 6)),
    }

    assert len(said) == 1


def test_a_code_serves_once(desk, refused, camille, code):
    """Whoever reads it over a shoulder, or replays it, is refused; the next one is good."""
    spent = code()
    desk.come_in("camille", PASSWORD, spent)

    refused(code=spent)
    assert desk.come_in("camille", PASSWORD, code(30))["token"]


def test_a_code_older_than_the_last_accepted_is_dead(desk, refused, camille, code):
    """Clocks may drift by one interval; what was accepted never goes backwards."""
    desk.come_in("camille", PASSWORD, code(30))

    refused(code=code())
    refused(code=code(-30))


@pytest.mark.parametrize(("drift", "good"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_drift_by_thirty_seconds(desk, camille, code, drift, good):
    """One interval before and after are accepted, no more."""
    if good:
        assert desk.come_in("camille", PASSWORD, code(drift))
    else:
        with pytest.raises(StaffRefusedError):
            desk.come_in("camille", PASSWORD, code(drift))


def test_blanks_in_a_code_do_not_matter(desk, camille, code):
    """Authenticators show `123 456`."""
    assert desk.come_in("camille", PASSWORD, f" {code()[:3]} {code()[3:]} ")


def test_a_burst_with_one_code_lets_one_in(desk, camille, code):
    """Ten at once with the right password and the same code: one session."""
    one = code()

    def enter(_):
        try:
            return desk.come_in("camille", PASSWORD, one)["token"]
        except StaffRefusedError:
            return None

    with ThreadPoolExecutor(4) as pool:
        tokens = list(pool.map(enter, range(4)))

    assert len([token for token in tokens if token]) == 1


def test_five_failures_wait_a_quarter_of_an_hour(desk, refused, camille, code, clock):
    """Then even the right ones wait; a minute before is too early."""
    for _ in range(5):
        refused(password=WRONG)
    with pytest.raises(StaffRefusedError):
        desk.come_in("camille", PASSWORD, code())
    clock.now += LOCK_SECONDS - 1
    with pytest.raises(StaffRefusedError):
        desk.come_in("camille", PASSWORD, code())
    clock.now += 1

    assert desk.come_in("camille", PASSWORD, code())


def test_each_further_failure_doubles_the_wait(desk, refused, camille, code, clock):
    """15 minutes, then 30, 60, 120, 240; the tenth waits for somebody to reset it."""
    for _ in range(4):
        refused(password=WRONG)
    for times in (1, 2, 4, 8, 16):
        refused(password=WRONG)
        clock.now += LOCK_SECONDS * times - 1
        with pytest.raises(StaffRefusedError):
            desk.come_in("camille", WRONG, "000000")
        clock.now += 1
    refused(password=WRONG)
    clock.now += 30 * 86_400

    assert LAST_LOCK == 10
    assert clock.now < FOR_EVER
    with pytest.raises(StaffRefusedError):
        desk.come_in("camille", PASSWORD, code())
    secret = desk.directory.reset_totp("camille")
    clock.now -= clock.now % 86_400
    clock.now += 10 * 3600
    assert desk.door.sign_in("camille", PASSWORD, pyotp.TOTP(secret).at(clock.now))


def test_a_wrong_code_counts_as_much_as_a_wrong_password(desk, refused, camille):
    """The second factor cannot be guessed at leisure by whoever has the first."""
    for _ in range(5):
        refused(code="000000")

    with pytest.raises(StaffRefusedError):
        desk.come_in("camille", PASSWORD, "000000")


def test_a_locked_name_answers_like_nobodys(desk, refused, camille, code, trail):
    """Whoever types names until one locks does not learn who is on the staff."""
    for _ in range(5):
        refused(password=WRONG)
    told = len(trail.told)
    locked, nobodys = refused(code=code()), refused(name="nobody", code=code())

    assert type(locked) is type(nobodys)
    assert (str(locked), locked.log) == (str(nobodys), nobodys.log)
    assert len(trail.told) == told


@pytest.mark.parametrize("name", ["camille", "nobody", "locked"])
def test_every_refusal_costs_one_hash(desk, refused, camille, name, monkeypatch):
    """The time of an answer does not tell a name that exists, or is locked, from any other."""
    desk.directory.add("locked", PASSWORD)
    for _ in range(5):
        refused(name="locked", password=WRONG)
    looked_at = []
    turn = type(desk.ground.hashing._turn)
    verify = turn.verify
    monkeypatch.setattr(turn, "verify", lambda *said: looked_at.append(said[2]) or verify(*said))
    refused(name=name, password=WRONG)

    assert looked_at == [WRONG]


def test_a_busy_node_costs_nobody_an_attempt(desk, refused, camille, code):
    """Passwords that could not be looked at lock no name: the turn to hash comes first."""
    one_at_a_time = CHEAP.model_copy(update={"at_once": 1, "waiting": 0, "wait_seconds": 0.01})
    door = replace(desk.ground, hashing=PasswordHashing(one_at_a_time))
    with door.hashing.turn():
        for _ in range(LAST_LOCK):
            with pytest.raises(PasswordsBusyError):
                SignIn(door).sign_in("camille", WRONG, "000000")

    assert desk.come_in("camille", PASSWORD, code())["token"]


def test_success_forgives_earlier_failures(desk, refused, camille, code):
    """Four slips, then in; four more slips lock nobody out."""
    for _ in range(4):
        refused(password=WRONG)
    desk.come_in("camille", PASSWORD, code())
    for _ in range(4):
        refused(password=WRONG)

    assert desk.come_in("camille", PASSWORD, code(30))


def test_failures_of_one_advisor_do_not_lock_another(desk, refused, camille, clock):
    """Each name counts for itself."""
    secret = desk.directory.add("dominique", PASSWORD)
    for _ in range(5):
        refused(password=WRONG)

    assert desk.come_in("dominique", PASSWORD, pyotp.TOTP(secret).at(clock.now))


def test_guesses_are_journalled_without_what_was_typed(refused, camille, trail):
    """The journal tells that somebody tried, and whose name was used, by number."""
    refused(password=WRONG)

    assert trail.told[-1] == ("desk:sign-in:refused", {"staff": camille[0].id})


def test_an_idle_session_ends_after_twenty_minutes(desk, camille, code, clock):
    """Each use begins the twenty minutes again; 20 minutes without one end it."""
    token = desk.come_in("camille", PASSWORD, code())["token"]
    for _ in range(3):
        clock.now += IDLE_SECONDS - 1
        assert desk.sessions.use(token).name == "camille"
    clock.now += IDLE_SECONDS

    with pytest.raises(StaffSessionError):
        desk.sessions.use(token)


def test_no_session_outlives_a_working_day(desk, clock):
    """Ten hours after it was opened the busiest session ends too."""
    secret = desk.directory.add("on call", PASSWORD, on_call=True)
    token = desk.come_in("on call", PASSWORD, pyotp.TOTP(secret).at(clock.now))["token"]
    for _ in range(int(LONGEST_SECONDS // 1000)):
        clock.now += 1000
        if clock.now < 1_772_442_000.0 + LONGEST_SECONDS:
            desk.sessions.use(token)
    clock.now += 10

    with pytest.raises(StaffSessionError):
        desk.sessions.use(token)


def test_a_session_that_was_closed_is_dead(desk, camille, code, trail):
    """Signing out ends it for every window."""
    token = desk.come_in("camille", PASSWORD, code())["token"]
    desk.sessions.close(token, camille[0])

    with pytest.raises(StaffSessionError):
        desk.sessions.use(token)
    desk.sessions.close(token, camille[0])
    assert trail.events().count("desk:signed-out") == 1


@pytest.mark.parametrize("token", ["", "x" * 43, "camille", "é"])
def test_what_is_no_token_opens_nothing(desk, camille, token):
    """Row 18: an identifier of another kind is no session of an advisor."""
    with pytest.raises(StaffSessionError):
        desk.sessions.use(token)


def test_old_sessions_are_forgotten_when_a_new_one_opens(desk, camille, code, clock):
    """The table does not grow with the days."""
    desk.come_in("camille", PASSWORD, code())
    clock.now += IDLE_SECONDS
    desk.come_in("camille", PASSWORD, code())

    with desk.ground.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM staff_session").scalar() == 1


SUNDAY, HOLIDAY = 1_772_362_800.0, 1_775_466_000.0  # 1 March; Easter Monday, 6 April 2026
EARLY, LATE = 1_772_436_540.0, 1_772_469_000.0  # 2 March, 8:29 and 17:30


@pytest.mark.parametrize("moment", [SUNDAY, HOLIDAY, EARLY, LATE])
def test_a_closed_desk_lets_only_staff_on_call_in(desk, camille, clock, moment):
    """S98, S165: Monday to Friday, 8:30 to 17:30, public holidays excepted."""
    night = desk.directory.add("night", PASSWORD, on_call=True)
    clock.now = moment

    with pytest.raises(DeskClosedError):
        desk.come_in("camille", PASSWORD, pyotp.TOTP(camille[1]).at(moment))
    answer = desk.come_in("night", PASSWORD, pyotp.TOTP(night).at(moment))
    assert answer["on_call"]
    assert not answer["open"]


def test_a_stranger_does_not_learn_whether_the_desk_is_closed(desk, refused, camille, clock):
    """The hours are told after the proof."""
    clock.now = SUNDAY

    refused(password=WRONG)


def test_a_call_under_way_at_closing_time_is_finished(desk, camille, clock):
    """Half an hour more for whoever was in, then the session ends."""
    clock.now = LATE - 60
    token = desk.come_in("camille", PASSWORD, pyotp.TOTP(camille[1]).at(clock.now))["token"]
    clock.now = LATE + 900
    assert desk.sessions.use(token)
    clock.now = LATE + 1799
    assert desk.sessions.use(token)
    clock.now = LATE + 1800

    with pytest.raises(DeskClosedError):
        desk.sessions.use(token)
    with pytest.raises(StaffSessionError):
        desk.sessions.use(token)
