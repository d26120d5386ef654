"""Somebody who is wrong too often is asked to wait, at every endpoint where services prove who
they are."""

from urllib.parse import urlencode

import pytest

from broker.clients.failures import CODES_OF_ONE, SECONDS, SECRETS_OF_ONE
from sandbox.wsgi import Request, call, environment
from tests.service import API, Service, body

ELSEWHERE = "198.51.100.7"
DATA_PROVIDER = "example-data-provider"


def ask(service, path="/introspect", address="192.0.2.1", headers=None, **form):
    """Call as a program at `address`."""
    typed = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    content = urlencode({"token": "x", **form}).encode()
    request = Request("POST", service.world.broker.url + API + path, typed, content)
    return call(service.world.broker, {**environment(request), "REMOTE_ADDR": address})


def guess(service, **changes):
    """One wrong secret in the name of the service."""
    return ask(service, client_id=service.client_id, client_secret="w" * 43, **changes)


def prove(service, **changes):
    """The right one."""
    return ask(service, **service.credentials(), **changes)


def guess_often(service, times=SECRETS_OF_ONE.most, **changes):
    """So many wrong secrets, each told to be wrong."""
    assert {guess(service, **changes).status for _ in range(times)} == {401}


PATHS = ["/token", "/introspect", "/token/revocation", "/par"]


@pytest.mark.parametrize("path", PATHS)
def test_too_many_wrong_secrets_are_answered_by_429(sample, path):
    """JSON of RFC 6749 §5.2 with `Retry-After` in seconds, kept by no cache."""
    form = {"path": path, "grant_type": "authorization_code", "code": "x"}
    guess_often(sample, **form)
    refused = guess(sample, **form)
    told = dict(refused.headers)

    assert (refused.status, told["Retry-After"]) == (429, str(SECONDS))
    assert (told["Content-Type"], told["Cache-Control"]) == ("application/json", "no-store")
    assert body(refused)["error"] == "temporarily_unavailable"
    assert "B0216" in body(refused)["error_description"]


def test_the_endpoints_count_together(sample):
    """Who is refused at one does not go on guessing at another."""
    form = {"grant_type": "authorization_code", "code": "x"}
    for path in PATHS:
        guess_often(sample, SECRETS_OF_ONE.most // len(PATHS), path=path, **form)

    assert {guess(sample, path=path, **form).status for path in PATHS} == {429}


def test_the_genuine_service_goes_on_from_its_own_address(sample, browser):
    """Wrong secrets in its name keep no login of its users out."""
    guess_often(sample, address=ELSEWHERE)
    code = sample.login(browser)["code"]

    assert guess(sample, address=ELSEWHERE).status == 429
    assert sample.redeem(code).status == 200


def test_the_genuine_service_goes_on_behind_one_proxy_with_its_guesser(sample):
    """It proved itself there before."""
    assert prove(sample).status == 200
    guess_often(sample)

    assert guess(sample).status == 429
    assert prove(sample).status == 200


def test_a_guesser_who_waits_learns_nothing_from_the_right_secret(sample):
    """It is answered as a wrong one, until the stretch is over."""
    guess_often(sample)
    early = prove(sample)
    sample.world.clock.advance(SECONDS)

    assert (early.status, prove(sample).status) == (429, 200)


def test_other_ways_of_being_wrong_count_too(sample):
    """Another method, no secret: all are tries."""
    header = {"Authorization": f"Basic {'c2FtcGxlLXNlcnZpY2U6'}{'eHh4'}"}
    for _ in range(SECRETS_OF_ONE.most // 2):
        assert ask(sample, headers=header).status == 401
        assert ask(sample, client_id=sample.client_id).status == 401

    assert prove(sample).status == 429


def test_a_data_provider_is_held_to_it_as_well(sample):
    """`checktoken` has credentials of its own."""
    form = {"path": "/checktoken", "client_id": DATA_PROVIDER, "client_secret": "w" * 43}
    answers = [ask(sample, **form).status for _ in range(SECRETS_OF_ONE.most + 1)]

    assert answers == [401] * SECRETS_OF_ONE.most + [429]


def test_wrong_codes_are_slowed_down_and_good_ones_are_not(sample, browser):
    """Whoever sends junk to the callback of a service does not end its logins."""
    junk = [sample.redeem("junk").status for _ in range(CODES_OF_ONE.most + 1)]
    code = sample.login(browser)["code"]

    assert junk == [400] * CODES_OF_ONE.most + [429]
    assert sample.redeem(code).status == 200


def test_a_replayed_code_is_still_revoked_beyond_the_limit(sample, browser):
    """The answer is another one; what the first use gave dies all the same."""
    code = sample.login(browser)["code"]
    token = sample.tokens(code)["access_token"]
    for _ in range(CODES_OF_ONE.most):
        sample.redeem("junk")

    assert sample.redeem(code).status == 429
    assert sample.userinfo(token).status == 401


def test_a_node_that_was_restarted_counts_on(sample):
    """The count is in the database; the first failure there tells the new process."""
    guess_often(sample)
    sample.world.broker.restart()

    assert guess(sample).status == 429


FORWARDED = {"X-Forwarded-For": f"203.0.113.9, {ELSEWHERE}"}


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 200), (2, 200)])
def test_addresses_behind_proxies_are_told_apart_when_the_settings_name_them(
    make_world, proxies, status
):
    """Nobody chooses an address by a header that no proxy of ours wrote."""
    service = Service(make_world({"broker": {"proxies": proxies}}), "sample")
    guess_often(service)

    assert prove(service, headers=FORWARDED).status == status


def test_no_address_is_chosen_by_whoever_calls(make_world):
    """Behind one proxy only what that proxy added counts."""
    service = Service(make_world({"broker": {"proxies": 1}}), "sample")
    for number in range(SECRETS_OF_ONE.most):
        guess(service, headers={"X-Forwarded-For": f"203.0.113.{number}, {ELSEWHERE}"})

    assert guess(service, headers=FORWARDED).status == 429
