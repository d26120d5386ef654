"""The desk when something is missing: the broker, the session, the consultation."""

import pyotp
import pytest

from sandbox.world import World
from tests.backchannel import CHEAP_PASSWORDS, named

CHANGES = {
    "insured": {
        "passwords": CHEAP_PASSWORDS,
        "demonstration_persons": 5,
        "desk": {"consultations_per_hour": 5},
    }
}
POSTS = (
    "recherches",
    "messages/1",
    "refus/7K4M-2QXP",
    "consultations/{id}/dossiers/2",
    "consultations/{id}/proof",
    "consultations/{id}/email",
    "consultations/{id}/mobile",
    "consultations/{id}/unlocking",
    "consultations/{id}/post-code",
    "consultations/{id}/replacement",
    "consultations/{id}/case-closing",
    "consultations/{id}/messages/1",
)


@pytest.fixture(scope="module")
def shared():
    """A world whose broker comes and goes."""
    with World.build(CHANGES) as world:
        yield world


@pytest.fixture
def at_desk(shared):
    """A browser in which an advisor works, an hour after the last one."""
    shared.clock.advance(seconds=3600)
    browser = shared.browser()
    wanted = shared.configuration.broker.insured.desk.demonstration_advisor
    code = pyotp.TOTP(wanted.totp_secret).at(shared.clock())
    browser.open(f"{shared.portal.url}/conseiller")
    said = {"name": wanted.name, "password": wanted.password, "code": code}
    assert browser.submit("desk-sign-in", **said).has("by-nir")
    yield browser
    shared.network.restore(shared.broker.url)


def open_marc(browser):
    browser.submit("by-nir", reason="fraud", nir=named("marc").line.nir)
    return browser.click(next(t for t in browser.page.testids if t.startswith("open-")))


def test_the_door_is_drawn_without_the_broker(shared):
    """Whoever is not at work asks the insurer nothing."""
    shared.network.take_down(shared.broker.url)
    page = shared.browser().open(f"{shared.portal.url}/conseiller")
    shared.network.restore(shared.broker.url)

    assert page.has("desk-sign-in")


@pytest.mark.parametrize("path", ["", "/consultations/x", "/numeros/B0401"])
def test_a_page_of_the_desk_says_that_the_insurer_is_away(shared, at_desk, path):
    """503, one sentence, the way back."""
    shared.network.take_down(shared.broker.url)
    page = at_desk.open(f"{shared.portal.url}/conseiller{path}")

    assert page.status == 503
    assert page.has("away")
    assert page.title.startswith("Erreur")


def test_a_sign_in_says_that_the_insurer_is_away(shared):
    """Neither in nor refused."""
    browser = shared.browser()
    browser.open(f"{shared.portal.url}/conseiller")
    shared.network.take_down(shared.broker.url)
    page = browser.submit("desk-sign-in", name="camille", password="x", code="000000")
    shared.network.restore(shared.broker.url)

    assert page.status == 503
    assert browser.cookies.get("passerelle_desk") is None


def test_a_sign_out_is_not_pretended(shared, at_desk):
    """Until the insurer ended the session, the advisor is told."""
    shared.network.take_down(shared.broker.url)
    assert at_desk.submit("desk-sign-out").status == 503
    shared.network.restore(shared.broker.url)
    at_desk.open(f"{shared.portal.url}/conseiller")
    page = at_desk.submit("desk-sign-out")

    assert page.has("desk-sign-in")
    assert not at_desk.open(f"{shared.portal.url}/conseiller").has("by-nir")


def test_an_act_that_was_not_answered_is_done_by_the_same_button(shared, at_desk):
    """The code that the advisor asked for leaves once."""
    open_marc(at_desk)
    at_desk.submit("proof-send", **{"proof-questions": True})
    shared.network.take_down(shared.broker.url)
    assert at_desk.submit("post-code-send").status == 503
    shared.network.restore(shared.broker.url)
    at_desk.back()
    page = at_desk.submit("post-code-send")

    assert "Un code part par courrier" in page.text


@pytest.mark.parametrize("path", POSTS)
def test_a_form_sent_after_the_session_ended_leads_to_the_door(shared, at_desk, path):
    """Whatever it asked for, nothing is done and the advisor signs in again."""
    page = at_desk.page
    token = next(e.get("value") for e in page.root.all("input") if e.get("name") == "csrf_token")
    shared.clock.advance(seconds=1200)
    where = f"{shared.portal.url}/conseiller/{path.format(id='x' * 24)}"
    page = at_desk.post(where, f"csrf_token={token}&reason=fraud&nir=1".encode())

    assert page.has("desk-sign-in")
    assert page.path == "/conseiller"


@pytest.mark.parametrize("path", POSTS[3:])
def test_a_form_of_an_unknown_consultation_is_refused(shared, at_desk, path):
    """404 with a way back, or the faults of the form, and never a fault of ours."""
    page = at_desk.page
    token = next(e.get("value") for e in page.root.all("input") if e.get("name") == "csrf_token")
    where = f"{shared.portal.url}/conseiller/{path.format(id='x' * 24)}"
    said = "&".join(f"{name}=x" for name in ("email-email", "mobile-mobile", "answer-1-text"))
    page = at_desk.post(where, f"csrf_token={token}&{said}".encode())

    assert page.status == 404
    assert page.has("refused")
    assert page.html.count("<h1") == 1


def test_a_case_that_was_settled_meanwhile_is_named(shared, at_desk):
    """A row of an old page: 404, the number that was not found, the way back."""
    page = at_desk.page
    token = next(e.get("value") for e in page.root.all("input") if e.get("name") == "csrf_token")
    where = f"{shared.portal.url}/conseiller/refus/7k4m2qxp"
    page = at_desk.post(where, f"csrf_token={token}".encode())

    assert page.status == 404
    assert "7K4M-2QXP" in page.element("refused").text
    assert at_desk.open(f"{shared.portal.url}/conseiller/numeros/B0999").status == 404
    assert "B0999" in at_desk.page.element("refused").text


def test_the_hourly_limit_is_told_to_the_advisor(shared, at_desk):
    """The sixth look of the hour is refused in words."""
    for _ in range(5):
        at_desk.open(f"{shared.portal.url}/conseiller")
        at_desk.submit("by-nir", reason="fraud", nir=named("marc").line.nir)
    at_desk.open(f"{shared.portal.url}/conseiller")
    page = at_desk.submit("by-nir", reason="fraud", nir=named("marc").line.nir)

    assert page.status == 429
    assert "en une heure" in page.element("refused").text


def test_the_code_by_post_waits_for_the_broker(shared):
    """The form is kept but for the secrets, and the same button works later."""
    browser = shared.browser()
    browser.open(f"{shared.portal.url}/code-par-courrier")
    shared.network.take_down(shared.broker.url)
    said = {"nir": named("marc").line.nir, "code": "2" * 10, "password": "Tulipe-Orage-27"}
    page = browser.submit("redeem", **said)
    shared.network.restore(shared.broker.url)

    assert page.status == 503
    assert page.has("away")
    assert page.value("nir") == said["nir"]
    assert page.value("password") == ""
