"""Every dialect is a conforming OpenID Provider, each in its own words."""

import hashlib
from base64 import urlsafe_b64encode

import pytest
from joserfc import jwe
from joserfc.jwk import RSAKey

DIALECTS = ("plain", "tax", "postal", "msa", "mobile", "ameli")


@pytest.fixture(params=DIALECTS)
def rp(request, party):
    return party(request.param)


def test_a_login_gives_the_identity_of_the_persona(rp):
    """From request to userinfo, every signature, hash and echo is what the standards want."""
    trip = rp.sign_in("persona:nathalie")
    tokens = rp.redeem(trip)
    claims = rp.verified(rp.opened(tokens))
    traits = rp.traits(rp.userinfo(tokens))

    assert trip.answer["state"] == trip.state
    assert trip.answer["iss"] == "http://mock.test"
    assert claims["iss"] == "http://mock.test"
    assert claims["aud"] == "broker"
    assert claims["nonce"] == trip.nonce
    assert claims["iat"] <= rp.clock() < claims["exp"]
    assert claims["auth_time"] == int(rp.clock())
    assert claims["sub"] == traits["sub"]
    assert claims["acr"] == "eidas1"
    assert "GIRARD" in traits.values()


def test_the_access_token_is_vouched_for(rp):
    """at_hash is the left half of the SHA-256 of the access token (Core §3.1.3.6)."""
    tokens = rp.redeem(rp.sign_in())
    digest = hashlib.sha256(tokens.json["access_token"].encode()).digest()[:16]

    expected = urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert rp.verified(rp.opened(tokens))["at_hash"] == expected


def test_the_answer_of_the_token_endpoint_is_never_kept(rp):
    """Tokens come with no-store (RFC 6749 §5.1)."""
    assert rp.redeem(rp.sign_in()).headers["Cache-Control"] == "no-store"


def test_only_the_agreed_way_of_client_authentication_is_accepted(rp):
    """The other ways get 401 invalid_client, as does a client that proves nothing."""
    trip = rp.sign_in()
    ways = ("client_secret_basic", "client_secret_post", "private_key_jwt")
    for rp.way in (way for way in ways if way not in rp.settings.speaks.client_auth):
        answer = rp.redeem(trip)
        assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    bare = rp.back.post("/token", data={"grant_type": "authorization_code"})
    assert bare.json["error"] == "invalid_client"


def test_the_subject_is_stable_and_belongs_to_the_person(rp):
    """Two logins of one persona have one subject, another persona has another."""

    def subject(persona):
        tokens = rp.redeem(rp.sign_in(f"persona:{persona}"))
        return rp.verified(rp.opened(tokens))["sub"]

    assert subject("claire") == subject("claire")
    assert subject("claire") != subject("marc")


def test_tax_signs_with_rsa_and_reaches_the_low_level_only(party):
    """RS256, client_secret_post, eidas1, discovery."""
    rp = party("tax")
    metadata = rp.back.get("/.well-known/openid-configuration").json

    assert metadata["id_token_signing_alg_values_supported"] == ["RS256"]
    assert metadata["token_endpoint_auth_methods_supported"] == ["client_secret_post"]
    assert metadata["acr_values_supported"] == ["eidas1"]
    assert {key.key_type for key in rp.keys().keys} == {"RSA"}


def test_postal_wants_pushed_requests_and_signs_the_userinfo(party, new_trip):
    """A request through the browser is refused, without any redirect."""
    rp = party("postal")
    metadata = rp.back.get("/.well-known/openid-configuration").json
    refused = rp.browser.get("/authorize", query_string=rp.request(new_trip()))

    assert metadata["require_pushed_authorization_requests"] is True
    assert metadata["userinfo_signing_alg_values_supported"] == ["ES256"]
    assert metadata["end_session_endpoint"] == "http://mock.test/logout"
    assert refused.status_code == 400
    assert refused.location is None


def test_postal_wants_pkce(party, new_trip):
    """A pushed request without a challenge is refused as JSON."""
    rp = party("postal")
    sent = rp.request(new_trip(), code_challenge=None, code_challenge_method=None)

    refused = rp.post("/par", sent)

    assert (refused.status_code, refused.json["error"]) == (400, "invalid_request")


