"""The wrapping of tokens: signature, encryption, and headers that try to decide for us."""

import base64
import json

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from providers import token_faults as faults
from tests.providers.stage import on_stage
from tests.providers.upstream import signing_key, unpadded

HEADERS = {
    "none": ({"alg": "none"}, faults.AlgRefused),
    "None in capitals": ({"alg": "None"}, faults.AlgRefused),
    "another curve": ({"alg": "ES384"}, faults.AlgRefused),
    "an RSA algorithm": ({"alg": "RS256"}, faults.AlgRefused),
    "a list of algorithms": ({"alg": ["ES256"]}, faults.AlgRefused),
    "a null algorithm": ({"alg": None}, faults.AlgRefused),
    "a key": ({"jwk": {"kty": "EC"}}, faults.HeaderKeyRefused),
    "the address of keys": ({"jku": "https://evil.example/jwks"}, faults.HeaderKeyRefused),
    "the address of a certificate": ({"x5u": "https://evil.example"}, faults.HeaderKeyRefused),
    "a certificate": ({"x5c": ["MIIB"]}, faults.HeaderKeyRefused),
    "an extension": ({"crit": ["b64"], "b64": False}, faults.UnknownCrit),
    "an unencoded payload": ({"b64": False}, faults.UnknownCrit),
    "no extension at all": ({"crit": []}, faults.UnknownCrit),
    "a number of extensions": ({"crit": 5}, faults.UnknownCrit),
    "the type of an access token": ({"typ": "at+jwt"}, faults.TypRefused),
    "the type of a logout token": ({"typ": "logout+jwt"}, faults.TypRefused),
    "a type that is a number": ({"typ": 1}, faults.TypRefused),
    "a key id that is a number": ({"kid": 1}, faults.IdTokenMalformed),
    "a key id of 256 characters": ({"kid": "k" * 256}, faults.IdTokenMalformed),
    "a fingerprint that is a number": ({"x5t": 7}, faults.BadSignature),
    "a header of 10 kB": ({"pad": "p" * 10_000}, faults.IdTokenMalformed),
}


@pytest.mark.parametrize(("changes", "fault"), HEADERS.values(), ids=HEADERS)
def test_a_header_decides_nothing(changes, fault):
    """A header that names an algorithm, a key, an extension or a type of its own is refused."""
    stage = on_stage()
    trip = stage.trip()
    answer = stage.sign_in(trip)
    claims = stage.upstream.id_claims({"nonce": trip.nonce, "acr_values": "eidas1"}, "access-0")
    header = {"alg": "ES256", "kid": "k1", **changes}
    message = f"{unpadded(json.dumps(header).encode())}.{unpadded(json.dumps(claims).encode())}"
    stage.upstream.lie("id_token", lambda _: f"{message}.{_sign(message)}")

    with pytest.raises(fault) as refused:
        stage.provider.arrive(answer, trip)
    assert type(refused.value) is fault


def _sign(message):
    """An honest ES256 signature, whatever the header says."""
    return unpadded(JWSRegistry.algorithms["ES256"].sign(message.encode(), signing_key("ES256")))


@pytest.mark.parametrize("header", [{"typ": "jwt"}, {"typ": "application/jwt"}, {"x5t": "abc"}])
def test_a_harmless_header_is_let_through(header):
    """The type in any case, and a fingerprint nobody follows, change nothing."""
    stage = on_stage()
    stage.upstream.lie("id_header", lambda honest: {**honest, **header})

    assert stage.login().identity == stage.expected


def _headed(header, token):
    """The same token under another header."""
    return f"{unpadded(header)}.{token.partition('.')[2]}"


def _flattened(token):
    header, payload, signature = token.split(".")
    return {"protected": header, "payload": payload, "signature": signature}


