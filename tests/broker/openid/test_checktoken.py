"""`checktoken`: what a provider of data learns of a token, and what it never learns (RFC 9701)."""

import pytest
from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import select

from broker.audit.events import Event
from broker.audit.journal import JOURNAL
from broker.settings import SettingsError, load, read_document
from tests.service import API, Service, body

EC = ECKey.generate_key("P-256", {"use": "enc", "kid": "ec"}, private=True)
RSA = RSAKey.generate_key(2048, {"use": "enc", "kid": "rsa"}, private=True)
SIGNING = ECKey.generate_key("P-256", {"use": "sig", "kid": "sig"}, private=True)
ENCRYPTION = ["ECDH-ES", "RSA-OAEP-256", "A256GCM"]
MEDIA_TYPE = "application/token-introspection+jwt"
PIVOT = {
    "given_name": "Claire Anne",
    "given_name_array": ["Claire", "Anne"],
    "family_name": "DURAND",
    "birthdate": "1985-03-27",
    "gender": "female",
    "birthplace": "69383",
    "birthcountry": "99100",
}


def declared(name, key, **more):
    return {
        "name": name,
        "client_id": f"data-{name}",
        "client_secret": f"demonstration-secret-data-{name}-0123456789abcdef",
        "scopes": ["identite_pivot", "birthdate"],
        "sector": f"{name}.example",
        "jwks": {"keys": [SIGNING.as_dict(private=False), key.as_dict(private=False)]},
        **more,
    }


PROVIDERS = {
    "rights": declared("rights", EC),
    "tax-office": declared(
        "tax-office", RSA, signed_alg="RS256", encrypted_alg="RSA-OAEP-256", sector="taxes.example"
    ),
    "weather": declared("weather", EC, scopes=["email"]),
}
KEYS = {"rights": EC, "tax-office": RSA, "weather": EC}


@pytest.fixture
def world(make_world):
    return make_world({"data_providers": PROVIDERS})


@pytest.fixture
def token(browser, ameli):
    """The access token of Claire's login at the portal."""
    return ameli.tokens(ameli.login(browser)["code"])["access_token"]


def ask(service, shown, name="rights", **changes):
    """Ask as a provider of data does; None leaves a field out."""
    table = PROVIDERS[name]
    form = {
        "token": shown,
        "client_id": table["client_id"],
        "client_secret": table["client_secret"],
        **changes,
    }
    fields = {k: v for k, v in form.items() if v is not None}
    return service.call("POST", f"{API}/checktoken", fields)


def read(service, answer, name="rights"):
    """The envelope's header, the signature's header and the claims."""
    assert answer.status == 200
    assert answer.header("content-type") == MEDIA_TYPE
    assert answer.header("cache-control") == "no-store"
    sealed = jwe.decrypt_compact(answer.body, KEYS[name], algorithms=ENCRYPTION)
    signed = jwt.decode(sealed.plaintext.decode(), service.keys(), algorithms=["ES256", "RS256"])
    return sealed.headers(), signed.header, signed.claims


def told(service, token, name="rights"):
    return read(service, ask(service, token, name), name)[2]["token_introspection"]


def test_a_living_token_tells_who_and_what_for(world, ameli, token):
    """Active, for which service, until when, at which level, the scopes it owns, the identity."""
    sealed, signed, claims = read(ameli, ask(ameli, token))

    assert (sealed["alg"], sealed["enc"], sealed["kid"]) == ("ECDH-ES", "A256GCM", "ec")
    assert sealed["cty"] == "JWT"
    assert (signed["alg"], signed["typ"]) == ("ES256", "token-introspection+jwt")
    assert set(claims) == {"iss", "aud", "iat", "token_introspection"}
    assert (claims["iss"], claims["aud"]) == (ameli.issuer, "data-rights")
    inside, issued = claims["token_introspection"], claims["token_introspection"]["iat"]
    assert issued <= claims["iat"] <= world.clock()
    assert {k: v for k, v in inside.items() if k in PIVOT} == PIVOT
    assert inside.pop("sub")
    assert {k: v for k, v in inside.items() if k not in PIVOT} == {
        "active": True,
        "aud": "ameli-portal",
        "iat": issued,
        "exp": issued + 600,
        "acr": "eidas1",
        "scope": "identite_pivot",
    }


def test_the_answer_is_signed_and_sealed_as_registered(ameli, token):
    """RS256 inside RSA-OAEP-256 for the one that asked for it; nobody else's key opens it."""
    answer = ask(ameli, token, "tax-office")
    sealed, signed, _ = read(ameli, answer, "tax-office")

    assert (sealed["alg"], signed["alg"]) == ("RSA-OAEP-256", "RS256")
    with pytest.raises((JoseError, ValueError)):
        jwe.decrypt_compact(answer.body, EC, algorithms=ENCRYPTION)


def test_the_journal_says_whom_an_identity_was_told_to(world, ameli, token):
    """The provider of data by its name; an answer that tells nothing leaves no such line."""
    told(ameli, "a-token-nobody-issued")
    assert traces(world) == []

    told(ameli, token)

    assert [(row.client_id, bool(row.person)) for row in traces(world)] == [("data-rights", True)]


def traces(world):
    wanted = select(JOURNAL).where(JOURNAL.c.event == Event.IDENTITY_TOLD.value)
    with world.broker.app.extensions["parts"].engines["broker"].connect() as connection:
        return connection.execute(wanted).all()


def test_each_provider_of_data_has_its_own_sub(world, ameli, token):
    """Pairwise: one value for one sector, for ever, and another than any service's."""
    rights, taxes = told(ameli, token)["sub"], told(ameli, token, "tax-office")["sub"]
    again = ameli.tokens(ameli.login(world.browser(), via="postal")["code"])["access_token"]

    assert told(ameli, again)["sub"] == rights
    assert len({rights, taxes, body(ameli.userinfo(token))["sub"]}) == 3


