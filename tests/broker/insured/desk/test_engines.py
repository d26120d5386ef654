"""What must hold on both engines: single use, one at a time, all or nothing."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from sqlalchemy import insert, select, text

from broker.errors import (
    DeskConflictError,
    DeskEmailTakenError,
    StaffRefusedError,
    TooManyConsultationsError,
)
from broker.insured.accounts.protected import email_columns, nir_of
from broker.insured.schema import ACCOUNT
from tests.broker.insured.desk.conftest import ASKED, IBAN, PASSWORD, PROOF, WHY

CROWD = 6


@pytest.fixture
def work(engine, open_desk, population, claire, sealer):
    """A desk on this engine, its advisor, and an account of Claire's."""
    desk = open_desk(engine)
    secret = desk.directory.add("camille", PASSWORD)
    assert population.register(engine, claire._replace(iban=IBAN)) == []
    values = {
        "person_id": 11,
        "status": "locked",
        "origin": "classic",
        "created_at": 1.0,
        **nir_of(sealer).columns(claire.nir),
        **email_columns(sealer, "claire@exemple.fr"),
    }
    with engine.begin() as tx:
        tx.execute(insert(ACCOUNT), values)
    return desk, desk.directory.everyone()[0], secret


def crowd(work, times=CROWD):
    """What so many did at once: True, or the name of what stopped each."""

    def one(number):
        try:
            work(number)
        except (
            DeskConflictError,
            DeskEmailTakenError,
            StaffRefusedError,
            TooManyConsultationsError,
        ) as refusal:
            return type(refusal).__name__
        return True

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def open_file(desk, staff, claire):
    source = desk.search(staff, {"nir": claire.nir}, WHY)
    number = desk.open_shown(staff, source, 11)
    desk.acts.verify_caller(staff, number, "the-key-of-the-proof", ASKED)
    return number


def test_one_code_lets_one_in(work, clock):
    """The same code of the second factor in many windows at once."""
    desk, _, secret = work
    code = pyotp.TOTP(secret).at(clock.now)

    assert crowd(lambda _: desk.come_in("camille", PASSWORD, code), 4).count(True) == 1


def test_guesses_at_once_are_counted_in_full(work, engine):
    """Six wrong passwords together: five are looked at, the sixth finds the door locked."""
    desk, _, _ = work
    refusals = crowd(lambda _: desk.come_in("camille", "wrong password", "000000"))

    assert refusals == ["StaffRefusedError"] * CROWD
    assert desk.ground.trail.events().count("desk:sign-in:refused") == 5
    assert desk.directory.everyone()[0].locked


def test_the_hourly_limit_holds_at_once(work, engine, open_desk, claire):
    """Six searches together, three allowed."""
    _, staff, _ = work
    desk = open_desk(engine, per_hour=3)
    done = crowd(lambda _: desk.search(staff, {"nir": claire.nir}, WHY))

    assert done.count(True) == 3


def test_a_file_is_read_and_its_acts_are_done(work, claire, sealer, engine):
    """Every act once, on this engine."""
    desk, staff, _ = work
    number = open_file(desk, staff, claire)
    for act, said in (
        (desk.acts.unlock, ()),
        (desk.acts.change_email, ("neuve@exemple.fr",)),
        (desk.acts.change_mobile, ("0639980048",)),
        (desk.acts.post_code, ()),
        (desk.acts.replace, ("neuve@exemple.fr",)),
    ):
        act(staff, number, secrets.token_hex(8), *said)

    read = desk.read(staff, number)
    assert [one["status"] for one in read["accounts"]] == ["active", "replaced"]
    assert len(read["history"][0]["acts"]) == 6


def test_many_forms_at_once_leave_one_account(work, engine, claire):
    """Six replacements together, each a form of its own."""
    desk, staff, _ = work
    number = open_file(desk, staff, claire)
    crowd(lambda n: desk.acts.replace(staff, number, f"the-key-of-form-{n}", ""))
    with engine.connect() as connection:
        statuses = connection.execute(select(ACCOUNT.c.status)).scalars().all()

    assert statuses.count("active") == 1
    assert set(statuses) == {"active", "replaced"}


def test_one_form_many_times_is_one_act(work, engine, claire):
    """Six times the same form together."""
    desk, staff, _ = work
    number = open_file(desk, staff, claire)
    done = crowd(lambda _: desk.acts.post_code(staff, number, "the-key-of-one-form"))
    with engine.connect() as connection:
        codes = connection.execute(text("SELECT count(*) FROM post_code")).scalar()

    assert done == [True] * CROWD
    assert codes == 1


def test_one_code_good_at_a_time(work, engine, claire):
    """Six codes posted together: one is good, five were replaced."""
    desk, staff, _ = work
    number = open_file(desk, staff, claire)
    crowd(lambda n: desk.acts.post_code(staff, number, f"the-key-of-form-{n}"))
    with engine.connect() as connection:
        statuses = connection.execute(text("SELECT status FROM post_code")).scalars().all()

    assert statuses.count("posted") == 1


def test_tries_at_once_are_counted_in_full(work, engine, claire):
    """Six wrong codes together: three are looked at, then it is dead."""
    desk, staff, _ = work
    number = open_file(desk, staff, claire)
    desk.acts.post_code(staff, number, "the-key-of-one-form")
    crowd(lambda n: desk.codes.redeem(claire.nir, "2222222222", "Tulipe-27", f"192.0.2.{n}"))
    with engine.connect() as connection:
        row = connection.execute(text("SELECT tries, status FROM post_code")).one()

    assert tuple(row) == (3, "dead")


def test_an_address_of_somebody_else_undoes_the_act(work, engine, claire, population, sealer):
    """All or nothing: neither account, nor act, nor journal."""
    desk, staff, _ = work
    paul = population.other()
    values = {
        "person_id": int(paul.number),
        "status": "active",
        "origin": "classic",
        "created_at": 1.0,
        **nir_of(sealer).columns(paul.nir),
        **email_columns(sealer, "paul@exemple.fr"),
    }
    with engine.begin() as tx:
        tx.execute(insert(ACCOUNT), values)
    number = open_file(desk, staff, claire)
    for act in (desk.acts.change_email, desk.acts.replace):
        with pytest.raises(DeskEmailTakenError):
            act(staff, number, secrets.token_hex(8), "paul@exemple.fr")

    assert desk.read(staff, number)["history"][0]["acts"] == [PROOF]
