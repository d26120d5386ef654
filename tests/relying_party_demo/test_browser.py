"""The pages in a real browser: by keyboard, on a phone, without scripts, read aloud."""

import re

import pytest

from relying_party_demo.portal.guide import TOPICS

pytestmark = pytest.mark.browser

PUBLIC = [
    "/",
    "/connexion",
    "/creer-un-compte",
    "/creer-un-compte/e-mail-envoye",
    "/compte-active",
    "/code-personnel-oublie",
    "/code-personnel-oublie/termine",
    "/contact",
    "/aide",
    *[f"/aide/{slug}" for slug in TOPICS],
    "/accessibilite",
    "/mentions-legales",
    "/donnees-personnelles",
    "/nowhere",
    "/connexion/suite/abandonnee",
    "/connexion/suite/refusee?numero=B0401",
    "/connexion/suite/inattendue",
    "/connexion/suite/non-verifiee",
    "/connexion/suite/indisponible",
    "/connexion/suite/session-terminee",
]
GROUPS = [PUBLIC[start::4] for start in range(4)]


def sign_in(page, town):
    """From the first page of the portal to the account."""
    page.goto(town.portal)
    page.get_by_test_id("mon-compte").click()
    page.get_by_test_id("identify").click()
    page.locator("#go").click()
    page.wait_for_url(f"{town.portal}/mon-compte")


def sign_in_at_sample(page, town):
    page.goto(town.sample)
    page.get_by_test_id("sample-login").click()
    page.locator("#go").click()
    page.wait_for_url(f"{town.sample}/espace")


def read_in_every_way(page, axe):
    """axe finds nothing, in French and light, then in English and dark."""
    for code, scheme in (("fr", "light"), ("en", "dark")):
        if page.locator("html").get_attribute("lang") != code:
            page.get_by_test_id(f"lang-{code}").click()
        page.emulate_media(color_scheme=scheme)
        axe(page)


@pytest.mark.parametrize("paths", GROUPS, ids=range(len(GROUPS)))
def test_axe_finds_nothing_on_the_open_pages(town, open_page, axe, paths):
    """Every page before the login, in both languages, light and dark."""
    page = open_page(width=360)
    for path in paths:
        page.goto(f"{town.portal}{path}")
        read_in_every_way(page, axe)


@pytest.mark.parametrize("state", ["created", "linked", "existing", "closed", "away", "gone"])
def test_axe_finds_nothing_on_the_account(town, open_page, axe, state):
    """The page of the account in each of its states."""
    page = open_page()
    if state in {"created", "linked", "existing"}:
        town.broker.person["account_status"] = state
    town.broker.person["match"] = "tolerant" if state == "linked" else "exact"
    if state == "closed":
        town.broker.account["rights"] = {"open": False}
    if state == "away":
        town.broker.lies["status"] = {"/api/insured/v1/accounts/acc-1/dashboard": 503}
    if state == "gone":
        town.broker.account["account_id"] = "acc-2"
    sign_in(page, town)

    read_in_every_way(page, axe)


def test_axe_finds_nothing_at_the_sample_service(town, page, axe):
    """Before the login, after it, and after a refusal."""
    page.goto(town.sample)
    read_in_every_way(page, axe)
    page.goto(f"{town.sample}/connexion/suite/abandonnee")
    read_in_every_way(page, axe)
    sign_in_at_sample(page, town)

    read_in_every_way(page, axe)
    assert page.get_by_test_id("claims").is_visible()


WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > innerWidth"
SMALL_TARGETS = """
[...document.querySelectorAll('a, button, summary')]
  .filter(e => e.checkVisibility() && !e.closest('.skip, p, dd'))
  .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
  .filter(([, box]) => box.height && (box.height < 24 || box.width < 24))
  .map(([text]) => text)
"""


@pytest.mark.parametrize("width", [320, 360, 640, 768, 1280])
def test_nothing_is_wider_than_the_screen_nor_smaller_than_a_finger(town, open_page, width):
    """No sideways scroll, with letters twice as large either; targets of 24 pixels at least."""
    page = open_page(width=width)
    sign_in(page, town)
    for path in ["/mon-compte", *PUBLIC]:
        page.goto(f"{town.portal}{path}")
        assert not page.evaluate(WIDER_THAN_THE_SCREEN), path
        assert page.evaluate(SMALL_TARGETS) == [], path
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not page.evaluate(WIDER_THAN_THE_SCREEN), f"{path} in large letters"


ROWS_OF_THE_HEADER = """
new Set([...document.querySelectorAll('.bar a, .bar button')]
  .filter(e => e.checkVisibility())
  .map(e => e.getBoundingClientRect())
  .map(box => Math.round((box.top + box.bottom) / 2 / 12))).size
"""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_header_takes_two_rows_of_a_telephone(town, open_page, language):
    """The name and the other language, then the menu, signed in too; one row on a wide screen."""
    page = open_page(width=360)
    page.goto(f"{town.portal}/?lang={language}")
    assert page.evaluate(ROWS_OF_THE_HEADER) <= 2
    sign_in(page, town)
    assert page.evaluate(ROWS_OF_THE_HEADER) <= 2
    page.set_viewport_size({"width": 1280, "height": 800})

    assert page.evaluate(ROWS_OF_THE_HEADER) == 1


