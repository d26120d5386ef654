"""The plugin, as another project uses it."""

import pytest

pytest_plugins = ["pytester"]

CONFTEST = 'pytest_plugins = ["sandbox.pytest_plugin"]'

OWN_TEST = '''
from flask import Flask, redirect, request

def test_my_service_gets_a_code(make_world):
    """A service of somebody else, in its own Flask application."""
    world = make_world({"clients": {"mine": {
        "name": "Mon service", "client_id": "mine", "client_secret": "s" * 40,
        "redirect_uris": ["http://localhost:5000/callback"], "scopes": ["openid", "given_name"],
    }}})
    app = Flask("mine")
    app.add_url_rule("/callback", "callback", lambda: request.args["code"])
    world.network.attach("http://localhost:5000", app)
    browser = world.browser()
    browser.open(world.broker.url + "/api/v2/authorize?client_id=mine&response_type=code"
        "&redirect_uri=http://localhost:5000/callback&scope=openid%20given_name&state=abcdefgh"
        "&nonce=0123456789012345678901&code_challenge=" + "a" * 43 + "&code_challenge_method=S256")
    page = browser.sign_in(as_="claire", via="tax").accept()
    assert page.text == page.sent_back["code"]

def test_that_fails(browser, world):
    browser.open(world.portal.url)
    assert False
'''


@pytest.fixture
def project(pytester):
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(OWN_TEST)
    return pytester


def test_another_project_tests_its_service_in_a_world(project):
    """One line in its conftest gives worlds, browsers and personas."""
    result = project.runpytest_inprocess("-p", "no:cacheprovider", "-k", "my_service")

    result.assert_outcomes(passed=1)


def test_a_failure_tells_where_the_browser_went(project):
    """The report of a failed test holds the hops, without their parameters."""
    result = project.runpytest_inprocess("-p", "no:cacheprovider", "-k", "fails")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*hops of browser*", "GET http://localhost:8080 200"])
