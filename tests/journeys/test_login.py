"""Logins across all applications, as a person lives them."""

import pytest

from tests.service import Service


def test_first_login_creates_the_account(world, browser):
    """
    Claire's identity equals one file: her account is created and she lands in her space.

    Rows: S62, S64, S70-S72.
    """
    page = browser.login(world.portal, as_="claire", via="tax").accept()

    assert page.path == "/mon-compte"
    assert "Claire" in page.h1
    assert "Votre compte est créé" in page.text


@pytest.mark.parametrize(
    ("persona", "fault"), [("agnes", ""), ("ange", "no_email")], ids=["agnes", "ange"]
)
def test_a_provider_without_an_address_accuses_nobody(world, browser, persona, fault):
    """No e-mail came: the page says that one will be asked for, and not that it is taken."""
    browser.login(world.portal, as_=persona, fault=fault).click("consent-continue")

    assert "Votre compte n'a pas encore d'adresse e-mail" in browser.page.text
    assert "autre personne" not in browser.page.text


def test_second_login_finds_the_account(world, browser):
    """The next login, in another browser, goes straight to the space of the same account."""
    browser.login(world.portal, as_="claire", via="tax").accept()

    page = world.browser().login(world.portal, as_="claire", via="postal")

    assert page.path == "/mon-compte"
    assert "Votre compte est créé" not in page.text


def test_classic_account_is_linked(world, browser):
    """Marc has a classic account: it is found and linked, not doubled."""
    ameli = Service(world, "ameli")

    tokens = ameli.tokens(ameli.login(browser, as_="marc")["code"])

    claims = ameli.userinfo(tokens["access_token"])
    assert b'"account_status":"linked"' in claims.body


REFUSALS = {
    "victor": "Votre situation ne permet pas la création d'un compte",
    "michel": "Votre situation ne permet pas la création d'un compte",
    "dupond": "Votre situation ne permet pas la création d'un compte",
    "usage_as_birth": "Votre situation ne permet pas la création d'un compte",
    "inconnu": "Votre situation ne permet pas la création d'un compte",
    "henri": "Nous avons besoin de vous parler",
    "leo": "Un compte personnel s'ouvre à partir de 16 ans",
    "gerard": "Vos droits ne sont pas ouverts chez nous",
    "oksana": "Votre numéro de sécurité sociale est encore provisoire",
    "sophie": "Un conseiller doit vérifier votre compte",
    "bruno": "Un conseiller doit vérifier votre compte",
}


@pytest.mark.parametrize(("persona", "title"), REFUSALS.items(), ids=REFUSALS.keys())
def test_a_refusal_explains_itself_and_leads_out(world, browser, persona, title):
    """No account, the reason in a title, and the way back gives access_denied to the service."""
    page = browser.login(world.portal, as_=persona).accept()

    assert (page.status, page.h1) == (403, title)
    browser.click("abandon")
    assert browser.sent_back()["error"] == "access_denied"


def test_no_match_ambiguous_and_near_miss_read_the_same(world):
    """Nobody learns from the page whether a file exists: one text, but for the case number."""
    texts = set()
    for persona in ("victor", "michel", "dupond", "usage_as_birth"):
        page = world.browser().login(world.portal, as_=persona).accept()
        case = page.element("case-number").text
        texts.add(page.text.replace(case, "CASE"))

    assert len(texts) == 1


def test_the_sixteenth_birthday_itself_is_allowed(world, browser):
    """Alix is sixteen today: the account is created."""
    page = browser.login(world.portal, as_="alix").accept()

    assert page.path == "/mon-compte"


def test_declined_consent_returns_access_denied(world, browser):
    """A person who declines goes back to the portal, which learns nothing but the refusal."""
    browser.login(world.portal, as_="claire").decline()

    assert browser.sent_back()["error"] == "access_denied"
    assert "code" not in browser.sent_back()


def test_abandon_from_the_page_of_providers(world, browser):
    """The way out of the first page tells the service that the person gave up."""
    browser.start(world.portal).abandon()

    answer = browser.sent_back()
    assert answer["error"] == "access_denied"
    assert answer["iss"] == world.broker.url + "/api/v2"


def test_second_service_needs_no_second_sign_in(world, browser):
    """
    Single sign-on: the other service asks for its own consent and nothing else.

    Rows: S76.
    """
    browser.login(world.portal, as_="claire").accept()

    page = browser.start(world.sample)

    assert page.has("consent-agree")
    assert browser.click("consent-agree").click("consent-continue").has("claims")


def test_explicit_consent_needs_its_box(world, browser):
    """Without the box the private service receives nothing and the page says so."""
    browser.login(world.sample, as_="claire")

    page = browser.click("consent-continue")

    assert page.has("consent-agree")
    assert not browser.sent_back()


def test_the_consent_page_shows_exactly_what_is_sent(world, browser):
    """Every value the sample service receives was on the page, in words, and none other."""
    page = browser.login(world.sample, as_="claire")
    shown = page.text

    for value in ("DURAND", "Claire Anne", "27 mars 1985", "claire@courriel.exemple.fr"):
        assert value in shown
    assert "Féminin" not in shown
    assert "69383" not in shown


def test_sub_is_the_same_through_any_provider(world, sample):
    """One person, one name for a service, whichever account was used."""
    subs = {sample.sub(world.browser(), via=via) for via in ("tax", "postal", "msa", "mobile")}

    assert len(subs) == 1


def test_sub_differs_from_sector_to_sector(world, sample, ameli):
    """Two services cannot compare their lists of people."""
    assert sample.sub(world.browser()) != ameli.sub(world.browser())


def test_a_login_outlives_a_restart_of_the_broker(world, browser, sample):
    """Nothing of a login is in the memory of the process: another node serves the next step."""
    sample.start(browser)
    world.broker.restart()

    page = browser.sign_in("claire")

    assert page.has("consent-continue")
