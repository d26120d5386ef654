"""The pages in a real browser: accessible, readable at any width, usable by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 768, 1280)
ROOM_TO_SCROLL = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input:not([type=hidden])")]
    .filter(e => e.checkVisibility() && !e.classList.contains("skip"))
    .map(e => [(e.closest("label") || e).getBoundingClientRect(), e.outerHTML])
    .filter(([box]) => box.width < 24 || box.height < 24).map(([_, html]) => html)"""
LONGEST_LINE = """texts => Math.max(...[...document.querySelectorAll(texts)].map(e => {
    const zero = document.createElement("span");
    zero.textContent = "0";
    e.append(zero);
    const width = zero.getBoundingClientRect().width;
    zero.remove();
    return e.getBoundingClientRect().width / width;
}))"""


@pytest.fixture
def visit(open_page: Callable[..., Page], gallery_url: str) -> Callable[..., Page]:
    """Open a page of the gallery in a language; the page that sends itself stays where it is."""

    def visited(place: str, language: str = "fr", *, sends: bool = False, **options) -> Page:
        page = open_page(**options)
        cookie = {"name": "passerelle_lang", "value": language, "url": gallery_url}
        page.context.add_cookies([cookie])
        if not sends:
            page.route("**/assets/send-*.js", lambda route: route.abort())
        page.goto(f"{gallery_url}{place}")
        return page

    return visited


def test_axe_finds_nothing(visit, axe, view):
    """WCAG 2.2 AA as far as a machine can tell: French on a light page, English on a dark one."""
    page = visit(view, width=360, reduced_motion="reduce")
    axe(page)
    page.emulate_media(color_scheme="dark")
    page.get_by_test_id("lang-en").click()
    axe(page)


def test_a_page_fits_any_width(visit, view):
    """
    No scroll sideways from 320 to 1280 pixels, nor with text twice as large; on a phone every
    target has 24 pixels in both directions (WCAG 2.2 §1.4.10, §1.4.4, §2.5.8).
    """
    page = visit(view, width=360)
    assert page.evaluate(SMALL_TARGETS) == []
    for size in ("", "225%"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate(ROOM_TO_SCROLL) == 0, f"{width} pixels, text {size}"


def test_lines_are_short(visit):
    """65 characters at most, in letters as wide as a zero."""
    texts = "main p:not(.actions, .reference, .way-out, .aside-links), main li"
    for place in ("/help", "/screen/refusal", "/screen/consent"):
        assert visit(place).evaluate(LONGEST_LINE, texts) <= 66


def test_text_is_large(visit):
    """18 pixels where the browser's own text is 16."""
    page = visit("/screen/providers")

    assert page.evaluate("() => getComputedStyle(document.body).fontSize") == "18px"


def test_an_account_is_chosen_by_keyboard(visit):
    """Skip link first, then the tiles in their order, each with a visible focus."""
    page = visit("/screen/providers")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    first = page.get_by_test_id("provider-postal")
    expect(first).to_be_focused()
    assert first.evaluate("e => getComputedStyle(e).outlineWidth") == "3px"
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text('"provider":["postal"]')


def test_what_cannot_be_chosen_takes_no_focus(visit):
    """A closed tile is text."""
    page = visit("/screen/providers")

    assert page.get_by_test_id("provider-ameli").evaluate("e => e.tabIndex") == -1
    assert page.get_by_test_id("provider-ameli").evaluate("e => e.tagName") == "DIV"


@pytest.mark.parametrize(
    ("button", "sent"),
    [
        ("consent-continue", '"answer":["continue"],"claim":["email"]'),
        ("consent-decline", '"answer":["decline"],"claim":["email"]'),
    ],
)
def test_consent_is_answered_without_scripts(visit, button, sent):
    """Both answers are ordinary buttons."""
    page = visit("/screen/consent", java_script_enabled=False)
    page.get_by_test_id(button).click()

    expect(page.locator("body")).to_contain_text(sent)


def test_an_optional_line_is_unticked_by_its_words(visit):
    """The label is part of the target."""
    page = visit("/screen/consent", java_script_enabled=False)
    page.get_by_text("Je veux l'envoyer").click()
    page.get_by_test_id("consent-continue").click()

    expect(page.locator("body")).to_have_text('{"answer":["continue"]}\n')


def test_a_missing_agreement_receives_the_focus(visit):
    """The summary is read first and leads to the box."""
    page = visit("/screen/consent-missing")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")

    expect(page.locator("#agree")).to_be_checked()


def test_the_language_changes_in_place(visit):
    """One click, the same page."""
    page = visit("/screen/refusal-under-16?proof=abc")
    page.get_by_test_id("lang-en").click()

    assert page.url.endswith("/screen/refusal-under-16?proof=abc")
    expect(page.locator("h1")).to_have_text("A personal account can be opened from the age of 16")


def test_an_answer_sends_itself_where_scripts_run(visit):
    """Form post without a click; the button stays for everybody else."""
    page = visit("/screen/form-post", sends=True)

    expect(page.locator("body")).to_have_text('{"code":"abc","state":"xyz"}\n')


def test_an_answer_is_sent_by_its_button_without_scripts(visit):
    """The same answer, one click."""
    page = visit("/screen/form-post", sends=True, java_script_enabled=False)
    page.get_by_test_id("form-post-continue").click()

    expect(page.locator("body")).to_have_text('{"code":"abc","state":"xyz"}\n')


def test_a_number_is_copied(visit, gallery_url):
    """The control says that it worked."""
    page = visit("/screen/error-client")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=gallery_url)
    page.get_by_role("button", name="Copier B0101").click()

    expect(page.get_by_role("status").first).to_have_text("Copié")
    assert page.evaluate("() => navigator.clipboard.readText()") == "B0101"


def test_without_scripts_no_button_pretends_to_copy(visit):
    """One click on the number selects it whole instead."""
    page = visit("/screen/error-client", java_script_enabled=False)

    expect(page.locator(".copy:visible")).to_have_count(0)
    expect(page.get_by_test_id("error-number")).to_have_css("user-select", "all")


def test_a_form_may_be_followed_to_a_listed_origin(visit):
    """Browsers apply form-action to the redirects that follow a form."""
    page = visit("/leaving?listed")
    page.get_by_test_id("leave-continue").click()

    expect(page).to_have_url(page.url.replace("127.0.0.1", "localhost"))
    assert page.url.startswith("http://localhost:")


def test_a_form_cannot_be_followed_anywhere_else(chromium: Browser, gallery_url: str):
    """An origin that no screen named: the browser itself stops (row 14)."""
    context = chromium.new_context(locale="fr-FR")
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{gallery_url}/leaving")
    with page.expect_event("console"):
        page.get_by_test_id("leave-continue").click()

    assert page.url == f"{gallery_url}/leaving"
    assert "form-action" in said[0]
    context.close()
