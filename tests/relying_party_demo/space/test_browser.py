"""The personal space in a real browser: on a phone, by keyboard, without scripts, read aloud."""

import io

import pikepdf
import pytest

from tests.space_answers import PAGES as SIGNED_IN

pytestmark = pytest.mark.browser

PAGES = [*SIGNED_IN, "/mon-compte/messages/9", "/verifier", "/compte-ferme"]
FAULTY = [
    ("/mon-compte/carte", "order-card"),
    ("/mon-compte/changements/adresse", "declare"),
    ("/mon-compte/changements/caisse", "declare"),
    ("/mon-compte/messages", "send"),
    ("/mon-compte/email", "send-code"),
    ("/mon-compte/email/code", "confirm-code"),
    ("/mon-compte/fermer", "close-account"),
]
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > innerWidth"
SMALL_TARGETS = """
[...document.querySelectorAll('a, button, summary, input, select, textarea')]
  .filter(e => e.checkVisibility() && !e.closest('.skip, p, dd'))
  .map(e => [e.textContent.trim() || e.name, e.getBoundingClientRect()])
  .filter(([, box]) => box.height && (box.height < 24 || box.width < 24))
  .map(([text]) => text)
"""
CUT_WORDS = """
[...document.querySelectorAll('details[open] .stack *')].flatMap(e => [...e.childNodes])
  .filter(node => node.nodeType === 3)
  .flatMap(node => [...node.data.matchAll(/\\S+/g)].map(word => {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    return [word[0], range.getClientRects().length];
  }))
  .filter(([, lines]) => lines > 1)
  .map(([word]) => word)
"""


def sign_in(page, town):
    page.goto(f"{town.portal}/connexion")
    page.get_by_test_id("identify").click()
    page.locator("#go").click()
    page.wait_for_url(f"{town.portal}/mon-compte")


@pytest.mark.parametrize(
    ("code", "scheme", "width"), [("fr", "light", 360), ("en", "dark", 320), ("fr", "dark", 1280)]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    town, open_page, axe, code, scheme, width
):
    """Every page in both languages, light and dark; then with letters twice as large."""
    page = open_page(width=width, color_scheme=scheme)
    sign_in(page, town)
    page.goto(f"{town.portal}/mon-compte?lang={code}")
    for path in PAGES:
        page.goto(town.portal + path)
        axe(page)
        assert not page.evaluate(WIDER_THAN_THE_SCREEN), path
        assert page.evaluate(SMALL_TARGETS) == [], path
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not page.evaluate(WIDER_THAN_THE_SCREEN), f"{path} in large letters"


def test_axe_finds_nothing_on_a_form_that_came_back(town, open_page, axe):
    """The summary has the focus, and each of its links leads to a field."""
    page = open_page(width=360)
    sign_in(page, town)
    for path, button in FAULTY:
        page.goto(town.portal + path)
        with page.expect_navigation():
            page.get_by_test_id(button).click()
        axe(page)
        assert page.title().startswith("Erreur"), path
        assert page.evaluate("document.activeElement.dataset.testid") == "faults", path
        page.locator("[data-testid=faults] a").first.click()
        assert page.evaluate("document.querySelector(':target') !== null"), path


@pytest.mark.parametrize("width", [768, 1024, 1280])
def test_no_word_of_the_table_of_payments_is_cut(town, open_page, width):
    """A date, an amount and a name stay whole on a screen where the table has columns."""
    page = open_page(width=width)
    sign_in(page, town)
    page.goto(f"{town.portal}/mon-compte/remboursements")

    assert page.evaluate(CUT_WORDS) == []


def tab_to(page, test_id):
    """Press Tab until a control has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.testid || ''") == test_id:
            return
    pytest.fail(f"no way to {test_id} by keyboard on {page.url}")


def test_the_certificate_is_taken_by_keyboard_on_a_phone(town, open_page):
    """S14, S153: from the first page, no mouse, no script, a document that can be read aloud."""
    page = open_page(width=360, java_script_enabled=True)
    sign_in(page, town)
    tab_to(page, "certificate")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    file = open_file(download.value.path())

    assert download.value.suggested_filename == "attestation-2026-11-24.pdf"
    with pikepdf.open(file) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)


def open_file(path):
    """What was downloaded, as a file in memory."""
    with open(path, "rb") as file:  # noqa: PTH123 - Playwright gives a text or a path
        return io.BytesIO(file.read())


def test_everything_works_without_scripts(town, open_page):
    """A card, a change, a message, alerts: plain forms."""
    page = open_page(width=360, java_script_enabled=False)
    sign_in(page, town)
    page.goto(f"{town.portal}/mon-compte/carte")
    page.get_by_test_id("reason-loss").check()
    page.get_by_test_id("order-card").click()
    page.goto(f"{town.portal}/mon-compte/changements/medecin")
    page.get_by_test_id("name").fill("Dr Lenoir")
    page.get_by_test_id("city").fill("Lyon")
    page.get_by_test_id("declare").click()
    page.goto(f"{town.portal}/mon-compte/messages")
    page.get_by_test_id("topic-other").check()
    page.get_by_test_id("text").fill("Bonjour")
    page.get_by_test_id("send").click()
    page.goto(f"{town.portal}/mon-compte/alertes")
    page.get_by_test_id("alert-payment").check()
    page.get_by_test_id("save-alerts").click()
    written = [name for name, *_ in town.broker.asked if not name.startswith("GET")]

    assert written == [
        "POST visits",
        "POST orders",
        "POST declarations",
        "POST messages",
        "PUT alerts",
    ]


def test_a_double_click_asks_twice_with_one_key(town, page):
    """An impatient hand orders one card."""
    sign_in(page, town)
    page.goto(f"{town.portal}/mon-compte/carte")
    page.get_by_test_id("reason-loss").check()
    with page.expect_response(lambda answer: answer.status == 303):
        page.get_by_test_id("order-card").dblclick()
    page.wait_for_load_state()

    assert len({key for name, _q, _b, key in town.broker.asked if name == "POST orders"}) == 1


def test_a_statement_is_printed_without_its_menus(town, page):
    """S159: on paper there is the statement and nothing else."""
    sign_in(page, town)
    page.goto(f"{town.portal}/mon-compte/releves/2026-11")
    page.emulate_media(media="print")

    assert page.locator("table").is_visible()
    for gone in ("header.top", "footer.bottom", ".back"):
        assert not page.locator(gone).is_visible()