MALFORMED = {
    "null": lambda _: None,
    "a number": lambda _: 7,
    "flattened JSON": _flattened,
    "general JSON": lambda t: {"payload": t.split(".")[1], "signatures": [_flattened(t)]},
    "JSON in a text": lambda t: json.dumps(_flattened(t)),
    "empty": lambda _: "",
    "one segment": lambda t: t.split(".")[0],
    "two segments": lambda t: t.rpartition(".")[0],
    "four segments": lambda t: f"{t}.e30",
    "six segments": lambda t: f"{t}.e30.e30.e30",
    "a blank before": lambda t: f" {t}",
    "not ASCII": lambda t: t + "é",
    "padded": lambda t: t.replace(".", "=.", 1),
    "a header that is a list": lambda t: _headed(b"[]", t),
    "a header twice the same member": lambda t: _headed(b'{"alg":"none","alg":"ES256"}', t),
    "a header nested deep": lambda t: _headed(b"[" * 20_000, t),
    "a header that is no base64": lambda t: f"!!.{t.partition('.')[2]}",
}


@pytest.mark.parametrize("how", MALFORMED.values(), ids=MALFORMED)
def test_only_the_compact_form_is_a_token(how):
    """Anything but three clean segments of bounded length is malformed, and never a crash."""
    stage = on_stage()
    stage.upstream.lie("id_token", how)

    with pytest.raises(faults.IdTokenMalformed):
        stage.login()


@pytest.mark.parametrize("payload", [b"[]", b"null", b'"text"', b"{", b"\xff", b'{"a":NaN}'])
def test_a_signed_payload_must_be_an_object(payload):
    """A payload that is signed and no JSON object is malformed."""
    stage = on_stage()
    stage.upstream.lie("id_claims", lambda _: payload)

    with pytest.raises(faults.IdTokenMalformed):
        stage.login()


@pytest.mark.parametrize("alg", ["ES256", "ES512", "RS256", "PS256"])
@pytest.mark.parametrize("part", ["payload", "signature"])
def test_an_altered_token_does_not_verify(alg, part):
    """One letter changed in what was signed, or in the signature, is one too many."""
    stage = on_stage(id_token_alg=alg)

    def altered(token):
        header, payload, signature = token.split(".")
        if part == "payload":
            claims = json.loads(base64.urlsafe_b64decode(payload + "==="))
            payload = unpadded(json.dumps({**claims, "sub": "victim"}).encode())
        else:
            signature = ("B" if signature[0] != "B" else "C") + signature[1:]
        return f"{header}.{payload}.{signature}"

    stage.upstream.lie("id_token", altered)
    with pytest.raises(faults.BadSignature):
        stage.login()


@pytest.mark.parametrize(
    "how",
    [
        lambda t: f"{t.rpartition('.')[0]}.",
        lambda t: f"{t.rpartition('.')[0]}.AAAA",
        lambda t: f"{t.rpartition('.')[0]}.{'A' * 86}",
        lambda t: f"{t.rpartition('.')[0]}.{'A' * 1000}",
        lambda t: f"{t}\n",
        lambda t: f"{t}=",
        lambda t: "..".join(t.split(".")[::2]),
    ],
)
def test_a_signature_of_another_shape_does_not_verify(how):
    """No length, padding or detached payload makes the library stumble, or see a signature."""
    stage = on_stage()
    stage.upstream.lie("id_token", how)

    with pytest.raises(faults.BadSignature):
        stage.login()


# --- encryption -----------------------------------------------------------------------------------


def _sealed(token, key=None, **header):
    """The token encrypted for `key`, with a header of our choice."""
    recipient = key or ECKey.generate_key("P-256")
    whole = {"alg": "ECDH-ES", "enc": "A256GCM", **header}
    registry = jwe.JWERegistry(algorithms=[whole["alg"], whole["enc"], "DEF"])
    return jwe.encrypt_compact(whole, token, recipient, registry=registry)


def _agreed(stage):
    return ECKey.import_key(json.loads(stage.provider.settings.decryption_key))


def test_a_token_promised_encrypted_must_be():
    """A plain token from a provider that encrypts is refused: somebody else wrote it."""
    stage = on_stage("mobile")
    plain = []
    stage.upstream.lie("id_token", lambda token: plain.append(token) or token)
    stage.upstream.lie("id_token_sent", lambda _: plain[-1])

    with pytest.raises(faults.JweMissing):
        stage.login()


