"""The classic way in a real browser: by keyboard alone at 360 pixels, axe on every page."""

import os
import re
import threading
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from broker.insured.registry.demonstration import personas
from sandbox.configuration import stored
from sandbox.demonstration import prepare
from sandbox.document import find, read
from tests.journeys.test_chromium import free_base, press

pytestmark = pytest.mark.browser
MINE, NEW = "Bleu!Tulipe42", "Vert!Muguet77"
WIDTHS = (320, 360, 768, 1280)
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL = """
[...document.querySelectorAll('main a, main button, main input')]
  .filter(e => e.checkVisibility() && e.type !== 'hidden' && !e.closest('p, dd, li'))
  .filter(e => e.getBoundingClientRect().height < 24)
  .map(e => e.outerHTML.slice(0, 80))
"""


class Demo:
    """The demonstration on ports of its own, its mailbox and its clock."""

    def __init__(self, folder):
        self.ready = prepare(stored(read(find(os.environ)), folder), free_base())
        self.sites = {site.name: site for site in self.ready.sites}
        self.room = self.sites["room"].app.extensions["room"]
        today = datetime.fromtimestamp(self.room.clock(), ZoneInfo("Europe/Paris")).date()
        self.files = {persona.key: persona.line for persona in personas(today)}

    def url(self, path):
        return f"{self.sites['portal'].url}{path}"

    def mail(self, address):
        """The latest mail to an address, once the outbox was emptied."""
        self.sites["broker"].app.extensions["parts"].postman.deliver_due()
        return self.room.mailbox.last(address)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demonstration as `make demo` starts it."""
    made = Demo(tmp_path_factory.mktemp("classic"))
    thread = threading.Thread(target=made.ready.servers.run, daemon=True)
    thread.start()
    yield made
    made.ready.servers.stop()
    thread.join(10)


@pytest.fixture
def check(axe):
    """axe finds nothing, light and dark; nothing scrolls sideways; targets are large enough."""
    pictures = os.environ.get("CLASSIC_PICTURES")

    def look(page, name):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            axe(page)
        page.emulate_media(color_scheme="light")
        before = page.viewport_size
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert not page.evaluate(WIDER), f"{name} scrolls sideways at {width} pixels"
        page.set_viewport_size(before)
        assert page.evaluate(SMALL) == []
        if pictures:
            page.screenshot(path=f"{pictures}/{name}.png", full_page=True)

    return look


def tab_into(page, name):
    """Reach a field with the Tab key alone; its focus shows."""
    for _ in range(60):
        if page.evaluate("document.activeElement.name || ''") == name:
            break
        page.keyboard.press("Tab")
    else:
        pytest.fail(f"the keyboard does not reach {name!r} on {page.url}")
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style != "none", f"the focus on {name!r} is invisible"


def type_in(page, **fields):
    """Type into fields that the keyboard reaches one after the other."""
    for name, value in fields.items():
        tab_into(page, name)
        page.keyboard.press("Control+a")
        page.keyboard.type(value)


def six_fields(demo, key, address, **changes):
    file = demo.files[key]
    year, month, day = file.birthdate.split("-")
    return {
        "birth_name": file.family_name,
        "nir": file.nir,
        "birthdate": f"{day}/{month}/{year}",
        "postal_code": file.postal_code,
        "iban": file.iban,
        "email": address,
        **changes,
    }


def test_creation_to_dashboard_by_keyboard_alone_on_a_phone(demo, open_page, check):
    """
    From the first page to the personal space, 360 pixels wide, without a mouse.

    Rows: S36-S60. Faults, a refusal, the rules of the password, a wrong code on the way.
    """
    page = open_page(width=360)
    page.goto(demo.url("/"))
    press(page, "mon-compte")
    check(page, "connexion")
    press(page, "create")
    check(page, "creation")
    page.reload()
    type_in(page, **six_fields(demo, "claire", "claire", nir="285"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "nir"
    assert page.title().startswith("Erreur")
    check(page, "creation-faults")
    page.reload()
    type_in(page, **six_fields(demo, "claire", "claire@exemple.fr", postal_code="69001"))
    press(page, "creation-send")
    assert page.get_by_test_id("refusal").inner_text().startswith("Votre situation ne permet pas")
    check(page, "creation-refused")
    type_in(page, postal_code=demo.files["claire"].postal_code)
    press(page, "creation-send")
    check(page, "creation-sent")

    page.goto(demo.mail("claire@exemple.fr").links[0])
    type_in(page, password="Bleu")
    met = page.locator("li.met").all_inner_texts()
    assert len(met) == 2
    assert any("une majuscule" in text for text in met)
    check(page, "password-typing")
    press(page, "password-send")
    check(page, "password-refused")
    type_in(page, password=MINE)
    assert page.locator("li.met").count() == 5
    press(page, "password-send")
    check(page, "activated")

    press(page, "go-sign-in")
    type_in(page, nir=demo.files["claire"].nir[:13], password=MINE)
    press(page, "sign-in")
    check(page, "code")
    type_in(page, code="000000")
    press(page, "code-send")
    check(page, "code-wrong")
    type_in(page, code=demo.mail("claire@exemple.fr").code)
    press(page, "code-send")

    assert page.url == demo.url("/mon-compte")
    assert "Claire" in page.inner_text("h1")
    press(page, "logout")
    assert page.get_by_test_id("signed-out").is_visible()


def test_recovery_by_keyboard_alone_on_a_phone(demo, open_page, check):
    """Rows: S86-S101, S111-S117. A wrong code, then the right one, pasted."""
    page = open_page(width=360)
    page.goto(demo.url("/connexion"))
    press(page, "forgotten")
    check(page, "forgotten")
    marc = demo.files["marc"]
    type_in(page, nir=marc.nir, birthdate="08/11/1979")
    press(page, "recovery-send")
    check(page, "new-password")
    type_in(page, code="ABCD2345", password=NEW)
    press(page, "password-send")
    assert page.get_by_test_id("refusal").inner_text() == "Code provisoire invalide ou expiré"
    check(page, "wrong-code")
    text = demo.mail("compte.marc@courriel.exemple.fr").text
    code = re.search(r"\b[2-9A-HJ-NP-Z]{8}\b", text)[0]
    page.get_by_test_id("code").fill(f" {code} ")  # as a paste does, spaces and all
    type_in(page, password=NEW)
    press(page, "password-send")

    assert page.inner_text("h1") == "Votre mot de passe est enregistré"
    check(page, "changed")


def test_everything_works_without_scripts_in_english(demo, open_page):
    """Rows: S4. The rules are listed and checked once sent; no button needs a script."""
    page = open_page(width=360, locale="en-GB", java_script_enabled=False)
    page.goto(demo.url("/creer-un-compte"))
    for name, value in six_fields(demo, "paul", "paul@exemple.fr").items():
        page.get_by_test_id(name).fill(value)
    page.get_by_test_id("creation-send").click()
    page.goto(demo.mail("paul@exemple.fr").links[0])
    assert page.get_by_text("Show the password").is_hidden()
    page.get_by_test_id("password").fill("short")
    page.get_by_test_id("password-send").click()
    assert (
        "Rules not met: 8 characters at least" in page.get_by_test_id("fault-password").inner_text()
    )
    page.get_by_test_id("password").fill(MINE)
    page.get_by_test_id("password-send").click()
    page.get_by_test_id("go-sign-in").click()
    page.get_by_test_id("nir").fill(demo.files["paul"].nir)
    page.get_by_test_id("password").fill(MINE)
    page.get_by_test_id("sign-in").click()
    page.get_by_test_id("code").fill(demo.mail("paul@exemple.fr").code)
    page.get_by_test_id("code-send").click()

    assert page.url == demo.url("/mon-compte")
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_double_click_on_the_form_creates_once(demo, open_page):
    """An impatient hand: one mail."""
    page = open_page()
    page.goto(demo.url("/creer-un-compte"))
    for name, value in six_fields(demo, "nathalie", "nathalie@exemple.fr").items():
        page.get_by_test_id(name).fill(value)
    page.get_by_test_id("creation-send").dblclick()
    page.get_by_test_id("mail-sent").wait_for()
    demo.mail("nathalie@exemple.fr")

    assert len(demo.room.mailbox.to("nathalie@exemple.fr")) == 1


def test_the_password_can_be_shown_and_hidden(demo, open_page):
    """A button that says what it does; what was shown is sent as a password all the same."""
    page = open_page(width=360)
    page.goto(demo.url("/code-personnel-oublie"))
    page.get_by_test_id("nir").fill(demo.files["marc"].nir)
    page.get_by_test_id("birthdate").fill("08/11/1979")
    page.get_by_test_id("recovery-send").click()
    field = page.get_by_test_id("password")
    field.fill(NEW)
    page.get_by_text("Afficher le mot de passe").click()
    assert field.get_attribute("type") == "text"
    page.get_by_text("Masquer le mot de passe").click()

    assert field.get_attribute("type") == "password"


@pytest.mark.parametrize(
    ("key", "testid"), [("emma", "usable-on"), ("leo", "allowed-from"), ("oksana", "refusal")]
)
def test_the_refusals_without_a_form_are_accessible(demo, open_page, check, key, testid):
    """A date where there is one, what to do, the way back."""
    demo.room.clock.advance(hours=2)
    page = open_page(width=360)
    page.goto(demo.url("/creer-un-compte"))
    for name, value in six_fields(demo, key, f"{key}@exemple.fr").items():
        page.get_by_test_id(name).fill(value)
    page.get_by_test_id("creation-send").click()

    assert page.get_by_test_id(testid).is_visible()
    check(page, f"refused-{key}")


def test_a_link_that_no_longer_serves_is_accessible(demo, open_page, check):
    """Unknown or expired, with the way to another one."""
    page = open_page(width=360)
    page.goto(demo.url(f"/activation/{'x' * 43}"))

    assert page.get_by_test_id("dead-link").is_visible()
    check(page, "dead-link")
