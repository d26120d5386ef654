"""Each provider of the demonstration in a real browser: by keyboard alone, and read by axe."""

import threading

import pytest

from broker.insured.demonstration import DEMONSTRATION_PASSWORD
from sandbox.configuration import merged, stored
from sandbox.demonstration import prepare
from sandbox.document import find, read
from tests.backchannel import CHEAP_PASSWORDS, named
from tests.journeys.test_chromium import free_base, press

pytestmark = pytest.mark.browser

BY_PASSWORD = ("tax", "postal", "msa", "attacker")
EVERY = (*BY_PASSWORD, "mobile", "ameli")
_MOST_TABS = 60


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demonstration on ports of its own: the address of every site."""
    changes = {"insured": {"passwords": CHEAP_PASSWORDS}}
    document = merged(stored(read(find({})), tmp_path_factory.mktemp("providers")), changes)
    ready = prepare(document, free_base())
    thread = threading.Thread(target=ready.servers.run, daemon=True)
    thread.start()
    yield {site.name: site.url for site in ready.sites}
    ready.servers.stop()
    thread.join(10)


@pytest.fixture
def leave(demo, open_page, axe):
    """Go to the sign-in page of a provider, from the private service, by keyboard."""

    def go(via, **options):
        page = open_page(**options)
        page.goto(demo["sample"])
        press(page, "sample-login")
        press(page, f"provider-{via}")
        assert page.url.startswith(demo[via])
        axe(page)
        return page

    return go


def typed(page, testid, text):
    """Reach a field with the Tab key, and type."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.locator(f"[data-testid={testid}]:focus").count():
            break
    else:
        pytest.fail(f"the keyboard does not reach {testid!r} on {page.url}")
    page.keyboard.type(text)


def arrive(page, demo, axe):
    """Agree by keyboard, where one is asked, and land at the service."""
    axe(page)
    if page.get_by_test_id("consent-agree").count():
        page.get_by_test_id("consent-agree").focus()
        page.keyboard.press("Space")
        press(page, "consent-continue")
    page.wait_for_url(f"{demo['sample']}/**")
    assert page.get_by_test_id("claims").is_visible()


@pytest.mark.parametrize("via", BY_PASSWORD)
def test_login_and_password(demo, leave, axe, via):
    """A login, a password, Enter; then the service."""
    page = leave(via)
    typed(page, "login", "agnes")
    page.keyboard.press("Tab")
    page.keyboard.type("demo-2026")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    arrive(page, demo, axe)


def test_a_phone_that_approves(demo, leave, axe):
    """A number, the other window, approval; the first window goes on by itself."""
    page = leave("mobile")
    typed(page, "login", "06 39 98 00 01")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    axe(page)
    with page.context.expect_page() as opened:
        page.get_by_test_id("open-phone").press("Enter")
    phone = opened.value
    axe(phone)
    press(phone, "phone-approve")

    page.wait_for_url(lambda url: not url.startswith(demo["mobile"]))
    arrive(page, demo, axe)


def test_the_number_and_the_password_of_an_account(demo, leave, axe):
    """
    An existing Ameli account; a wrong password is told first, and takes the focus.

    Rows: S69.
    """
    page = leave("ameli")
    typed(page, "login", named("marc").line.nir)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator(".problem:focus").wait_for()
    axe(page)
    typed(page, "password", DEMONSTRATION_PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    arrive(page, demo, axe)


@pytest.mark.parametrize("via", EVERY)
def test_a_refusal_by_keyboard_leads_back_to_the_providers(demo, leave, axe, via):
    """The banner tells it, and the page has no violation."""
    page = leave(via, width=360)
    page.get_by_test_id("refuse").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.get_by_test_id("cancelled").is_visible()
    assert page.get_by_test_id("error-number").count() == 0
    axe(page)


@pytest.mark.parametrize("via", EVERY)
def test_the_pages_for_testers_are_accessible(demo, open_page, axe, via):
    """What the provider is, and its table of faults, in both languages."""
    page = open_page(width=360)
    for path in ("/", "/faults", "/?lang=en", "/faults?lang=en", "/nowhere"):
        page.goto(f"{demo[via]}{path}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_the_control_room_is_accessible_after_a_login_through_each(demo, leave, open_page, axe):
    """The list of logins, and the timeline of the latest, unfolded."""
    leave("attacker")
    page = open_page()
    for path in ("/", "/logins", "/messages", "/clock"):
        page.goto(f"{demo['room']}{path}")
        axe(page)
    page.goto(f"{demo['room']}/logins")
    page.locator("[data-testid^=login-]").first.click()
    for summary in page.locator("summary").all():
        summary.click()
    axe(page)
