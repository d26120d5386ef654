"""A fault or a persona chosen for one login never shows in another."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from mock_idps.faults.fault import Ends
from mock_idps.faults.table import FAULTS
from mock_idps.outside import Outside

PEOPLE = ("claire", "marc", "paul", "zoe", "portugal", "leo", "agnes", "reunion", "oran", "emma")
CHOSEN = ("", "wrong_nonce", "acr_missing", "no_email", "wrong_aud")


def test_fifty_parallel_logins_never_meet(plain, new_trip, tokens_read):
    """Ten personas with five faults at once: each login shows its own and nothing else."""
    work = [(who, fault) for who in PEOPLE for fault in CHOSEN]

    def login(job):
        who, fault = job
        trip = new_trip()
        client = plain.app.test_client()
        hint = f"persona:{who}+fault:{fault}" if fault else f"persona:{who}"
        asked = plain.request(trip, login_hint=hint)
        trip.location = client.get("/authorize", query_string=asked).location
        tokens = plain.redeem(trip)
        claims = tokens_read[0](tokens.json["id_token"])[1]
        return {
            "subject": claims["sub"] == plain.userinfo(tokens).json["sub"],
            "nonce": claims["nonce"] == trip.nonce,
            "acr": "acr" in claims,
            "email": "email" in plain.userinfo(tokens).json,
            "aud": claims["aud"] == "broker",
            "who": claims["sub"],
        }

    with ThreadPoolExecutor(8) as pool:
        seen = dict(zip(work, pool.map(login, work), strict=True))

    for (who, fault), facts in seen.items():
        assert facts["subject"]
        assert facts["who"] == seen[(who, "")]["who"]
        assert facts["nonce"] == (fault != "wrong_nonce")
        assert facts["acr"] == (fault != "acr_missing")
        assert facts["email"] == (fault != "no_email" and who != "agnes")
        assert facts["aud"] == (fault != "wrong_aud")
    assert len({facts["who"] for facts in seen.values()}) == len(PEOPLE)


def test_a_queued_fault_is_met_once(plain):
    """The next login meets it, the one after does not."""
    plain.back.post("/_control/faults", json={"fault": "access_denied"})

    assert plain.sign_in().answer["error"] == "access_denied"
    assert "code" in plain.sign_in().answer


def test_a_fault_queued_for_somebody_waits_for_them(plain):
    """Marc signs in undisturbed while a fault waits for Claire."""
    plain.back.post("/_control/faults", json={"fault": "no_code", "persona": "claire", "count": 2})

    assert "code" in plain.sign_in("persona:marc").answer
    assert "code" not in plain.sign_in("persona:claire").answer
    assert "code" not in plain.sign_in("persona:claire").answer
    assert "code" in plain.sign_in("persona:claire").answer


def test_the_fault_of_the_login_goes_before_the_queue(plain):
    """A fault chosen for this login leaves the queue untouched."""
    plain.back.post("/_control/faults", json={"fault": "no_code"})

    assert plain.sign_in("persona:claire+fault:server_error").answer["error"] == "server_error"
    assert len(plain.back.get("/_control/faults").json["queue"]) == 1


def test_a_sleep_that_raises_reaches_the_caller(party):
    """A network without sockets turns a long wait into its own time-out."""

    class TooSlowError(Exception):
        """The caller's limit."""

    def sleep(_seconds):
        raise TooSlowError

    rp = party("plain", outside=Outside(float, secrets.token_bytes, sleep))
    trip = rp.sign_in("persona:claire+fault:token_never")
    with pytest.raises(TooSlowError):
        rp.redeem(trip)


def test_names_are_unique_and_every_row_is_complete():
    """A fault has one name, two sentences and an end."""
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    for fault in FAULTS:
        assert fault.does.endswith("."), fault.name
        assert fault.expects.endswith("."), fault.name
        assert fault.ends in Ends, fault.name
