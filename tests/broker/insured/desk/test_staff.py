"""The staff: taken in, listed, closed out, given a new second factor; nothing readable is kept."""

import pyotp
import pytest
from sqlalchemy import text

from broker.errors import StaffRefusedError, StaffSessionError
from broker.insured.desk.staff import StaffError, enrolment_address, staff_name
from tests.broker.insured.desk.conftest import PASSWORD


def test_an_advisor_who_was_taken_in_signs_in(desk, camille, code, trail):
    """Name in any case, password, and the code of the moment."""
    answer = desk.come_in(" CAMILLE ", PASSWORD, code())

    assert answer["name"] == "camille"
    assert answer["open"]
    assert trail.events() == ["staff:added", "desk:signed-in"]


def test_a_name_serves_once(desk, camille):
    """Two advisors are never one, whatever the case of the name."""
    with pytest.raises(StaffError, match="camille is on the staff already"):
        desk.directory.add("CAMILLE", PASSWORD)


def test_a_short_password_is_refused(desk):
    """Whoever opens everybody's file has twelve characters at least."""
    with pytest.raises(StaffError, match="12 characters"):
        desk.directory.add("dominique", "eleven-char")


def test_neither_password_nor_secret_can_be_read_in_the_database(desk, camille):
    """The password is hashed with argon2id, the secret of the second factor sealed."""
    with desk.ground.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM staff")).mappings().one()

    assert row["password_hash"].startswith("$argon2id$")
    assert camille[1].encode() not in row["totp_sealed"]
    assert PASSWORD not in str(dict(row))


def test_the_address_of_the_qr_code_is_read_by_an_authenticator(camille):
    """An otpauth address that leads back to the same secret and name."""
    read = pyotp.parse_uri(enrolment_address("Camille", camille[1]))

    assert (read.secret, read.name, read.issuer) == (camille[1], "camille", "Passerelle 36 46")


def test_a_disabled_advisor_is_out_at_once(desk, camille, code, trail):
    """The open session ends, and no other begins."""
    token = desk.come_in("camille", PASSWORD, code())["token"]
    desk.directory.disable("camille")

    with pytest.raises(StaffSessionError):
        desk.sessions.use(token)
    with pytest.raises(StaffRefusedError):
        desk.come_in("camille", PASSWORD, code(30))
    assert [one.disabled for one in desk.directory.everyone()] == [True]
    assert "staff:disabled" in trail.events()


def test_a_reset_ends_sessions_and_the_old_secret(desk, camille, code):
    """A lost telephone opens nothing any more; the new one does."""
    token = desk.come_in("camille", PASSWORD, code())["token"]
    secret = desk.directory.reset_totp("camille")

    with pytest.raises(StaffSessionError):
        desk.sessions.use(token)
    with pytest.raises(StaffRefusedError):
        desk.come_in("camille", PASSWORD, code(30))
    assert desk.come_in("camille", PASSWORD, pyotp.TOTP(secret).at(desk.ground.clock()))


@pytest.mark.parametrize("asked", ["disable", "reset_totp"])
def test_a_stranger_cannot_be_changed(desk, asked):
    """The command says that nobody has this name."""
    with pytest.raises(StaffError, match="is called nobody"):
        getattr(desk.directory, asked)("nobody")


def test_a_disabled_advisor_gets_no_new_secret(desk, camille):
    """A reset is no way back in."""
    desk.directory.disable("camille")

    with pytest.raises(StaffError):
        desk.directory.reset_totp("camille")


def test_a_fact_that_the_journal_does_not_know_does_not_happen(desk, trail):
    """Nobody is taken in while the journal is away."""
    trail.broken = True
    with pytest.raises(ConnectionError):
        desk.directory.add("dominique", PASSWORD)

    assert desk.directory.everyone() == []


def test_one_name_has_one_spelling():
    """Blanks and case do not make another advisor."""
    assert staff_name("  Camille   DUPONT ") == "camille dupont"
