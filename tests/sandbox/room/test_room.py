"""The control room as a tester uses it."""

from email.message import EmailMessage

import pytest

from sandbox.browser import Browser
from sandbox.mailbox import Mailbox
from sandbox.network import Network
from sandbox.recording.recorder import Recorder
from sandbox.room.app import Room, create_app
from sandbox.room.clock import JUMPS
from sandbox.sites import Site

ROOM = "http://localhost:8025"
PATHS = ("/", "/logins", "/messages", "/clock")


@pytest.fixture
def mailbox(clock):
    return Mailbox(clock)


@pytest.fixture
def recorder(clock):
    return Recorder(clock)


@pytest.fixture
def browser(clock, mailbox, recorder):
    sites = [
        Site("broker", "Passerelle", "http://localhost:8000", "127.0.0.1:8000", None),
        Site("tax", "Impots.gouv.fr (fictif)", "http://localhost:8001", "127.0.0.1:8001", None),
        Site("portal", "Ameli (démonstration)", "http://localhost:8080", "127.0.0.1:8080", None),
    ]
    room = Room(clock, mailbox, recorder, sites, ("#0b5563", "#7cc6d6"))
    network = Network()
    network.attach(ROOM, create_app(room))
    return Browser(network, clock)


@pytest.fixture
def letters(mailbox):
    message = EmailMessage()
    message["From"], message["To"] = "no-reply@ameli.fr", "claire@exemple.fr"
    message["Subject"] = "Votre compte <Ameli>"
    message.set_content("Allez sur http://localhost:8080/activer?jeton=abc <b>vite</b>")
    message.add_alternative("<p>Bonjour</p><script>alert(1)</script>", subtype="html")
    mailbox.send(message)
    mailbox.sms("0639980001", "Votre code : 123456")
    return mailbox


def test_the_first_page_leads_everywhere(browser):
    """Every application has its link; of a mock also its characters and its faults."""
    page = browser.open(f"{ROOM}/")
    links = page.links()

    assert page.h1 == "Ce qui tourne sur cette machine"
    assert links["Ameli (démonstration)"] == "http://localhost:8080/"
    assert page.value("site-broker") == "Passerelle"
    assert page.element("people-tax").get("href") == "http://localhost:8001/#people"
    assert "http://localhost:8001/faults" in links.values()
    assert "http://localhost:8000/faults" not in links.values()


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_in_french_and_in_english(browser, path):
    """The link of the language keeps the place, and the choice is kept."""
    french = browser.open(ROOM + path)
    english = french.click("lang-en")

    assert (french.language, english.language) == ("fr", "en")
    assert english.path == path
    assert french.h1 != english.h1 or path == "/messages"
    assert browser.open(ROOM + path).language == "en"
    assert browser.open(ROOM + path).click("lang-fr").language == "fr"


def test_a_browser_that_asks_for_english_gets_it(browser):
    """Until a person chooses, the browser decides."""
    browser.headers["Accept-Language"] = "en-GB,en;q=0.9"

    assert browser.open(f"{ROOM}/").language == "en"


@pytest.mark.parametrize("path", PATHS)
def test_every_page_says_that_it_is_a_demonstration(browser, path):
    """The banner, the skip link, one heading, a title with the name of the room."""
    page = browser.open(ROOM + path)

    assert "Démonstration : service fictif, n'entrez aucune donnée réelle." in page.text
    assert len(page.root.all("h1")) == 1
    assert page.title.endswith("Salle de contrôle")
    assert page.links()["Aller au contenu"] == "#main"


@pytest.mark.parametrize("path", [*PATHS, "/nowhere"])
def test_pages_are_protected(browser, path):
    """No script, no frame, no foreign request, nothing kept by the browser."""
    headers = browser.open(ROOM + path).response

    assert "default-src 'none'" in headers.header("content-security-policy")
    assert "frame-ancestors 'none'" in headers.header("content-security-policy")
    assert headers.header("cache-control") == "no-store"
    assert headers.header("x-content-type-options") == "nosniff"


def test_the_style_sheet_has_the_colours_of_the_brand(browser):
    """One small file, kept by the browser for a while."""
    page = browser.open(f"{ROOM}/style.css")

    assert page.response.header("content-type").startswith("text/css")
    assert "--light:#0b5563" in page.html
    assert len(page.html) < 15_000
    assert "max-age" in page.response.header("cache-control")


def test_messages_are_listed_latest_first_and_read(browser, letters):
    """A mail shows sender, text and links; what looks like HTML in it is text."""
    page = browser.open(f"{ROOM}/messages")
    assert list(page.testids)[-3:] == ["message-2", "message-1", "clear"]

    letter = page.click("message-1")
    assert letter.h1 == "Votre compte <Ameli>"
    assert "no-reply@ameli.fr" in letter.text
    assert letter.value("text").endswith("<b>vite</b>")
    assert "http://localhost:8080/activer?jeton=abc" in letter.links().values()


