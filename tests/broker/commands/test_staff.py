"""`passerelle staff`: whoever runs the desk takes advisors in and closes them out."""

import json
import re

import pyotp
import pytest
from click.testing import CliRunner

from broker.advisor_desk import advisor_desk
from broker.commands.staff import staff_group
from sandbox.world import World

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def shared():
    """A world without the advisor of the demonstration."""
    with World.build({"insured": {"desk": {"demonstration_advisor": None}}}) as world:
        yield world


@pytest.fixture
def parts(shared):
    """The parts of its broker."""
    return shared.broker.app.extensions["parts"]


@pytest.fixture
def staff(parts):
    """Run `passerelle staff ...`."""
    return lambda *words, typed="": CliRunner().invoke(
        staff_group(lambda: parts), words, input=typed
    )


def secret_of(told):
    return re.search(r"^secret: ([A-Z2-7]{32})$", told.output, re.MULTILINE)[1]


def test_an_advisor_who_was_added_signs_in(staff, parts, shared, tmp_path):
    """The password is typed twice; the secret is shown once, also as a QR code."""
    told = staff("add", "Dominique", "--qr", f"{tmp_path}/qr.svg", typed=f"{PASSWORD}\n" * 2)
    code = pyotp.TOTP(secret_of(told)).at(shared.clock())

    assert told.exit_code == 0
    assert PASSWORD not in told.output
    assert "otpauth://totp/" in told.output
    assert (tmp_path / "qr.svg").read_text().lstrip().startswith("<?xml")
    assert advisor_desk(parts).come_in("dominique", PASSWORD, code)["name"] == "dominique"


def test_a_password_may_come_from_the_input(staff):
    """For whoever takes many in by script."""
    told = staff("add", "script", "--password-stdin", "--on-call", typed=f"{PASSWORD}\n")

    assert told.exit_code == 0
    assert {"name": "script", "state": "active", "on_call": True} in json.loads(
        staff("list", "--json").output
    )


@pytest.mark.parametrize("typed", ["short\nshort\n", f"{PASSWORD}\nanother one here\n"])
def test_a_password_that_is_short_or_mistyped_adds_nobody(staff, typed):
    """Twelve characters, twice the same."""
    told = staff("add", "nobody", typed=typed)

    assert told.exit_code != 0
    assert "nobody" not in staff("list").output


def test_the_list_shows_who_is_out(staff):
    """Those who left stay in the list, marked."""
    staff("add", "leaving", "--password-stdin", typed=f"{PASSWORD}\n")
    assert staff("disable", "leaving").output == "leaving is disabled.\n"

    assert "leaving  disabled\n" in staff("list").output


def test_a_reset_shows_another_secret(staff):
    """A lost telephone is replaced."""
    first = staff("add", "lost", "--password-stdin", typed=f"{PASSWORD}\n")
    second = staff("reset-totp", "lost")

    assert second.exit_code == 0
    assert secret_of(first) != secret_of(second)


@pytest.mark.parametrize("verb", ["disable", "reset-totp"])
def test_a_stranger_is_told_in_one_sentence(staff, verb):
    """No stack trace."""
    told = staff(verb, "nobody")

    assert told.exit_code == 1
    assert told.output.startswith("Error: Nobody")
    assert told.output.count("\n") == 1


def test_a_pure_federation_broker_has_no_staff(make_world):
    """Without [insured] the command says why."""
    world = make_world({"insured": None, "clients": {"ameli": {"account": None}}})
    parts = world.broker.app.extensions["parts"]
    told = CliRunner().invoke(staff_group(lambda: parts), ["list"])

    assert told.exit_code == 1
    assert "have no [insured] table, hence no desk" in told.output


def test_the_demonstration_has_its_advisor(make_world):
    """Seeded once, with the secret of config.toml; a second start changes nothing."""
    world = make_world()
    parts = world.broker.app.extensions["parts"]
    wanted = world.configuration.broker.insured.desk.demonstration_advisor
    desk = advisor_desk(parts)
    code = pyotp.TOTP(wanted.totp_secret).at(world.clock())

    assert [one.name for one in desk.directory.everyone()] == [wanted.name]
    assert desk.come_in(wanted.name, wanted.password, code)["on_call"]
    world.broker.restart()
    assert len(advisor_desk(world.broker.app.extensions["parts"]).directory.everyone()) == 1


@pytest.mark.parametrize("words", [("",), ("nora", "--qr", "/nowhere/code.svg")])
def test_nobody_is_taken_in_when_the_command_cannot_be_done_to_its_end(staff, words):
    """A secret that is shown once must not be shown for an advisor without name or picture."""
    told = staff("add", *words, "--password-stdin", typed=f"{PASSWORD}\n")

    assert told.exit_code == 2
    assert "secret:" not in told.output
    assert not re.search(r"^(nora)?  ", staff("list").output, re.MULTILINE)
