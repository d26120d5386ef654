"""Sessions, tabs and other people's browsers."""

from urllib.parse import urlencode

import pytest

from tests.service import API


def test_the_session_is_new_after_each_sign_in(world, browser, sample):
    """Row 24 (CVE-2026-7507): whatever handle the browser brought along is replaced."""
    sample.login(browser)
    before = handle(browser)
    sample.start(browser, prompt="login")
    browser.sign_in("claire")

    assert before
    assert handle(browser) != before


def test_a_planted_cookie_gives_no_access_to_the_sign_in(world, browser, sample):
    """Row 24 (CVE-2026-33757): who knew the browser's cookies before knows nothing after."""
    sample.start(browser)
    browser.click("provider-tax")
    spy = world.browser()
    for cookie in browser.cookies:
        spy.cookies.put(cookie)

    page = browser.click("persona-claire")
    seen = spy.open(page.url)

    assert page.has("consent-continue")
    assert seen.status == 403


def handle(browser):
    found = [
        cookie.split(";")[0]
        for hop in browser.hops
        for cookie in hop.answer.all("set-cookie")
        if cookie.startswith("passerelle_session=")
    ]
    return found[-1] if found else ""


def test_logout_ends_the_session_everywhere(world, browser, sample):
    """Row 24 (CVE-2025-12390): after logout the next service asks for a sign-in again."""
    tokens = sample.tokens(sample.login(browser)["code"])
    hint = {"id_token_hint": tokens["id_token"]}

    browser.open(f"{world.broker.url}{API}/session/end?{urlencode(hint)}")

    page = sample.start(browser)
    assert page.path.endswith("/providers")
    assert sample.userinfo(tokens["access_token"]).status == 401


def test_logout_without_a_hint_asks_first(world, browser, sample):
    """Row 32 (CVE-2026-123545): a link on a stranger's page logs nobody out."""
    sample.login(browser)

    page = browser.open(f"{world.broker.url}{API}/session/end")

    assert page.has("logout-confirm")
    assert sample.login(browser).get("code")


@pytest.mark.parametrize(
    "uri",
    [
        "http://evil.example",
        "//evil.example",
        "http://localhost:8081\\@evil.example",
        "http://localhost:8081/?x\r\nSet-Cookie: a=b",
        "http://user@localhost:8081/",
        "http://localhost:8081/other",
        "javascript:alert(1)",
    ],
)
def test_logout_returns_to_registered_addresses_only(world, browser, sample, uri):
    """Row 16 (CVE-2021-32786): anything else is a page with a number."""
    tokens = sample.tokens(sample.login(browser)["code"])
    asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": uri}

    page = browser.open(f"{world.broker.url}{API}/session/end?{urlencode(asked)}")

    assert (page.status, page.response.header("location")) == (400, "")


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "https://evil.example", "/%0d%0a"]
)
def test_changing_the_language_leads_nowhere_else(world, browser, back):
    """Row 16 (PYSEC-2026-4354): the way back is a path of this site."""
    browser.open(f"{world.broker.url}/language?{urlencode({'to': 'en', 'back': back})}")

    assert browser.page.url.startswith(world.broker.url)


def test_a_weak_session_does_not_open_a_stronger_service(world, browser, sample):
    """Row 26 (CVE-2026-97176): an eidas1 session, eidas2 asked: a new trip."""
    sample.login(browser, via="tax")

    page = sample.start(browser, acr_values="eidas2")

    assert page.path.endswith("/providers")
    assert page.element("provider-tax").tag != "button"


@pytest.mark.parametrize("value", [None, "", "x", "a.b.c", "a.0." + "x" * 43])
def test_a_callback_without_a_state_of_ours_is_a_page(world, browser, sample, value):
    """Row 36 (CVE-2025-68158): missing, empty, foreign: said on a page, the attempt intact."""
    sample.start(browser)
    where = browser.page.url
    query = urlencode({k: v for k, v in {"state": value, "code": "c"}.items() if v is not None})

    page = browser.open(f"{world.broker.url}/callback/tax?{query}")

    assert page.status in {400, 403, 404}
    assert page.has("error-number")
    assert browser.open(where).has("provider-tax")


def test_a_state_serves_once_and_its_own_provider(world, browser, sample):
    """Row 36 (CVE-2026-41425): replayed, or at another provider's address: refused."""
    sample.start(browser)
    browser.sign_in("claire")
    arrived = next(hop.url for hop in browser.hops if "/callback/tax" in hop.url)

    again = browser.tab().open(arrived)
    elsewhere = browser.tab().open(arrived.replace("/callback/tax", "/callback/postal"))

    assert again.status in {400, 403}
    assert elsewhere.status in {400, 403}
    assert browser.page.accept().url.startswith(world.sample.url)


def test_two_answers_at_the_same_moment_are_one_login_and_one_refusal(world, browser, sample):
    """Row 36: the second reaches the provider while the first one is being verified."""
    sample.start(browser)
    tax, seen = world.providers["tax"], []

    def overtaken(environ, start_response):
        if environ["PATH_INFO"].endswith("/token") and not seen:
            seen.append(None)
            seen[0] = browser.tab().open(browser.hops[-1].answer.header("location"))
        return tax(environ, start_response)

    world.network.attach(tax.url, overtaken)
    late = browser.sign_in("claire")

    assert seen[0].has("consent-continue")
    assert late.status in {400, 403}
    assert late.has("error-number")
    assert seen[0].accept().url.startswith(world.sample.url)