def tab_to(page, test_id):
    """Press Tab until a control has the focus; each stop on the way shows where it is."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.get_attribute("data-testid") == test_id:
            assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
            return
    pytest.fail(f"no way to {test_id} by keyboard")


def test_the_main_journey_goes_by_keyboard_alone(town, open_page):
    """S36, S37, S62: from the first page to the account and out again, on a phone, no mouse."""
    page = open_page(width=320)
    page.goto(town.portal)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Aller au contenu"
    tab_to(page, "mon-compte")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{town.portal}/connexion")
    tab_to(page, "identify")
    page.keyboard.press("Enter")
    page.locator("#go").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{town.portal}/mon-compte")
    assert page.get_by_test_id("dashboard-name").inner_text() == "Claire MARTIN"

    tab_to(page, "logout")
    page.keyboard.press("Enter")
    page.get_by_test_id("signed-out").wait_for()


def test_everything_works_without_scripts(town, open_page):
    """Signing in, reading, staying signed in, changing the language, leaving: no script needed."""
    page = open_page(java_script_enabled=False)
    sign_in(page, town)
    town.clock.advance(600)
    page.get_by_role("link", name="Rester connecté").click()
    town.clock.advance(1000)
    page.get_by_test_id("lang-en").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Hello Claire MARTIN"

    page.get_by_test_id("logout").click()

    assert "You are logged out." in page.get_by_test_id("signed-out").inner_text()


def test_back_and_refresh_never_dead_end(town, page):
    """Back over the whole login shows pages that can be used; Refresh shows the same page."""
    sign_in(page, town)
    page.reload()
    assert page.get_by_test_id("dashboard-name").is_visible()

    page.go_back()
    page.go_back()
    page.get_by_test_id("mon-compte").click()

    assert page.url == f"{town.portal}/mon-compte"


def test_a_double_click_signs_in_once(town, page):
    """An impatient hand on the button changes nothing."""
    page.goto(f"{town.portal}/connexion")
    page.get_by_test_id("identify").dblclick()
    page.locator("#go").click()

    page.wait_for_url(f"{town.portal}/mon-compte")
    assert page.get_by_test_id("account-status").get_attribute("data-status") == "created"


def test_nobody_reads_the_account_by_back_after_a_logout(town, page):
    """S134: on a shared computer, Back after the logout shows no information."""
    sign_in(page, town)
    page.get_by_test_id("logout").click()
    page.get_by_test_id("signed-out").wait_for()

    page.go_back()

    assert page.get_by_text("DURAND").count() == 0


def pass_time(page, town, seconds):
    """The same time passes at the service and in the browser."""
    town.clock.advance(seconds)
    page.clock.fast_forward(int(seconds * 1000))


def test_the_warning_comes_before_the_end_and_extends(town, page, axe):
    """Two minutes before the end a dialog asks; one key keeps the session (WCAG 2.2.1)."""
    page.clock.install()
    sign_in(page, town)
    dialog = page.locator("#session-warning")
    pass_time(page, town, 1000)
    assert not dialog.is_visible()

    pass_time(page, town, 90)
    dialog.wait_for()
    axe(page)
    assert re.search(r"moins de 2 min", dialog.inner_text())
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")

    pass_time(page, town, 1000)
    assert page.reload().status == 200
    assert page.get_by_test_id("dashboard-name").is_visible()


def test_escape_keeps_the_session_too(town, page):
    """Whoever closes the dialog is there."""
    page.clock.install()
    sign_in(page, town)
    pass_time(page, town, 1090)
    page.locator("#session-warning").wait_for()

    page.keyboard.press("Escape")
    page.locator("#session-warning").wait_for(state="hidden")
    town.clock.advance(1000)

    assert page.reload().status == 200


def test_an_ended_session_leaves_nothing_on_the_screen(town, page):
    """When nobody answers the warning, the page of the account gives way to one that says so."""
    page.clock.install()
    sign_in(page, town)

    pass_time(page, town, 1300)
    page.wait_for_url("**/connexion/suite/session-terminee")

    assert page.get_by_text("DURAND").count() == 0
    assert "Votre session est terminée" in page.title()


def test_activity_in_another_tab_postpones_the_warning(town, page):
    """The script asks the service before it bothers anybody."""
    page.clock.install()
    sign_in(page, town)
    town.clock.advance(1000)
    page.context.request.get(f"{town.portal}/aide")

    town.clock.advance(90)
    with page.expect_response("**/session"):
        page.clock.fast_forward(1_090_000)

    assert not page.locator("#session-warning").is_visible()
