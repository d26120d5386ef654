"""The pages in a real browser: by keyboard, without scripts, on a phone, and for everybody."""

import socket
import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.serving import make_server

pytestmark = pytest.mark.browser


@pytest.fixture
def served(party, new_trip):
    """Serves a mock on a free port; its service lands on /healthz of the same port."""
    running = []

    def serve(dialect, **changes):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        origin = f"http://localhost:{port}"
        rp = party(dialect, issuer=origin, redirect_uris=[f"{origin}/healthz"], **changes)
        server = make_server("localhost", port, rp.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        running.append((server, thread))
        rp.origin = origin

        def login_page(**asked):
            sent = rp.request(new_trip(), redirect_uri=f"{origin}/healthz", **asked)
            return f"{origin}{rp.browser.get('/authorize', query_string=sent).location}"

        rp.login_page = login_page
        return rp

    yield serve
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def _landed(page):
    page.wait_for_url("**/healthz?*")
    return parse_qs(urlsplit(page.url).query)


def _fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (360, "light"), (1280, "dark")])
def test_every_page_is_accessible_and_fits(served, open_page, axe, width, scheme):
    """axe finds nothing, and nothing scrolls sideways, in either colour scheme."""
    rp = served("mobile")
    page = open_page(width=width, color_scheme=scheme)
    for path in ("/", "/faults", "/authorize", "/nowhere"):
        page.goto(f"{rp.origin}{path}")
        axe(page)
        assert _fits(page), path
    page.goto(rp.login_page())
    page.get_by_test_id("custom").click()
    axe(page)
    assert _fits(page)
    page.get_by_test_id("wrong-password").click()
    axe(page)
    page.get_by_test_id("persona-claire").click()
    axe(page)
    with page.context.expect_page() as opened:
        page.get_by_test_id("open-phone").click()
    axe(opened.value)
    assert _fits(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_password_page_is_accessible(served, open_page, axe, language):
    """With an error summary, and with the question at logout."""
    rp = served("plain")
    page = open_page(width=360)
    page.goto(f"{rp.login_page()}?lang={language}")
    page.get_by_test_id("wrong-password").click()
    axe(page)
    page.goto(f"{rp.origin}/logout?lang={language}")
    axe(page)
    page.get_by_test_id("confirm-logout").click()
    axe(page)


def test_login_and_password_by_keyboard_alone(served, open_page):
    """Tab, type, Tab, type, Enter: nothing else is needed."""
    page = open_page()
    page.goto(served("plain").login_page())
    page.get_by_test_id("login").focus()
    page.keyboard.type("claire")
    page.keyboard.press("Tab")
    page.keyboard.type("demo-2026")
    page.keyboard.press("Enter")

    assert "code" in _landed(page)


def test_the_first_key_leads_to_the_content(served, open_page):
    """The first Tab shows the link that skips the header; no hidden button is on the way."""
    page = open_page()
    page.goto(served("plain").login_page())
    met = []
    for _ in range(9):
        page.keyboard.press("Tab")
        met.append(
            page.evaluate(
                "document.activeElement.dataset.testid || document.activeElement.className"
            )
        )

    assert met[0] == "skip"
    assert met[-6:] == ["", "login", "password", "submit-login", "wrong-password", "refuse"]


def test_an_error_takes_the_focus(served, open_page):
    """After a wrong password the summary is focused and leads to the field."""
    page = open_page()
    page.goto(served("plain").login_page())
    page.get_by_test_id("wrong-password").click()

    # The focus moves once the page is drawn, which a busy machine may do after it is loaded.
    page.locator(".problem:focus").wait_for()
    assert page.title().startswith("Erreur\N{NO-BREAK SPACE}:")


def test_a_persona_by_keyboard(served, open_page):
    """Focus and Enter on the button of a persona."""
    page = open_page(width=360)
    page.goto(served("plain").login_page())
    page.get_by_test_id("persona-zoe").press("Enter")

    assert "code" in _landed(page)


def test_a_fault_and_a_made_up_identity_by_keyboard(served, open_page):
    """Select a fault, open the traits, type one, Enter."""
    page = open_page()
    page.goto(served("plain").login_page())
    page.get_by_test_id("fault").select_option("no_iss")
    page.get_by_test_id("custom").press("Enter")
    page.get_by_test_id("custom-family_name").fill("INVENTEE")
    page.get_by_test_id("custom-family_name").press("Enter")

    assert set(_landed(page)) == {"code", "state"}


def test_the_waiting_page_goes_on_by_itself(served, open_page):
    """Approval in the second window moves the first, without a touch."""
    page = open_page()
    page.goto(served("mobile").login_page())
    page.get_by_test_id("login").fill("06 39 98 00 01")
    page.get_by_test_id("login").press("Enter")
    with page.context.expect_page() as opened:
        page.get_by_test_id("open-phone").click()
    opened.value.get_by_test_id("phone-approve").click()

    assert "code" in _landed(page)


def test_everything_works_without_scripts(served, open_page):
    """Phone, approval and refresh with scripts off; by the link and by the refresh."""
    rp = served("mobile")
    page = open_page(width=360, java_script_enabled=False)
    page.goto(rp.login_page())
    page.get_by_test_id("persona-claire").click()
    page.goto(page.get_by_test_id("open-phone").get_attribute("href").join([rp.origin, ""]))
    page.get_by_test_id("phone-approve").click()
    page.get_by_test_id("phone-back").click()

    assert "code" in _landed(page)


def test_text_at_twice_its_size_still_fits(served, open_page):
    """200 % text on a narrow window: no sideways scroll (WCAG 1.4.4, 1.4.10)."""
    page = open_page(width=640)
    page.goto(served("plain").login_page())
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert _fits(page)


def test_controls_are_large_enough(served, open_page):
    """Every button and field is at least 24 pixels high and wide (WCAG 2.5.8)."""
    page = open_page(width=360)
    page.goto(served("plain").login_page())
    sizes = page.eval_on_selector_all(
        "button:not(.enter), input:not([type=hidden]), select, summary, nav a, .jump a",
        "all => all.filter(e => e.offsetParent).map(e => [e.offsetHeight, e.offsetWidth])",
    )

    assert sizes
    assert all(height >= 24 and width >= 24 for height, width in sizes)
