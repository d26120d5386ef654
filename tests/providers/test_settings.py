"""One provider's table: what it must hold, what its kind fills in, why it is refused."""

import json

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey
from pydantic import ValidationError

from providers.build import build
from providers.keys import assertion_alg, private_key
from providers.kinds import KINDS
from providers.levels import Level
from providers.settings import ProviderSettings
from tests.providers.stage import ISSUER, MSA_ENDPOINTS, SECRET, settings, table
from tests.providers.upstream import client_keys, signing_key

SIGNING, OPENING = client_keys()


def _problems(kind="oidc", **changes):
    """Every sentence of the refusal of that table; None in `changes` takes a key away."""
    whole = {k: v for k, v in table(kind, **changes).items() if v is not None}
    with pytest.raises(ValidationError) as refused:
        ProviderSettings.model_validate(whole)
    return [
        f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in refused.value.errors()
    ]


WRONG = {
    "no issuer": ({"issuer": None}, "issuer"),
    "a relative issuer": ({"issuer": "upstream.example"}, "issuer"),
    "an issuer with a query": ({"issuer": f"{ISSUER}?a=b"}, "issuer: must not hold a query"),
    "an issuer with a fragment": ({"issuer": f"{ISSUER}#a"}, "issuer"),
    "an issuer with a password": ({"issuer": "https://a:b@upstream.example"}, "issuer"),
    "an issuer with a blank": ({"issuer": f"{ISSUER}/a b"}, "issuer"),
    "an issuer of another scheme": ({"issuer": "ftp://upstream.example"}, "issuer"),
    "no label": ({"label": None}, "label"),
    "an id with a slash": ({"id": "a/b"}, "id"),
    "an id in capitals": ({"id": "Tax"}, "id"),
    "an unknown kind": ({"kind": "saml"}, "kind"),
    "an unknown key": ({"lable": "x"}, "lable"),
    "no client": ({"client_id": ""}, "client_id"),
    "no secret": ({"client_secret": None}, "client_secret: is required"),
    "a short secret": ({"client_secret": "s" * 31}, "client_secret"),
    "no key to sign": ({"client_auth": "private_key_jwt"}, "client_key: is required"),
    "a public key to sign": (
        {
            "client_auth": "private_key_jwt",
            "client_key": json.dumps(signing_key("ES256").as_dict(private=False)),
        },
        "client_key",
    ),
    "a shared key to sign": (
        {"client_key": json.dumps(OctKey.generate_key(256).as_dict(private=True))},
        "client_key",
    ),
    "a key of another kind": (
        {"client_key": json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True))},
        "client_key",
    ),
    "a curve that signs nothing here": (
        {
            "client_auth": "private_key_jwt",
            "client_key": json.dumps(ECKey.generate_key("secp256k1").as_dict(private=True)),
        },
        "client_key: must be",
    ),
    "garbage for a key": ({"client_key": "-----BEGIN nothing"}, "client_key"),
    "garbage for a JWK": ({"decryption_key": "{"}, "decryption_key"),
    "no key to open tokens": ({"id_token_encrypted": True}, "decryption_key: is required"),
    "no key to open userinfo": (
        {"userinfo": "jwt", "userinfo_encrypted": True},
        "decryption_key: is required by userinfo_encrypted",
    ),
    "an unknown way to authenticate": ({"client_auth": "none"}, "client_auth"),
    "alg none": ({"id_token_alg": "none"}, "id_token_alg"),
    "HMAC": ({"id_token_alg": "HS256"}, "id_token_alg"),
    "no level": ({"levels": []}, "levels"),
    "an unknown level": ({"levels": ["eidas9"]}, "levels"),
    "a name for a level it lacks": ({"acr": {"eidas3": "x"}}, "acr.eidas3"),
    "no openid": ({"scope": "profile"}, "scope"),
    "no endpoints": ({"discovery": False}, "authorization_endpoint: is required"),
    "a weaker endpoint": ({"jwks_uri": "http://upstream.example/jwks"}, "jwks_uri: must start"),
    "a relative endpoint": ({"token_endpoint": "/token"}, "token_endpoint"),
    "an algorithm for nothing": ({"userinfo_alg": "ES256"}, "userinfo_alg: makes sense"),
    "a parameter of ours": ({"authorization_params": {"nonce": "x"}}, "authorization_params.nonce"),
    "an unknown trait": ({"claims": {"shoe_size": "x"}}, "claims.shoe_size"),
    "an unknown order of dates": ({"claims": {"date_format": "MM/DD/YYYY"}}, "claims.date_format"),
    "an unknown sex": ({"claims": {"gender_values": {"X": "x"}}}, "claims.gender_values"),
    "claims that are no table": ({"claims": "standard"}, "claims"),
    "a lifetime of nothing": ({"jwks_seconds": 0}, "jwks_seconds"),
}


