"""The other ways to sign in: approval on the phone, and an existing Ameli account."""

import re
import secrets
import threading

import pytest

from mock_idps.accounts import Checked
from mock_idps.outside import Outside


@pytest.fixture
def mobile(party):
    return party("mobile")


def _ask(rp, trip, **fields):
    """From the sign-in page to the waiting page."""
    address = rp.start(trip).location
    return rp.browser.post(address, data={"do": "phone:", "login": "06 39 98 00 01", **fields})


def _name(answer):
    return answer.location.removeprefix("/wait/")


@pytest.mark.parametrize(
    "number", ["06 39 98 00 01", "0639980001", "+33 6 39 98 00 01", "06.39.98.00.01"]
)
def test_a_number_is_read_however_it_is_written(mobile, new_trip, number):
    """Spaces, dots and the country code make no difference."""
    assert "/wait/" in _ask(mobile, new_trip(), login=number).location


@pytest.mark.parametrize("fields", [{"login": "06 39 98 99 99"}, {"login": ""}, {"do": "wrong:"}])
def test_an_unknown_number_stays_on_the_page(mobile, new_trip, fields):
    """The page says that no account has the number."""
    answer = _ask(mobile, new_trip(), lang="en", **fields)

    assert "No account here has this phone number." in answer.text


def test_approval_on_the_phone_signs_in(mobile, new_trip):
    """The first page waits, the phone approves, the first page goes on with a code."""
    trip = new_trip()
    name = _name(_ask(mobile, trip))
    waiting = mobile.browser.get(f"/wait/{name}")
    state_before = mobile.browser.get(f"/wait/{name}/state").json
    phone = mobile.app.test_client()
    phone.post(f"/phone/{name}", data={"do": "approve"})
    state_after = mobile.browser.get(f"/wait/{name}/state").json
    trip.location = mobile.browser.get(f"/wait/{name}").location

    assert waiting.status_code == 200
    assert (state_before, state_after) == ({"state": "waiting"}, {"state": "approved"})
    assert mobile.traits(mobile.userinfo(mobile.redeem(trip)))["family_name"] == "DURAND"


def test_both_screens_show_the_same_digits(mobile, new_trip):
    """Nobody approves the request of somebody else by mistake."""
    name = _name(_ask(mobile, new_trip()))
    shown = [
        page.partition('data-testid="digits">')[2][:2]
        for page in (mobile.browser.get(f"/{kind}/{name}").text for kind in ("wait", "phone"))
    ]

    assert shown[0] == shown[1]
    assert shown[0].isdigit()


def test_a_refusal_on_the_phone_comes_back_to_the_sign_in_page(mobile, new_trip):
    """Nothing is sent to the service; another way can be tried."""
    name = _name(_ask(mobile, new_trip()))
    mobile.browser.post(f"/phone/{name}", data={"do": "deny"})
    back = mobile.browser.get(f"/wait/{name}")
    page = mobile.browser.get(f"{back.location}&lang=en")

    assert back.location.startswith("/login/")
    assert "The request was refused on the phone." in page.text


def test_the_first_answer_of_the_phone_stands(mobile, new_trip):
    """Who refused cannot be turned round by a second click."""
    name = _name(_ask(mobile, new_trip()))
    mobile.browser.post(f"/phone/{name}", data={"do": "deny"})
    mobile.browser.post(f"/phone/{name}", data={"do": "approve"})

    assert mobile.browser.get(f"/wait/{name}/state").json == {"state": "denied"}


def test_a_request_to_the_phone_lives_five_minutes(mobile, new_trip):
    """Then both pages are over, and the poll says so."""
    name = _name(_ask(mobile, new_trip()))
    mobile.clock.now += 301

    assert mobile.browser.get(f"/wait/{name}").status_code == 410
    assert mobile.browser.post(f"/phone/{name}", data={"do": "approve"}).status_code == 410
    assert mobile.browser.get(f"/wait/{name}/state").json == {"state": "over"}


def test_an_expired_request_to_the_phone_can_be_made_again(mobile, new_trip):
    """While the sign-in page lives, the expired one leads there; after it, back to the service."""
    name = _name(_ask(mobile, new_trip()))
    mobile.clock.now += 301
    soon = mobile.browser.get(f"/wait/{name}").text
    again = re.search(r'href="(/login/\w+)" data-testid="way-back"', soon)[1]
    alive = mobile.browser.get(again).status_code
    mobile.clock.now += 1800
    late = mobile.browser.get(f"/wait/{name}").text

    assert "La demande envoyée au téléphone était valable 5 minutes." in soon
    assert alive == 200
    assert f'href="{mobile.settings.redirect_uris[0]}?error=access_denied' in late


