"""Many logins at the same time: nobody sees another's identity, and no login is lost."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.service import Service, body

THREADS = 10
PEOPLE = ("claire", "marc", "paul", "agnes", "zoe")
WAYS = (("tax", ""), ("postal", ""), ("msa", ""), ("mobile", ""))
LIES = (("tax", "wrong_nonce"), ("postal", "other_sub"), ("msa", "expired"), ("mobile", "no_sub"))
HARMLESS = (("attacker", "mix_up"), ("tax", "access_denied"), ("postal", "wrong_state"))


def names(world):
    """What the mocks say each persona is called."""
    cast = world.upstream("tax").issuer.cast
    return {who: cast.get(who).traits["given_name"] for who in PEOPLE}


def test_fifty_parallel_logins_do_not_meet(world):
    """Row 36: other personas, providers and faults at once; each service gets its own person."""
    expected = names(world)
    plan = list(itertools.product(WAYS, PEOPLE))
    # Four lies at most of each provider: a fifth would close it to everybody, as it should.
    plan += list(itertools.product(LIES, PEOPLE[:4]))
    plan += list(itertools.product(HARMLESS, PEOPLE))[:14]

    def login(job):
        (via, fault), who = job
        service, browser = Service(world, "sample"), world.browser()
        service.start(browser)
        page = browser.sign_in(who, via, fault=fault)
        if fault:
            return (
                who,
                fault,
                page.has("error-number") or page.has("cancelled"),
                browser.sent_back(),
            )
        if page.has("consent-continue"):
            page.accept()
        tokens = service.tokens(browser.sent_back()["code"])
        return who, fault, body(service.userinfo(tokens["access_token"])), browser.sent_back()

    with ThreadPoolExecutor(THREADS) as pool:
        ends = list(pool.map(login, plan))

    assert len(ends) == 50
    for who, fault, told, sent_back in ends:
        if fault:
            assert told is True
            assert sent_back == {}
        else:
            assert told["given_name"] == expected[who]


@pytest.mark.parametrize("via", ["tax", "postal", "mobile"])
def test_keys_that_change_under_load_lose_no_login(world, via):
    """Five rotations while people sign in: every login arrives."""
    stop = threading.Event()

    def rotate():
        for _ in range(5):
            world.upstream(via).rotate_keys()
            stop.wait(0.2)

    def login(number):
        browser = world.browser()
        Service(world, "sample").start(browser)
        return browser.sign_in(PEOPLE[number % len(PEOPLE)], via).has("consent-continue")

    login(0)
    rotating = threading.Thread(target=rotate)
    rotating.start()
    try:
        with ThreadPoolExecutor(5) as pool:
            arrived = list(pool.map(login, range(20)))
    finally:
        stop.set()
        rotating.join()

    assert all(arrived)
