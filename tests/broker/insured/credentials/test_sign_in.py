"""NIR and password; the first time also a code, and then the account is active."""

import pytest
from sqlalchemy import insert, text

from broker.errors import BackChannelLimitError
from broker.insured.accounts.protected import nir_of
from broker.insured.accounts.summary import account as summary
from broker.insured.credentials.registered import holder_of
from broker.insured.schema import ACCOUNT
from tests.broker.insured.credentials.conftest import CHEAP, PASSWORD, SECTOR, Classic

MINUTE = 60


@pytest.fixture
def first(classic):
    """An account whose password was just chosen."""
    classic.create()
    classic.activate()
    return classic


@pytest.fixture
def first_lite(lite):
    lite.create()
    lite.activate()
    return lite


def status(engine):
    with engine.connect() as connection:
        return connection.execute(text("SELECT status FROM account")).scalar_one()


def test_the_first_sign_in_sends_a_code_and_the_code_makes_the_account_active(first, engine):
    """S57 to S59: six digits, ten minutes, then active."""
    answer = first.sign_in()

    assert (answer["result"], answer["email_masked"]) == ("code_sent", "c•••••@exemple.fr")
    assert status(engine) == "pending"
    values = first.letters("sign_in_code")[-1][3]
    assert (len(values["code"]), values["code"].isdigit(), values["minutes"]) == (6, True, "10")
    assert first.confirm(answer["challenge"])["result"] == "signed_in"
    assert status(engine) == "active"
    assert first.events()[-2:] == ["creation:confirmed", "sign-in:done"]


def test_a_later_sign_in_needs_the_password_alone(classic):
    """Straight in, under the same name each time."""
    reference = classic.opened()

    assert classic.sign_in() == {"result": "signed_in", "account_id": reference}
    assert classic.sign_in(nir=classic.nir[:13])["account_id"] == reference


def test_the_account_has_one_name_for_each_service(classic, engine, sealer):
    """The name is the one under which the back channel shows the account to that service."""
    here = classic.opened()
    there = classic.sign_in(sector="other.exemple")["account_id"]

    assert here != there
    assert summary(engine, sealer, here, SECTOR)["status"] == "active"
    assert summary(engine, sealer, here, "other.exemple") is None


@pytest.mark.parametrize(
    ("passed", "result"),
    [(9 * MINUTE + 59, "signed_in"), (10 * MINUTE, "dead"), (10 * MINUTE + 1, "dead")],
    ids=["9min59", "10min00", "10min01"],
)
def test_a_code_lives_ten_minutes(first, clock, passed, result):
    """S58: at 9 min 59 s it opens, at 10 min 01 s it is dead."""
    challenge = first.sign_in()["challenge"]
    clock.now += passed

    assert first.confirm(challenge)["result"] == result


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_three_wrong_codes_kill_it(first):
    """The right one comes too late."""
    challenge = first.sign_in()["challenge"]
    tries = [first.confirm(challenge, wrong(first.code())) for _ in range(3)]

    assert tries == [
        {"result": "wrong", "left": 2},
        {"result": "wrong", "left": 1},
        {"result": "dead"},
    ]
    assert first.confirm(challenge) == {"result": "dead"}


def test_a_code_serves_once(first):
    """Neither again, nor for another challenge."""
    challenge, code = first.sign_in()["challenge"], first.code()
    first.confirm(challenge, code)

    assert first.confirm(challenge, code) == {"result": "dead"}


def test_only_the_newest_code_is_good(first):
    """S94 for this code too: a second sign-in kills the first code and its challenge."""
    earlier, code = first.sign_in()["challenge"], first.code()
    newest = first.sign_in()["challenge"]

    assert first.confirm(earlier, code) == {"result": "dead"}
    if code != first.code():
        assert first.confirm(newest, code)["result"] == "wrong"
    assert first.confirm(newest)["result"] == "signed_in"


def test_a_code_may_be_asked_again_without_the_password(first_lite, clock):
    """A mail that was lost, a code that died: a new one, and the old challenge is dead."""
    earlier = first_lite.sign_in()["challenge"]
    clock.now += 11 * MINUTE
    answer = first_lite.again(earlier)

    assert answer["result"] == "code_sent"
    assert first_lite.confirm(earlier) == {"result": "dead"}
    assert first_lite.confirm(answer["challenge"])["result"] == "signed_in"


def test_an_hour_after_the_password_no_code_is_sent_again(first_lite, clock):
    """The challenge stands for a password that was just typed, and not for ever (row 45)."""
    challenge = first_lite.sign_in()["challenge"]
    for _ in range(3):
        clock.now += 19 * MINUTE
        challenge = first_lite.again(challenge)["challenge"]
    clock.now += 3 * MINUTE

    assert first_lite.again(challenge) == {"result": "dead"}


@pytest.mark.parametrize("challenge", ["", "x", "A" * 43])
def test_a_challenge_nobody_gave_is_dead(first_lite, challenge):
    """For a code, and for another one."""
    first_lite.sign_in()

    assert first_lite.confirm(challenge) == {"result": "dead"}
    assert first_lite.again(challenge) == {"result": "dead"}