def test_postal_reaches_the_substantial_level(party):
    """Asked for eidas2, it returns eidas2."""
    rp = party("postal")
    tokens = rp.redeem(rp.sign_in(acr_values="eidas2"))

    assert rp.verified(rp.opened(tokens))["acr"] == "eidas2"


def test_signed_userinfo_names_its_issuer_and_audience(party):
    """OpenID Connect Core §5.3.2: iss and aud stand in a signed answer."""
    rp = party("postal")
    claims = rp.traits(rp.userinfo(rp.redeem(rp.sign_in())))

    assert (claims["iss"], claims["aud"]) == ("http://mock.test", "broker")


def test_msa_has_no_discovery_and_old_claim_names(party):
    """French names, day before month, one letter for the sex, first names in one text."""
    rp = party("msa")
    traits = rp.traits(rp.userinfo(rp.redeem(rp.sign_in("persona:nathalie"))))

    assert rp.back.get("/.well-known/openid-configuration").status_code == 404
    assert traits.pop("sub")
    assert traits == {
        "nom_naissance": "GIRARD",
        "prenoms": "Nathalie Jeanne",
        "date_naissance": "05/10/1968",
        "sexe": "F",
        "lieu_naissance_cog": "31555",
        "pays_naissance_cog": "99100",
        "nom_usage": "PETIT",
        "email": "nathalie@courriel.exemple.fr",
    }


@pytest.mark.parametrize(
    ("persona", "date", "sex"),
    [
        ("incomplete_date", "00/00/1955", "M"),
        ("presumed_day", "01/05/1972", "M"),
        ("dominique", "18/08/1978", "I"),
    ],
)
def test_msa_writes_what_is_unknown_in_its_own_way(party, persona, date, sex):
    """Unknown days and months are 00, an undetermined sex is I."""
    rp = party("msa")
    traits = rp.traits(rp.userinfo(rp.redeem(rp.sign_in(f"persona:{persona}"))))

    assert (traits["date_naissance"], traits["sexe"]) == (date, sex)


def test_mobile_encrypts_the_id_token_to_the_registered_key(party):
    """The token is a JWE (five parts); the metadata name the algorithms."""
    rp = party("mobile")
    metadata = rp.back.get("/.well-known/openid-configuration").json
    tokens = rp.redeem(rp.sign_in())

    assert "A256GCM" in metadata["id_token_encryption_enc_values_supported"]
    assert tokens.json["id_token"].count(".") == 4
    assert rp.verified(rp.opened(tokens))["amr"] == ["pop", "mfa"]


def test_mobile_encrypts_to_an_rsa_key_too(party):
    """The registered key decides the algorithm."""
    key = RSAKey.generate_key(2048, {"use": "enc"}, auto_kid=True)
    signing = party("mobile").settings.client_jwks[0]
    rp = party("mobile", client_jwks=[signing, key.as_dict(private=False)])
    token = rp.redeem(rp.sign_in()).json["id_token"]
    letter = jwe.decrypt_compact(token, key, algorithms=["RSA-OAEP-256", "A256GCM"])

    assert rp.verified(letter.plaintext.decode())["aud"] == "broker"


@pytest.mark.parametrize(
    ("scope", "absent"),
    [
        ("openid birth email", {"given_name", "family_name", "birthdate", "gender"}),
        ("openid profile email", {"birthplace", "birthcountry"}),
        ("openid profile birth", {"email"}),
    ],
)
def test_a_claim_needs_its_scope(plain, scope, absent):
    """What is not asked is not sent."""
    traits = plain.traits(plain.userinfo(plain.redeem(plain.sign_in(scope=scope))))

    assert not absent & set(traits)


@pytest.mark.parametrize("persona", ["portugal", "agnes", "jean_pierre"])
def test_an_absent_trait_is_an_absent_claim(plain, persona):
    """Nothing is sent as null or as an empty text."""
    traits = plain.traits(plain.userinfo(plain.redeem(plain.sign_in(f"persona:{persona}"))))

    assert all(value not in (None, "", []) for value in traits.values())
