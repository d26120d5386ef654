"""Whatever is sent to the desk: an answer of the catalogue, never a fault of ours."""

import json

import pyotp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.world import World
from tests.backchannel import CHEAP_PASSWORDS, Portal
from tests.service import body

MEMBERS = (
    "reason",
    "note",
    "nir",
    "family_name",
    "given_names",
    "birthdate",
    "gender",
    "birthplace",
    "birthcountry",
    "number",
    "source",
    "person",
    "text",
    "message",
    "questions",
    "name",
    "password",
    "code",
    "origin",
)
PATHS = (
    "/desk/sessions",
    "/desk/searches",
    "/desk/cases",
    "/desk/files",
    "/desk/messages/1",
    "/desk/consultations/x/proof",
    "/desk/consultations/x/answer",
    "/post-codes/redemption",
)
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["other", "fraud", "1985-03-27", "0000-00-00", "female", "99352", "Lyon"]),
    st.integers(),
    st.none(),
    st.booleans(),
    st.lists(st.text(max_size=5), max_size=3),
    st.floats(allow_nan=False),
)


@pytest.fixture(scope="module")
def advisor():
    """Calls the desk with both proofs."""
    desk = {"consultations_per_hour": 10_000}
    changes = {
        "insured": {"passwords": CHEAP_PASSWORDS, "demonstration_persons": 5, "desk": desk},
    }
    with World.build(changes) as world:
        portal = Portal(world)
        wanted = world.configuration.broker.insured.desk.demonstration_advisor
        code = pyotp.TOTP(wanted.totp_secret).at(world.clock())
        said = {"name": wanted.name, "password": wanted.password, "code": code}
        session = body(portal.call("POST", "/desk/sessions", said))["token"]
        headers = {"Staff-Session": session, "Idempotency-Key": "a-key-of-sixteen-letters"}
        yield lambda path, content: portal.call("POST", path, content, headers)


def harmless(answer):
    """An answer of the catalogue, in JSON, that tells nothing of the inside."""
    assert answer.status < 500, answer.body
    told = body(answer)
    if answer.status >= 400:
        assert set(told) >= {"error", "error_description"}
        assert "Traceback" not in told["error_description"]


@pytest.mark.parametrize("path", PATHS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.dictionaries(st.sampled_from(MEMBERS), VALUES, max_size=8))
def test_no_body_is_a_fault_of_ours(advisor, path, content):
    """Any members with any values."""
    harmless(advisor(path, content))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    said=st.fixed_dictionaries(
        {"reason": st.just("fraud")},
        optional={
            name: st.text(max_size=60) for name in ("nir", "family_name", "given_names", "note")
        }
        | {
            "birthdate": st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
            "birthplace": st.sampled_from(["69383", "Lyon", "x", "99352", "2A004"]),
            "birthcountry": st.sampled_from(["99100", "99352", "Algérie", "x"]),
            "gender": st.sampled_from(["female", "male", "unspecified", ""]),
        },
    )
)
def test_no_search_is_a_fault_of_ours(advisor, said):
    """Well-formed searches with any text in each field."""
    harmless(advisor("/desk/searches", said))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    raw=st.one_of(st.binary(max_size=200), st.text(max_size=100).map(json.dumps).map(str.encode))
)
def test_no_bytes_are_a_fault_of_ours(advisor, raw):
    """What is no JSON object is refused as such."""
    answer = advisor("/desk/searches", raw)

    harmless(answer)
    assert answer.status == 400
