"""What can be declined is what has a box; what is essential is never taken for declined."""

import json

import pytest
from sqlalchemy import select, update

from broker.consent.ledger import CONSENT
from sandbox.browser.controls import tick
from tests.service import Service, body

TECHNICAL = ("amr", "idp_id", "given_name_array")
CLIENT = {
    "client_secret": "demonstration-secret-boxes-0123456789abcdef0123",
    "client_auth": "client_secret_post",
    "redirect_uris": ["http://localhost:8081/callback"],
    "scopes": ["openid", "profile", "email", "idp_id", "amr"],
    "consent": "explicit",
}
CLIENTS = {
    "boxes": {**CLIENT, "name": "Boxes", "client_id": "boxes"},
    "named": {**CLIENT, "name": "Named", "client_id": "named", "optional_claims": ["given_name"]},
    "fc-boxes": {**CLIENT, "name": "FC", "client_id": "fc-boxes", "profile": "franceconnect"},
}
ESSENTIAL = {"essential": True}


@pytest.fixture
def world(make_world):
    return make_world({"clients": CLIENTS})


@pytest.fixture
def service(world):
    return Service(world, "boxes")


def ask(scope="openid", **members):
    return {"scope": scope, "claims": json.dumps(members)}


def boxes(page):
    inputs = page.root.all("input")
    return {box.get("value"): box for box in inputs if box.get("name") == "claim"}


def answer(page, *unticked):
    for claim in unticked:
        tick(boxes(page)[claim], on=False)
    page.accept()


def told(service, browser):
    """The claims of userinfo and of the ID token, for the code that came back."""
    tokens = service.tokens(browser.sent_back()["code"])
    return body(service.userinfo(tokens["access_token"])), service.id_token(tokens)


def consent(service, browser, *unticked, as_="claire", **changes):
    """A first login, those boxes unticked."""
    service.start(browser, **changes)
    answer(browser.sign_in(as_), *unticked)
    return told(service, browser)


def ledger(world):
    return world.broker.app.extensions["parts"].engines["broker"]


def test_voluntary_facts_about_the_login_are_told(service, browser):
    """OIDC Core §5.5.1: without a box nobody declined them; nor at the next, silent login."""
    asked = ask(id_token=dict.fromkeys(TECHNICAL))
    first = consent(service, browser, **asked)
    service.start(browser, prompt="none", **asked)

    for userinfo, id_token in (first, told(service, browser)):
        assert set(userinfo) == {"sub", *TECHNICAL}
        assert userinfo["given_name_array"] == ["Claire", "Anne"]
        assert set(TECHNICAL) <= set(id_token)


def test_franceconnect_services_ask_for_amr_in_this_way(world, browser):
    """As their documentation shows it."""
    fc = Service(world, "fc-boxes")
    plain = {"code_challenge": None, "code_challenge_method": None, "acr_values": "eidas1"}
    fc.start(browser, **plain, **ask("openid profile", id_token={"amr": None}))
    answer(browser.sign_in("claire"))
    tokens = fc.tokens(browser.sent_back()["code"], code_verifier=None)

    assert fc.id_token(tokens)["amr"]


def test_what_an_older_version_lost_is_told_again(world, service, browser):
    """It kept facts about the login as declined; essential or not, they are sent."""
    asked = ask(id_token={"amr": None})
    consent(service, browser, **asked)
    with ledger(world).begin() as tx:
        tx.execute(update(CONSENT).values(agreed="[]"))
    service.login(browser, **asked)

    assert told(service, browser)[1]["amr"]


@pytest.mark.parametrize("key", ["boxes", "named"])
def test_first_names_go_in_both_forms_or_in_none(world, browser, key):
    """Declined once, neither form goes, whether the request or the registration made a box."""
    asked = (
        ask(userinfo={"given_name": None, "given_name_array": None, "gender": ESSENTIAL})
        if key == "boxes"
        else {"scope": "openid profile"}
    )
    service = Service(world, key)
    first, _ = consent(service, browser, "given_name", **asked)
    service.start(browser, prompt="none", **asked)
    again, _ = told(service, browser)

    assert first == again
    assert "gender" in first
    assert not {"given_name", "given_name_array"} & set(first)


def test_first_names_that_are_essential_in_one_form_have_no_box(service, browser):
    """They are one piece of information."""
    asked = ask(userinfo={"given_name": None, "given_name_array": ESSENTIAL, "gender": None})
    service.start(browser, **asked)
    page = browser.sign_in("claire")

    assert set(boxes(page)) == {"gender"}
    page.accept()
    assert {"given_name", "given_name_array"} <= set(told(service, browser)[0])


def test_first_names_asked_for_one_by_one_are_shown(service, browser):
    """The page lists exactly what is sent: this is no anonymous login."""
    asked = ask(userinfo={"given_name_array": None})
    service.start(browser, **asked)
    page = browser.sign_in("claire")

    assert "Claire, Anne" in page.text
    answer(page, "given_name_array")
    assert set(told(service, browser)[0]) == {"sub"}


def test_a_claim_without_value_is_not_declined(world, service, browser):
    """Claire uses no other name: no box, nothing remembered, and no page for it next time."""
    asked = ask(userinfo={"preferred_username": None, "gender": ESSENTIAL})
    service.start(browser, **asked)
    page = browser.sign_in("claire")
    assert boxes(page) == {}
    page.accept()
    with ledger(world).connect() as connection:
        kept = connection.execute(select(CONSENT.c.offered, CONSENT.c.agreed)).one()
    service.start(browser, prompt="none", **asked)

    assert [json.loads(claims) for claims in kept] == [["gender"], ["gender"]]
    assert set(told(service, browser)[0]) == {"sub", "gender"}


def test_a_claim_that_has_a_value_now_is_shown_first(world, service, browser):
    """What was not told for want of a value is asked for once there is one."""
    asked = ask(userinfo={"email": None, "gender": ESSENTIAL})
    consent(service, browser, **asked)
    with ledger(world).begin() as tx:
        tx.execute(update(CONSENT).values(offered='["gender"]', agreed='["gender"]'))

    assert set(boxes(service.start(browser, **asked))) == {"email"}


def test_a_remembered_refusal_is_no_answer_to_what_is_essential(service, browser):
    """The page is shown again, without a box; what is then agreed to is sent."""
    consent(service, browser, "email", **ask(userinfo={"email": None}))
    page = service.start(browser, **ask(userinfo={"email": ESSENTIAL}))

    assert page.path.endswith("/consent")
    assert boxes(page) == {}
    page.accept()
    assert told(service, browser)[0]["email"] == "claire@courriel.exemple.fr"


@pytest.mark.parametrize(
    "asked",
    [ask(userinfo={"email": ESSENTIAL}), {"scope": "openid email"}],
    ids=["claims", "scope"],
)
def test_without_a_page_an_essential_claim_kept_back_is_told(service, browser, asked):
    """`consent_required`, whether one by one or by a scope that has no box."""
    consent(service, browser, "email", **ask(userinfo={"email": None}))
    service.start(browser, prompt="none", **asked)

    assert browser.sent_back()["error"] == "consent_required"


def test_a_voluntary_claim_stays_declined(service, browser):
    """No page, no e-mail address, as the person answered."""
    asked = ask(userinfo={"email": None, "gender": ESSENTIAL})
    consent(service, browser, "email", **asked)
    service.start(browser, prompt="none", **asked)

    assert set(told(service, browser)[0]) == {"sub", "gender"}
