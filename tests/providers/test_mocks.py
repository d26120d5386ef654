"""The adapter against the mock providers: an independent witness of the same specifications."""

import json
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc.jwk import ECKey

from mock_idps.app import create_app
from mock_idps.dialects import DIALECTS
from mock_idps.faults.fault import Ends, Where
from mock_idps.faults.table import FAULTS, faults_of
from mock_idps.outside import Outside
from mock_idps.settings import load
from providers import faults
from providers.build import build
from providers.identity import Gender, PartialDate, PivotIdentity
from providers.protocol import Trip
from providers.settings import ProviderSettings
from sandbox.network import Network
from sandbox.wsgi import Request
from tests.providers.conformance import ProviderConformance

ORIGIN = "http://mock.test"
CALLBACK = "http://broker.test/callback/mock"
SECRET = "a-secret-for-tests-only-0123456789abcdef"
NOON = 1_780_000_000.0
KINDS = ("oidc", "tax", "postal", "msa", "mobile", "ameli")
SIGNING = ECKey.generate_key("P-256", {"kid": "sig", "use": "sig"})
OPENING = ECKey.generate_key("P-256", {"kid": "enc", "use": "enc"})
CLAIRE = PivotIdentity(
    family_name="DURAND",
    given_names=("Claire", "Anne"),
    birthdate=PartialDate(1985, 3, 27),
    gender=Gender.FEMALE,
    birthplace="69383",
    birthcountry="99100",
    email="claire@courriel.exemple.fr",
    tokens_given=True,
)
MOCK_NAMES = {
    "redirect_on_token": "token_redirect",
    "wrong_iss": "wrong_token_iss",
    "two_aud_without_azp": "two_aud_no_azp",
    "hs256_with_public_key": "hs256_public_key",
    "sub_300": "sub_long",
    "no_acr": "acr_missing",
    "userinfo_other_sub": "other_sub",
    "malformed_date": "malformed_birthdate",
}


@cache
def _mock(kind):
    """The network of one mock of that dialect, and its clock; made once, for making takes long."""
    network, clock = Network(), [NOON]
    table = {
        "issuer": ORIGIN,
        "title": "Mock (fictif)",
        "client_id": "broker",
        "client_secret": SECRET,
        "redirect_uris": [CALLBACK],
        "dialect": "plain" if kind == "oidc" else kind,
        "client_jwks": [SIGNING.as_dict(private=False), OPENING.as_dict(private=False)],
    }
    outside = Outside(lambda: clock[0], secrets.token_bytes, network.sleep)
    app = create_app(load({"mock_idps": {"mock": table}})[0], outside)
    network.attach(ORIGIN, app)
    return network, clock


def _settings(kind):
    table = {
        "id": "mock",
        "kind": kind,
        "issuer": ORIGIN,
        "client_id": "broker",
        "client_secret": SECRET,
        "client_key": json.dumps(SIGNING.as_dict(private=True)),
        "decryption_key": json.dumps(OPENING.as_dict(private=True)),
    }
    if kind == "oidc":
        table |= {"label": "Mock", "levels": ["eidas1", "eidas2"]}
    if kind == "msa":
        table |= {
            "authorization_endpoint": f"{ORIGIN}/authorize",
            "token_endpoint": f"{ORIGIN}/token",
            "userinfo_endpoint": f"{ORIGIN}/userinfo",
            "jwks_uri": f"{ORIGIN}/jwks",
        }
    return ProviderSettings.model_validate(table)


