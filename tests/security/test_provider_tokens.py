"""What an identity provider may not do to us, at the level of its answers and tokens."""

import base64
import json
import logging
import time

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey
from joserfc.jwt import decode

from providers import call_faults, faults, token_faults
from providers.binding import binding, secret_kept_elsewhere
from providers.circuit import Circuit, CircuitRules, CircuitState
from providers.http import Reply
from providers.levels import Level
from providers.urllib3_http import Urllib3Http
from tests.providers.stage import ISSUER, NOON, on_stage, settings
from tests.providers.upstream import json_reply, signed, signing_key, unpadded


def _claims_of(stage, trip, **changes):
    """The ID token's claims an honest upstream would send next, changed."""
    honest = stage.upstream.id_claims({"nonce": trip.nonce, "acr_values": "eidas1"}, "access-0")
    return {**honest, **changes}


def _arrive_with(stage, forge):
    """An arrival whose ID token is `forge(claims)`, everything else honest."""
    trip = stage.trip()
    answer = stage.sign_in(trip)
    token = forge(_claims_of(stage, trip))
    stage.upstream.lie("id_token_sent", lambda _: token)
    return stage.provider.arrive(answer, trip)


# --- row 8: subjects ------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", [None, "", " ", "null", "None", 0, 12345, [], "s" * 300])
def test_a_subject_that_several_people_could_share_is_refused(subject):
    """Row 8 (CVE-2026-82968): an empty, coerced or endless subject never becomes a key."""
    stage = on_stage()
    stage.upstream.subject = subject

    with pytest.raises(token_faults.SubjectInvalid):
        stage.login()


def test_subjects_of_other_case_are_other_people():
    """Row 8 (CVE-2026-82968): case is kept, so two subjects are never folded into one."""
    subjects = set()
    for subject in ("Abc", "abc", "ABC"):
        stage = on_stage()
        stage.upstream.subject = subject
        subjects.add((stage.login().issuer, stage.login().subject))

    assert len(subjects) == 3


def test_an_arrival_is_known_by_issuer_and_subject():
    """Row 9 (GHSA-9wqv-qhrh-87f4): the same subject at two issuers is told apart by the issuer."""
    here, there = on_stage(), on_stage(issuer="https://other.example")

    assert here.login().subject == there.login().subject
    assert here.login().issuer != there.login().issuer


# --- row 12: addresses and secrets ----------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["issuer", "token_endpoint", "par_endpoint", "userinfo_endpoint", "jwks_uri"]
)
def test_a_moved_endpoint_wants_its_secret_again(key):
    """Row 12 (CVE-2026-15943): an address edited while the secret is kept is noticed."""
    before = binding(settings())
    after = binding(settings(**{key: "https://evil.example/x"}))

    assert secret_kept_elsewhere(before, after)


# --- row 23: our own assertions -------------------------------------------------------------------


def test_our_assertion_is_of_no_use_elsewhere():
    """Row 23 (CVE-2025-27370): the audience is the issuer alone, never an endpoint."""
    stage = on_stage("mobile")
    stage.login()
    assertion = next(
        form["client_assertion"] for *_, form in stage.upstream.calls if "client_assertion" in form
    )
    key = ECKey.import_key(json.loads(stage.provider.settings.client_key))
    token = decode(assertion, key, algorithms=["ES256"])

    assert token.claims["aud"] == ISSUER
    assert token.header["typ"] == "client-authentication+jwt"


# --- row 28: where calls go -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/jwks",
        "https://[::1]/jwks",
        "https://localhost/jwks",
        "http://upstream.example/jwks",
        "file:///etc/passwd",
        "gopher://upstream.example/",
    ],
)
def test_published_addresses_do_not_lead_into_our_own_network(address):
    """Row 28 (PYSEC-2026-4360): loopback, plain http and other schemes are never called."""
    stage = on_stage()
    stage.upstream.lie("discovery", lambda document: {**document, "jwks_uri": address})
    network = Urllib3Http(time.monotonic, production=True)

    class Mixed:
        """Our upstream for what it serves, the real network in production for the rest."""

        def send(self, method, url, **options):
            ours = url.startswith(ISSUER)
            return (stage.upstream if ours else network).send(method, url, **options)

    stage.provider._http = Mixed()
    with pytest.raises(faults.ProviderFault) as refused:
        stage.login()
    network.close()

    assert refused.value.check in {"discovery_malformed", "jwks_forbidden", "jwks_unreachable"}


