"""`passerelle keys`: what an operator sees and does of the keys that sign."""

import base64
import json
import re
from datetime import UTC, datetime

import pytest

from sandbox.wsgi import Request, call, environment
from tests.broker.operator import typed
from tests.service import Service, body


@pytest.fixture
def keys(world):
    """Type `passerelle keys …`."""
    return lambda *words: typed(world, "keys", *words)


@pytest.fixture
def published(world):
    """The names of the keys that services read."""

    def ask():
        sent = Request("GET", f"{world.broker.url}/api/v2/jwks", {})
        return {key["kid"] for key in body(call(world.broker, environment(sent)))["keys"]}

    return ask


def states(keys):
    return {row["kid"]: row["state"] for row in keys("list", "--json").json}


def signing(keys, alg="ES256"):
    rows = keys("list", "--json").json
    return next(row["kid"] for row in rows if (row["alg"], row["state"]) == (alg, "current"))


def test_a_new_broker_has_one_key_for_each_algorithm(keys, published):
    """Both sign now, both are published."""
    rows = keys("list", "--json").json

    assert [(row["alg"], row["state"]) for row in rows] == [
        ("ES256", "current"),
        ("RS256", "current"),
    ]
    assert published() == {row["kid"] for row in rows}


def test_people_read_a_line_for_each_key(world, keys):
    """Its state, its algorithm and its name; a moment only where something is to come."""
    kid = signing(keys)
    before = keys("list").output.splitlines()
    keys("rotate", "--lead", 60)
    current, _, after = keys("list").output.splitlines()
    world.clock.advance(61)
    previous = keys("list").output.splitlines()[0]

    assert before[0] == f"current   ES256  {kid}"
    assert current.startswith(f"current   ES256  {kid}  signs until 2026-03-02 08:31:0")
    assert re.fullmatch(r"next      ES256  \S+  signs from 2026-03-02 08:31:0\d UTC", after)
    assert previous.startswith(f"previous  ES256  {kid}  published until 2026-03-02 08:43:0")


def test_private_keys_are_never_shown(keys):
    """Nothing but names and dates."""
    row = keys("list", "--json").json[0]

    assert set(row) == {"kid", "alg", "state", "signs_from", "signs_until", "published_until"}


def test_a_rotation_publishes_ahead_and_signs_when_it_was_said(world, keys, published):
    """The next key can be read an hour before it signs; the former stays until its tokens died."""
    before = signing(keys)
    told = keys("rotate", "--json").json
    fresh = told["kid"]
    ahead = (states(keys)[fresh], fresh in published(), signing(keys))
    world.clock.advance(told["signs_in_seconds"])
    after = (states(keys)[before], before in published(), signing(keys))
    world.clock.advance(600 + 120 + 5)

    assert told["signs_in_seconds"] == world.configuration.broker.broker.key_lead_seconds
    assert ahead == ("next", True, before)
    assert after == ("previous", True, fresh)
    assert (states(keys)[before], before in published()) == ("retired", False)


def test_the_dates_of_a_rotation_are_told(world, keys):
    """In the time of the broker, as ISO 8601."""
    before = signing(keys)
    fresh = keys("rotate", "--lead", 60, "--json").json["kid"]
    rows = {row["kid"]: row for row in keys("list", "--json").json}
    begins = datetime.fromtimestamp(world.clock() + 60, UTC)

    assert rows[before]["signs_until"] == rows[fresh]["signs_from"]
    assert abs((datetime.fromisoformat(rows[fresh]["signs_from"]) - begins).total_seconds()) < 3
    assert rows[fresh]["signs_until"] is None


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_one_algorithm_is_rotated_at_a_time(keys, alg):
    """The key of the other goes on."""
    other = signing(keys, "RS256" if alg == "ES256" else "ES256")
    fresh = keys("rotate", "--alg", alg, "--lead", 0, "--json").json["kid"]

    assert signing(keys, alg) == fresh
    assert states(keys)[other] == "current"


MONTH = 30 * 86_400


@pytest.mark.parametrize(
    "words",
    [
        ("--alg", "HS256"),
        ("--lead", "-1"),
        ("--lead", "soon"),
        ("--lead", MONTH + 1),
        ("--lead", "999999999999"),
    ],
)
def test_a_rotation_that_makes_no_sense_is_refused(keys, words):
    """A usage error that names the option; no key is made."""
    told = keys("rotate", *words)

    assert told.status == 2
    assert words[0] in told.refusal
    assert len(states(keys)) == 2


