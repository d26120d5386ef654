"""Faults of the published documents meet the fetch that their login causes, and no other."""

import pytest
from joserfc.jwk import KeySet

from mock_idps.faults.fault import Where
from mock_idps.faults.table import FAULTS

BY_NAME = {fault.name: fault for fault in FAULTS}
JWKS = [fault for fault in FAULTS if fault.where is Where.JWKS]
DISCOVERY = [f for f in FAULTS if f.where is Where.DISCOVERY and f.only == "discovery"]
METADATA = "/.well-known/openid-configuration"

SHOWN = {
    "jwks_empty": lambda r: r.json == {"keys": []},
    "jwks_without_kid": lambda r: r.json["keys"] and not any("kid" in k for k in r.json["keys"]),
    "jwks_500": lambda r: r.status_code == 500,
    "jwks_huge": lambda r: len(r.data) > 1024 * 1024,
    "jwks_rotated": lambda r: len(r.json["keys"]) == 2,
    "discovery_other_issuer": lambda r: r.json["issuer"] == "https://other.example",
    "discovery_500": lambda r: r.status_code == 500,
    "discovery_garbage": lambda r: r.is_json and r.get_json(silent=True) is None,
}


def test_every_document_fault_has_its_proof():
    """A fault added to the table without a check here is noticed."""
    assert sorted(SHOWN) == sorted(fault.name for fault in [*JWKS, *DISCOVERY])


@pytest.mark.parametrize("fault", JWKS, ids=lambda fault: fault.name)
def test_a_fault_of_the_keys_meets_the_fetch_of_its_login(plain, fault, tokens_read):
    """The ID token names a key unknown so far; the very next answer of the keys is the lie."""
    known = {key.kid for key in plain.keys().keys}
    tokens = plain.redeem(plain.sign_in(f"persona:claire+fault:{fault.name}"))
    header, _ = tokens_read[0](tokens.json["id_token"])

    assert header["kid"] not in known
    assert SHOWN[fault.name](plain.back.get("/jwks"))
    assert header["kid"] in {key.kid for key in plain.keys().keys}


@pytest.mark.parametrize("fault", JWKS, ids=lambda fault: fault.name)
def test_the_keys_of_everybody_else_stay_as_they_were(plain, fault):
    """Another login during the fault is signed by the key known before."""
    before = KeySet.import_key_set(plain.back.get("/jwks").json)
    plain.redeem(plain.sign_in(f"persona:claire+fault:{fault.name}"))
    other = plain.redeem(plain.sign_in("persona:marc"))

    plain.keys = lambda: before
    assert plain.verified(plain.opened(other))["sub"]


@pytest.mark.parametrize("fault", DISCOVERY, ids=lambda fault: fault.name)
def test_a_fault_of_the_discovery_meets_its_next_request_once(plain, fault):
    """Queued through the control API, it waits for the next fetch and is then over."""
    plain.back.post("/_control/faults", json={"fault": fault.name})

    assert SHOWN[fault.name](plain.back.get(METADATA))
    assert plain.back.get(METADATA).json["issuer"] == "http://mock.test"


@pytest.mark.parametrize("name", ["jwks_empty", "discovery_500"])
def test_a_document_fault_that_meets_nobody_fades(plain, name):
    """After 30 seconds an armed fault hits no stranger."""
    trip = plain.sign_in(f"persona:claire+fault:{name}")
    plain.redeem(trip)
    plain.clock.now += 31

    assert plain.back.get("/jwks").json["keys"]
    assert plain.back.get(METADATA).status_code == 200


def test_a_provider_without_discovery_offers_no_fault_of_it(party):
    """What a dialect cannot do, it cannot do wrong."""
    refused = party("msa").back.post("/_control/faults", json={"fault": "discovery_500"})

    assert refused.status_code == 400
    assert "jwks_500" in refused.json["error_description"]
