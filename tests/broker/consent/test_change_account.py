"""Not you? Whoever is signed in leaves for good, and the login goes on with somebody else."""

import pytest

from tests.service import Service, body


@pytest.fixture
def consent(browser, sample):
    """The consent page, as Claire reads it after a sign-in at the tax office."""
    sample.start(browser)
    return browser.sign_in("claire")


def test_who_is_not_this_person_chooses_again(world, browser, sample, consent):
    """The same login, back at the page of providers, ends as somebody else."""
    page = consent.click("change-account")

    assert page.path.endswith("/providers")
    assert "Claire" not in page.text
    assert "MARTIN" in browser.sign_in("marc").text
    browser.page.accept()
    tokens = sample.tokens(browser.sent_back()["code"])
    assert body(sample.userinfo(tokens["access_token"]))["family_name"] == "MARTIN"


def test_the_next_person_at_this_computer_reads_no_name(world, browser, sample, consent):
    """Nobody is signed in here any more, for any service."""
    consent.click("change-account")
    next_one = Service(world, "ameli").start(browser)

    assert next_one.path.endswith("/providers")
    assert "Claire" not in next_one.text


@pytest.mark.parametrize("via", ["tax", "postal"])
def test_the_provider_asks_again_who_is_there(browser, sample, via):
    """Whether or not it lets us end its own session: nobody goes on as the person who left."""
    sample.start(browser)
    browser.sign_in("claire", via).click("change-account")

    assert not browser.click(f"provider-{via}").has("continue-session")


def test_declining_first_does_not_keep_one_signed_in_for_good(browser, sample, consent):
    """The consent page shown by a running session offers the same way out."""
    consent.decline()
    again = sample.start(browser)

    assert "Bonjour Claire" in again.text
    assert again.click("change-account").path.endswith("/providers")
    assert sample.start(browser).path.endswith("/providers")


def test_only_the_page_of_this_login_can_sign_somebody_out(browser, consent):
    """A form without its token, or an address without its proof, ends nothing."""
    actions = [form.get("action") for form in consent.root.all("form")]
    address = next(action for action in actions if "/change?" in action)
    whole = consent.url.split("/login/")[0] + address

    assert browser.tab().post(whole, b"").status == 400
    assert browser.tab().post(whole.split("?")[0], b"").status == 403
    assert browser.open(consent.url).has("consent-continue")
