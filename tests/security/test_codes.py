"""Codes, tokens and their kinds."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.service import Service, body


def test_of_twenty_parallel_redemptions_one_succeeds(world, browser, sample):
    """Row 17 (CVE-2026-26232): one winner, and the losers revoke what it received."""
    code = sample.login(browser)["code"]
    together = threading.Barrier(20)

    def redeem(_):
        together.wait()
        return sample.redeem(code)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(redeem, range(20)))

    won = [answer for answer in answers if answer.status == 200]
    assert len(won) == 1
    assert {answer.status for answer in answers} == {200, 400}
    assert sample.userinfo(body(won[0])["access_token"]).status == 401


def test_a_replayed_code_revokes_its_tokens(browser, sample):
    """Row 17: the second use answers invalid_grant and kills the first one's token."""
    code = sample.login(browser)["code"]
    tokens = sample.tokens(code)

    again = sample.redeem(code)

    assert (again.status, body(again)["error"]) == (400, "invalid_grant")
    assert sample.userinfo(tokens["access_token"]).status == 401


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (61, 400)])
def test_a_code_lives_a_minute(world, browser, sample, seconds, status):
    """Row 17 (CVE-2026-68079): redeemed at 59 seconds, dead at 61."""
    code = sample.login(browser)["code"]
    world.clock.advance(seconds)

    assert sample.redeem(code).status == status


@pytest.mark.parametrize(("seconds", "status"), [(599, 200), (601, 401)])
def test_an_access_token_lives_ten_minutes(world, browser, sample, seconds, status):
    """Row 17: userinfo answers until the token expires."""
    tokens = sample.tokens(sample.login(browser)["code"])
    world.clock.advance(seconds)

    assert sample.userinfo(tokens["access_token"]).status == status


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "http://localhost:8081/callback/"},
        {"redirect_uri": None},
        {"code_verifier": None},
        {"code_verifier": ""},
        {"code_verifier": "x" * 43},
        {"code_verifier": "short"},
    ],
    ids=str,
)
def test_a_code_is_bound_to_its_request(browser, sample, change):
    """Rows 20 and 25 (CVE-2023-48228, CVE-2023-0264): another address or verifier, no token."""
    answer = sample.redeem(sample.login(browser)["code"], **change)

    assert answer.status == 400
    assert body(answer)["error"] in {"invalid_grant", "invalid_request"}


def test_a_code_is_worth_nothing_to_another_client(world, browser, sample, ameli):
    """Row 25 (CVE-2022-39222): the portal cannot redeem what the private service was given."""
    code = sample.login(browser)["code"]

    answer = ameli.redeem(code, redirect_uri=sample.redirect_uri, code_verifier=sample.verifier)

    assert (answer.status, body(answer)["error"]) == (400, "invalid_grant")
    assert sample.redeem(code).status == 200


def test_a_verifier_without_a_challenge_is_refused(browser, sample):
    """Row 20 (RFC 9700 §4.8): PKCE cannot be added afterwards."""
    code = sample.login(browser, code_challenge=None, code_challenge_method=None)["code"]

    assert sample.redeem(code).status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge": ""},
        {"code_challenge": "short"},
        {"code_challenge": "=" * 43},
    ],
    ids=str,
)
def test_pkce_cannot_be_downgraded(browser, sample, change):
    """Row 20 (CVE-2024-23647): plain, empty and malformed challenges are refused by name."""
    sample.start(browser, **change)

    answer = browser.sent_back()
    assert answer["error"] == "invalid_request"
    assert "code_challenge" in answer["error_description"]


def test_identifiers_of_one_kind_open_nothing_else(world, browser, sample):
    """Rows 18, 19 and 30 (CVE-2026-4282, CVE-2026-19349): every value, in every place."""
    sample.start(browser)
    attempt = browser.page.path.split("/")[2]
    page = browser.sign_in("claire")
    upstream = next(h.parameters for h in browser.hops if "/callback/tax" in h.url)
    page.accept()
    code = browser.sent_back()["code"]
    tokens = sample.tokens(code)
    cookies = [
        c.split(";")[0].partition("=")[2] for h in browser.hops for c in h.answer.all("set-cookie")
    ]
    values = [
        attempt,
        *upstream.values(),
        code,
        tokens["id_token"],
        *cookies,
        sample.params()["nonce"],
    ]

    for value in values:
        assert sample.userinfo(value).status == 401, value[:12]
        assert sample.redeem(value).status == 400, value[:12]
    assert sample.redeem(tokens["access_token"]).status == 400


CREDENTIALS = [
    ({"client_secret": ""}, 401),
    ({"client_secret": None}, 401),
    ({"client_secret": "wrong-secret-of-thirty-two-characters"}, 401),
    ({"client_secret": "demonstration-secret-sample-service-0123456789abcdef\0"}, 401),
    ({"client_secret": "demonstration-secret-ameli-portal-0123456789abcdef"}, 401),
    ({"client_id": "nobody"}, 401),
    ({"client_id": ""}, 401),
    ({"client_id": None}, 401),
    ({"client_id": "ameli-portal"}, 401),
]


@pytest.mark.parametrize(("change", "status"), CREDENTIALS, ids=range(len(CREDENTIALS)))
def test_a_client_that_does_not_prove_itself_gets_nothing(browser, sample, change, status):
    """Row 21 (CVE-2024-45160): empty, missing, NUL, another's: invalid_client."""
    code = sample.login(browser)["code"]

    answer = sample.redeem(code, **change)

    assert (answer.status, body(answer)["error"]) == (status, "invalid_client")
    assert answer.header("www-authenticate")
    assert sample.redeem(code).status == 200


def test_two_methods_at_once_are_refused(browser, sample):
    """Row 21 (RFC 6749 §2.3): a form and a header together prove nothing."""
    code = sample.login(browser)["code"]
    form = {"grant_type": "authorization_code", "code": code, **sample.credentials()}

    answer = sample.call("POST", "/api/v2/token", form, {"Authorization": "Basic c2FtcGxlOng="})

    assert (answer.status, body(answer)["error"]) == (400, "invalid_request")


def test_a_scope_that_was_not_granted_is_refused(browser, sample):
    """Row 31 (CVE-2024-52287): the private service may not ask for the pivot identity."""
    sample.start(browser, scope="openid identite_pivot")

    assert browser.sent_back()["error"] == "invalid_scope"


def test_a_claim_outside_the_granted_scopes_is_never_sent(browser, sample):
    """Row 31 (GHSA-7qjx-gp9h-65qj): asked for one by one, it is ignored everywhere."""
    asked = '{"userinfo":{"birthplace":{"essential":true}},"id_token":{"account_id":null}}'

    tokens = sample.tokens(sample.login(browser, claims=asked)["code"])

    assert "birthplace" not in body(sample.userinfo(tokens["access_token"]))
    assert "account_id" not in sample.id_token(tokens)


def test_a_back_channel_token_is_no_access_token(world, ameli):
    """Row 30 (CVE-2019-3868): a service's own token opens no person's data."""
    token = body(ameli.post("/token", grant_type="client_credentials", scope="insured"))

    assert ameli.userinfo(token["access_token"]).status == 401


def test_a_private_service_gets_no_back_channel_token(world):
    """Row 31: only a service allowed to may use client credentials."""
    sample = Service(world, "sample")

    answer = sample.post("/token", grant_type="client_credentials", scope="insured")

    assert body(answer)["error"] == "unauthorized_client"
