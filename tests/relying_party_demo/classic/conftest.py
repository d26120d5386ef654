"""
An insurer of our own behind the back channel: honest, idempotent, and lying on demand.

It shares no code with the product: it answers as the back channel of the classic way is described.
"""

import html
import re
from collections import Counter
from dataclasses import dataclass, field

import pytest
from flask import jsonify, request


@dataclass
class Insurer:
    """
    Answers by path. `answers` holds what is said in place of the honest answer, `status` what a
    path answers instead; `calls` what was heard and `done` how often something was really done.
    """

    broker: object
    answers: dict = field(default_factory=dict)
    status: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    done: Counter = field(default_factory=Counter)
    known: dict = field(default_factory=dict)

    def __post_init__(self):
        for path in HONEST:
            self.broker.app.add_url_rule(
                f"/api/insured/v1{path}", f"classic{path}", self._answer(path), methods=["POST"]
            )

    def forget(self):
        """Be honest and know nothing."""
        self.broker.away = False
        for kept in (self.answers, self.status, self.calls, self.done, self.known):
            kept.clear()

    def heard(self, path):
        """The bodies that were sent to a path."""
        return [body for called, body, _ in self.calls if called == path]

    def _answer(self, path):
        def view():
            if self.broker._bearer() != "insured":
                return jsonify(error="invalid_token"), 401
            body, key = request.get_json(), request.headers["Idempotency-Key"]
            self.calls.append((path, body, key))
            if path in self.status:
                return self.status[path]
            if key not in self.known:
                self.done[path] += 1
                self.known[key] = (body, self.answers.get(path, HONEST[path]))
            said, answer = self.known[key]
            assert said == body, "a key came back with another body"
            return answer if isinstance(answer, bytes) else jsonify(answer)

        return view


HONEST = {
    "/creations": {"result": "mail_sent", "email": "claire@exemple.fr"},
    "/activations/read": {"result": "valid"},
    "/activations": {"result": "done"},
    "/sign-ins": {"result": "signed_in", "account_id": "acc-1"},
    "/sign-ins/code": {"result": "signed_in", "account_id": "acc-1"},
    "/sign-ins/code/again": {"result": "code_sent", "challenge": "challenge-2"},
    "/recoveries": {"result": "asked", "recovery": "recovery-1"},
    "/recoveries/code": {"result": "done"},
}


@pytest.fixture(scope="session")
def place(lasting):
    """The portal, its insurer and its clock, shared by the tests of this folder."""
    app, broker, clock = lasting()
    return app, Insurer(broker), clock, clock.now


@pytest.fixture
def insurer(place):
    """The insurer behind the back channel of the portal, honest again."""
    place[1].forget()
    return place[1]


@pytest.fixture
def clock(place):
    """The clock of the portal, at noon again."""
    place[2].now = place[3]
    return place[2]


@pytest.fixture
def client(place, insurer, clock):
    """A new browser at the portal."""
    return place[0].test_client()


@dataclass
class Page:
    """An answer of the portal, as a person reads it."""

    answer: object

    @property
    def status(self):
        return self.answer.status_code

    @property
    def source(self):
        return self.answer.text

    @property
    def words(self):
        """The text, spaces folded, no-break ones too."""
        body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", self.source, flags=re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]+>", " ", body))
        return re.sub(r"\s+", " ", text)

    @property
    def h1(self):
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.source, re.DOTALL)[1]
        return html.unescape(re.sub(r"<[^>]+>", "", found)).strip()

    @property
    def title(self):
        found = html.unescape(re.search(r"<title>(.*?)</title>", self.source)[1])
        return found.replace("\N{NO-BREAK SPACE}", " ")

    @property
    def leads_to(self):
        return self.answer.headers.get("Location")

    def fault(self, name):
        """What is written beside a field; None when nothing is."""
        found = re.search(rf'data-testid="fault-{name}">(.*?)</p>', self.source, re.DOTALL)
        if found is None:
            return None
        text = html.unescape(re.sub(r"<[^>]+>", " ", found[1])).replace("\N{NO-BREAK SPACE}", " ")
        return re.sub(r"\s+", " ", text).strip().removeprefix("Erreur : ")

    def control(self, name):
        """The attributes of a field."""
        found = re.search(rf'<input[^>]* name="{name}"[^>]*>', self.source)
        return dict(re.findall(r'([\w-]+)="([^"]*)"', found[0])) | (
            {"autofocus": ""} if " autofocus" in found[0] else {}
        )

    @property
    def csrf(self):
        return self.control("csrf_token")["value"]

    @property
    def key(self):
        return self.control("request_key")["value"]


@pytest.fixture
def ask(client):
    """Fill the form of a page and press its button: `ask("/creer-un-compte", birth_name=...)`."""

    def send(path, page=None, **fields):
        opened = Page(client.get(page or path))
        given = {"csrf_token": opened.csrf, "request_key": opened.key, **fields}
        return Page(client.post(path, data=given))

    return send


@pytest.fixture
def see(client):
    """Open a page."""
    return lambda path, **options: Page(client.get(path, **options))
