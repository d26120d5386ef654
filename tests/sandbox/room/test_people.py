"""The characters of the control room: each shows at the portal what its sheet says."""

import re
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from broker.insured.accounts.facts import InsuredArrival
from broker.insured.matching.outcomes import Outcome
from providers.claims import ClaimsMapping, pivot_identity
from providers.token_faults import TraitInvalid
from relying_party_demo.classic.refusals import REFUSALS
from sandbox.room.sheets import AT_THE_FORM, WITH_NUMBER

E1 = "Votre situation ne permet pas la création d'un compte"
SENT = "Lisez vos e-mails pour continuer"
AT_FORM = {
    "created": SENT,
    "iban_pending": "RIB non reconnu par le système",
    "iban_unknown": "RIB non reconnu par le système",
    "email_used": "Adresse e-mail déjà utilisée",
    "not_matching": E1,
    "account_exists": E1,
    "under_16": "Un compte personnel s'ouvre à partir de 16 ans",
    "under_16_tomorrow": "Un compte personnel s'ouvre à partir de 16 ans",
    "sixteen_today": SENT,
    "deceased": "Nous avons besoin de vous parler",
    "no_rights": "Vos droits ne sont pas ouverts chez nous",
    "other_scheme": "Vos droits ne sont pas ouverts chez nous",
    "temporary_number": "Votre numéro de sécurité sociale est encore provisoire",
}
PARIS = ZoneInfo("Europe/Paris")
SIX = ("birth_name", "nir", "birthdate", "postal_code", "iban", "email")


@pytest.fixture
def people(world):
    """The page of the characters, opened."""
    return world.browser().open(f"{world.sites['room'].url}/people")


def typed(people, where, key, *names):
    """What stands on a sheet, by field."""
    return {name: people.value(f"{where}-{key}-{name}") for name in names}


def sent(world, path, button, fields):
    """The answer of the portal to a form that is filled in with these."""
    browser = world.browser()
    browser.open(f"{world.portal.url}{path}")
    for name, value in fields.items():
        browser.fill(name, value)
    return browser.click(button)


def test_every_character_of_the_form_shows_what_its_sheet_says(world, people):
    """Copied field by field from the control room into the form of the portal."""
    found = {}
    for role in AT_THE_FORM:
        fields = typed(people, "form", role.key, *SIX)
        found[role.outcome] = sent(world, "/creer-un-compte", "creation-send", fields).h1
        world.clock.advance(minutes=13)

    assert found == AT_FORM


def test_every_refusal_of_the_form_has_a_character():
    """None of the pages that say no is without somebody who shows it."""
    assert set(REFUSALS) <= {role.outcome for role in AT_THE_FORM}


def test_who_has_an_account_is_written_to(world, people):
    """The letter that the sheet of Marc promises arrives in the messages of the room."""
    fields = typed(people, "form", "marc", *SIX)
    sent(world, "/creer-un-compte", "creation-send", fields)
    world.keep_up()
    messages = world.browser().open(f"{world.sites['room'].url}/messages")

    assert "Vous avez déjà un compte Ameli" in messages.text


def test_every_character_with_a_number_signs_in_or_not_as_told(world, people):
    """The password of the demonstration: in, locked, or refused like anybody's."""
    found = {}
    for role in WITH_NUMBER:
        fields = typed(people, "number", role.key, "nir", "password")
        page = sent(world, "/connexion", "sign-in", fields)
        found[role.outcome] = (page.path, page.has("locked"))

    out = ("/connexion", False)
    assert found == {
        "signed_in": ("/mon-compte", False),
        "locked": ("/connexion", True),
        "no_password": out,
        "deactivated": out,
        "no_account": out,
    }


def test_codes_leave_for_those_of_whom_it_is_told(world, people):
    """A provisional code reaches the locked and those without password, and nobody else."""
    for role in WITH_NUMBER:
        fields = typed(people, "number", role.key, "nir", "birthdate")
        sent(world, "/code-personnel-oublie", "recovery-send", fields)
    world.keep_up()

    reached = {letter.to.partition("@")[0] for letter in world.mailbox}
    assert reached == {"compte.marc", "compte.bruno", "compte.sophie"}


