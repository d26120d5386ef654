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
        "given_name_array": "Claire, Anne",
        "family_name": "DURAND",
        "birthdate": "27 mars 1985",
        "email": "claire@exemple.fr",
        "email_verified": "non",
    }
    assert "Prénoms, un par un" in page.text


LABELLED = {
    "iss": "Autre information",
    "sub": "Votre numéro chez nous",
    "gender": "Sexe",
    "idp_id": "Compte avec lequel vous vous êtes identifié",
    "idp_birthdate": "Date de naissance donnée par ce compte",
    "amr": "Façon dont vous vous y êtes identifié",
    "email_verified": "Adresse e-mail vérifiée avant l'envoi",
    "birthplace": "Lieu de naissance",
}


def test_each_claim_has_a_name_for_people_and_its_own_in_small(sample, broker):
    """Nobody reads `idp_id` as a label; who integrates a service still finds it."""
    broker.person = dict.fromkeys(LABELLED, "x") | {"sub": "s"}
    sample.sign_in()
    page = sample.get("/espace").text

    for name, label in LABELLED.items():
        assert f'<th scope="row">{label} <small><code>{name}</code></small></th>' in page
    named = re.findall(r'data-claim="(\w+)"', page)
    assert named.index("gender") < named.index("sub") < named.index("iss")


@pytest.mark.parametrize(
    ("claim", "value", "shown"),
    [
        ("birthdate", "1985-03-00", "1985-03-00"),
        ("birthdate", "1985-03-01", "1er mars 1985"),
        ("gender", "female", "Féminin"),
        ("gender", "unspecified", "non indiqué"),
        ("family_name", "true", "true"),
        ("email_verified", True, "oui"),
        ("preferred_username", None, "non donné"),
        ("amr", ["pwd", "sms"], "pwd, sms"),
        ("something", {"a": 1}, '{"a": 1}'),
    ],
)
def test_a_value_is_written_as_people_write_it(sample, broker, claim, value, shown):
    """What has no better writing is shown as it came."""
    broker.person = {"sub": "s", claim: value}
    sample.sign_in()

    assert rows(sample.get("/espace").text)[claim] == shown


@pytest.mark.parametrize(
    ("level", "words"),
    [("eidas1", "Vous avez prouvé que ce compte est le vôtre."), ("eidas3", "pièce d'identité")],
)
def test_the_level_is_said_in_words(sample, broker, level, words):
    """Neither a rank nor a name of a regulation."""
    broker.level = level
    sample.sign_in()
    page = sample.get("/espace").text

    assert words in page
    assert not re.search(r"eidas|sur 3|garantie", page, re.IGNORECASE)


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

    assert sample.get(f"/?state={state}").headers["Location"] == "/"
    assert "Vous êtes déconnecté" in sample.get("/").text
    assert sample.get("/espace").status_code == 303


def test_the_idle_limit_holds_here_too(sample, clock):
    """Twenty minutes, as at the portal."""
    sample.sign_in()
    clock.advance(1201)

    assert sample.ended(sample.get("/espace")).status_code == 401