def test_the_formatted_version_of_a_mail_can_do_nothing(browser, letters):
    """It is shown apart, in a sandbox of the browser's."""
    page = browser.open(f"{ROOM}/messages/1").click("html")

    assert "<p>Bonjour</p>" in page.html
    assert page.response.header("content-security-policy").endswith("; sandbox")


def test_a_text_message_has_no_subject(browser, letters):
    """It is called by its kind."""
    page = browser.open(f"{ROOM}/messages").click("message-2")

    assert page.h1 == "SMS"
    assert "123456" in page.value("text")
    assert not page.has("html")


def test_messages_can_be_thrown_away(browser, letters):
    """Then the page says that there is none."""
    page = browser.open(f"{ROOM}/messages").click("clear")

    assert page.path == "/messages"
    assert page.has("none")
    assert len(letters) == 0


@pytest.mark.parametrize("path", ["/nowhere", "/messages/9", "/messages/9/html", "/logins/9"])
def test_what_is_not_there_is_a_page_that_leads_back(browser, path):
    """404, in words, with a way on."""
    page = browser.open(ROOM + path)

    assert page.status == 404
    assert page.title.startswith("Erreur :")
    assert page.links()["Revenir aux adresses"] == "/"


@pytest.mark.parametrize(
    ("button", "seconds"),
    [
        ("ten-minutes", 600),
        ("half-an-hour", 1_800),
        ("one-day", 86_400),
        ("two-days", 172_800),
        ("five-days", 432_000),
        ("six-months", 184 * 86_400),
        ("one-day-back", -86_400),
    ],
)
def test_the_clock_is_moved_by_a_button(browser, clock, button, seconds):
    """48 hours pass in a click."""
    page = browser.open(f"{ROOM}/clock")
    before = page.value("now")
    page = page.click(button)

    assert clock() == 1_000_000 + seconds
    assert page.value("now") != before


def test_every_jump_of_the_clock_says_what_ends_by_it(browser):
    """A tester finds the button by what it is for; none is without its effect, and back."""
    page = browser.open(f"{ROOM}/clock")

    assert [testid for testid in page.testids if testid in JUMPS] == list(JUMPS)
    for ends in ("fin d'un code provisoire", "un nouveau RIB compte : 3 jours ouvrés"):
        assert ends in page.text.replace("\N{NO-BREAK SPACE}", " ")


def test_time_is_stopped_and_let_run(browser, clock):
    """The page says which of the two it is."""
    page = browser.open(f"{ROOM}/clock")
    assert "Le temps est arrêté." in page.text

    page = page.click("resume")
    assert not clock.frozen
    assert "Le temps passe." in page.text

    page.click("freeze")
    assert clock.frozen

    browser.page.click("real")
    assert (clock.frozen, clock.offset) == (False, 0.0)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("27/03/2026 09:30", "vendredi 27 mars 2026 à 09:30:00"),
        ("27 03 2026 9h30", "vendredi 27 mars 2026 à 09:30:00"),
        ("27/03/2026", "vendredi 27 mars 2026 à 12:00:00"),
        (" 1/7/2026 à 00:00 ", "mercredi 1 juillet 2026 à 00:00:00"),
    ],
)
def test_the_clock_goes_to_a_date(browser, written, shown):
    """As people in France write it, in the time of Paris."""
    page = browser.open(f"{ROOM}/clock").fill("date", written).click("set")

    assert page.value("now") == shown


@pytest.mark.parametrize("written", ["", "demain", "31/02/2026", "27/13/2026", "27/03/2026 25:00"])
def test_a_date_that_is_none_is_explained_and_kept(browser, clock, written):
    """The error leads to the field, which still holds what was written."""
    page = browser.open(f"{ROOM}/clock").fill("date", written).click("set")

    assert page.status == 422
    assert page.title.startswith("Erreur :")
    assert page.value("date") == written
    assert clock() == 1_000_000


@pytest.mark.parametrize("path", ["/clock", "/messages/clear", "/logins/clear"])
def test_another_site_moves_nothing(browser, clock, letters, path):
    """A form without the token of this room is refused."""
    page = browser.post(ROOM + path, b"do=six-months")

    assert page.status == 400
    assert clock() == 1_000_000
    assert len(letters) == 2


def test_an_unknown_button_moves_nothing(browser, clock):
    """A form made by hand, with the token, asks for something that does not exist."""
    page = browser.open(f"{ROOM}/clock")
    token = page.root.all("input")[0].get("value")
    browser.post(f"{ROOM}/clock", f"csrf_token={token}&do=explode".encode())

    assert clock() == 1_000_000


def test_without_any_login_the_page_says_what_to_do(browser):
    """An empty list is explained."""
    assert browser.open(f"{ROOM}/logins").has("none")


def test_health_is_told_to_machines(browser):
    """As every application of the demonstration does; and that this one is a control room."""
    assert browser.open(f"{ROOM}/healthz").json == {"status": "ok", "room": True}