@pytest.mark.parametrize("endpoint", ["discovery", "jwks", "token", "userinfo"])
def test_no_endpoint_sends_us_elsewhere(endpoint):
    """Row 28 (CVE-2026-1180): a redirect to an inner address is refused, not followed."""
    stage = on_stage()
    inner = Reply(302, {"location": "http://169.254.169.254/latest/meta-data/"})
    stage.upstream.lie(endpoint, lambda _: inner)

    with pytest.raises(call_faults.Redirected):
        stage.login()
    assert all(not path.startswith("http") for path in stage.upstream.paths())


# --- row 35: mix-up -------------------------------------------------------------------------------


def test_a_code_of_another_provider_is_not_redeemed():
    """Row 35 (RFC 9207): the issuer named in the answer decides, before any code leaves us."""
    honest, attacker = on_stage(), on_stage(issuer="https://attacker.example")
    trip = honest.trip()
    stolen = honest.sign_in(trip)

    with pytest.raises(faults.IssuerMismatch):
        attacker.provider.arrive(stolen, trip)
    assert "/token" not in attacker.upstream.paths()


def test_a_code_without_issuer_is_not_redeemed_where_one_is_promised():
    """Row 35 (RFC 9700 §4.4): leaving out the promised issuer is a mix-up as well."""
    stage = on_stage()
    trip = stage.trip()
    answer = {name: value for name, value in stage.sign_in(trip).items() if name != "iss"}

    with pytest.raises(faults.IssuerMissing):
        stage.provider.arrive(answer, trip)
    assert "/token" not in stage.upstream.paths()


def test_a_provider_returns_to_its_own_address():
    """Row 35 (RFC 9700 §4.4): code and redirect URI go together, at departure and at redemption."""
    stage = on_stage()
    trip = stage.trip(callback="https://broker.example/callback/here")
    answer = stage.sign_in(trip)
    elsewhere = stage.trip(
        callback="https://broker.example/callback/there", verifier=trip.verifier, nonce=trip.nonce
    )

    with pytest.raises(call_faults.TOKEN.status):
        stage.provider.arrive(answer, elsewhere)


# --- row 36: one trip, one browser ----------------------------------------------------------------


def test_nothing_of_a_trip_is_kept_between_departure_and_arrival():
    """Row 36 (CVE-2025-68158): state, nonce and verifier come with the trip, never from a cache."""
    stage = on_stage()
    mine, theirs = stage.trip(), stage.trip()
    stage.provider.depart(mine)
    injected = stage.sign_in(theirs)

    with pytest.raises((call_faults.TOKEN.status, token_faults.WrongNonce)):
        stage.provider.arrive(injected, mine)


def test_an_injected_code_is_stopped_by_its_verifier():
    """Row 36 (CVE-2026-41425): a code of another browser fails its challenge at the provider."""
    stage = on_stage()
    victim, thief = stage.trip(), stage.trip()
    injected = stage.sign_in(victim)

    with pytest.raises(call_faults.TOKEN.status):
        stage.provider.arrive(injected, thief)


# --- row 37: the nonce ----------------------------------------------------------------------------


@pytest.mark.parametrize("claim", [{"nonce_supported": False}, {"nonce_supported": "false"}, {}])
def test_no_claim_switches_the_nonce_off(claim):
    """Row 37 (CVE-2026-42206, PYSEC-2026-4357): no nonce, no login, whatever the token says."""
    stage = on_stage()
    stage.upstream.lie(
        "id_claims", lambda c: {k: v for k, v in {**c, **claim}.items() if k != "nonce"}
    )

    with pytest.raises(token_faults.MissingNonce):
        stage.login()


@pytest.mark.parametrize(
    "nonce", ["nonce-9", "NONCE-0", "nonce-0\x00", "", None, True, ["nonce-0"]]
)
def test_a_nonce_is_compared_whole(nonce):
    """Row 37 (CVE-2026-42206): another case, a longer text or another type is not this nonce."""
    stage = on_stage()
    stage.upstream.lie("id_claims", lambda claims: {**claims, "nonce": nonce})

    with pytest.raises((token_faults.MissingNonce, token_faults.WrongNonce)):
        stage.login()


