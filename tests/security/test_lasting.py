"""What must outlast a restart, a lost database and a stronger wish."""

from urllib.parse import urlencode

import pytest

from tests.service import API, Service, body


def engine(world):
    return world.broker.app.extensions["parts"].engines["broker"]


@pytest.mark.parametrize("how", ["revocation", "logout", "replay"])
def test_what_was_revoked_stays_revoked_after_a_restart(world, browser, sample, how):
    """Row 29 (CVE-2026-1035): in the database, not in the memory of a node."""
    code = sample.login(browser)["code"]
    tokens = sample.tokens(code)
    if how == "revocation":
        sample.post("/token/revocation", token=tokens["access_token"])
    elif how == "logout":
        hint = urlencode({"id_token_hint": tokens["id_token"]})
        browser.open(f"{sample.issuer}/session/end?{hint}")
    else:
        sample.redeem(code)
    world.broker.restart()

    assert sample.userinfo(tokens["access_token"]).status == 401
    assert body(sample.post("/introspect", token=tokens["access_token"])) == {"active": False}
    assert sample.redeem(code).status == 400


def test_a_spent_assertion_a_used_request_and_a_session_outlast_a_restart(world, browser, sample):
    """Row 29: single use and single sign-on hold on every node."""
    uri = body(sample.post("/par", **sample.params(prompt="none")))["request_uri"]
    asked = urlencode({"client_id": sample.client_id, "request_uri": uri})
    browser.open(f"{sample.issuer}/authorize?{asked}")
    sample.login(browser)
    world.broker.restart()

    assert browser.tab().open(f"{sample.issuer}/authorize?{asked}").status == 400
    assert "code" in sample.login(browser, prompt="none")


def test_a_logout_that_cannot_be_written_is_no_logout(world, browser, sample):
    """Row 29 (CVE-2020-15223): an error page, and no redirect that would pretend."""
    tokens = sample.tokens(sample.login(browser)["code"])
    with engine(world).begin() as tx:
        tx.exec_driver_sql("ALTER TABLE issued_grant RENAME TO away")
    back = sample.settings.post_logout_redirect_uris[0]
    asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": back}

    page = browser.open(f"{sample.issuer}/session/end?{urlencode(asked)}")

    assert page.status >= 500
    assert page.url.startswith(world.broker.url)
    with engine(world).begin() as tx:
        tx.exec_driver_sql("ALTER TABLE away RENAME TO issued_grant")
    assert sample.userinfo(tokens["access_token"]).status == 200


@pytest.mark.parametrize(
    "stronger",
    [
        {"acr_values": "eidas2"},
        {"claims": '{"id_token":{"acr":{"essential":true,"value":"eidas2"}}}'},
        {"claims": '{"id_token":{"acr":{"essential":true,"values":["eidas2"]}}}'},
    ],
    ids=["acr_values", "claims value", "claims values"],
)
def test_a_weak_session_is_silent_about_a_stronger_wish(browser, sample, stronger):
    """Row 26 (CVE-2026-94218): prompt=none at eidas2 with an eidas1 session is login_required."""
    sample.login(browser, via="tax")

    sample.start(browser, prompt="none", **stronger)

    assert browser.sent_back()["error"] == "login_required"


def test_a_provider_that_answers_too_weakly_is_refused(world, browser, sample):
    """Row 26 (CVE-2026-97176): eidas2 asked, eidas1 answered: back to the page, no session."""
    sample.start(browser, acr_values="eidas2")

    page = browser.sign_in("claire", "postal", fault="acr_lower")

    assert page.path.endswith("/providers")
    assert browser.cookies.get("passerelle_session") is None


HOSTS = [
    "evil.example",
    "localhost:9999",
    "localhost:8000.evil.example",
    "evil.example\\@localhost",
]


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded", "X-Original-URL"])
@pytest.mark.parametrize("host", HOSTS)
def test_no_header_moves_a_redirect_or_an_issuer(world, sample, header, host):
    """Row 34 (CVE-2023-49097): every address comes from the settings."""
    told = f"host={host}" if header == "Forwarded" else host
    paths = (
        f"{API}/.well-known/openid-configuration",
        sample.url().removeprefix(world.broker.url),
        sample.url(response_type="bad").removeprefix(world.broker.url),
        f"{API}/session/end",
        f"{API}/authorize?client_id=nobody",
        "/help",
    )
    for path in paths:
        answer = sample.call("GET", path, headers={header: told})
        assert b"evil" not in answer.body
        assert b":9999" not in answer.body
        assert "evil" not in answer.header("location") + answer.header("set-cookie")


def test_the_issuer_of_a_token_is_that_of_the_settings(browser, sample):
    """Row 34: a redemption under another name gives the same issuer."""
    code = sample.login(browser)["code"]
    form = {
        **sample.credentials(),
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": sample.redirect_uri,
        "code_verifier": sample.verifier,
    }

    answer = sample.call("POST", f"{API}/token", form, {"Host": "evil.example"})

    assert sample.id_token(body(answer))["iss"] == sample.issuer


def test_another_service_cannot_revoke_a_token(world, browser, sample):
    """Row 29: the same quiet answer, and the token still lives."""
    token = sample.tokens(sample.login(browser)["code"])["access_token"]

    answer = Service(world, "ameli").post("/token/revocation", token=token)

    assert answer.status == 200
    assert sample.userinfo(token).status == 200