def test_a_login_across_a_rotation_is_verified(world, keys, browser):
    """Code before, token after: signed by the new key, which services can read."""
    sample = Service(world)
    code = sample.login(browser)["code"]
    fresh = keys("rotate", "--lead", 0, "--json").json["kid"]
    world.clock.advance(5)
    token = sample.tokens(code)["id_token"]
    header = json.loads(_decoded(token.split(".")[0]))

    assert header["kid"] == fresh
    assert sample.id_token({"id_token": token})["aud"] == sample.client_id


def test_a_leaked_key_is_out_at_once(world, keys, published):
    """After a rotation without lead, the old one leaves the published set the same second."""
    leaked = signing(keys)
    keys("rotate", "--lead", 0)
    told = keys("retire", leaked, "--json")
    world.clock.advance(5)

    assert told.json == {"kid": leaked, "retired": True}
    assert leaked not in published()
    assert states(keys)[leaked] == "retired"


def test_a_rotation_may_be_announced_a_month_ahead(keys):
    """No longer: the usage says so, and the list tells the date."""
    told = keys("rotate", "--lead", MONTH)

    assert told.output.endswith(f" signs in {MONTH} seconds.\n")
    assert "signs from 2026-04-01 08:30:0" in keys("list").output
    assert "30 days at most" in keys("rotate", "--help").output


def test_a_date_beyond_every_calendar_is_still_listed(world, keys):
    """As an older version could set it: the key can then be retired, and the former goes on."""
    parts, first = world.broker.app.extensions["parts"], signing(keys)
    far = parts.keys.rotate("ES256", 999_999_999_999, 720, parts.journal)
    rows = {row["kid"]: row for row in keys("list", "--json").json}

    assert rows[far]["signs_from"] == "9999-12-31T23:59:59+00:00"
    assert "signs from 9999-12-31 23:59:59 UTC" in keys("list").output
    assert keys("retire", far).status == 0
    assert {row["kid"]: row for row in keys("list", "--json").json}[first]["signs_until"] is None


def test_logins_go_on_after_the_next_key_was_retired(world, keys):
    """A key that leaked before it signed: nobody notices, neither then nor when it would have."""
    sample, current = Service(world), signing(keys)
    leaked = keys("rotate", "--lead", 20, "--json").json["kid"]
    told = keys("retire", leaked)
    codes = []
    for seconds in (0, 21, 3600):
        world.clock.advance(seconds)
        codes.append(sample.redeem(sample.login(world.browser())["code"]).status)

    assert told.output == f"{leaked} is retired.\n"
    assert codes == [200, 200, 200]
    assert signing(keys) == current


def test_logins_go_on_when_the_current_key_is_retired_for_the_next(world, keys, published):
    """It signs an hour before its time, at once on the node that was told."""
    sample, leaked = Service(world), signing(keys)
    following = keys("rotate", "--json").json["kid"]
    told = keys("retire", leaked)
    tokens = sample.tokens(sample.login(world.browser())["code"])

    assert told.status == 0
    assert json.loads(_decoded(tokens["id_token"].split(".")[0]))["kid"] == following
    assert sample.id_token(tokens)["aud"] == sample.client_id
    assert leaked not in published()
    assert signing(keys) == following


def test_the_only_key_that_signs_is_not_retired(keys, published):
    """The sentence says what to do first, and services still read it."""
    only = signing(keys)
    told = keys("retire", only)

    assert (told.status, "rotate --lead 0" in told.refusal) == (1, True)
    assert only in published()


def test_a_key_nobody_knows_is_told(keys):
    """With the command that lists them."""
    told = keys("retire", "nothing")

    assert (told.status, "No key is called nothing" in told.refusal) == (1, True)


def test_another_node_signs_with_the_new_key_within_five_seconds(world, keys):
    """The ring of every node reads the database again."""
    other = world.broker.make().extensions["parts"].keys
    former = other.current("ES256").kid
    fresh = keys("rotate", "--lead", 0, "--json").json["kid"]
    world.clock.advance(5)

    assert former != fresh
    assert other.current("ES256").kid == fresh


def _decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