def test_an_identity_outlives_no_consent(world, browser):
    """Only what the person let go to the service: no birthplace, no number, no address."""
    sample = Service(world, "sample")
    token = sample.tokens(sample.login(browser)["code"])["access_token"]

    inside = told(sample, token)

    assert inside["scope"] == "birthdate"
    assert set(inside) & set(PIVOT) == {
        "given_name",
        "given_name_array",
        "family_name",
        "birthdate",
    }
    assert "email" not in inside


def test_a_token_that_opens_nothing_of_its_own_is_inactive(world, browser):
    """Row 31: a provider of e-mail addresses learns nothing from a token without that scope."""
    sample = Service(world, "sample")
    scope = "openid given_name family_name"
    token = sample.tokens(sample.login(browser, scope=scope)["code"])["access_token"]

    assert told(sample, token, "weather") == {"active": False}


DEAD = {
    "never issued": lambda world, service, token: "never-issued",
    "expired": lambda world, service, token: world.clock.advance(601) or token,
    "revoked": lambda world, service, token: (
        service.post("/token/revocation", token=token) and token
    ),
    "not text": lambda world, service, token: "\x00\ufffd<x>",
    "of a service itself": lambda world, service, token: body(
        service.post("/token", grant_type="client_credentials", scope="insured")
    )["access_token"],
}


@pytest.mark.parametrize("kill", DEAD.values(), ids=DEAD)
def test_a_dead_token_is_inactive_and_the_answer_sealed_all_the_same(world, ameli, token, kill):
    """HTTP 200, signed and encrypted: who listens cannot tell the dead from the living."""
    assert told(ameli, kill(world, ameli, token)) == {"active": False}


def test_a_code_is_no_token(browser, ameli):
    """Row 18: what has not been redeemed opens nothing here either."""
    assert told(ameli, ameli.login(browser)["code"]) == {"active": False}


@pytest.mark.parametrize("field", ["token", "client_id", "client_secret"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_field_is_named(ameli, token, field, value):
    """400 invalid_request, and the description says which."""
    answer = ask(ameli, token, **{field: value})

    assert (answer.status, body(answer)["error"]) == (400, "invalid_request")
    assert field in body(answer)["error_description"]


def test_nothing_else_is_accepted(ameli, token):
    """Another parameter, or one in the address, is refused by its name."""
    more = ask(ameli, token, token_type_hint="access_token")
    path = f"{API}/checktoken?client_id=data-rights"
    address = ameli.call("POST", path, {"token": token})
    twice = ameli.call("POST", f"{API}/checktoken", [("token", "a"), ("token", "b")])

    assert (more.status, address.status, twice.status) == (400, 400, 400)
    assert "token_type_hint" in body(more)["error_description"]


STRANGERS = {
    "unknown": {"client_id": "data-nobody"},
    "a service": {"client_id": "ameli-portal"},
    "wrong secret": {"client_secret": "x" * 40},
    "the secret of another": {"client_secret": PROVIDERS["weather"]["client_secret"]},
}


@pytest.mark.parametrize("changes", STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_learns_nothing(ameli, token, changes):
    """Row 21: 401 invalid_client as JSON with its challenge, the same for a dead token."""
    answer = ask(ameli, token, **changes)
    dead = ask(ameli, "never-issued", **changes)

    assert (answer.status, body(answer)["error"]) == (401, "invalid_client")
    assert answer.header("www-authenticate").startswith("Basic")
    assert answer.body == dead.body


def test_a_provider_of_data_is_no_service(world, ameli, token):
    """Row 30: its credentials open neither introspection nor the token endpoint."""
    table = PROVIDERS["rights"]
    form = {"client_id": table["client_id"], "client_secret": table["client_secret"]}

    for path in ("/introspect", "/token", "/token/revocation", "/par"):
        grant = {"grant_type": "client_credentials", "scope": "insured"}
        answer = ameli.call("POST", API + path, {**form, **grant, "token": token})
        assert answer.status == 401, path


def settings_of(root, **changes):
    document = read_document(root / "config.toml")
    return load({**document, **changes}, {})


BAD = {
    "no keys": ({"jwks": None}, "jwks: the answer is encrypted"),
    "not keys": ({"jwks": {"keys": "x"}}, "jwks: is not a JSON Web Key Set"),
    "a private key": ({"jwks": {"keys": [EC.as_dict(private=True)]}}, "public keys only"),
    "a short secret": ({"client_secret": "short"}, "client_secret"),
    "plain http": ({"jwks_uri": "http://far.example/jwks"}, "must start with https://"),
}


@pytest.mark.parametrize(("change", "said"), BAD.values(), ids=BAD)
def test_a_bad_declaration_is_refused_at_start(root, change, said):
    """The message names the key, the fault and the rule."""
    table = {k: v for k, v in {**PROVIDERS["rights"], **change}.items() if v is not None}

    with pytest.raises(SettingsError, match=said):
        settings_of(root, data_providers={"rights": table})


def test_two_declarations_with_one_identifier_are_refused(root):
    """An answer would be for whichever came first."""
    with pytest.raises(SettingsError, match=r"is already that of data_providers\.one"):
        settings_of(root, data_providers={"one": PROVIDERS["rights"], "two": PROVIDERS["rights"]})


def test_a_secret_of_the_demonstration_is_refused_in_production(root):
    """As for services and providers."""
    with pytest.raises(SettingsError, match=r"data_providers\.example\.client_secret"):
        settings_of(root, mode="production")
