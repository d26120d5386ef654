"""What the desk keeps: for how long, and under which secret."""

import pyotp
from sqlalchemy import text

from broker.insured.desk.consultations import Why
from broker.insured.desk.retention import KEPT_SECONDS, PURGES
from broker.insured.desk.words import Reason
from broker.insured.resealing import reseal
from broker.sealing import Sealer
from tests.broker.insured.desk.conftest import PASSWORD

OLD, NEW = "secret-of-the-tests-0123456789abcdef", "another-secret-of-the-tests-0123456789"


def counts(desk):
    """Rows of each table of the desk but the staff."""
    tables = ("consultation", "desk_act", "post_code", "staff_session")
    with desk.ground.engine.connect() as connection:
        return [connection.execute(text(f"SELECT count(*) FROM {t}")).scalar() for t in tables]


def purge(desk, now):
    """One round of the upkeep."""
    done = []
    for one in PURGES:
        with desk.ground.engine.begin() as tx:
            done.append(one(tx, now))
    return done


def test_the_desk_forgets_after_a_year(desk, staff, code, registered, holders, sure_of, key, clock):
    """A consultation with its acts and the code it posted: a year to the second, then nothing."""
    claire = registered()
    holders.open(claire)
    desk.come_in("camille", PASSWORD, code())
    desk.acts.post_code(staff, sure_of(claire), key())
    assert counts(desk) == [2, 2, 1, 1]

    assert purge(desk, clock.now + KEPT_SECONDS) == [0, 0, 1]
    assert counts(desk) == [2, 2, 1, 0]
    assert purge(desk, clock.now + KEPT_SECONDS + 1) == [2, 1, 0]
    assert counts(desk) == [0, 0, 0, 0]


def test_a_session_in_use_is_kept(desk, staff, code, clock):
    """A round of the upkeep ends nobody's work."""
    token = desk.come_in("camille", PASSWORD, code())["token"]
    purge(desk, clock.now + 600)

    assert desk.sessions.use(token).name == "camille"


def test_after_a_change_of_secret_the_old_one_can_be_forgotten(
    desk, staff, camille, registered, open_desk, clock
):
    """The second factor still works, notes and searches are still read."""
    registered()
    said = {"family_name": "Durand", "given_names": "Claire"}
    number = desk.search(staff, said, Why(Reason.OTHER, "rappel"))
    written = reseal(desk.ground.engine, Sealer(NEW, (OLD,))).rows
    assert written == 3

    with desk.ground.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM consultation")).mappings().one()
        secret = connection.execute(text("SELECT totp_sealed FROM staff")).scalar()
    fresh = Sealer(NEW)
    assert fresh.open(row["note_sealed"], "consultation:note") == b"rappel"
    assert b"Durand" in fresh.open(row["asked_sealed"], "consultation:asked")
    assert fresh.open(secret, "staff:totp").decode() == camille[1]
    assert reseal(desk.ground.engine, Sealer(NEW, (OLD,))).rows == 0
    assert number
    assert pyotp.TOTP(camille[1]).at(clock.now)