# --- row 38: whom a token is for ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"aud": "another-client-of-the-same-provider"}, token_faults.WrongAudience),
        ({"aud": ["another-client"]}, token_faults.WrongAudience),
        ({"aud": ["broker", "another-client"]}, token_faults.WrongAzp),
        ({"azp": "another-client"}, token_faults.WrongAzp),
        ({"iss": "https://another.example"}, token_faults.WrongIssuer),
    ],
)
def test_a_token_for_somebody_else_is_refused(changes, fault):
    """Row 38 (CVE-2026-55459): an honest signature does not make a token ours."""
    stage = on_stage()
    stage.upstream.lie("id_claims", lambda claims: {**claims, **changes})

    with pytest.raises(fault):
        stage.login()


def test_signed_user_information_for_somebody_else_is_refused():
    """Row 38 (CVE-2026-55459): the same holds for user information."""
    stage = on_stage("postal")
    stage.upstream.lie("userinfo", lambda claims: {**claims, "aud": "another-client"})

    with pytest.raises(token_faults.UserinfoAudience):
        stage.login()


# --- row 39: at_hash ------------------------------------------------------------------------------


@pytest.mark.parametrize("alg", ["ES256", "ES384", "RS512"])
@pytest.mark.parametrize("at_hash", ["", "AAAA", "A" * 22, "A" * 43, None, 0, [], "é"])
def test_a_wrong_hash_never_passes(alg, at_hash):
    """Row 39 (CVE-2026-28498): whatever stands in at_hash is compared, and fails closed."""
    stage = on_stage(id_token_alg=alg)
    stage.upstream.lie("id_claims", lambda claims: {**claims, "at_hash": at_hash})

    with pytest.raises(token_faults.WrongAtHash):
        stage.login()


def test_the_algorithm_of_the_hash_is_not_the_tokens_to_choose():
    """Row 39 (CVE-2026-28498): an unknown algorithm is refused, it does not skip the hash."""
    stage = on_stage()
    forged = lambda claims: signed(  # noqa: E731 - the forger is one expression
        {"alg": "XX999", "kid": "k1"}, {**claims, "at_hash": "A" * 22}, b"key"
    )

    with pytest.raises(token_faults.AlgRefused):
        _arrive_with(stage, forged)


# --- row 40: algorithms, keys and forms -----------------------------------------------------------

FOREIGN = ECKey.generate_key("P-256", {"kid": "k1"})
FORGERIES = {
    "none": (lambda c: signed({"alg": "none"}, c, None), token_faults.AlgRefused),
    "none in another case": (lambda c: signed({"alg": "nOnE"}, c, b""), token_faults.AlgRefused),
    "none with the agreed name inside": (
        lambda c: signed({"alg": "none", "kid": "k1"}, c, None),
        token_faults.AlgRefused,
    ),
    "HMAC with the public key": (
        lambda c: signed(
            {"alg": "HS256", "kid": "k1"}, c, signing_key("ES256").as_pem(private=False)
        ),
        token_faults.AlgRefused,
    ),
    "HMAC with the client secret": (
        lambda c: signed({"alg": "HS256"}, c, settings().client_secret.encode()),
        token_faults.AlgRefused,
    ),
    "another asymmetric algorithm": (
        lambda c: signed({"alg": "RS256", "kid": "k1"}, c, signing_key("RS256")),
        token_faults.AlgRefused,
    ),
    "a foreign key": (
        lambda c: signed({"alg": "ES256", "kid": "k1"}, c, FOREIGN),
        token_faults.BadSignature,
    ),
    "a key in the header": (
        lambda c: signed({"alg": "ES256", "jwk": FOREIGN.as_dict(private=False)}, c, FOREIGN),
        token_faults.HeaderKeyRefused,
    ),
    "the address of keys in the header": (
        lambda c: signed({"alg": "ES256", "jku": "https://evil.example/jwks"}, c, FOREIGN),
        token_faults.HeaderKeyRefused,
    ),
    "a certificate in the header": (
        lambda c: signed({"alg": "ES256", "x5c": ["MIIB"]}, c, FOREIGN),
        token_faults.HeaderKeyRefused,
    ),
    "an unknown extension": (
        lambda c: signed(
            {"alg": "ES256", "kid": "k1", "crit": ["x"], "x": 1}, c, signing_key("ES256")
        ),
        token_faults.UnknownCrit,
    ),
    "an unencoded payload": (
        lambda c: signed(
            {"alg": "ES256", "kid": "k1", "crit": ["b64"], "b64": False}, c, signing_key("ES256")
        ),
        token_faults.UnknownCrit,
    ),
    "the key of an old version": (
        lambda c: signed({"alg": "ES256", "kid": "k0"}, c, signing_key("ES256", "k0")),
        token_faults.UnknownKey,
    ),
    "a path for a key id": (
        lambda c: signed({"alg": "ES256", "kid": "../../dev/null"}, c, FOREIGN),
        token_faults.UnknownKey,
    ),
}


