"""The control room in a real browser: readable by everybody, at every width, without scripts."""

import socket
from threading import Thread

import pytest

from sandbox.serving import Servers
from sandbox.world import World

pytestmark = pytest.mark.browser

PATHS = ("/", "/people", "/logins", "/messages", "/messages/1", "/clock", "/nowhere")


@pytest.fixture(scope="module")
def room():
    """The room of a world where somebody logged in and mails were sent, on a real port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    from_settings = {"sandbox": {"listen": f"127.0.0.1:{port}"}}
    with World.build(from_settings) as world:
        world.browser().login(world.portal).accept()
        world.mailbox.mail("claire@exemple.fr", "Votre compte est relié", "Bonjour Claire.\n" * 8)
        world.mailbox.sms("0639980001", "Votre code : 123456")
        site = world.sites["room"]
        servers = Servers({site.listen: site.app})
        thread = Thread(target=servers.run, daemon=True)
        thread.start()
        yield site.url
        servers.stop()
        thread.join(5)


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_accessible(room, open_page, axe, path, locale):
    """No violation that axe knows, in both languages."""
    page = open_page(locale=locale)
    page.goto(room + path)

    axe(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_timeline_is_accessible_open_and_closed(room, open_page, axe, scheme):
    """Every hop unfolded, in both colours."""
    page = open_page(color_scheme=scheme)
    page.goto(f"{room}/logins")
    page.locator("[data-testid^=login-]").click()
    axe(page)
    for summary in page.locator("summary").all():
        summary.click()
    axe(page)

    assert page.get_by_text("account:created").is_visible()
    assert page.get_by_text("id_token").first.is_visible()


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("path", PATHS)
def test_no_page_scrolls_sideways(room, open_page, path, width):
    """At the width of a small telephone as on a desk."""
    page = open_page(width=width)
    page.goto(room + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_unfolded_timeline_does_not_scroll_sideways(room, open_page):
    """Long addresses and tokens break."""
    page = open_page(width=320)
    page.goto(f"{room}/logins")
    page.locator("[data-testid^=login-]").click()
    for summary in page.locator("summary").all():
        summary.click()

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_one_click_on_a_value_selects_it_whole(room, open_page):
    """What is ready to copy is copied without missing its last digit."""
    page = open_page(width=390)
    page.goto(f"{room}/people")
    page.get_by_test_id("form-hugo-iban").click()

    selected = page.evaluate("getSelection().toString().trim()")
    assert selected == page.get_by_test_id("form-hugo-iban").inner_text()


@pytest.mark.parametrize("width", [320, 1280])
def test_every_sheet_can_be_opened_without_scrolling_sideways(room, open_page, axe, width):
    """All sheets unfolded at once, by whoever looks for somebody."""
    page = open_page(width=width)
    page.goto(f"{room}/people")
    page.evaluate("document.querySelectorAll('details').forEach(sheet => sheet.open = true)")

    assert page.get_by_test_id("form-oksana-nir").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)


def test_time_passes_by_keyboard_alone_and_without_scripts(room, open_page):
    """From the first tab stop to the button of 48 hours."""
    page = open_page(java_script_enabled=False)
    page.goto(f"{room}/clock")
    before = page.get_by_test_id("now").inner_text()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.locator("[data-testid=two-days]:focus").count():
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.get_by_test_id("now").inner_text() != before
