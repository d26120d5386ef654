"""The main journey in a real browser: by keyboard alone, without scripts, at three widths."""

import os
import threading
from pathlib import Path

import pytest

from sandbox.configuration import stored
from sandbox.demonstration import Demonstration, prepare
from sandbox.document import find, read
from sandbox.serving import BusyPortError, refuse_busy

pytestmark = pytest.mark.browser
_WIDTHS = (360, 768, 1280)
_MOST_TABS = 120


def free_base() -> int:
    """A first port whose whole range nobody uses."""
    for base in range(21_000 + os.getpid() % 40 * 100, 60_000, 4_000):
        ports = [base, *(base + n for n in (1, 2, 3, 4, 5, 9, 25, 80, 81))]
        try:
            refuse_busy(f"127.0.0.1:{port}" for port in ports)
        except BusyPortError:
            continue
        return base
    raise AssertionError("no free range of ports")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demonstration as `make demo` starts it, on ports of its own."""
    folder: Path = tmp_path_factory.mktemp("demo")
    ready: Demonstration = prepare(stored(read(find(os.environ)), folder), free_base())
    thread = threading.Thread(target=ready.servers.run, daemon=True)
    thread.start()
    yield {site.name: site.url for site in ready.sites}
    ready.servers.stop()
    thread.join(10)


def press(page, testid):
    """Reach a control with the Tab key alone, check that its focus shows, and press Enter."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.testid || ''") == testid:
            break
    else:
        pytest.fail(f"the keyboard does not reach {testid!r} on {page.url}")
    shown = page.evaluate(
        "(s => s.outlineStyle !== 'none' || s.boxShadow !== 'none')"
        "(getComputedStyle(document.activeElement))"
    )
    assert shown, f"the focus on {testid!r} is invisible"
    with page.expect_navigation():
        page.keyboard.press("Enter")


def check(page, axe, folder, name):
    """No axe violation, no sideways scroll, and a picture at each width."""
    axe(page)
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{name} scrolls sideways at {width} pixels"
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


def test_first_login_by_keyboard_alone(demo, open_page, axe, tmp_path):
    """From the portal to the personal space of a new account, then out, without a mouse."""
    page = open_page(width=1280)
    page.goto(demo["portal"])
    check(page, axe, tmp_path, "portal")
    for control, name in (
        ("mon-compte", "portal-login"),
        ("identify", "providers"),
        ("provider-tax", "sign-in"),
        ("persona-claire", "consent"),
        ("consent-continue", "account"),
        ("account-continue", "dashboard"),
    ):
        press(page, control)
        check(page, axe, tmp_path, name)

    assert page.url.endswith("/mon-compte")
    assert "Claire" in page.inner_text("h1")
    press(page, "logout")
    check(page, axe, tmp_path, "logged-out")
    assert len(list(tmp_path.glob("*.png"))) == 8 * len(_WIDTHS)


def test_the_journey_needs_no_script(demo, open_page):
    """Every step works with scripts switched off, on a telephone, in English."""
    page = open_page(width=360, locale="en-GB", java_script_enabled=False)
    page.goto(demo["portal"])
    for control in ("mon-compte", "identify", "provider-postal", "persona-agnes"):
        page.get_by_test_id(control).click()
    page.get_by_test_id("consent-continue").click()
    page.get_by_test_id("account-continue").click()

    assert page.url.endswith("/mon-compte")
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_refusal_is_readable_and_leads_out(demo, open_page, axe, tmp_path):
    """The page of a refusal has no violation, and its way out returns to the portal."""
    page = open_page(width=360)
    page.goto(demo["portal"])
    for control in ("mon-compte", "identify", "provider-tax", "persona-victor"):
        page.get_by_test_id(control).click()
    page.get_by_test_id("consent-continue").click()
    check(page, axe, tmp_path, "refusal")

    page.get_by_test_id("abandon").click()

    assert page.url.startswith(demo["portal"])
    check(page, axe, tmp_path, "portal-after-refusal")


def test_the_private_service_asks_for_explicit_consent(demo, open_page, axe, tmp_path):
    """The other service, its box, and the page that shows what it received."""
    page = open_page(width=768)
    page.goto(demo["sample"])
    for control in ("sample-login", "provider-msa", "persona-claire"):
        page.get_by_test_id(control).click()
    check(page, axe, tmp_path, "explicit-consent")
    page.get_by_test_id("consent-agree").check()
    page.get_by_test_id("consent-continue").click()

    assert page.get_by_test_id("claims").is_visible()
    check(page, axe, tmp_path, "sample")