@pytest.mark.parametrize(("forge", "fault"), FORGERIES.values(), ids=FORGERIES)
def test_a_forged_id_token_is_refused(forge, fault):
    """Row 40 (CVE-2024-37568, CVE-2026-27962, CVE-2025-59420): each trick, on the ID token."""
    with pytest.raises(fault):
        _arrive_with(on_stage(), forge)


@pytest.mark.parametrize(("forge", "fault"), FORGERIES.values(), ids=FORGERIES)
def test_a_forged_user_information_is_refused(forge, fault):
    """Row 40 (CVE-2024-37568, CVE-2026-27962, CVE-2025-59420): each trick, on userinfo."""
    stage = on_stage(userinfo="jwt")
    claims = {"sub": "claire-1", **stage.upstream.traits}
    forged = Reply(200, {"content-type": "application/jwt"}, forge(claims).encode())
    stage.upstream.lie("userinfo_reply", lambda _: forged)

    with pytest.raises(fault):
        stage.login()


def test_no_other_form_than_the_compact_one_is_a_token():
    """Row 40 (CVE-2026-27962): JSON serialisations are refused, objects and texts alike."""
    for kind in (dict, json.dumps):

        def forge(claims, kind=kind):
            token = signed({"alg": "ES256", "kid": "k1"}, claims, signing_key("ES256"))
            header, payload, signature = token.split(".")
            return kind({"protected": header, "payload": payload, "signature": signature})

        with pytest.raises(token_faults.IdTokenMalformed):
            _arrive_with(on_stage(), forge)


@pytest.mark.parametrize("typ", ["at+jwt", "logout+jwt", "JWE", "client-authentication+jwt"])
def test_a_token_of_another_kind_is_refused(typ):
    """Row 30 (CVE-2023-0657): the type of another token is refused in place of an ID token."""
    stage = on_stage()
    stage.upstream.lie("id_header", lambda header: {**header, "typ": typ})

    with pytest.raises(token_faults.TypRefused):
        stage.login()


# --- row 41: denial of service --------------------------------------------------------------------


def test_huge_answers_are_refused_by_their_size():
    """Row 41 (CVE-2025-61920): a megabyte is refused before it is parsed, wherever it comes."""
    for endpoint in ("discovery", "jwks", "token", "userinfo"):
        stage = on_stage()
        stage.upstream.lie(endpoint, lambda _: Reply(200, {}, b'{"keys":[' + b"1," * 500_000))
        with pytest.raises(call_faults.TooLarge):
            stage.login()


def test_a_long_list_of_keys_is_not_read():
    """Row 41 (CVE-2025-62706): hundreds of keys are refused without parsing one."""
    stage = on_stage()
    key = {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "k1"}
    stage.upstream.lie("jwks", lambda _: {"keys": [key] * 500})

    with pytest.raises(faults.JwksMalformed):
        stage.login()


@pytest.mark.parametrize("member", ["n", "e"])
def test_a_huge_key_costs_nothing(member):
    """Row 41 (CVE-2025-61920): a modulus of 300,000 bits is passed over in no time."""
    stage = on_stage(id_token_alg="RS256")

    def lied(document):
        return {"keys": [{**document["keys"][0], member: "A" * 50_000 + "E"}]}

    stage.upstream.lie("jwks", lied)
    started = time.process_time()
    with pytest.raises(faults.ProviderFault):
        stage.login()
    assert time.process_time() - started < 0.5


def test_compression_is_never_undone():
    """Row 41 (CVE-2025-62706): a compressed token is refused by its header, before decryption."""
    stage = on_stage("mobile")
    key = ECKey.import_key(json.loads(stage.provider.settings.decryption_key))
    registry = jwe.JWERegistry(algorithms=["ECDH-ES", "A256GCM", "DEF"])
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "zip": "DEF"}
    bomb = jwe.encrypt_compact(header, b"a" * 200_000, key, registry=registry)
    stage.upstream.lie("id_token_sent", lambda _: bomb)

    with pytest.raises(token_faults.JweRefused):
        stage.login()