@dataclass
class MockStage:
    """A new adapter in front of a mock provider, without a socket between them."""

    kind: str
    lie: str = ""

    def __post_init__(self):
        self.network, self.clock = _mock(self.kind)
        self.provider = build(_settings(self.kind), self.network.http(), secrets.token_bytes)
        self.issuer = ORIGIN
        self.expected = replace(CLAIRE, tokens_given=self.kind != "msa")

    def trip(self, **changes):
        """A new trip, on which Claire signs in by herself."""
        honest = Trip(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(32),
            callback=CALLBACK,
            level=min(self.provider.levels, key=lambda level: level.rank),
            now=self.clock[0],
        )
        return replace(honest, **changes)

    def sign_in(self, trip, fault=None):
        """What comes back to the callback, the fault of the moment included."""
        told = fault or self.lie
        hint = f"persona:claire+fault:{told}" if told else "persona:claire"
        url = self.provider.depart(replace(trip, login_hint=hint)).url
        answer, _ = self.network.send(Request("GET", url))
        location = answer.header("location")
        assert location.startswith(f"{CALLBACK}?"), answer.body
        return dict(parse_qsl(urlsplit(location).query))

    def refuse(self, trip):
        return self.sign_in(trip, fault="access_denied")

    @contextmanager
    def lying(self, lie):
        self.lie = MOCK_NAMES.get(lie, lie)
        yield
        self.lie = ""

    def rotate_keys(self):
        for step in ("publish", "use"):
            self.control("POST", f"/keys/{step}")

    def control(self, method, path, body=b""):
        headers = {"Content-Type": "application/json"}
        request = Request(method, f"{ORIGIN}/_control{path}", headers, body)
        answer, _ = self.network.send(request)
        assert answer.status < 300, answer.body
        return json.loads(answer.body)


class OfMock(ProviderConformance):
    """A provider whose upstream is the mock of that dialect."""

    kind = "oidc"

    @pytest.fixture
    def stage(self):
        return MockStage(self.kind)


class TestPlain(OfMock):
    """The mock of an ordinary provider."""


class TestTax(OfMock):
    kind = "tax"


class TestPostal(OfMock):
    kind = "postal"


class TestMsa(OfMock):
    kind = "msa"


class TestMobile(OfMock):
    kind = "mobile"


class TestAmeli(OfMock):
    kind = "ameli"


# --- every fault of the table ---------------------------------------------------------------------

CHECKS = {
    "access_denied": "provider_error",
    "login_required": "provider_error",
    "temporarily_unavailable": "provider_error",
    "server_error": "provider_error",
    "hostile_error": "provider_error",
    "no_code": "no_code",
    "wrong_iss": "issuer_mismatch",
    "no_iss": "issuer_missing",
    "token_400": "token_status",
    "token_401": "token_status",
    "token_500": "token_status",
    "token_503": "token_status",
    "token_slow": "token_slow",
    "token_never": "token_slow",
    "token_redirect": "token_redirect",
    "token_html": "token_not_json",
    "token_huge": "token_too_large",
    "token_truncated": "token_not_json",
    "wrong_token_iss": "wrong_issuer",
    "wrong_aud": "wrong_audience",
    "two_aud_no_azp": "azp",
    "wrong_azp": "azp",
    "expired": "expired",
    "not_yet_valid": "not_yet_valid",
    "wrong_nonce": "wrong_nonce",
    "no_nonce": "missing_nonce",
    "alg_none": "alg_refused",
    "hs256_public_key": "alg_refused",
    "hs256_client_secret": "alg_refused",
    "unknown_kid": "unknown_key",
    "foreign_key": "bad_signature",
    "jwk_header": "header_key_refused",
    "unknown_crit": "unknown_crit",
    "wrong_at_hash": "at_hash",
    "other_case_sub": "subject_mismatch",
    "acr_lower": "level_not_allowed",
    "acr_missing": "level_missing",
    "old_auth_time": "auth_time_too_old",
    "wrong_encryption_key": "jwe_undecryptable",
    "not_encrypted": "jwe_missing",
    "no_sub": "subject_invalid",
    "sub_null": "subject_invalid",
    "sub_empty": "subject_invalid",
    "sub_number": "subject_invalid",
    "sub_list": "subject_invalid",
    "sub_long": "subject_invalid",
    "userinfo_401": "userinfo_status",
    "userinfo_500": "userinfo_status",
    "userinfo_slow": "userinfo_slow",
    "userinfo_redirect": "userinfo_redirect",
    "userinfo_huge": "userinfo_too_large",
    "userinfo_unsigned": "userinfo_unsigned",
    "userinfo_alg_none": "alg_refused",
    "userinfo_foreign_key": "bad_signature",
    "userinfo_wrong_aud": "userinfo_audience",
    "other_sub": "subject_mismatch",
    "jwks_empty": "jwks_empty",
    "jwks_without_kid": "unknown_key",
    "jwks_500": "jwks_status",
    "jwks_huge": "jwks_too_large",
    "discovery_other_issuer": "discovery_issuer",
    "discovery_500": "discovery_status",
    "discovery_garbage": "discovery_not_json",
}
BY_DIALECT = {("postal", "userinfo_garbage"): "userinfo_malformed"}
HONEST_FAULTS = [fault for fault in FAULTS if fault.only != "attacks"]


