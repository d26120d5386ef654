"""Row 44: what the logs, the journal, the addresses and the cookies say after each journey."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from broker.audit.journal import JOURNAL
from broker.openid.grants import GRANT
from broker.sessions.store import SESSION
from tests.service import API, Service, bearer, body

CLAIRE = ("DURAND", "Claire", "claire@", "1985-03-27", "69383")


def whole_login(world, browser):
    """Log in, read the data, introspect, log out."""
    sample = Service(world, "sample")
    tokens = sample.tokens(sample.login(browser)["code"])
    sample.userinfo(tokens["access_token"])
    sample.post("/introspect", token=tokens["access_token"])
    browser.open(f"{sample.issuer}/session/end?{urlencode({'id_token_hint': tokens['id_token']})}")
    return [tokens["access_token"], tokens["id_token"]]


def account_login(world, browser):
    """The portal, its account and its back channel."""
    browser.login(world.portal).accept()
    return []


def pushed_login(world, browser):
    """A request sent ahead, then declined."""
    sample = Service(world, "sample")
    uri = body(sample.post("/par", **sample.params()))["request_uri"]
    asked = urlencode({"client_id": sample.client_id, "request_uri": uri})
    browser.open(f"{sample.issuer}/authorize?{asked}")
    browser.sign_in("claire").decline()
    return [uri]


def posted_login(world, browser):
    """A request that came by POST, given up."""
    sample = Service(world, "sample")
    browser.post(f"{sample.issuer}/authorize", urlencode(sample.params()).encode())
    browser.click("abandon")
    return []


def refused_calls(world, browser):
    """Everything a program may do wrong with a good code."""
    sample = Service(world, "sample")
    code = sample.login(browser)["code"]
    sample.redeem(code, code_verifier="v" * 50)
    sample.redeem(code, client_secret="x" * 50)
    tokens = sample.tokens(code)
    sample.redeem(code)
    sample.call("GET", f"{API}/userinfo?access_token={tokens['access_token']}")
    sample.call("GET", f"{API}/userinfo", headers=bearer(tokens["access_token"]))
    sample.post("/checktoken", token=tokens["access_token"])
    return [code, "v" * 50, "x" * 50, tokens["access_token"]]


def failed_provider(world, browser):
    """The provider lies, then does not answer."""
    sample = Service(world, "sample")
    sample.start(browser)
    browser.sign_in("claire", fault="wrong_nonce")
    world.network.take_down(world.providers["postal"].url)
    browser.click("provider-postal")
    return []


JOURNEYS = (
    whole_login,
    account_login,
    pushed_login,
    posted_login,
    refused_calls,
    failed_provider,
)


def carried(world, browser):
    """Every secret that this browser or a service held during the journey."""
    found = [cookie.value for cookie in browser.cookies if "language" not in cookie.name]
    for hop in browser.hops:
        names = ("code", "state", "nonce", "code_challenge", "id_token_hint", "csrf_token")
        found += [hop.parameters[name] for name in names if name in hop.parameters]
    for client in world.configuration.broker.clients.values():
        found.append(client.client_secret or "")
    return {value for value in found if len(value) > 15}


@pytest.mark.parametrize("journey", JOURNEYS)
def test_the_logs_hold_nothing_of_a_journey(world, browser, journey, no_secret_in_logs):
    """Row 44 (CVE-2024-4540): no code, token, state, cookie, secret or name is written."""
    more = journey(world, browser)

    no_secret_in_logs.never(*CLAIRE, *more, *carried(world, browser))


@pytest.mark.parametrize("journey", JOURNEYS)
def test_the_journal_holds_nothing_of_a_journey(world, browser, journey):
    """Row 44: events, hashes and numbers only."""
    more = journey(world, browser)

    with world.broker.app.extensions["parts"].engines["broker"].connect() as connection:
        written = "\n".join(map(str, connection.execute(select(JOURNAL)).all()))
    for secret in (*CLAIRE, *more, *carried(world, browser)):
        assert secret not in written


def test_what_is_stored_of_codes_tokens_and_sessions_opens_nothing(world, browser, sample):
    """Row 44: hashes and sealed bytes; the row of a login cannot be used as a login."""
    code = sample.login(browser)["code"]
    tokens = sample.tokens(code)
    handle = browser.cookies.get("passerelle_session").value

    with world.broker.app.extensions["parts"].engines["broker"].connect() as connection:
        rows = [*connection.execute(select(GRANT)), *connection.execute(select(SESSION))]
    kept = "\n".join(map(str, rows))
    for secret in (code, tokens["access_token"], tokens["id_token"], handle, *CLAIRE):
        assert secret not in kept


def test_no_address_of_a_page_holds_a_code_or_a_name(world, browser, sample):
    """Row 44: what stands in the address bar of the broker could be copied by anyone."""
    sample.login(browser)

    pages = [h.url for h in browser.hops if h.url.startswith(world.broker.url) and h.status == 200]
    assert pages
    for url in pages:
        assert "code=" not in url
        assert not any(word in url for word in CLAIRE)
