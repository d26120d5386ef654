"""Every page of error leads on: to the login in progress, to the service, or to the help."""

from urllib.parse import urlencode

import pytest

from broker.errors import Fate
from broker.errors.catalogue import kinds
from tests.service import Service

NAME = "Mutuelle Exemple (démonstration)"
HOME = "http://localhost:8081/"
HALF_AN_HOUR = 1800
ON = ("go-on", "home", "other-account", "again", "help", "abandon")


@pytest.fixture
def service(world):
    return Service(world, "sample")


def ways(page):
    """What the page offers, in its order."""
    return [testid for testid in page.testids if testid in ON]


def test_a_login_that_expired_leads_back_to_the_service(service, browser, world):
    """B0503: the registered page of the service, as the one button."""
    page = service.start(browser)
    world.clock.advance(HALF_AN_HOUR + 1)
    page = browser.open(page.url)

    assert page.value("error-number") == "B0503"
    assert ways(page) == ["home"]
    assert page.element("home").get("href") == HOME
    assert page.element("home").text == f"Revenir à {NAME}"


def test_an_answer_that_comes_twice_leads_back_to_the_login(service, browser):
    """B0308: whoever reloads the address of the return goes on where the login stands."""
    service.start(browser)
    browser.sign_in("claire", "tax")
    consent = browser.page
    arrived = next(hop.url for hop in reversed(browser.hops) if "/callback/tax" in hop.url)
    page = browser.open(arrived)

    assert page.value("error-number") == "B0308"
    assert ways(page) == ["go-on", "abandon"]
    assert page.click("go-on").h1 == consent.h1


def test_an_answer_that_comes_after_the_end_leads_home(service, browser):
    """B0308 once the login is over: there is nothing to carry on with."""
    service.login(browser)
    arrived = next(hop.url for hop in reversed(browser.hops) if "/callback/tax" in hop.url)
    page = browser.open(arrived)

    assert page.value("error-number") == "B0308"
    assert ways(page) == ["home"]


def test_an_altered_address_leads_back_to_the_login(service, browser):
    """B0506: the login of this browser is intact."""
    page = service.start(browser)
    spoilt = browser.open(page.url.replace("proof=", "proof=x"))

    assert spoilt.value("error-number") == "B0506"
    assert ways(spoilt) == ["go-on", "abandon"]
    assert spoilt.click("go-on").url == page.url


def test_an_answer_to_nobody_leads_back_to_the_newest_login(service, browser):
    """B0306: the provider's answer belongs to no login, and this browser has one."""
    service.start(browser)
    page = browser.open(f"{service.world.broker.url}/callback/tax?state=nobody.1.x&code=c")

    assert page.value("error-number") in {"B0306", "B0502"}
    assert ways(page) == ["go-on", "abandon"]


def test_the_login_of_another_browser_cannot_be_carried_on_with(service, browser, world):
    """B0307: a stranger to the login is shown the service it was for, and no step of it."""
    page = service.start(browser)
    shown = world.browser().open(page.url)

    assert shown.value("error-number") == "B0307"
    assert ways(shown) == ["home"]
    assert "proof=" not in shown.element("home").get("href")


def test_a_return_address_that_is_not_registered_leads_to_the_registered_page(service, browser):
    """B0103: nothing that was received is ever offered."""
    page = service.start(browser, redirect_uri="http://attacker.example/callback")

    assert page.value("error-number") == "B0103"
    assert page.element("home").get("href") == HOME
    assert not any("attacker" in link.partition("?")[0] for link in page.links().values())


def test_a_logout_that_is_refused_leads_back_to_the_service(service, browser):
    """B0260: the service is known by its id."""
    url = f"{service.issuer}/session/end?client_id={service.client_id}"
    page = browser.open(f"{url}&post_logout_redirect_uri=http://attacker.example/")

    assert page.value("error-number") == "B0260"
    assert page.element("home").get("href") == HOME


@pytest.mark.parametrize(
    "path", ["/nowhere", "/login/none/providers?proof=x", "/callback/tax", "/callback/tax?state=a"]
)
def test_whoever_came_from_nowhere_is_offered_the_help(browser, world, path):
    """No service is known: the help says what to do, and leads back here."""
    page = browser.open(world.broker.url + path)

    assert page.status >= 400
    assert ways(page) == ["help"]
    assert page.click("help").h1.startswith("Qu'est-ce que")


@pytest.mark.parametrize("state", ["a\0b.1.x", "%FF.1.x", "é.1.x", "x" * 300 + ".1.x"])
def test_a_state_nobody_made_is_looked_up_nowhere(browser, world, state):
    """A text that no login ever had reaches no database."""
    page = browser.open(f"{world.broker.url}/callback/tax?{urlencode({'state': state})}")

    assert (page.status, ways(page)) == (403, ["help"])


def test_a_service_that_was_closed_is_not_offered(make_world):
    """B0102: its page may be what was closed."""
    world = make_world({"clients": {"sample": {"disabled": True}}})
    page = world.browser().open(Service(world, "sample").url())

    assert ways(page) == ["help"]


def test_every_error_that_may_be_a_page_tells_what_to_do():
    """JSON and banners apart, each has a next step in both languages."""
    shown = [kind for kind in kinds() if kind.fate in {Fate.SHOWN, Fate.REDIRECTED}]

    assert len(shown) > 40
    assert all(kind.following("fr") and kind.following("en") for kind in shown)
