"""
Ameli as a provider: an existing account, checked over the back channel, that opens itself alone.

The loop guard: an Ameli session never creates an Ameli account, nor is it linked to another one.
"""

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from broker.database import reading
from broker.insured.demonstration import DEMONSTRATION_PASSWORD
from broker.insured.schema import ACCOUNT, LINK
from tests.backchannel import CHEAP_PASSWORDS, named


@pytest.fixture
def world(make_world):
    return make_world({"insured": {"passwords": CHEAP_PASSWORDS}})


@pytest.fixture
def insured(world):
    return world.broker.app.extensions["parts"].engines["insured"]


def many(insured, table):
    with reading(insured) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def with_password(browser, service, persona="marc", password=DEMONSTRATION_PASSWORD):
    """Sign in at Ameli with the number and the password of an account."""
    service.start(browser)
    browser.click("provider-ameli")
    browser.fill("login", named(persona).line.nir)
    browser.fill("password", password)
    return browser.click("submit-login")


def with_persona(browser, service, persona):
    """Sign in by a button, which checks no account: as a lying Ameli would."""
    service.start(browser)
    browser.click("provider-ameli")
    return browser.click(f"persona-{persona}")


def finished(page):
    """Past consent and the page about the account, to the service or to a refusal."""
    return page.accept() if page.has("consent-continue") else page


def test_an_account_signs_in_to_another_service(world, browser, sample):
    """The identity of the holder, from the file of the insurer, and nothing was linked."""
    page = with_password(browser, sample)
    assert "MARTIN" in page.text

    finished(page)
    tokens = sample.tokens(browser.sent_back()["code"])
    assert sample.id_token(tokens)["acr"] == "eidas1"


def test_the_guide_tells_the_number_and_the_password_of_marc(world, browser, sample):
    """What a tester reads there is what the provider accepts."""
    guide = (Path(__file__).parents[3] / "docs" / "getting-started.md").read_text()
    nir, password = re.search(r"Marc: `([\d ]+)`, `(\S+)`", guide).groups()
    sample.start(browser)
    browser.click("provider-ameli")
    browser.fill("login", nir)
    browser.fill("password", password)

    assert browser.click("submit-login").has("consent-continue")


def test_an_account_opens_itself_at_the_portal(world, browser, ameli, insured):
    """The first time the provider is linked to it, later it is found; no account is added."""
    accounts = many(insured, ACCOUNT)
    for way in ("linked", "found"):
        visitor = world.browser()
        page = finished(with_password(visitor, ameli))
        assert "code" in visitor.sent_back(), (way, page.text)

    assert many(insured, ACCOUNT) == accounts
    with reading(insured) as connection:
        providers = connection.execute(select(LINK.c.provider)).scalars().all()
    assert providers.count("ameli") == 1


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password_goes_nowhere(browser, sample, password):
    """The provider's own page says it, and no answer was sent."""
    page = with_password(browser, sample, password=password)

    assert page.has("login")
    assert "n'est pas le bon" in page.text
    assert not browser.sent_back()


def test_without_the_back_channel_the_provider_says_so(world, browser, sample):
    """The accounts are out of reach, which is not a wrong password."""
    sample.start(browser)
    browser.click("provider-ameli")
    check = world.upstream("ameli").issuer.outside.check_account
    check.settings = check.settings.model_copy(update={"url": "http://localhost:1/"})
    browser.fill("login", named("marc").line.nir)
    browser.fill("password", DEMONSTRATION_PASSWORD)

    assert "ne répondent pas" in browser.click("submit-login").text


@pytest.mark.parametrize("persona", ["claire", "marc"])
def test_a_sign_in_without_an_account_creates_and_links_nothing(browser, ameli, insured, persona):
    """Claire has no account and gets none; Marc's is not linked to somebody else's word."""
    before = many(insured, ACCOUNT), many(insured, LINK)
    page = finished(with_persona(browser, ameli, persona))

    assert page.has("error-number")
    assert (many(insured, ACCOUNT), many(insured, LINK)) == before
    assert "code" not in browser.sent_back()


def test_the_guard_holds_for_a_session_that_is_used_again(browser, sample, ameli, insured):
    """Signed in for another service first: the portal still knows whose word it was."""
    before = many(insured, ACCOUNT), many(insured, LINK)
    finished(with_persona(browser, sample, "claire"))
    page = finished(ameli.start(browser))

    assert page.has("error-number")
    assert (many(insured, ACCOUNT), many(insured, LINK)) == before


def test_an_account_that_only_other_providers_vouch_for_signs_nobody_in(
    world, browser, ameli, insured
):
    """The loop itself: an account made by a login elsewhere is no proof for the next one."""
    _ = world.broker.app
    with insured.begin() as tx:
        tx.execute(text("UPDATE account SET origin = 'federation'"))
    page = with_password(browser, ameli)

    assert page.url.startswith(world.providers["ameli"].url)
    assert "connectez-vous là-bas" in page.text


def test_passwords_stay_out_of_the_inspector(world, browser, sample):
    """Neither the provider nor the recorder of the sandbox keeps what was typed."""
    with_password(browser, sample)

    assert DEMONSTRATION_PASSWORD not in repr(world.upstream("ameli").requests)
    assert DEMONSTRATION_PASSWORD not in repr(world.logins())
