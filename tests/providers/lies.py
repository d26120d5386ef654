"""The lies of our own upstream: for each name, where it is told and how."""

import base64
import json

from joserfc.jwk import ECKey, RSAKey

from providers.http import Reply
from tests.providers.upstream import Upstream, signed


def _without(name):
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def _with(**changes):
    return lambda claims: {**claims, **changes}


def _resigned(header_changes, key_of):
    """The same claims in another envelope: decode what the honest key signed, sign it anew."""

    def told(token):
        header, payload, _signature = token.split(".")
        head = json.loads(base64.urlsafe_b64decode(header + "=="))
        body = base64.urlsafe_b64decode(payload + "==")
        return signed({**head, **header_changes}, body, key_of(head))

    return told


def _foreign(header):
    if header["alg"].startswith("ES"):
        return ECKey.generate_key("P-256")
    return RSAKey.generate_key(2048)


def _public_pem(upstream: Upstream):
    return upstream.key.as_pem(private=False)


def lies_of(upstream: Upstream):
    """name -> (where, how), for `Upstream.lie`."""
    now = upstream.now()
    client_id = upstream.settings.client_id
    renamed = {"family_name": "nom_naissance", "birthdate": "date_naissance"}
    old = upstream.settings.kind == "msa"
    trait = renamed.get if old else (lambda name: name)
    return {
        "redirect_on_token": ("token", lambda _: Reply(302, {"location": "https://x.example"})),
        "token_500": ("token", lambda _: Reply(500, {}, b"oops")),
        "token_html": ("token", lambda _: Reply(200, {"content-type": "text/html"}, b"<p>Hello")),
        "token_huge": ("token", lambda _: Reply(200, {}, b'{"a":"' + b"a" * 1_000_000 + b'"}')),
        "wrong_iss": ("id_claims", _with(iss="https://other.example")),
        "wrong_aud": ("id_claims", _with(aud="another-client")),
        "two_aud_without_azp": ("id_claims", _with(aud=[client_id, "another"])),
        "expired": ("id_claims", _with(exp=now - 61, iat=now - 300)),
        "not_yet_valid": ("id_claims", _with(nbf=now + 3600)),
        "wrong_nonce": ("id_claims", _with(nonce="of another trip")),
        "no_nonce": ("id_claims", _without("nonce")),
        "alg_none": ("id_token", _resigned({"alg": "none"}, lambda _: None)),
        "hs256_with_public_key": (
            "id_token",
            _resigned({"alg": "HS256"}, lambda _: _public_pem(upstream)),
        ),
        "foreign_key": ("id_token", _resigned({}, _foreign)),
        "unknown_kid": ("id_header", _with(kid="never published")),
        "jwk_header": ("id_header", _with(jwk=upstream.key.as_dict(private=False))),
        "unknown_crit": ("id_header", _with(crit=["exp-policy"], **{"exp-policy": 1})),
        "wrong_at_hash": ("id_claims", _with(at_hash="AAAAAAAAAAAAAAAAAAAAAA")),
        "no_sub": ("id_claims", _without("sub")),
        "sub_number": ("id_claims", _with(sub=12345)),
        "sub_300": ("id_claims", _with(sub="s" * 300)),
        "no_acr": ("id_claims", _without("acr")),
        "userinfo_401": ("userinfo", lambda _: Reply(401, {}, b"{}")),
        "userinfo_other_sub": ("userinfo", _with(sub="somebody else")),
        "no_family_name": ("userinfo", _without(trait("family_name"))),
        "malformed_date": ("userinfo", _with(**{trait("birthdate"): "1985-13-45"})),
    }
