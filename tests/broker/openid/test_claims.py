"""Scopes, single claims, and what the person lets go: in userinfo or in the ID token."""

import base64
import hashlib
import json

import pytest

from sandbox.browser.controls import tick
from tests.service import API, Service, bearer, body

ALL = [
    "openid",
    "profile",
    "birth",
    "identite_pivot",
    "given_name",
    "family_name",
    "gender",
    "birthdate",
    "birthplace",
    "birthcountry",
    "preferred_username",
    "email",
    "idp_id",
    "idp_birthdate",
    "amr",
]
CLIENTS = {
    "wide": {
        "name": "Everything",
        "client_id": "wide-service",
        "client_secret": "demonstration-secret-wide-0123456789abcdef012345",
        "client_auth": "client_secret_post",
        "redirect_uris": ["http://localhost:8081/callback"],
        "scopes": ALL,
        "consent": "explicit",
        "optional_claims": ["email"],
    },
    "sister": {
        "name": "Of the same sector",
        "client_id": "sister-service",
        "client_secret": "demonstration-secret-sister-0123456789abcdef0123",
        "client_auth": "client_secret_post",
        "redirect_uris": ["http://127.0.0.1:8081/callback"],
        "scopes": ["openid"],
        "sector_identifier": "localhost:8081",
    },
}
NAMES = {"given_name", "given_name_array", "family_name"}
PROFILE = NAMES | {"birthdate", "gender", "preferred_username"}
BIRTH = {"birthplace", "birthcountry"}
SCOPES = {
    "openid": set(),
    "profile": PROFILE,
    "birth": BIRTH,
    "identite_pivot": (PROFILE | BIRTH) - {"preferred_username"},
    "given_name": {"given_name", "given_name_array"},
    "family_name": {"family_name"},
    "gender": {"gender"},
    "birthdate": {"birthdate"},
    "birthplace": {"birthplace"},
    "birthcountry": {"birthcountry"},
    "preferred_username": {"preferred_username"},
    "email": {"email"},
    "idp_id": {"idp_id"},
    "idp_birthdate": {"idp_birthdate"},
    "amr": {"amr"},
}


@pytest.fixture
def world(make_world):
    return make_world({"clients": CLIENTS})


@pytest.fixture
def wide(world):
    return Service(world, "wide")


def told(service, code):
    """The claims of userinfo and those of the ID token."""
    tokens = service.tokens(code)
    return body(service.userinfo(tokens["access_token"])), service.id_token(tokens)


@pytest.mark.parametrize(("scope", "claims"), SCOPES.items(), ids=SCOPES)
def test_a_scope_opens_exactly_its_claims(wide, browser, scope, claims):
    """The row of the design, no claim more and none less."""
    code = wide.login(browser, "nathalie", scope=f"openid {scope}")["code"]

    userinfo, _ = told(wide, code)

    assert set(userinfo) == {"sub"} | claims


def test_amr_stands_in_the_id_token_when_it_is_granted(wide, browser):
    """Asked for as a scope; left out, it is nowhere."""
    _, with_it = told(wide, wide.login(browser, scope="openid amr")["code"])
    _, without = told(wide, wide.login(browser, scope="openid")["code"])

    assert with_it["amr"]
    assert "amr" not in without


def test_the_id_token_is_complete(wide, browser):
    """Who, for whom, by whom, when, how strongly, in which session, with which access token."""
    tokens = wide.tokens(wide.login(browser, scope="openid")["code"])
    claims = wide.id_token(tokens)
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]

    assert set(claims) == {
        *("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "at_hash", "sid"),
    }
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert claims["exp"] - claims["iat"] == 600
    assert claims["nonce"] == wide.params()["nonce"]


def ask(**members):
    return {"claims": json.dumps(members), "scope": "openid"}


def test_single_claims_come_where_they_were_asked_for(wide, browser):
    """Userinfo or ID token, whatever the scopes (OIDC Core §5.5)."""
    asked = ask(userinfo={"email": None}, id_token={"family_name": {"essential": True}})

    userinfo, id_token = told(wide, wide.login(browser, **asked)["code"])

    assert userinfo["email"]
    assert id_token["family_name"] == "DURAND"
    assert "email" not in id_token


def boxes(page):
    """The boxes that a person may untick, by the claim they hold back."""
    inputs = page.root.all("input")
    return {box.get("value"): box for box in inputs if box.get("name") == "claim"}


def consent(service, browser, *keep, **changes):
    """The consent page, with those boxes unticked; what the service then knows."""
    service.start(browser, **changes)
    page = browser.sign_in("claire")
    for claim in keep:
        tick(boxes(page)[claim], on=False)
    page.accept()
    return told(service, browser.sent_back()["code"])


def test_a_voluntary_claim_may_be_kept(wide, browser):
    """Unticked, it goes nowhere; the essential one goes."""
    asked = ask(userinfo={"gender": None, "family_name": {"essential": True}})

    userinfo, _ = consent(wide, browser, "gender", **asked)

    assert set(userinfo) == {"sub", "family_name"}


def test_an_essential_claim_cannot_be_kept(wide, browser):
    """There is no box to untick; a forged form changes nothing."""
    asked = ask(userinfo={"gender": None, "family_name": {"essential": True}})
    wide.start(browser, **asked)

    page = browser.sign_in("claire")

    assert set(boxes(page)) == {"gender"}
    boxes(page)["gender"].attributes["value"] = "family_name"
    page.accept()
    userinfo, _ = told(wide, browser.sent_back()["code"])
    assert set(userinfo) == {"sub", "family_name"}


def test_a_claim_registered_as_optional_may_be_kept(wide, browser):
    """By the settings of the service rather than by its request."""
    userinfo, _ = consent(wide, browser, "email", scope="openid email gender")

    assert set(userinfo) == {"sub", "gender"}


def test_what_was_kept_stays_kept(wide, browser):
    """The next silent login sends no more than the person agreed to."""
    consent(wide, browser, "email", scope="openid email gender")

    userinfo, _ = told(wide, wide.login(browser, scope="openid email gender")["code"])

    assert set(userinfo) == {"sub", "gender"}


def test_more_than_was_agreed_is_asked_again(wide, browser):
    """A new scope, a new page."""
    wide.login(browser, scope="openid gender")

    page = wide.start(browser, scope="openid gender birthplace")

    assert page.path.endswith("/consent")


def test_the_person_is_the_same_whichever_account_they_use(world, wide):
    """One sub through the tax office, the post and the MSA."""
    seen = {wide.sub(world.browser(), via=via) for via in ("tax", "postal", "msa")}

    assert len(seen) == 1


def test_services_of_one_sector_know_the_person_by_one_name(world, wide, browser):
    """As registered; two services that registered nothing share it by their host."""
    sister, other = Service(world, "sister"), Service(world, "ameli")

    assert sister.sub(browser) == wide.sub(world.browser())
    assert other.sub(world.browser()) != wide.sub(world.browser())


def test_userinfo_by_post_takes_the_token_in_the_form(wide, browser):
    """As in the header; a token that is another's opens another's data only."""
    token = wide.tokens(wide.login(browser, scope="openid")["code"])["access_token"]

    by_form = wide.call("POST", f"{API}/userinfo", {"access_token": token})
    by_header = wide.call("POST", f"{API}/userinfo", headers=bearer(token))

    assert body(by_form) == body(by_header)
