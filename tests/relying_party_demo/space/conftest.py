"""One portal for all these tests, in front of an insurer that answers what a test says."""

import html
import re

import pytest

from tests.relying_party_demo.conftest import ACCOUNT
from tests.space_answers import answers


class Member:
    """A browser whose person is signed in, and the insurer behind."""

    def __init__(self, visitor):
        self.visitor = visitor
        self.broker = visitor.broker
        self.agent = {}

    def get(self, path, **options):
        return self.visitor.get(path, headers=self.agent, **options)

    def page(self, path):
        """The text of a page, blanks of every kind made ordinary."""
        return plain(self.get(path).text)

    def send(self, path, form=None, at=None):
        """Fill in the form of the page `at` (of `path` itself unless told) and send it."""
        drawn = self.get(at or path).text
        found = re.findall(r'name="(csrf_token|request_key)" value="([^"]*)"', drawn)
        hidden = dict(reversed(found))
        return self.visitor.client.post(path, data={**hidden, **(form or {})}, headers=self.agent)

    def asked(self, name):
        """The (query, body, key) of each call of this name that the insurer heard."""
        return [call[1:] for call in self.broker.asked if call[0] == name]


def plain(page):
    """The words of a page."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", " ", body))
    return " ".join(text.replace("\N{NARROW NO-BREAK SPACE}", " ").split())


@pytest.fixture(scope="session")
def shared(lasting):
    """The portal, its broker and its clock."""
    return lasting()


@pytest.fixture
def guest(shared, visitor_of):
    """A browser in which nobody is signed in."""
    app, broker, clock = shared
    broker.space, broker.lies, broker.away = answers(), {}, False
    broker.account = dict(ACCOUNT)
    broker.asked.clear()
    broker.person["account_status"] = "existing"
    clock.now = 1_795_518_000.0
    app.extensions["door"].devices.close("acc-1")
    return Member(visitor_of(app, broker))


@pytest.fixture
def member(guest):
    """A browser in which Claire is signed in."""
    guest.visitor.sign_in()
    return guest


@pytest.fixture
def another(shared, visitor_of, member):
    """A second browser of Claire's, signed in too."""
    app, broker, _clock = shared
    other = Member(visitor_of(app, broker))
    other.agent = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Safari/605"}
    other.visitor.sign_in()
    assert other.get("/mon-compte").status_code == 200
    return other