def test_every_outcome_of_a_login_has_a_character(world, people):
    """Each verdict of the matching is expected of somebody, with one line on why they exist."""
    cast = world.upstream("tax").issuer.cast
    expected = " ".join(one.expect for one in cast)

    assert [rule for rule in range(13) if f"D{rule}" not in expected] == []
    assert len(Outcome) >= 13
    for one in cast:
        assert one.name in people.text
        assert one.fr in people.text


@pytest.mark.parametrize("year", [2026, 2031])
def test_whose_account_another_person_holds_is_refused_in_any_year(make_world, year):
    """However late the demonstration is started, upkeep forgets nothing that Sophie shows."""
    world = make_world(start=datetime(year, 11, 24, 9, 30, tzinfo=PARIS))
    world.keep_up()
    page = world.browser().login(world.portal, as_="sophie").accept()
    people = world.browser().open(f"{world.sites['room'].url}/people")

    assert (page.status, page.h1) == (403, "Un conseiller doit vérifier votre compte")
    assert world.logins()[0]["refusal"]["reason"] == "D11 already_linked"
    assert "une autre personne tient déjà son compte" in people.text
    assert "Une autre personne le tient" in people.text


def test_every_persona_meets_at_a_provider_what_is_expected(world):
    """Settled as they arrive: created, linked or refused by the row that each line announces."""
    accounts = world.broker.app.extensions["parts"].accounts
    announced, found = {}, {}
    for one in (one for one in world.upstream("tax").issuer.cast if not one.locked):
        with suppress(TraitInvalid):  # one comes no further than the provider's answer
            identity = pivot_identity(one.traits, ClaimsMapping())
            arrival = InsuredArrival(identity, "https://tax", one.key, one.key, "tax", "Tax")
            settled = accounts.settle(arrival, "ameli")
            found[one.key] = {f"{settled.result} {settled.explanation['rule']}"}
            found[one.key] |= {f"{settled.result} {settled.outcome}"}
            announced[one.key] = expected(one)

    assert len(found) >= 50
    assert {key: met for key, met in found.items() if not met & announced[key]} == {}


def expected(one):
    """What would be as announced, such as `created D1` or `refused account_locked`."""
    word, _, rest = one.expect.partition(" ")
    rows = re.findall(r"\bD\d+\b", rest) or [rest.replace(" ", "_")]
    return {f"{word.rstrip(',')} {row}" for row in rows}


def test_the_newcomer_is_known_to_no_provider(world):
    """His account cannot have been made by any other step."""
    for provider in world.providers:
        assert AT_THE_FORM[0].key not in world.upstream(provider).personas


def test_one_click_selects_a_value(world):
    """The style of a value selects it whole."""
    style = world.browser().open(f"{world.sites['room'].url}/style.css")

    assert ".whole { user-select: all }" in style.html


def test_the_page_is_in_english_too(people):
    """Sheets and lines alike."""
    page = people.click("lang-en")

    assert page.h1 == "Characters"
    assert "Birth name" in page.text
    assert "identity equal to the registry" in page.text


WITHOUT = {
    "a registry of somebody's own": {"insured": {"demonstration_persons": 0}},
    "a pure federation": {"insured": None, "portal": None, "clients": {"ameli": None}},
}


@pytest.mark.parametrize("changes", WITHOUT.values(), ids=WITHOUT)
def test_without_the_demonstration_registry_there_are_no_sheets(make_world, changes):
    """A sheet would only mislead; the people of the providers stay."""
    world = make_world(changes)
    page = world.browser().open(f"{world.sites['room'].url}/people")

    assert page.has("none")
    assert not page.has("form-hugo")
    assert "Claire Anne DURAND" in page.text