def test_an_encrypted_token_nobody_agreed_on_is_refused():
    """A provider that does not encrypt is not expected to start."""
    stage = on_stage()
    stage.upstream.lie("id_token_sent", _sealed)

    with pytest.raises(faults.JweUnexpected):
        stage.login()


def test_a_token_for_another_key_is_refused():
    """What was encrypted for somebody else cannot be read."""
    stage = on_stage("mobile")
    stage.upstream.lie("id_token_sent", lambda _: _sealed("a.b.c"))

    with pytest.raises(faults.JweUndecryptable):
        stage.login()


JWE_HEADERS = {
    "compressed": {"zip": "DEF"},
    "another agreement": {"alg": "ECDH-ES+A192KW"},
    "another cipher": {"enc": "A192GCM"},
}


@pytest.mark.parametrize("header", JWE_HEADERS.values(), ids=JWE_HEADERS)
def test_encryption_is_as_agreed_or_refused(header):
    """Compression, a key agreement or a cipher nobody agreed on are refused before any work."""
    stage = on_stage("mobile")
    stage.upstream.lie("id_token_sent", lambda _: _sealed("a.b.c", _agreed(stage), **header))

    with pytest.raises(faults.JweRefused):
        stage.login()


@pytest.mark.parametrize(
    "how",
    [
        lambda t: t.replace(t.split(".")[3], unpadded(b"x" * 50)),
        lambda t: t.rpartition(".")[0] + ".AAAA",
        lambda t: ".".join([t.split(".")[0], "AAAA", *t.split(".")[2:]]),
        lambda t: _headed(b'{"alg":"ECDH-ES","enc":"A256GCM"}', t),
        lambda t: _headed(b'{"alg":"ECDH-ES","enc":"A256GCM","epk":7}', t),
        lambda t: _headed(
            b'{"alg":"ECDH-ES","enc":"A256GCM","epk":'
            b'{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}}',
            t,
        ),
        lambda t: _headed(b'{"alg":"RSA-OAEP-256","enc":"A256GCM"}', t),
        lambda t: f"{t}.AAAA",
    ],
)
def test_an_altered_encrypted_token_is_refused(how):
    """Each way to spoil an encrypted token ends in the same quiet refusal."""
    stage = on_stage("mobile")
    stage.upstream.lie("id_token_sent", how)

    with pytest.raises(faults.JweUndecryptable):
        stage.login()


def test_an_extension_of_the_encryption_is_refused():
    """A critical extension is refused in the outer header too."""
    stage = on_stage("mobile")
    header = b'{"alg":"ECDH-ES","enc":"A256GCM","crit":["exp"],"exp":1}'
    stage.upstream.lie("id_token_sent", lambda token: _headed(header, token))

    with pytest.raises(faults.UnknownCrit):
        stage.login()


def test_what_is_inside_must_be_signed():
    """A decrypted text that is no token, or an unsigned one, is refused as any other."""
    stage = on_stage("mobile")
    for inside, fault in (
        (b"hello", faults.IdTokenMalformed),
        (b"\xff\xfe", faults.JweUndecryptable),
        (_headed(b'{"alg":"none"}', ".e30.").encode(), faults.AlgRefused),
    ):
        stage.upstream.lie("id_token_sent", lambda _, i=inside: _sealed(i, _agreed(stage)))
        with pytest.raises(fault):
            stage.login()


def test_an_rsa_key_opens_tokens_too():
    """RSA-OAEP-256 is one of the ways agreed on."""
    key = RSAKey.generate_key(2048)
    stage = on_stage(id_token_encrypted=True, decryption_key=json.dumps(key.as_dict(private=True)))
    honest = []
    stage.upstream.lie("id_token", lambda token: honest.append(token) or None)
    stage.upstream.lie("id_token_sent", lambda _: _sealed(honest[-1], key, alg="RSA-OAEP-256"))

    assert stage.login().identity == stage.expected
