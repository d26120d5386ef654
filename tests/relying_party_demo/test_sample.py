"""The sample service: no account, explicit agreement, and exactly what it received."""

import html
import re

import pytest


def rows(page):
    """The table of the page: claim -> value."""
    found = re.findall(r'<tr data-claim="([^"]+)">.*?<td>(.*?)</td>', page, re.DOTALL)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def test_it_shows_every_claim_received_and_no_other(sample, broker):
    """Nothing is hidden, nothing is added."""
    broker.person = {
        "sub": "another-number-for-claire",
        "given_name": "Claire Anne",
        "given_name_array": ["Claire", "Anne"],
        "family_name": "DURAND",
        "birthdate": "1985-03-27",
        "email": "claire@exemple.fr",
        "email_verified": False,
    }
    sample.sign_in()
    page = sample.get("/espace")

    assert page.status_code == 200
    assert rows(page.text) == {
        "sub": "another-number-for-claire",
        "given_name": "Claire Anne",
        "given_name_array": '["Claire", "Anne"]',
        "family_name": "DURAND",
        "birthdate": "1985-03-27",
        "email": "claire@exemple.fr",
        "email_verified": "false",
    }
    assert "Prénoms, un par un" in page.text


def test_a_hostile_claim_is_only_text(sample, broker):
    """Names and values of claims are escaped."""
    broker.person = {"sub": "s", "<b>x</b>": "<script>alert(1)</script>"}
    sample.sign_in()
    page = sample.get("/espace").text

    assert "<script>alert" not in page
    assert rows(page)["<b>x</b>"] == "<script>alert(1)</script>"


def test_it_needs_no_account(sample, broker):
    """The claims of the insurer's accounts are neither asked for nor needed."""
    assert "account" not in sample.start()
    broker.person = {"sub": "s"}

    assert sample.sign_in().headers["Location"] == "/espace"


@pytest.mark.parametrize(("language", "words"), [("fr", "Espace adhérent"), ("en", "Member area")])
def test_it_speaks_both_languages(sample, language, words):
    """The first page is drawn in the language asked for."""
    page = sample.get(f"/?lang={language}").text

    assert words in page
    assert page.count("<h1") == 1
    assert 'data-testid="sample-login"' in page


def test_the_area_is_for_members(sample):
    """Whoever is not signed in starts from the first page."""
    assert sample.get("/espace").headers["Location"] == "/"


def test_whoever_is_in_is_sent_to_the_area_not_to_the_broker(sample):
    """The first page offers the area instead of the button."""
    sample.sign_in()
    page = sample.get("/").text

    assert 'href="/espace"' in page
    assert "sample-login" not in page


def test_a_declined_login_says_so(sample, broker):
    """The person who declines comes back to a page without any mistake in its title."""
    page = sample.ended(sample.come_back(broker.callback(sample.start(), "access_denied")))

    assert page.status_code == 200
    assert "<title>Vous ne vous êtes pas connecté" in page.text
    assert 'data-testid="sample-login"' in page.text


def test_leaving_it_says_so(sample):
    """Out of the service, out of the broker, and the first page says it."""
    sample.sign_in()
    answer = sample.post("/deconnexion", page="/espace")
    state = answer.headers["Location"].rpartition("state=")[2]

    assert "Vous êtes déconnecté" in sample.get(f"/?state={state}").text
    assert sample.get("/espace").status_code == 303


def test_the_idle_limit_holds_here_too(sample, clock):
    """Twenty minutes, as at the portal."""
    sample.sign_in()
    clock.advance(1201)

    assert sample.ended(sample.get("/espace")).status_code == 401