def test_two_tabs_are_two_logins(world, browser, sample):
    """Row 36: each tab ends with its own code, in whatever order."""
    other = browser.tab()
    sample.start(browser)
    sample.start(other, state="the-other-tab")

    other.sign_in("claire")
    other.page.accept()
    browser.sign_in("claire")

    assert other.sent_back()["state"] == "the-other-tab"
    assert browser.sent_back()["state"] == "a-state-of-the-service"


@pytest.mark.parametrize("header", ["evil.example", "localhost:9999", "evil.example:8000", "a b/<"])
def test_the_host_header_changes_no_link(world, sample, header):
    """Row 34 (CVE-2023-49097): issuer and links come from the settings."""
    answer = sample.call("GET", f"{API}/.well-known/openid-configuration", headers={"Host": header})

    assert header.encode() not in answer.body
    assert world.broker.url.encode() in answer.body


def test_every_dynamic_answer_forbids_caches(world, browser, sample):
    """Row 43 (CVE-2023-30861): nothing of a login is kept by anyone."""
    sample.tokens(sample.login(browser)["code"])

    own = [hop for hop in browser.hops if hop.url.startswith(world.broker.url)]
    assert own
    assert all("no-store" in hop.headers["cache-control"] for hop in own)


def test_no_page_can_be_framed_or_run_foreign_script(world, browser, sample):
    """Row 32: frame-ancestors none and no inline script on every page of the flow."""
    sample.login(browser)

    for hop in (h for h in browser.hops if h.url.startswith(world.broker.url)):
        policy = hop.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert "<script>" not in hop.answer.body.decode()


def test_a_form_without_its_token_changes_nothing(world, browser, sample):
    """Row 32: consent posted from elsewhere is refused and the page still works."""
    sample.start(browser)
    page = browser.sign_in("claire")

    forged = browser.tab()
    refused = forged.post(page.url, b"answer=continue&agree=yes")

    assert refused.status == 400
    assert browser.page.accept().url.startswith(world.sample.url)


@pytest.mark.parametrize("step", ["consent", "account", "providers", "leave", "abandon"])
def test_a_proof_for_one_hop_opens_no_other(world, browser, sample, step):
    """Row 45 (CVE-2026-18963): each step proves its own fact."""
    page = sample.start(browser)
    attempt = page.path.split("/")[2]
    foreign = page.query["proof"] if step != "providers" else "x" * 22

    refused = browser.tab().open(f"{world.broker.url}/login/{attempt}/{step}?proof={foreign}")

    assert refused.status in {403, 405}


def test_back_and_refresh_never_dead_end(world, browser, sample):
    """After the end, each page of the login says what happened and leads back to the service."""
    sample.login(browser)
    steps = [
        h.url for h in browser.hops if "/login/" in h.url and h.url.startswith(world.broker.url)
    ]

    for url in [u for u in steps if "/leave" not in u]:
        page = browser.tab().open(url)
        assert page.status == 200
        assert page.links


def test_an_unfinished_login_expires_politely(world, browser, sample):
    """Half an hour later the page says so and offers the way back."""
    sample.start(browser)
    where = browser.page.url
    world.clock.advance(1801)

    page = browser.open(where)

    assert page.status in {403, 404}
    assert page.has("error-number")


def test_a_failing_provider_brings_the_person_back(world, browser):
    """The page of providers returns with a banner naming it; another account still works."""
    page = browser.login(world.sample, as_="claire", via="tax", fault="token_500")

    assert page.path.endswith("/providers")
    assert "Impots.gouv.fr" in page.text
    assert browser.sign_in("claire", "postal").has("consent-continue")


def test_an_unreachable_provider_brings_the_person_back(world, browser, sample):
    """Stopped while the person is there: a banner, and the attempt goes on with another."""
    sample.start(browser)
    browser.click("provider-tax")
    silent = world.browser()
    sample.start(silent)
    world.network.take_down(world.providers["postal"].url)

    page = silent.click("provider-postal")

    assert page.path.endswith("/providers")
    assert page.has("error-number")
    assert silent.sign_in("claire", "tax").has("consent-continue")


@pytest.mark.parametrize("path", ["/api//v2/jwks", "//x.example/", "/help/", "/login//x/consent"])
def test_no_redirect_repeats_the_host_header(sample, path):
    """Row 34: a doubled or trailing slash is answered here, never by a redirect to that host."""
    answer = sample.call("GET", path, headers={"Host": "evil.example"})

    assert answer.header("location") == ""
    assert b"evil.example" not in answer.body


def test_a_refused_person_comes_back_with_the_number_of_the_reason(world, browser):
    """The service learns access_denied and the number to explain, nothing about the person."""
    browser.login(world.portal, as_="victor").accept().abandon()

    answer = browser.sent_back()
    assert answer["error"] == "access_denied"
    assert "(B0401)" in answer["error_description"]
    assert browser.page.path.endswith("/refusee")
