"""Every fault told in answers to the broker does what its sentence says."""

import pytest
from joserfc.jwk import ECKey

from mock_idps.faults.fault import Where
from mock_idps.faults.table import FAULTS

TOLD = [f for f in FAULTS if f.where not in (Where.JWKS, Where.DISCOVERY) and f.only != "attacks"]
HONEST_TRAITS = {
    "given_name",
    "given_name_array",
    "family_name",
    "birthdate",
    "gender",
    "birthplace",
    "birthcountry",
    "email",
}


def _error(name):
    return lambda s: s.answer["error"] == name and not {"code"} & set(s.answer)


def _status(part, status):
    return lambda s: getattr(s, part).status_code == status


def _claim(name, value):
    return lambda s: s.claims[name] == value


def _without(*names):
    return lambda s: set(s.traits) == {"sub"} | HONEST_TRAITS - set(names)


def _trait(**traits):
    return lambda s: all(s.traits[name] == value for name, value in traits.items())


def _subject(value):
    return lambda s: s.claims["sub"] == value == s.traits["sub"]


def _unreadable(response):
    return response.is_json and response.data and response.get_json(silent=True) is None


def _foreign(s):
    """Signed by nobody published, while everything else is as agreed."""
    return s.refused(s.id_token) and s.header["alg"] == "ES256"


def _published(s):
    return s.rp.keys().keys[0]


SHOWN = {
    "access_denied": _error("access_denied"),
    "login_required": _error("login_required"),
    "temporarily_unavailable": _error("temporarily_unavailable"),
    "server_error": _error("server_error"),
    "hostile_error": lambda s: "<script" in s.answer["error_description"],
    "no_code": lambda s: set(s.answer) == {"state", "iss"},
    "wrong_state": lambda s: s.answer["state"] not in ("", s.trip.state) and s.answer["code"],
    "missing_state": lambda s: set(s.answer) == {"code", "iss"},
    "wrong_iss": lambda s: s.answer["iss"] == "https://other.example" and s.answer["code"],
    "no_iss": lambda s: set(s.answer) == {"code", "state"},
    "token_400": lambda s: s.tokens.json == {"error": "invalid_grant"},
    "token_401": _status("tokens", 401),
    "token_500": _status("tokens", 500),
    "token_503": _status("tokens", 503),
    "token_slow": lambda s: s.slept == [8.0],
    "token_never": lambda s: s.slept == [60.0],
    "token_redirect": lambda s: s.tokens.status_code == 302 and "id_token" not in s.tokens.text,
    "token_html": lambda s: s.tokens.mimetype == "text/html" and s.tokens.status_code == 200,
    "token_huge": lambda s: len(s.tokens.data) > 1024 * 1024 and s.tokens.json["id_token"],
    "token_truncated": lambda s: _unreadable(s.tokens),
    "wrong_token_iss": _claim("iss", "https://other.example"),
    "wrong_aud": _claim("aud", "another-service"),
    "two_aud_no_azp": lambda s: len(s.claims["aud"]) == 2 and "azp" not in s.claims,
    "wrong_azp": lambda s: s.claims["azp"] == "another-service" and s.claims["aud"] == "broker",
    "expired": lambda s: s.claims["iat"] < s.claims["exp"] < s.rp.clock() - 3600,
    "not_yet_valid": lambda s: s.claims["exp"] > s.claims["iat"] > s.rp.clock() + 3600,
    "wrong_nonce": lambda s: s.claims["nonce"] != s.trip.nonce,
    "no_nonce": lambda s: "nonce" not in s.claims and s.claims["nonce_supported"] is False,
    "alg_none": lambda s: s.header["alg"] == "none" and s.id_token.endswith("."),
    "hs256_public_key": lambda s: s.hmac_of(_published(s).as_pem(private=False)),
    "hs256_client_secret": lambda s: s.hmac_of(s.rp.settings.client_secret.encode()),
    "unknown_kid": lambda s: s.header["kid"] not in {key.kid for key in s.rp.keys().keys},
    "foreign_key": lambda s: s.header["kid"] == _published(s).kid and _foreign(s),
    "jwk_header": lambda s: s.signed_by(ECKey.import_key(s.header["jwk"])) and _foreign(s),
    "unknown_crit": lambda s: s.header["crit"] == ["x-unknown"] and s.header["x-unknown"],
    "wrong_at_hash": _claim("at_hash", "A" * 22),
    "other_case_sub": lambda s: (
        s.claims["sub"] != s.traits["sub"] and s.claims["sub"].lower() == s.traits["sub"]
    ),
    "acr_lower": _claim("acr", "eidas0"),
    "acr_missing": lambda s: "acr" not in s.claims,
    "old_auth_time": lambda s: s.claims["auth_time"] == int(s.rp.clock()) - 86_400,
    "wrong_encryption_key": lambda s: s.tokens.json["id_token"].count(".") == 4 and not s.id_token,
    "not_encrypted": lambda s: not s.refused(s.tokens.json["id_token"]),
    "no_sub": lambda s: "sub" not in s.claims and "sub" not in s.traits,
    "sub_null": _subject(None),
    "sub_empty": _subject(""),
    "sub_number": _subject(12345),
    "sub_list": _subject(["12345"]),
    "sub_long": _subject("a" * 300),
    "userinfo_401": _status("userinfo", 401),
    "userinfo_500": _status("userinfo", 500),
    "userinfo_slow": lambda s: s.rp.slept == [8.0],
    "userinfo_redirect": _status("userinfo", 302),
    "userinfo_garbage": lambda s: _unreadable(s.userinfo),
    "userinfo_huge": lambda s: len(s.userinfo.data) > 1024 * 1024,
    "userinfo_unsigned": lambda s: s.userinfo.is_json and s.traits["family_name"] == "DURAND",
    "userinfo_alg_none": lambda s: s.userinfo_header["alg"] == "none",
    "userinfo_foreign_key": lambda s: (
        s.userinfo_header["kid"] == _published(s).kid and s.refused(s.userinfo.text)
    ),
    "userinfo_wrong_aud": lambda s: s.rp.traits(s.userinfo)["aud"] == "another-service",
    "other_sub": lambda s: s.traits["sub"] != s.claims["sub"],
    "no_family_name": _without("family_name"),
    "no_given_name": _without("given_name", "given_name_array"),
    "no_birthdate": _without("birthdate"),
    "no_gender": _without("gender"),
    "no_birthplace": _without("birthplace"),
    "no_birthcountry": _without("birthcountry"),
    "malformed_birthdate": _trait(birthdate="1985-00-27"),
    "malformed_birthplace": _trait(birthplace="6938", birthcountry="99100"),
    "malformed_birthcountry": _trait(birthcountry="FR"),
    "malformed_gender": _trait(gender="2"),
    "no_email": _without("email"),
}


def test_every_fault_has_its_proof():
    """A fault added to the table without a check here is noticed."""
    assert sorted(SHOWN) == sorted(fault.name for fault in TOLD)


@pytest.mark.parametrize("fault", TOLD, ids=lambda fault: fault.name)
def test_a_fault_does_what_its_sentence_says(look, fault):
    """The table of the page is true."""
    assert SHOWN[fault.name](look(fault))


@pytest.mark.parametrize("fault", TOLD, ids=lambda fault: fault.name)
def test_a_fault_spares_the_next_login(look, fault, party):
    """After the lie the same provider serves an honest login."""
    rp = look(fault).rp
    tokens = rp.redeem(rp.sign_in())

    assert rp.verified(rp.opened(tokens))["acr"] == "eidas1"
    assert rp.traits(rp.userinfo(tokens))["family_name"] == "DURAND"