def test_slow_password_hashes_of_tokens_are_never_computed():
    """Row 41 (CVE-2025-61920): PBES2 with a million rounds is refused by its name."""
    stage = on_stage("mobile")
    header = unpadded(b'{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2s":"AAAA","p2c":10000000}')
    stage.upstream.lie("id_token_sent", lambda token: f"{header}.{token.partition('.')[2]}")
    started = time.process_time()

    with pytest.raises(token_faults.JweRefused):
        stage.login()
    assert time.process_time() - started < 0.5


def test_many_segments_and_deep_json_are_only_refused():
    """Row 41 (CVE-2025-61920): thousands of dots or brackets end in a plain refusal."""
    deep = base64.urlsafe_b64encode(b'{"a":' * 2_000).decode().rstrip("=")
    for token in ("." * 40_000, "a." * 15_000, f"{deep}.{deep}.AA"):
        stage = on_stage()
        stage.upstream.lie("id_token_sent", lambda _, token=token: token)
        with pytest.raises(token_faults.IdTokenMalformed):
            stage.login()


def test_invented_keys_do_not_make_us_hammer_anybody():
    """Row 41 (CVE-2025-62706): unknown key ids are answered from memory beyond a small ration."""
    stage = on_stage()
    stage.upstream.lie("id_header", lambda header: {**header, "kid": "invented"})
    for _ in range(60):
        with pytest.raises(token_faults.UnknownKey):
            stage.login()

    assert stage.upstream.paths().count("/jwks") <= 12


def test_a_person_cannot_close_a_provider_to_everybody():
    """Row 41 (CVE-2025-62706): forged answers at the callback do not open the circuit."""
    stage, circuit = on_stage(), Circuit(CircuitRules(open_after=1))
    trip = stage.trip()
    forged = [
        {"error": "server_error", "iss": ISSUER},
        {"error": "temporarily_unavailable", "iss": ISSUER},
        {"code": "invented", "iss": ISSUER},
        {"code": "invented", "iss": "https://other.example"},
        {"iss": ISSUER},
        {},
    ]
    for answer in forged:
        with pytest.raises(faults.ProviderFault):
            circuit.arriving(lambda answer=answer: stage.provider.arrive(answer, trip), NOON)

    assert circuit.state(NOON) is CircuitState.CLOSED


# --- row 42: two halves of one person -------------------------------------------------------------


@pytest.mark.parametrize("kind", ["tax", "postal", "msa", "mobile", "ameli"])
def test_user_information_of_another_person_is_refused(kind):
    """Row 42 (OIDC Core §5.3.2): a swapped subject is refused in every dialect."""
    stage = on_stage(kind)
    stage.upstream.lie("userinfo", lambda claims: {**claims, "sub": "victim"})

    with pytest.raises(token_faults.SubjectMismatch):
        stage.login()


# --- row 26 and 44: levels and logs ---------------------------------------------------------------


def test_a_level_is_proven_by_the_token_of_this_trip():
    """Row 26 (CVE-2026-97176): a weaker level than asked for never arrives as a stronger one."""
    stage = on_stage()
    stage.upstream.lie("id_claims", lambda claims: {**claims, "acr": "eidas1"})

    with pytest.raises(token_faults.LevelTooLow):
        stage.login(level=Level.SUBSTANTIAL)


def test_faults_hold_no_secret_token_or_name(no_secret_in_logs):
    """Row 44 (CVE-2024-4540): what a fault says for the log names no person and quotes no token."""
    no_secret_in_logs.never("DURAND", "Claire", "access-0", "code-0", "verifier-", "nonce-0")
    lies = {
        "token": lambda _: json_reply({"error": "DURAND", "error_description": "Claire"}, 500),
        "id_header": lambda header: {**header, "kid": "DURAND Claire"},
        "id_claims": lambda claims: {**claims, "acr": "Claire DURAND"},
        "userinfo": lambda claims: {**claims, "birthdate": "DURAND"},
        "id_token": lambda token: token[:-5],
    }
    for where, how in lies.items():
        stage = on_stage()
        stage.upstream.lie(where, how)
        with pytest.raises(faults.ProviderFault) as refused:
            stage.login()
        logging.getLogger("login").warning("%r %s", refused.value, dict(refused.value.private))
