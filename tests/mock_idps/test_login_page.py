"""The sign-in page: personas, password, made-up identity, refusal, and silent choices."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from mock_idps.personas import Cast


@pytest.fixture
def page(plain, new_trip):
    """The page of one trip: `press(**fields)` posts it and follows the answer into the trip."""

    class Page:
        def __init__(self):
            self.trip = new_trip()
            self.address = plain.start(self.trip).location
            self.text = plain.browser.get(self.address).text

        def press(self, **fields):
            answer = plain.browser.post(self.address, data=fields)
            self.trip.location = answer.location or ""
            return answer

        def identity(self):
            return plain.userinfo(plain.redeem(self.trip)).json

    return Page()


@pytest.mark.parametrize("persona", ["claire", "longuemare", "cyrillic", "oran"])
def test_the_button_of_a_persona_signs_in_as_them(page, persona):
    """The traits arrive exactly as the table has them."""
    page.press(do=f"persona:{persona}")
    identity = page.identity()

    assert identity.pop("sub")
    assert identity == Cast(0).get(persona).traits


def test_every_control_has_its_stable_name(page):
    """Automation of others leans on these names."""
    names = set(re.findall(r'data-testid="([^"]+)"', page.text))
    fixed = {"refuse", "wrong-password", "login", "password", "submit-login", "fault"}
    custom = {"custom-family_name", "custom-birthdate", "custom-acr", "custom-email"}

    assert fixed | custom | {"custom", "submit-custom", "lang-en"} <= names
    assert {f"persona-{key}" for key in Cast(0).logins()} <= names


def test_login_and_password_sign_in(page):
    """The login is the name of the persona, upper or lower case."""
    page.press(do="password:", login=" Marc ", password="demo-2026")

    assert page.identity()["family_name"] == "MARTIN"


def test_the_enter_key_signs_in_with_the_fields_that_are_filled(page):
    """Enter in the password field is the password, not the first persona of the page."""
    page.press(do="enter", login="marc", password="demo-2026")

    assert page.identity()["family_name"] == "MARTIN"


def test_the_enter_key_in_the_made_up_identity_sends_it(page):
    """Without a login, Enter sends what was made up."""
    page.press(do="enter", **{"custom-family_name": "INVENTEE"})

    assert page.identity()["family_name"] == "INVENTEE"


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "wrong:"},
        {"do": "password:", "login": "claire", "password": "wrong"},
        {"do": "password:", "login": "nobody", "password": "demo-2026"},
        {"do": "password:", "login": "", "password": ""},
    ],
)
def test_a_wrong_password_stays_on_the_page_and_says_so(page, fields):
    """The same words for an unknown login and for a wrong password; the page still works."""
    answer = page.press(**fields, lang="en")

    assert answer.status_code == 200
    assert "The login or the password is not the right one." in answer.text
    assert "<title>Error:" in answer.text
    assert page.press(do="persona:claire").location.startswith("http://broker.test/callback")


def test_a_locked_account_cannot_sign_in(page):
    """Neither by its button nor by its password."""
    for fields in (
        {"do": "persona:odette"},
        {"do": "password:", "login": "odette", "password": "demo-2026"},
    ):
        assert "This account is locked here" in page.press(**fields, lang="en").text


def test_a_locked_account_is_not_opened_by_a_silent_choice(plain):
    """The page is shown instead of a code."""
    assert "/login/" in plain.start(login_hint="persona:odette").location


def test_refusing_returns_access_denied(page):
    """The person who refuses goes back with the error and the state, without a code."""
    page.press(do="refuse:")

    assert page.trip.answer["error"] == "access_denied"
    assert page.trip.answer["state"] == page.trip.state
    assert "code" not in page.trip.answer


def test_a_made_up_identity_is_sent_as_written(page):
    """Malformed traits go as they are, emptied ones do not go, the array follows the commas."""
    page.press(
        do="custom:",
        **{
            "custom-family_name": "  N'IMPORTE QUOI ",
            "custom-given_name": "Ana",
            "custom-given_name_array": "Ana, ,Lou Ève",
            "custom-birthdate": "31/02/1990",
            "custom-gender": "",
        },
    )
    identity = page.identity()

    assert identity.pop("sub")
    assert identity == {
        "family_name": "N'IMPORTE QUOI",
        "given_name": "Ana",
        "given_name_array": ["Ana", "Lou Ève"],
        "birthdate": "31/02/1990",
    }


def test_a_made_up_identity_imposes_its_level(plain, page):
    """acr is one of the traits that can be made up, possible or not."""
    page.press(do="custom:", **{"custom-family_name": "X", "custom-acr": "eidas3"})

    assert plain.verified(plain.opened(plain.redeem(page.trip)))["acr"] == "eidas3"


def test_the_same_made_up_identity_is_the_same_subject(plain):
    """Two visits with equal traits are one person, other traits another."""

    def subject(name):
        trip = plain.sign_in("")
        address = plain.start(trip).location
        fields = {"do": "custom:", "custom-family_name": name}
        trip.location = plain.browser.post(address, data=fields).location
        return plain.userinfo(plain.redeem(trip)).json["sub"]

    assert subject("UN") == subject("UN") != subject("DEUX")


def test_the_fault_of_the_page_is_told(page):
    """The select beside the buttons arms one fault for this sign-in."""
    page.press(do="persona:claire", fault="wrong_iss")

    assert page.trip.answer["iss"] == "https://other.example"


def test_a_fault_alone_in_the_hint_is_chosen_on_the_page(plain):
    """login_hint=fault:x shows the page with the fault selected."""
    text = plain.browser.get(plain.start(login_hint="fault:no_code").location).text

    assert '<option value="no_code" selected>' in text


def test_an_ordinary_hint_fills_the_login(plain):
    """A hint that is no choice is what hints are for."""
    text = plain.browser.get(plain.start(login_hint="marc").location).text

    assert 'value="marc" data-testid="login"' in text


@pytest.mark.parametrize("hint", ["persona:claire+fault:no_iss", "persona:claire fault:no_iss"])
def test_a_silent_choice_needs_no_page(plain, hint):
    """The plus sign may arrive as the space a query makes of it."""
    trip = plain.sign_in(hint)

    assert set(trip.answer) == {"code", "state"}


@pytest.mark.parametrize("header", ["marc", "persona:marc"])
def test_the_header_chooses_and_goes_before_the_hint(plain, new_trip, header):
    """X-Mock-Persona belongs to the one request that carries it."""
    trip = new_trip()
    headers = {"X-Mock-Persona": header}
    trip.location = plain.start(trip, headers=headers, login_hint="persona:claire").location

    assert plain.userinfo(plain.redeem(trip)).json["family_name"] == "MARTIN"


@pytest.mark.parametrize(
    ("hint", "known"),
    [("persona:nobody", "claire"), ("persona:claire+fault:nothing", "wrong_nonce")],
)
def test_an_unknown_choice_names_the_known_ones(plain, hint, known):
    """A page with status 400 that lists what could have been meant."""
    refused = plain.start(login_hint=hint)

    assert refused.status_code == 400
    assert known in refused.text


@pytest.mark.parametrize(
    "fields", [{"do": "persona:nobody"}, {"do": "persona:claire", "fault": "x"}]
)
def test_an_unknown_choice_on_the_page_names_the_known_ones(page, fields):
    """A forged button is answered like a wrong hint."""
    assert page.press(**fields).status_code == 400


def test_the_page_of_another_time_is_over(plain, page):
    """After half an hour, or for a name never given, there is no page any more."""
    plain.clock.now += 1801

    assert page.press(do="persona:claire").status_code == 410
    assert plain.browser.get("/login/unknown").status_code == 410


def test_an_expired_page_says_so_once_and_leads_back_to_the_service(plain, page):
    """As if the person had refused: with the state of the trip, for the service goes on from it."""
    plain.clock.now += 1801
    shown = plain.browser.get(page.address, query_string={"lang": "fr"}).text
    back = unescape(re.search(r'href="([^"]+)" data-testid="way-back"', shown)[1])
    answer = dict(parse_qsl(urlsplit(back).query))

    assert shown.lower().count("a expiré") == 2  # title and heading
    assert '<p data-testid="problem">Vous n&#39;êtes pas connecté.</p>' in shown
    assert "Revenir à" in shown
    assert back.partition("?")[0] == plain.settings.redirect_uris[0]
    assert (answer["error"], answer["state"]) == ("access_denied", page.trip.state)
    assert answer["iss"] == plain.settings.issuer


def test_a_double_click_is_harmless(plain, page):
    """Both answers lead back to the service with a good code."""
    page.press(do="persona:claire")
    page.press(do="persona:claire")

    assert page.identity()["family_name"] == "DURAND"


def test_the_session_can_be_continued(plain, new_trip):
    """The button names the person, and signs in as them with their first time."""
    plain.sign_in("persona:zoe")
    began = int(plain.clock())
    plain.clock.now += 60
    trip = new_trip()
    address = plain.start(trip).location
    shown = plain.browser.get(address).text
    trip.location = plain.browser.post(address, data={"do": "continue:"}).location

    assert "Zoé Maëlys" in shown.split("</form>")[0].split('name="login"')[0]
    assert plain.verified(plain.opened(plain.redeem(trip)))["auth_time"] == began


def test_without_a_session_nothing_is_continued(page):
    """A forged continue shows the page again."""
    assert page.press(do="continue:").status_code == 200
