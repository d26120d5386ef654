"""The applications of a configuration, each made when it is needed."""

from threading import Thread

import pytest
from flask import Flask

from providers.http import CallFailedError, Reply
from sandbox.clock import MovableClock
from sandbox.configuration import load, merged
from sandbox.document import find, read
from sandbox.mailbox import Mailbox
from sandbox.network import Network
from sandbox.sites import Site, sites
from sandbox.surroundings import Surroundings, with_sockets, without_sockets
from sandbox.wsgi import Request, call, environment


@pytest.fixture
def document():
    return read(find())


def unobserved(_event):
    """Nobody watches."""


def test_a_configuration_gives_its_sites_in_order(document):
    """The broker, its providers, the services: with titles and addresses of the settings."""
    clock = MovableClock()
    around = without_sockets(Network(), clock, Mailbox(clock), unobserved)
    found = list(sites(load(document), around))

    names = [site.name for site in found]
    assert names[0] == "broker"
    assert names[-2:] == ["portal", "sample"]
    by_name = {site.name: site for site in found}
    assert by_name["tax"].listen == "127.0.0.1:8001"
    assert by_name["portal"].url == "http://localhost:8080"
    assert not any(site.made for site in found)


def test_a_service_that_is_not_in_the_settings_is_not_there(document):
    """A pure broker has neither portal nor sample."""
    clock = MovableClock()
    around = without_sockets(Network(), clock, Mailbox(clock), unobserved)
    bare = merged(document, {"portal": None, "sample_service": None, "mock_idps": None})

    assert [site.name for site in sites(load(bare), around)] == ["broker"]


def a_site():
    made = []

    def make():
        made.append(1)
        app = Flask("one")
        app.add_url_rule("/", "index", lambda: "here")
        return app

    return Site("one", "One", "http://localhost:1", "127.0.0.1:1", make), made


def test_an_application_is_made_once_however_many_ask():
    """Eight threads, one application."""
    site, made = a_site()
    threads = [Thread(target=lambda: site.app) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [1]


def test_a_site_is_itself_an_application():
    """It can be attached before it is made."""
    site, made = a_site()
    assert made == []

    assert call(site, environment(Request("GET", "http://localhost:1/"))).body == b"here"
    assert site.made


def test_a_restarted_site_is_made_anew():
    """As after a crash: another application on the same databases."""
    site, made = a_site()
    first = site.app
    site.restart()

    assert not site.made
    assert site.app is not first
    assert made == [1, 1]


class Nowhere:
    """An HTTP client that finds redirects at one address only."""

    def send(self, _method, url, **_options):
        if url.endswith("/away"):
            return Reply(302, {"location": "http://localhost/there"})
        raise CallFailedError("unreachable")


def test_a_mock_visits_without_following(document):
    """The attacker learns where a page would send it, or nothing."""
    clock = MovableClock()
    around = Surroundings(clock, Nowhere(), None, None, Mailbox(clock), unobserved)
    tax = next(site for site in sites(load(document), around) if site.name == "tax")
    outside = tax.app.extensions["mock_issuer"].outside

    assert outside.visit("http://localhost/away") == "http://localhost/there"
    assert outside.visit("http://localhost/down") is None


def test_the_demonstration_calls_through_sockets():
    """Nothing answers at a closed port, and waits are real ones."""
    clock = MovableClock()
    around = with_sockets(clock, Mailbox(clock), unobserved)

    with pytest.raises(CallFailedError, match="unreachable"):
        around.http.send("GET", "http://127.0.0.1:1/")
    assert around.session().trust_env
