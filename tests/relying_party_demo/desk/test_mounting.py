"""The desk on the portal: its own cookie, and forms that leave the rest of the portal alone."""

import pytest
from werkzeug.datastructures import MultiDict

from relying_party_demo.desk.forms import SearchForm
from relying_party_demo.desk.redemption import RedemptionForm
from relying_party_demo.desk.room import COOKIE
from relying_party_demo.portal.app import HOUSE


@pytest.mark.parametrize(
    ("mode", "name", "secure"),
    [("demonstration", "passerelle_desk", False), ("production", "__Host-passerelle_desk", True)],
)
def test_the_cookie_is_the_desks_own(make_portal, mode, name, secure):
    """In production it belongs to this host and to https alone; never that of a person."""
    room = make_portal(mode=mode).app.extensions["advisor_desk"]

    assert (room.cookie, room.secure) == (name, secure)
    assert HOUSE.cookie != COOKIE


def test_a_form_without_its_token_does_nothing(portal):
    """Row 32: a page elsewhere cannot press the buttons of the desk."""
    for path in ("connexion", "deconnexion", "recherches", "consultations/x/replacement"):
        assert portal.client.post(f"/conseiller/{path}").status_code == 400


def test_an_unknown_act_does_not_exist(portal):
    """Only the acts of the list; and nobody is told which without a session."""
    answer = portal.post("/conseiller/consultations/x/explode")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/conseiller"


@pytest.mark.parametrize(
    ("typed", "pressed", "meant"),
    [
        ({"nir": "1"}, "nir", "nir"),
        ({"nir": "1"}, "traits", "nir"),
        ({"case_number": "x"}, "nir", "case"),
        ({"family_name": "x"}, "nir", "traits"),
        ({"gender": "female"}, "nir", "traits"),
        ({"nir": "1", "family_name": "x"}, "traits", "traits"),
        ({"nir": "1", "case_number": "x"}, "case", "case"),
        ({}, "nir", "traits"),
        ({}, "", "traits"),
        ({"nir": "1"}, "surprise", "nir"),
    ],
)
def test_the_part_that_was_filled_is_the_one_meant(portal, typed, pressed, meant):
    """The Enter key presses the first button of a form."""
    with portal.app.test_request_context("/", method="POST"):
        assert SearchForm(MultiDict(typed)).meant(pressed) == meant


@pytest.mark.parametrize(
    ("code", "good"),
    [("abcde fghjk", True), ("ABCDE-FGHJK", True), ("ABCDE", False), ("A" * 11, False)],
)
def test_a_code_is_read_however_it_was_copied(portal, code, good):
    """S114, S117: blanks, hyphens and small letters do not matter."""
    typed = {"nir": "2 85 03 69 383 901 56", "code": code, "password": "x"}
    with portal.app.test_request_context("/", method="POST"):
        form = RedemptionForm(MultiDict(typed), meta={"csrf": False})

        assert form.validate() is good
        assert form.read.get("code") == ("ABCDEFGHJK" if good else None)
