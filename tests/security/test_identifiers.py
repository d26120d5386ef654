"""Identifiers of one kind in every place where another kind is read."""

from urllib.parse import quote, urlencode

import pytest

from tests.service import API, Service, body


def emitted(world, sample):
    """One fresh value of every kind that the broker ever gives to anyone, by its name."""
    browser = world.browser()
    pushed = body(sample.post("/par", **sample.params()))["request_uri"]
    posted = sample.call("POST", f"{API}/authorize", sample.params()).header("location")
    sample.start(browser)
    attempt, proof = browser.page.path.split("/")[2], browser.page.query["proof"]
    waiting = browser.cookies.get(f"passerelle_login_{attempt}").value
    page = browser.sign_in("claire")
    state = next(h.parameters["state"] for h in browser.hops if "/callback/tax" in h.url)
    page.accept()
    unspent = browser.sent_back()["code"]
    tokens = sample.tokens(sample.login(browser)["code"])
    back = sample.settings.post_logout_redirect_uris[0]
    leaving = urlencode({"client_id": sample.client_id, "post_logout_redirect_uri": back})
    browser.open(f"{sample.issuer}/session/end?{leaving}")
    way_back = browser.page.root.all("form")[-1].get("action").partition("return=")[2]
    service = Service(world, "ameli").post(
        "/token", grant_type="client_credentials", scope="insured"
    )
    return {
        "pushed request": pushed,
        "posted request": posted.rpartition("/")[2],
        "attempt": attempt,
        "proof of a hop": proof,
        "secret of a browser": waiting,
        "secret of a browser, bare": waiting.partition(".")[2],
        "state of a trip": state,
        "code": unspent,
        "access token": tokens["access_token"],
        "ID token": tokens["id_token"],
        "sid": sample.id_token(tokens)["sid"],
        "sub": sample.id_token(tokens)["sub"],
        "session": browser.cookies.get("passerelle_session").value,
        "way back of a logout": way_back,
        "service token": body(service)["access_token"],
    }


def as_session(service, value):
    """A session cookie: opened when nobody is asked to sign in."""
    cookie = {"Cookie": f"passerelle_session={quote(value)}"}
    url = service.url(prompt="none").removeprefix(service.world.broker.url)
    return "login_required" not in service.call("GET", url, headers=cookie).header("location")


def as_attempt(service, value):
    """The address of a step, with the value as attempt, as proof and as cookie."""
    name = quote(value, safe="")
    cookie = {"Cookie": f"passerelle_login_{name}={quote(value)}"}
    path = f"/login/{name}/providers?{urlencode({'proof': value})}"
    return service.call("GET", path, headers=cookie).status in {200, 303}


def as_state(service, value):
    """The state of an answer from a provider."""
    query = urlencode({"state": value, "code": value})
    return service.call("GET", f"/callback/tax?{query}").status in {200, 303}


def as_code(service, value):
    return service.redeem(value).status == 200


def as_access_token(service, value):
    return service.userinfo(value).status == 200


def as_service_token(service, value):
    header = {"Authorization": f"Bearer {value}"}
    return service.call("GET", "/api/insured/v1/accounts/x", headers=header).status != 401


def as_living_token(service, value):
    answer = service.post("/introspect", token=value)
    return answer.status == 200 and body(answer)["active"]


def as_pushed_request(service, value):
    query = urlencode({"client_id": service.client_id, "request_uri": value})
    return service.call("GET", f"{API}/authorize?{query}").status == 303


def as_posted_request(service, value):
    return service.call("GET", f"/authorize/{quote(value, safe='')}").status == 303


def as_hint(service, value):
    query = urlencode({"id_token_hint": value})
    return service.call("GET", f"{API}/session/end?{query}").status in {200, 303}


def as_way_back(service, value):
    return service.call("GET", f"/logged-out?{urlencode({'state': value})}").status == 303


def as_secret(service, value):
    return service.redeem("x", client_secret=value).status != 401


PLACES = {
    as_session: {"session"},
    as_attempt: set(),
    as_state: set(),
    as_code: {"code"},
    as_access_token: {"access token"},
    as_service_token: {"service token"},
    as_living_token: {"access token"},
    as_pushed_request: {"pushed request"},
    as_posted_request: {"posted request"},
    as_hint: {"ID token"},
    as_way_back: {"way back of a logout"},
    as_secret: set(),
}


@pytest.fixture
def values(world, sample):
    return emitted(world, sample)


@pytest.mark.parametrize(("place", "own"), PLACES.items(), ids=lambda v: getattr(v, "__name__", ""))
def test_each_kind_opens_its_own_place_only(sample, values, place, own):
    """Rows 18 and 19 (CVE-2026-19349, CVE-2026-4282): fifteen kinds of value in every place."""
    opened = {kind for kind, value in values.items() if place(sample, value)}

    assert opened == own