@pytest.mark.parametrize(("changes", "named"), WRONG.values(), ids=WRONG)
def test_a_wrong_table_is_refused_by_the_name_of_its_key(changes, named):
    """Each fault of a table is told with the key at fault and the rule."""
    problems = _problems(**changes)

    assert any(named in problem for problem in problems), problems


def test_every_fault_of_a_table_is_told_at_once():
    """Three faults of form are three sentences; three contradictions are told together."""
    assert len(_problems(issuer="x", client_auth="none", levels=[])) == 3

    (told,) = _problems(scope="profile", userinfo_alg="ES256", client_secret=None)
    assert all(key in told for key in ("scope:", "userinfo_alg:", "client_secret:"))


def test_no_secret_is_repeated_in_a_refusal():
    """A table that is refused does not print its secret."""
    problems = _problems(client_secret="hunter2", client_key="not-a-key-but-secret")

    assert "hunter2" not in str(problems)
    assert "not-a-key" not in str(problems)
    with pytest.raises(ValidationError) as refused:
        settings(client_secret="hunter2")
    assert "hunter2" not in str(refused.value)
    assert SECRET not in repr(settings())


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_fills_in_what_it_declares(kind):
    """A built-in provider needs an issuer, a client and its secrets; all else it declares."""
    declared = settings(kind)

    assert declared.kind == kind
    for key, value in KINDS[kind].defaults.items():
        if key not in {"levels", "claims"}:
            assert getattr(declared, key) == value


def test_a_table_overrides_what_its_kind_declares():
    """What the table says wins over the dialect, claim by claim."""
    changed = settings(
        "msa",
        label="Ma MSA",
        levels=["eidas2"],
        claims={"family_name": "nom", "date_format": "YYYYMMDD"},
    )

    assert changed.label == "Ma MSA"
    assert changed.levels == {Level.SUBSTANTIAL}
    assert changed.claims.family_name == "nom"
    assert changed.claims.date_format == "YYYYMMDD"
    assert changed.claims.given_name == "prenoms"
    assert settings("msa").claims.family_name == "nom_naissance"


def test_the_five_built_in_providers_speak_as_tabled():
    """The differences between the built-in providers are those of the design."""
    tax, postal, msa = settings("tax"), settings("postal"), settings("msa")
    mobile, ameli = settings("mobile"), settings("ameli")

    assert (tax.id_token_alg, tax.client_auth, tax.userinfo) == (
        "RS256",
        "client_secret_post",
        "json",
    )
    assert (postal.id_token_alg, postal.userinfo, postal.par, postal.pkce, postal.logout) == (
        "ES256",
        "jwt",
        True,
        True,
        True,
    )
    assert (msa.discovery, msa.client_auth, msa.claims.gender_values["F"]) == (
        False,
        "client_secret_basic",
        "female",
    )
    assert (mobile.client_auth, mobile.id_token_encrypted) == ("private_key_jwt", True)
    assert ameli.account_claim == "sub"
    assert {p.kind: max(p.levels) for p in (tax, postal, msa, mobile, ameli)} == {
        "tax": "eidas1",
        "postal": "eidas2",
        "msa": "eidas1",
        "mobile": "eidas2",
        "ameli": "eidas1",
    }


def test_settings_do_not_change():
    """A table once read stays as it is."""
    with pytest.raises(ValidationError):
        settings().issuer = "https://evil.example"


def test_addresses_and_secrets_are_listed_for_whoever_checks_them():
    """The broker refuses weak addresses and demonstration secrets without knowing every key."""
    assert settings("msa").addresses == {"issuer": ISSUER, **MSA_ENDPOINTS}
    assert settings("mobile").secrets == {
        "client_secret": SECRET,
        "client_key": SIGNING,
        "decryption_key": OPENING,
    }


# --- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alg", "name"),
    [("ES256", "ES256"), ("ES384", "ES384"), ("ES512", "ES512"), ("RS256", "RS256")],
)
@pytest.mark.parametrize("form", ["jwk", "pem"])
def test_a_private_key_is_read_as_jwk_or_pem(alg, name, form):
    """Both common forms of a private key are read, and sign with the algorithm of their kind."""
    key = signing_key(alg)
    text = (
        json.dumps(key.as_dict(private=True))
        if form == "jwk"
        else key.as_pem(private=True).decode()
    )

    assert assertion_alg(private_key(text)) == name


def test_a_provider_is_built_without_asking_anybody():
    """Building makes no call: a provider that is down does not keep the broker from starting."""
    provider = build(settings(), None, bytes)

    assert provider.id == "here"
    assert provider.levels == {Level.LOW, Level.SUBSTANTIAL}
