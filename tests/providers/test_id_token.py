"""The claims of the ID token, check by check, with their limits to the second."""

import pytest

from providers import token_faults as faults
from providers.id_token import CHECKS
from providers.levels import Level
from tests.providers.stage import NOON, SECRET, on_stage
from tests.providers.upstream import signed

ABSENT = object()


def _arrive(changes, trip_changes=None, **settings):
    """Claire's arrival when the ID token says `changes`."""
    stage = on_stage(**settings)

    def lied(claims):
        told = {**claims, **changes}
        return {name: value for name, value in told.items() if value is not ABSENT}

    stage.upstream.lie("id_claims", lied)
    return stage.login(**(trip_changes or {}))


REFUSED = {
    "iss of another": ({"iss": "https://other.example"}, faults.WrongIssuer),
    "iss with a slash more": ({"iss": "https://upstream.example/"}, faults.WrongIssuer),
    "iss in capitals": ({"iss": "https://UPSTREAM.example"}, faults.WrongIssuer),
    "iss absent": ({"iss": ABSENT}, faults.WrongIssuer),
    "iss in a list": ({"iss": ["https://upstream.example"]}, faults.WrongIssuer),
    "aud of another": ({"aud": "other"}, faults.WrongAudience),
    "aud absent": ({"aud": ABSENT}, faults.WrongAudience),
    "aud empty": ({"aud": []}, faults.WrongAudience),
    "aud longer": ({"aud": "broker2"}, faults.WrongAudience),
    "aud as an object": ({"aud": {"broker": 1}}, faults.WrongAudience),
    "aud beside a number": ({"aud": ["broker", 7]}, faults.WrongAudience),
    "two aud, no azp": ({"aud": ["broker", "other"]}, faults.WrongAzp),
    "two aud, azp of another": ({"aud": ["broker", "other"], "azp": "other"}, faults.WrongAzp),
    "azp of another": ({"azp": "other"}, faults.WrongAzp),
    "azp a list": ({"azp": ["broker"]}, faults.WrongAzp),
    "azp empty": ({"azp": ""}, faults.WrongAzp),
    "exp past by the skew": ({"exp": NOON - 60}, faults.Expired),
    "exp absent": ({"exp": ABSENT}, faults.ClaimMalformed),
    "exp a text": ({"exp": str(NOON + 300)}, faults.ClaimMalformed),
    "exp true": ({"exp": True}, faults.ClaimMalformed),
    "exp beyond any float": ({"exp": 10**400}, faults.ClaimMalformed),
    "exp negative": ({"exp": -1}, faults.ClaimMalformed),
    "nbf to come": ({"nbf": NOON + 61}, faults.NotYetValid),
    "nbf null": ({"nbf": None}, faults.ClaimMalformed),
    "iat to come": ({"iat": NOON + 61}, faults.IssuedInFuture),
    "iat absent": ({"iat": ABSENT}, faults.ClaimMalformed),
    "nonce absent": ({"nonce": ABSENT}, faults.MissingNonce),
    "nonce empty": ({"nonce": ""}, faults.MissingNonce),
    "nonce a list": ({"nonce": ["nonce-0"]}, faults.MissingNonce),
    "nonce of another trip": ({"nonce": "nonce-1"}, faults.WrongNonce),
    "nonce longer": ({"nonce": "nonce-0 "}, faults.WrongNonce),
    "nonce with a lone surrogate": ({"nonce": "\ud800"}, faults.WrongNonce),
    "sub absent": ({"sub": ABSENT}, faults.SubjectInvalid),
    "sub null": ({"sub": None}, faults.SubjectInvalid),
    "sub empty": ({"sub": ""}, faults.SubjectInvalid),
    "sub blank": ({"sub": "   "}, faults.SubjectInvalid),
    "sub a number": ({"sub": 42}, faults.SubjectInvalid),
    "sub a list": ({"sub": ["claire-1"]}, faults.SubjectInvalid),
    "sub an object": ({"sub": {"id": "claire-1"}}, faults.SubjectInvalid),
    "sub false": ({"sub": False}, faults.SubjectInvalid),
    "sub the word null": ({"sub": "null"}, faults.SubjectInvalid),
    "sub the word None": ({"sub": "None"}, faults.SubjectInvalid),
    "sub of 256 characters": ({"sub": "s" * 256}, faults.SubjectInvalid),
    "sub with a NUL": ({"sub": "claire\x00-1"}, faults.SubjectInvalid),
    "sub with a line break": ({"sub": "claire\n1"}, faults.SubjectInvalid),
    "sub with a lone surrogate": ({"sub": "claire\ud800"}, faults.SubjectInvalid),
    "at_hash wrong": ({"at_hash": "A" * 22}, faults.WrongAtHash),
    "at_hash empty": ({"at_hash": ""}, faults.WrongAtHash),
    "at_hash null": ({"at_hash": None}, faults.WrongAtHash),
    "at_hash a list": ({"at_hash": []}, faults.WrongAtHash),
    "acr absent": ({"acr": ABSENT}, faults.LevelMissing),
    "acr empty": ({"acr": ""}, faults.LevelMissing),
    "acr a list": ({"acr": ["eidas1"]}, faults.LevelMissing),
    "acr unknown": ({"acr": "eidas4"}, faults.LevelNotAllowed),
    "acr in capitals": ({"acr": "EIDAS1"}, faults.LevelNotAllowed),
    "acr above what is allowed": ({"acr": "eidas3"}, faults.LevelNotAllowed),
    "auth_time to come": ({"auth_time": NOON + 61}, faults.AuthTimeInFuture),
    "auth_time a text": ({"auth_time": "now"}, faults.ClaimMalformed),
}