def test_the_waiting_page_works_without_a_script(mobile, new_trip):
    """It refreshes itself where scripts are off, and has a link to go on."""
    page = mobile.browser.get(f"/wait/{_name(_ask(mobile, new_trip()))}").text

    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'data-testid="phone-continue"' in page


def test_the_button_of_a_persona_asks_their_phone(mobile, new_trip):
    """Even a chosen persona approves, with the fault chosen on the page."""
    trip = new_trip()
    name = _name(_ask(mobile, trip, do="persona:marc", fault="wrong_iss"))
    mobile.browser.post(f"/phone/{name}", data={"do": "approve"})
    trip.location = mobile.browser.get(f"/wait/{name}").location

    assert trip.answer["iss"] == "https://other.example"


def test_twenty_phones_at_once_never_meet(mobile, new_trip):
    """Approvals of different people end at different people."""
    seen = {}

    def login(who):
        client, trip = mobile.app.test_client(), new_trip()
        address = client.get("/authorize", query_string=mobile.request(trip)).location
        name = _name(client.post(address, data={"do": f"persona:{who}"}))
        client.post(f"/phone/{name}", data={"do": "approve"})
        trip.location = client.get(f"/wait/{name}").location
        seen[who] = mobile.userinfo(mobile.redeem(trip)).json["email"]

    people = mobile.app.extensions["mock_issuer"].cast.logins()[:6]
    threads = [threading.Thread(target=login, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == {who: f"{who.replace('_', '.')}@courriel.exemple.fr" for who in people}


SAID = {"hasty": "wait", "forgotten": "locked", "other": "borrowed", "offline": "away"}
ACCOUNT = {
    "sub": "account-7",
    "family_name": "DURAND",
    "given_name": "Claire Anne",
    "birthdate": "1985-03-27",
    "gender": "female",
    "birthplace": "69383",
    "birthcountry": "99100",
}


@pytest.fixture
def ameli(party):
    """A provider whose accounts are checked elsewhere: one account, one password."""

    def check(nir, password, _origin):
        right = (nir, password) == ("285036938300112", "right")
        return Checked(ACCOUNT) if right else Checked(problem=SAID.get(password, "wrong"))

    outside = Outside(float, secrets.token_bytes, lambda _: None, check_account=check)
    return party("ameli", outside=outside)


@pytest.mark.parametrize("nir", ["285036938300112", "2 85 03 69 383 001 12"])
def test_an_account_signs_in_by_number_and_password(ameli, new_trip, nir):
    """The traits are those of the account, and the subject is the account itself."""
    trip = new_trip()
    fields = {"do": "account:", "login": nir, "password": "right"}
    trip.location = ameli.browser.post(ameli.start(trip).location, data=fields).location
    identity = ameli.userinfo(ameli.redeem(trip)).json

    assert identity == ACCOUNT


@pytest.mark.parametrize(
    ("nir", "password"), [("285036938300112", "wrong"), ("185036938300112", "right"), ("", "")]
)
def test_a_wrong_account_or_password_stays_on_the_page(ameli, new_trip, nir, password):
    """The same words whichever of the two is wrong; the number stays in its field."""
    fields = {
        "do": "enter" if nir else "account:",
        "login": nir,
        "password": password,
        "lang": "en",
    }
    answer = ameli.browser.post(ameli.start(new_trip()).location, data=fields)

    assert "The login or the password is not the right one." in answer.text
    assert f'value="{nir}" data-testid="login"' in answer.text


def test_without_accounts_nobody_signs_in(party, new_trip):
    """A provider nobody connected to accounts refuses everybody."""
    rp = party("ameli")
    fields = {"do": "account:", "login": "285036938300112", "password": "right"}

    assert rp.browser.post(rp.start(new_trip()).location, data=fields).status_code == 200


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("hasty", "Too many attempts"),
        ("forgotten", "This account is locked here"),
        ("other", "sign in there again"),
        ("offline", "cannot be reached"),
    ],
)
def test_whatever_bars_an_account_is_said(ameli, new_trip, password, words):
    """Waiting, locked, vouched for by others only, out of reach: each has its sentence."""
    fields = {"do": "account:", "login": "285036938300112", "password": password, "lang": "en"}
    answer = ameli.browser.post(ameli.start(new_trip()).location, data=fields)

    assert words in answer.text
