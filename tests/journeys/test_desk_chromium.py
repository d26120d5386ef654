"""The pages of the desk in a real browser: axe, two widths, no script needed."""

import os
import threading

import pyotp
import pytest

from sandbox.configuration import stored
from sandbox.demonstration import prepare
from sandbox.document import find, read
from tests.backchannel import named
from tests.journeys.test_chromium import free_base

pytestmark = pytest.mark.browser
_WIDTHS = (360, 1280)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demonstration as `make demo` starts it, on ports of its own."""
    folder = tmp_path_factory.mktemp("desk")
    ready = prepare(stored(read(find(os.environ)), folder), free_base())
    thread = threading.Thread(target=ready.servers.run, daemon=True)
    thread.start()
    yield ready
    ready.servers.stop()
    thread.join(10)


@pytest.fixture
def check(axe):
    """No axe violation and no sideways scroll at each width; a picture of each where asked."""
    pictures = os.environ.get("DESK_PICTURES")

    def look(page, name):
        for width in _WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            axe(page)
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{name} scrolls sideways at {width} pixels"
            if pictures:
                page.screenshot(path=f"{pictures}/{name}-{width}.png", full_page=True)

    return look


def url(demo, path):
    return f"{next(site.url for site in demo.sites if site.name == 'portal')}{path}"


def parts(demo):
    return next(site.app for site in demo.sites if site.name == "broker").extensions["parts"]


def sign_in(demo, page):
    """At the desk as the advisor of the demonstration."""
    page.goto(url(demo, "/conseiller"))
    wanted = parts(demo).settings.insured.desk.demonstration_advisor
    page.get_by_test_id("name").fill(wanted.name)
    page.get_by_test_id("password").fill(wanted.password)
    page.get_by_test_id("code").fill(pyotp.TOTP(wanted.totp_secret).at(parts(demo).outside.clock()))
    page.get_by_test_id("desk-sign-in").click()


def test_every_page_of_the_desk_is_accessible(demo, open_page, check):
    """From the door to a file and its acts, faults included."""
    page = open_page()
    page.goto(url(demo, "/conseiller"))
    check(page, "desk-door")
    page.get_by_test_id("desk-sign-in").click()
    check(page, "desk-door-faults")
    sign_in(demo, page)
    check(page, "desk-home")
    page.get_by_test_id("by-nir").click()
    check(page, "desk-home-faults")
    page.get_by_test_id("reason").select_option("locked_account")
    page.get_by_test_id("family_name").fill("Martinn")
    page.get_by_test_id("given_names").fill("Marc")
    page.get_by_test_id("birthdate").fill("08/11/1979")
    page.get_by_test_id("by-traits-send").click()
    assert page.get_by_test_id("differing").first.is_visible()
    check(page, "desk-found")
    page.locator("[data-testid^=open-]").first.click()
    check(page, "desk-file")
    page.get_by_test_id("proof-send").click()
    check(page, "desk-file-unverified")
    for question in ("given_names", "birthdate", "birthplace"):
        page.get_by_test_id(f"proof-questions-{question}").check()
    page.get_by_test_id("proof-send").click()
    assert page.get_by_test_id("verified").is_visible()
    check(page, "desk-file-verified")
    page.get_by_test_id("replacement-send").click()
    check(page, "desk-file-faults")
    page.get_by_test_id("post-code-send").click()
    check(page, "desk-file-after")
    page.goto(url(demo, "/conseiller/consultations/unknown"))
    check(page, "desk-refused")


def test_a_case_is_accessible(demo, open_page, check):
    """The explanation of a refused sign-in."""
    page = open_page(width=360)
    page.goto(url(demo, "/"))
    for control in ("mon-compte", "identify", "provider-tax", "persona-dupond"):
        page.get_by_test_id(control).click()
    page.get_by_test_id("consent-continue").click()
    case = page.get_by_test_id("case-number").inner_text()
    parts(demo).outside.clock.advance(seconds=60)
    sign_in(demo, page)
    page.get_by_test_id("reason").select_option("refused_login")
    page.get_by_test_id("case_number").fill(case)
    page.get_by_test_id("by-case-send").click()
    assert case in page.inner_text("h1")
    check(page, "desk-case")
    page.goto(url(demo, "/conseiller/numeros/b0401"))
    check(page, "desk-error-number")
    page.get_by_test_id(f"case-{case}").click()
    assert case in page.inner_text("h1")
    page.goto(url(demo, "/conseiller"))
    check(page, "desk-home-cases")


def test_the_page_of_the_code_is_accessible_and_needs_no_script(demo, open_page, check):
    """With its faults, and after a wrong code."""
    page = open_page(java_script_enabled=True)
    page.goto(url(demo, "/code-par-courrier"))
    check(page, "post-code")
    page.get_by_test_id("redeem").click()
    check(page, "post-code-faults")
    plain = open_page(width=360, java_script_enabled=False)
    plain.goto(url(demo, "/code-par-courrier"))
    plain.get_by_test_id("nir").fill(named("marc").line.nir)
    plain.get_by_test_id("code").fill("22222 22222")
    plain.get_by_test_id("password").fill("Tulipe-Orage-27")
    plain.get_by_test_id("redeem").click()
    assert plain.get_by_test_id("wrong-code").is_visible()


def test_the_desk_needs_no_script_and_no_mouse(demo, open_page):
    """By keyboard alone on a telephone, scripts switched off."""
    page = open_page(width=360, java_script_enabled=False)
    parts(demo).outside.clock.advance(seconds=120)
    sign_in(demo, page)
    page.get_by_test_id("reason").focus()
    page.keyboard.type("Un compte")
    page.get_by_test_id("nir").focus()
    page.keyboard.type(named("marc").line.nir)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.get_by_test_id("candidate").is_visible()