def _expected(kind, fault):
    if fault.name.startswith(("malformed_", "no_")) and fault.where is Where.CLAIMS:
        return "trait_invalid"
    by_dialect = BY_DIALECT.get((kind, fault.name))
    return by_dialect or CHECKS.get(fault.name, "userinfo_not_json")


def _met(stage, fault, **trip):
    """The check that refuses a login with that fault, None when it arrives."""
    started = stage.trip(**trip)
    try:
        stage.provider.arrive(stage.sign_in(started, fault.name), started)
    except faults.ProviderFault as refused:
        return refused.check
    return None


# Every fault at the ordinary provider; at the others what only they can tell, and what the suite
# above does not repeat for each of them: their user information and their subjects.
TOLD = [
    (kind, fault.name)
    for kind in KINDS
    for fault in faults_of(DIALECTS["plain" if kind == "oidc" else kind]).values()
    if fault in HONEST_FAULTS
    and fault.where is not Where.DISCOVERY
    and (kind == "oidc" or fault.only or fault.where in {Where.CLAIMS, Where.CIPHER})
]


@pytest.mark.parametrize(("kind", "name"), TOLD)
def test_a_fault_of_the_table_ends_as_the_table_says(kind, name):
    """Each fault of each dialect ends as announced, and a login afterwards is unharmed."""
    stage = MockStage(kind)
    fault = next(one for one in FAULTS if one.name == name)
    stage.provider.arrive(*_signed_in(stage))

    met = _met(stage, fault)
    if fault.ends is Ends.AS_ASKED:
        assert met is None
        met = _met(stage, fault, max_age=600)
    if fault.ends in {Ends.GOES_ON, Ends.PAGE}:
        assert met is None
    else:
        assert met == _expected(kind, fault)
    assert stage.provider.arrive(*_signed_in(stage)).identity == stage.expected


def _signed_in(stage):
    trip = stage.trip()
    return stage.sign_in(trip), trip


@pytest.mark.parametrize(
    "name", [fault.name for fault in HONEST_FAULTS if fault.where is Where.DISCOVERY]
)
def test_a_lying_discovery_document_is_refused(name):
    """A first document that lies keeps people away; the next one heals it."""
    stage = MockStage("oidc")
    stage.control("POST", "/faults", json.dumps({"fault": name}).encode())

    with pytest.raises(faults.ProviderFault) as refused:
        stage.provider.depart(stage.trip())
    assert refused.value.check == CHECKS[name]
    assert stage.provider.arrive(*_signed_in(stage)).identity == stage.expected


@pytest.mark.parametrize(
    "name", [fault.name for fault in HONEST_FAULTS if fault.where is Where.DISCOVERY]
)
def test_a_document_that_starts_to_lie_harms_nobody(name):
    """While the renewal of a known document fails, logins go on with the last good one."""
    stage = MockStage("oidc")
    stage.provider.arrive(*_signed_in(stage))
    stage.control("POST", "/faults", json.dumps({"fault": name}).encode())
    stage.clock[0] += 4000

    assert stage.provider.arrive(*_signed_in(stage)).identity == stage.expected


def test_every_fault_of_the_table_has_its_check():
    """A fault added to the mocks is given its check here."""
    untold = [
        fault.name
        for fault in HONEST_FAULTS
        if fault.ends in {Ends.BANNER, Ends.AS_ASKED}
        and fault.where is not Where.CLAIMS
        and fault.name not in {*CHECKS, "userinfo_garbage"}
    ]

    assert untold == []