def test_codes_are_sent_five_an_hour(first_lite, clock):
    """Three tries a code and five codes an hour: six digits are enough."""
    for _ in range(5):
        first_lite.sign_in()
    with pytest.raises(BackChannelLimitError):
        first_lite.sign_in()
    clock.now += 3600

    assert first_lite.sign_in()["result"] == "code_sent"


def test_a_code_with_blanks_is_the_same(first_lite):
    """As a mail program or a person may group it."""
    challenge, code = first_lite.sign_in()["challenge"], first_lite.code()

    assert first_lite.confirm(challenge, f" {code[:3]} {code[3:]} ")["result"] == "signed_in"


@pytest.mark.parametrize(
    "typed",
    [
        {"password": "Un-mot-3-passe!"},
        {"password": ""},
        {"password": PASSWORD + "\0"},
        {"nir": "285036938301219"[:13]},
        {"nir": "nothing"},
        {"nir": ""},
    ],
    ids=["wrong", "empty", "NUL", "nobody", "no NIR", "empty NIR"],
)
def test_one_answer_for_a_wrong_password_and_for_nobody(lite, typed):
    """Whatever does not fit is refused in the same words."""
    lite.opened()

    assert lite.sign_in(**typed) == {"result": "refused"}


def test_an_account_without_password_is_refused_like_a_wrong_one(lite):
    """Before the link was followed there is nothing to type."""
    lite.create()

    assert lite.sign_in() == {"result": "refused"}


@pytest.mark.parametrize(
    ("state", "result"), [("locked", "locked"), ("deactivated", "refused"), ("closed", "refused")]
)
def test_an_account_that_is_not_open_lets_nobody_in(lite, sqlite_engine, state, result):
    """A lock can be ended by a recovery, so it is told to who knows the password."""
    lite.opened()
    with sqlite_engine.begin() as tx:
        tx.execute(text(f"UPDATE account SET status = '{state}'"))

    assert lite.sign_in() == {"result": result}
    assert lite.sign_in("Un-mot-3-passe!") == {"result": "refused"}


def test_an_account_closed_while_its_password_is_checked_lets_nobody_in(lite, sqlite_engine):
    """What was read before is read again in the transaction that signs in."""
    lite.opened()
    deed = lite.steps.sign_in.by_password(lite.nir, PASSWORD, "192.0.2.1", SECTOR)
    with sqlite_engine.begin() as tx:
        tx.execute(text("UPDATE account SET status = 'deactivated'"))

    assert lite.do(lambda: deed) == {"result": "refused"}


def test_a_password_changed_while_the_old_one_is_checked_lets_nobody_in(lite):
    """Nor does a password that is no longer the one."""
    lite.opened()
    deed = lite.steps.sign_in.by_password(lite.nir, PASSWORD, "192.0.2.1", SECTOR)
    lite.redeem(lite.recover()["recovery"])

    assert lite.do(lambda: deed) == {"result": "refused"}


def test_a_password_is_hashed_anew_when_the_costs_change(lite, make_ground, sqlite_engine, sealer):
    """At the next sign-in, and once."""
    lite.opened()
    dearer = make_ground(sqlite_engine, CHEAP.model_copy(update={"passes": 2}))
    later = Classic(dearer, lite.nir, lite.fields)

    def kept():
        with sqlite_engine.connect() as connection:
            return holder_of(connection, sealer, lite.nir).password_hash

    before = kept()
    assert later.sign_in()["result"] == "signed_in"
    renewed = kept()
    assert later.sign_in()["result"] == "signed_in"

    assert ("t=1" in before, "t=2" in renewed) == (True, True)
    assert kept() == renewed


def test_the_account_of_a_corrected_number_opens_with_either(
    lite, population, registered, sqlite_engine, with_iban
):
    """The registry follows a correction before the account does."""
    reference = lite.opened()
    corrected = with_iban._replace(nir=population.other().nir, former_nirs=with_iban.nir)
    registered(sqlite_engine, corrected)

    assert lite.sign_in(nir=corrected.nir)["account_id"] == reference
    assert lite.sign_in(nir=with_iban.nir)["account_id"] == reference


def test_a_number_given_to_somebody_else_opens_what_belongs_to_them(
    lite, population, registered, sqlite_engine, with_iban, sealer
):
    """The account of whoever bears it now comes before that of whoever bore it."""
    first = lite.opened()
    before = population.other().nir
    corrected = with_iban._replace(nir=population.other().nir, former_nirs=with_iban.nir)
    heir = population.other(family_name="MARTIN", nir=with_iban.nir, former_nirs=before)
    registered(sqlite_engine, corrected, heir)
    with sqlite_engine.begin() as tx:
        opened = {
            "person_id": int(heir.number),
            "status": "active",
            "origin": "advisor",
            "created_at": 1.0,
            **nir_of(sealer).columns(before),
        }
        theirs = tx.execute(insert(ACCOUNT).returning(ACCOUNT.c.id), opened).scalar_one()
        found = holder_of(tx, sealer, with_iban.nir)

    assert found.id == theirs
    assert lite.sign_in() == {"result": "refused"}
    assert lite.sign_in(nir=corrected.nir)["account_id"] == first