@pytest.mark.parametrize(("changes", "fault"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_claim_meets_its_own_check(changes, fault):
    """A claim that is wrong, absent or of another type is refused under its own name."""
    with pytest.raises(fault) as refused:
        _arrive(changes)

    assert type(refused.value) is fault


ACCEPTED = {
    "aud in a list": {"aud": ["broker"]},
    "two aud with our azp": {"aud": ["broker", "other"], "azp": "broker"},
    "azp ours": {"azp": "broker"},
    "exp within the skew": {"exp": NOON - 59},
    "nbf within the skew": {"nbf": NOON + 60},
    "iat within the skew": {"iat": NOON + 60},
    "at_hash absent": {"at_hash": ABSENT},
    "auth_time absent": {"auth_time": ABSENT},
    "sub of 255 characters": {"sub": "s" * 255},
    "a claim nobody knows": {"shoe_size": {"left": [38]}},
}


@pytest.mark.parametrize("changes", ACCEPTED.values(), ids=ACCEPTED)
def test_what_the_specification_allows_is_allowed(changes):
    """A token that is unusual and right arrives."""
    stage = on_stage()
    if "sub" in changes:
        stage.upstream.subject = changes["sub"]
    lied = {name: value for name, value in changes.items() if value is not ABSENT}
    gone = [name for name, value in changes.items() if value is ABSENT]
    stage.upstream.lie(
        "id_claims", lambda c: {k: v for k, v in {**c, **lied}.items() if k not in gone}
    )

    assert stage.login().identity == stage.expected


def test_a_subject_keeps_its_exact_form():
    """Case, accents and outer blanks of a subject are kept: nothing is folded, nobody is merged."""
    for subject in ("Claire-1", "claire-1", "CLAIRE-1", " claire-1", "cláire-1"):
        stage = on_stage()
        stage.upstream.subject = subject
        assert stage.login().subject == subject


def test_a_level_below_the_request_is_too_low():
    """A weaker level than asked for is refused as such, even where this provider may give it."""
    with pytest.raises(faults.LevelTooLow) as refused:
        _arrive({"acr": "eidas1"}, {"level": Level.SUBSTANTIAL})

    assert refused.value.private == {"acr": "eidas1", "asked": "eidas2"}
    assert not refused.value.blames_upstream


def test_a_level_above_the_request_is_welcome():
    """A stronger level than asked for arrives as it is."""
    arrival = _arrive({"acr": "eidas2"}, {"level": Level.LOW})

    assert arrival.level is Level.SUBSTANTIAL


def test_a_provider_may_name_levels_in_its_own_words():
    """The names of the settings are asked for, and understood in the answer."""
    named = {"acr": {"eidas1": "urn:upstream:simple", "eidas2": "urn:upstream:strong"}}
    stage = on_stage(**named)
    trip = stage.trip(level=Level.SUBSTANTIAL)

    assert stage.upstream.asked(stage.provider.depart(trip).url)["acr_values"] == (
        "urn:upstream:strong"
    )
    assert stage.login(level=Level.SUBSTANTIAL).level is Level.SUBSTANTIAL
    with pytest.raises(faults.LevelNotAllowed):
        _arrive({"acr": "eidas1"}, **named)


@pytest.mark.parametrize(
    ("age", "max_age", "fault"),
    [
        (0, 0, None),
        (60, 0, None),
        (61, 0, faults.AuthTimeTooOld),
        (659, 600, None),
        (661, 600, faults.AuthTimeTooOld),
        (10**6, None, None),
    ],
)
def test_a_sign_in_is_as_recent_as_asked(age, max_age, fault):
    """`auth_time` is compared with the greatest age asked for, and only then."""
    changes = {"auth_time": NOON - age}
    if fault is None:
        assert _arrive(changes, {"max_age": max_age}).auth_time == NOON - age
        return
    with pytest.raises(fault):
        _arrive(changes, {"max_age": max_age})


@pytest.mark.parametrize(("ago", "fault"), [(60, None), (61, faults.AuthTimeTooOld)])
def test_a_new_sign_in_is_one_that_came_after_the_login_began(ago, fault):
    """A provider that ignores `prompt=login` is not believed, when it tells when it was."""
    asked = {"force_login": True, "begun": NOON}
    if fault is None:
        assert _arrive({"auth_time": NOON - ago}, asked).auth_time == NOON - ago
        return
    with pytest.raises(fault):
        _arrive({"auth_time": NOON - ago}, asked)


def test_a_recent_sign_in_must_be_dated():
    """Without `auth_time`, a greatest age cannot be shown to be kept."""
    with pytest.raises(faults.AuthTimeMissing):
        _arrive({"auth_time": ABSENT}, {"max_age": 600})


def test_an_undated_sign_in_is_dated_by_its_token():
    """Without `auth_time`, the arrival tells when the token was made."""
    assert _arrive({"auth_time": ABSENT, "iat": NOON - 5}).auth_time == NOON - 5


@pytest.mark.parametrize(
    ("amr", "kept"),
    [
        (["pwd", "otp"], ("pwd", "otp")),
        (None, ()),
        ("pwd", ()),
        (["pwd", 7, None, "a\nb", "x" * 100], ("pwd",)),
        (["m"] * 50, ("m",) * 10),
    ],
)
def test_methods_are_kept_when_they_are_short_words(amr, kept):
    """`amr` informs: what is no short word in it is left out, and nobody is refused for it."""
    assert _arrive({"amr": amr}).amr == kept


@pytest.mark.parametrize("alg", ["ES256", "ES384", "ES512", "RS256", "PS384", "RS512"])
def test_at_hash_follows_the_algorithm(alg):
    """The hash of the access token is cut from the hash function of the signature."""
    stage = on_stage(id_token_alg=alg)
    assert stage.login().identity == stage.expected

    stage.upstream.lie("id_claims", lambda claims: {**claims, "at_hash": claims["at_hash"][:-2]})
    with pytest.raises(faults.WrongAtHash):
        stage.login()


def test_identity_may_come_in_the_id_token_alone():
    """A provider without user information puts the identity in its ID token."""
    stage = on_stage(userinfo="none")

    assert stage.login().identity == stage.expected
    assert "/userinfo" not in stage.upstream.paths()


def test_the_identity_is_never_mixed_from_two_sources():
    """A trait the user information lacks is not taken from the ID token instead."""
    stage = on_stage()
    stage.upstream.lie("id_claims", lambda claims: {**claims, **stage.upstream.traits})
    stage.upstream.traits.pop("family_name")

    with pytest.raises(faults.TraitInvalid) as refused:
        stage.login()
    assert refused.value.trait == "family_name"


def test_every_check_says_what_it_checks():
    """The list of checks reads as a table of contents, in the order they are made."""
    assert [check.__name__ for check in CHECKS][:3] == [
        "right_issuer",
        "right_audience",
        "right_party",
    ]
    assert all(check.__doc__ for check in CHECKS)


def test_the_secret_of_the_client_never_signs():
    """A token signed with the client's own secret is refused: HMAC is no algorithm here."""
    stage = on_stage()
    trip = stage.trip()
    claims = stage.upstream.id_claims({"nonce": trip.nonce, "acr_values": "eidas1"}, "access-0")
    forged = signed({"alg": "HS256", "kid": "k1"}, claims, SECRET.encode())
    stage.upstream.lie("id_token", lambda _: forged)

    with pytest.raises(faults.AlgRefused):
        stage.provider.arrive(stage.sign_in(trip), trip)
