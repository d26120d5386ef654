"""The desk's line to the insurer: what it asks, and what it makes of any answer."""

import json

import pytest
import requests

from relying_party_demo.backchannel import InsurerAwayError
from relying_party_demo.desk.answers import File, Found
from relying_party_demo.desk.line import DeskLine, DeskRefusedError, NotAtWorkError

HOLDER = {
    "person": 2,
    "family_name": "MARTIN",
    "given_names": ["Marc", "Julien"],
    "birthdate": "1979-11-08",
    "gender": "male",
    "birthplace": "33063",
    "nir_masked": "1 79 11 •• ••• ••• ••",
}
RIGHTS = {"open": True, "scheme": "general"}
FILE = {
    "kind": "file",
    "reason": "fraud",
    "opened_at": 1.0,
    "holder": HOLDER,
    "rights": RIGHTS,
    "known": {},
    "accounts": [
        {"status": "replaced", "origin": "classic", "created_at": 1.0},
        {"status": "active", "origin": "advisor", "created_at": 2.0},
    ],
    "added_later": "what this portal does not know",
}
FOUND = {
    "kind": "search",
    "reason": "fraud",
    "opened_at": 1.0,
    "persons": [{**HOLDER, "rights": RIGHTS, "differing": ["birthdate"]}],
}


class Channel:
    """An insurer that answers what it is told to, and remembers what it was asked."""

    def __init__(self):
        self.asked, self.status, self.content = [], 200, {}

    def exchange(self, method, path, body=None, key="", more=None):
        self.asked.append((method, path, body, key, more))
        answer = requests.Response()
        answer.status_code = self.status
        raw = self.content if isinstance(self.content, bytes) else json.dumps(self.content).encode()
        answer._content = raw
        return answer


@pytest.fixture
def channel():
    return Channel()


@pytest.fixture
def line(channel):
    return DeskLine(channel)


def refused(channel, status, error, described):
    channel.status = status
    channel.content = {"error": error, "error_description": described}


def test_the_session_of_the_advisor_goes_with_each_call(line, channel):
    """In a header of its own, never in the address."""
    channel.content = {"consultation": "abc"}
    assert line.open_file("the-token", "source", 7) == "abc"
    channel.content = {}
    line.act("the-token", "a/b", "unlocking", "k" * 20)

    assert channel.asked == [
        (
            "POST",
            "/desk/files",
            {"source": "source", "person": 7},
            "",
            {"Staff-Session": "the-token"},
        ),
        (
            "POST",
            "/desk/consultations/a%2Fb/unlocking",
            {},
            "k" * 20,
            {"Staff-Session": "the-token"},
        ),
    ]


def test_a_sign_in_bears_no_session(line, channel):
    """Nobody is there yet."""
    channel.content = {
        "token": "t",
        "name": "camille",
        "on_call": True,
        "open": True,
        "idle_seconds": 1200,
    }

    assert line.sign_in("camille", "p", "c").token == "t"
    assert channel.asked[0][4] == {}
    assert "token" not in repr(line.sign_in("camille", "p", "c"))


def test_a_consultation_is_read_by_its_kind(line, channel):
    """A search shows persons, a file is a file."""
    channel.content = FOUND
    found = line.consultation("t", "n")
    channel.content = FILE
    file = line.consultation("t", "n")

    assert isinstance(found, Found)
    assert found.persons[0].short_name == "Marc MARTIN"
    assert isinstance(file, File)
    assert file.account.origin == "advisor"


@pytest.mark.parametrize(
    ("described", "field", "rule"),
    [
        ("nir: key (B0274)", "nir", "key"),
        ("birthplace: several: 69001, 69002 (B0274)", "birthplace", "several: 69001, 69002"),
        ("The desk of the advisors is closed. (B0273)", "", "The desk of the advisors is closed."),
        ("no number at all", "", ""),
        ("", "", ""),
    ],
)
def test_a_refusal_names_the_field_and_the_rule(line, channel, described, field, rule):
    """As far as the description says."""
    refused(channel, 400, "invalid_field", described)
    with pytest.raises(DeskRefusedError) as refusal:
        line.overview("t")

    assert (refusal.value.error, refusal.value.field, refusal.value.rule) == (
        "invalid_field",
        field,
        rule,
    )


def test_a_session_that_ended_is_told_apart(line, channel):
    """The page leads to the door."""
    refused(channel, 401, "staff_session", "The session is not open. (B0270)")

    with pytest.raises(NotAtWorkError):
        line.overview("t")


@pytest.mark.parametrize("content", [b"", b"[]", b"<html>", b'"text"', b"\xff", b"[" * 5000])
def test_an_answer_that_is_no_object_is_nobody(line, channel, content):
    """Whatever stands between: the insurer is away."""
    channel.content = content

    with pytest.raises(InsurerAwayError):
        line.overview("t")


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_fault_of_the_insurer_is_nobody(line, channel, status):
    """Nothing of its answer is shown."""
    refused(channel, status, "server_error", "secret detail (B0650)")

    with pytest.raises(InsurerAwayError) as away:
        line.overview("t")
    assert "secret" not in str(away.value)


@pytest.mark.parametrize(
    "content",
    [
        {**FILE, "holder": None},
        {**FILE, "accounts": [{"status": 1}]},
        {**FOUND, "persons": [{}]},
        {**FOUND, "kind": "other"},
        {},
    ],
)
def test_an_answer_with_a_wrong_member_is_nobody(line, channel, content):
    """A page is never drawn from half an answer."""
    channel.content = content

    with pytest.raises(InsurerAwayError):
        line.consultation("t", "n")


@pytest.mark.parametrize("content", [{}, {"consultation": None}, {"consultation": 7}])
def test_a_consultation_without_id_is_nobody(line, channel, content):
    """There is nowhere to go."""
    channel.content = content

    with pytest.raises(InsurerAwayError):
        line.search("t", {})
