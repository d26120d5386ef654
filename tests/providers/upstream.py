"""
A small OpenID Provider in memory, to be lied with: it stands where the network would be.

Strict where a real one is (client authentication, PKCE, redirect URI, one use of a code), so that
an adapter that forgets something is refused. `lie(where, how)` changes one answer; `where` is a
name of HONEST below.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from joserfc import jwe, jwt
from joserfc.jwk import ECKey, Key, RSAKey
from joserfc.jws import JWSRegistry

from providers.http import CallFailedError, Limits, Reply
from providers.keys import private_key
from providers.settings import ProviderSettings

ISSUER = "https://upstream.example"
CALLBACK = "https://broker.example/callback/here"
CLAIRE = {
    "given_name": "Claire Anne",
    "given_name_array": ["Claire", "Anne"],
    "family_name": "DURAND",
    "birthdate": "1985-03-27",
    "gender": "female",
    "birthplace": "69383",
    "birthcountry": "99100",
    "preferred_username": "MARTIN",
    "email": "claire@exemple.fr",
}
OLD_NAMES = {
    "family_name": "nom_naissance",
    "given_name": "prenoms",
    "birthdate": "date_naissance",
    "gender": "sexe",
    "birthplace": "lieu_naissance_cog",
    "birthcountry": "pays_naissance_cog",
    "preferred_username": "nom_usage",
    "email": "email",
}
HONEST = (
    "discovery",
    "jwks",
    "par",
    "answer",
    "token",
    "id_header",
    "id_claims",
    "id_token",
    "id_token_sent",
    "userinfo",
    "userinfo_header",
    "userinfo_reply",
)


def signing_key(alg: str, kid: str = "k1") -> Key:
    """One key for each algorithm and id in the whole test run: generating them is slow."""
    return _made_key(alg, kid)


@cache
def _made_key(alg: str, kid: str) -> Key:
    if alg.startswith("ES"):
        curve = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}[alg]
        return ECKey.generate_key(curve, {"kid": kid, "use": "sig"})
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


@cache
def client_keys() -> tuple[str, str]:
    """The client's private keys, to sign assertions and to open tokens, as JWK texts."""
    made = [ECKey.generate_key("P-256", {"kid": f"client-{use}"}) for use in ("sig", "enc")]
    return tuple(json.dumps(key.as_dict(private=True)) for key in made)


def unpadded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: Mapping[str, Any], claims: Any, key: Key | bytes | None) -> str:
    """A compact JWS of any header: `none` and HMAC included, no rule of the library applied."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    message = f"{unpadded(json.dumps(header).encode())}.{unpadded(payload)}"
    if key is None:
        return f"{message}."
    if isinstance(key, bytes):
        return f"{message}.{unpadded(hmac.digest(key, message.encode(), 'sha256'))}"
    signature = JWSRegistry.algorithms[str(header["alg"])].sign(message.encode(), key)
    return f"{message}.{unpadded(signature)}"


def json_reply(document: Any, status: int = 200, **headers: str) -> Reply:
    """An answer in JSON."""
    body = json.dumps(document).encode()
    return Reply(status, {"content-type": "application/json", **headers}, body)


@dataclass
class Upstream:
    """One provider, speaking as `settings` expect it to."""

    settings: ProviderSettings
    now: Callable[[], float]
    traits: dict[str, Any] = field(default_factory=lambda: dict(CLAIRE))
    subject: Any = "claire-1"
    kid: str = "k1"
    signs_with: Key | None = None
    lies: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    calls: list[tuple[str, str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    pushed: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    assertions: set[str] = field(default_factory=set)

    def lie(self, where: str, how: Callable[[Any], Any]) -> None:
        """From now on, answer `how(honest)` there."""
        assert where in HONEST
        self.lies[where] = how

    def _told(self, where: str, honest: Any) -> Any:
        return self.lies.get(where, lambda same: same)(honest)

    @property
    def key(self) -> Key:
        return self.signs_with or signing_key(self.settings.id_token_alg, self.kid)

    # --- the browser side ---------------------------------------------------------------------

    def sign_in(self, url: str, **changes: str) -> dict[str, str]:
        """What comes back to the callback when Claire signs in after following `url`."""
        asked = self.asked(url)
        code = f"code-{len(self.codes)}"
        self.codes[code] = {**asked, **changes}
        answer = {"code": code, "state": asked["state"], "iss": self.settings.issuer}
        return self._told("answer", answer)

    def asked(self, url: str) -> dict[str, str]:
        """The parameters of the request, pushed or not, checked as a provider checks them."""
        sent = dict(parse_qsl(urlsplit(url).query, strict_parsing=True))
        assert url.startswith(f"{self.settings.issuer}/authorize?")
        if self.settings.par:
            assert set(sent) == {"client_id", "request_uri"}
            sent = self.pushed.pop(sent["request_uri"])
        assert sent["client_id"] == self.settings.client_id
        assert sent["response_type"] == "code"
        assert "openid" in sent["scope"].split()
        assert sent.get("code_challenge_method") == ("S256" if self.settings.pkce else None)
        return sent

    # --- the network side: `http.Http` --------------------------------------------------------

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limits: Limits | None = None,
    ) -> Reply:
        assert limits is not None
        path = url.removeprefix(self.settings.issuer)
        form = dict(parse_qsl((body or b"").decode(), strict_parsing=bool(body)))
        self.calls.append((method, path, dict(headers or {}), form))
        routes = {
            "/.well-known/openid-configuration": self._discovery,
            "/jwks": self._jwks,
            "/par": self._par,
            "/token": self._token,
            "/userinfo": self._userinfo,
        }
        if path not in routes:
            raise CallFailedError("unreachable")
        return routes[path](dict(headers or {}), form)

    def paths(self) -> list[str]:
        """Where calls went, in order."""
        return [path for _method, path, _headers, _form in self.calls]

    def endpoints(self) -> dict[str, str]:
        issuer = self.settings.issuer
        return {
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "pushed_authorization_request_endpoint": f"{issuer}/par",
            "end_session_endpoint": f"{issuer}/logout",
        }

    def _discovery(self, _headers: dict[str, str], _form: dict[str, str]) -> Reply:
        document = {
            "issuer": self.settings.issuer,
            "authorization_response_iss_parameter_supported": True,
            **self.endpoints(),
        }
        return self._reply("discovery", document)

    def _jwks(self, _headers: dict[str, str], _form: dict[str, str]) -> Reply:
        # Two keys of one id, told apart by their kind: it happens, and is allowed.
        algs = {self.settings.id_token_alg, self.settings.userinfo_alg} - {None}
        keys = [signing_key(alg, self.kid).as_dict(private=False) for alg in sorted(algs)]
        return self._reply("jwks", {"keys": keys})

    def _par(self, headers: dict[str, str], form: dict[str, str]) -> Reply:
        self._authenticate(headers, form)
        reference = f"urn:pushed:{len(self.calls)}"
        self.pushed[reference] = form
        return self._reply("par", {"request_uri": reference, "expires_in": 60}, 201)

    def _token(self, headers: dict[str, str], form: dict[str, str]) -> Reply:
        self._authenticate(headers, form)
        grant = self.codes.pop(form["code"], None)
        if grant is None or not self._proven(grant, form):
            return self._reply("token", {"error": "invalid_grant"}, 400)
        access_token = f"access-{len(self.tokens)}"
        self.tokens[access_token] = grant
        reply = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self._id_token(grant, access_token),
        }
        return self._reply("token", reply)

    def _userinfo(self, headers: dict[str, str], _form: dict[str, str]) -> Reply:
        token = headers["Authorization"].removeprefix("Bearer ")
        if token not in self.tokens:
            return json_reply({"error": "invalid_token"}, 401)
        claims = self._told("userinfo", {"sub": self.subject, **self._sent_traits()})
        if isinstance(claims, Reply):
            return claims
        if self.settings.userinfo != "jwt":
            return self._told("userinfo_reply", json_reply(claims))
        alg = self.settings.userinfo_alg or self.settings.id_token_alg
        key = signing_key(alg, self.kid)
        addressed = {"iss": self.settings.issuer, "aud": self.settings.client_id, **claims}
        header = self._told("userinfo_header", {"alg": alg, "kid": key.kid, "typ": "JWT"})
        token = signed(header, addressed, key)
        if self.settings.userinfo_encrypted:
            token = self._encrypted(token)
        reply = Reply(200, {"content-type": "application/jwt"}, token.encode())
        return self._told("userinfo_reply", reply)

    def _sent_traits(self) -> dict[str, Any]:
        if self.settings.kind != "msa":
            return self.traits
        year, month, day = self.traits["birthdate"].split("-")
        old = {OLD_NAMES[name]: value for name, value in self.traits.items() if name in OLD_NAMES}
        old["date_naissance"] = f"{day}/{month}/{year}"
        return {**old, "sexe": {"male": "M", "female": "F"}[self.traits["gender"]]}

    def _reply(self, where: str, honest: Any, status: int = 200) -> Reply:
        told = self._told(where, honest)
        return told if isinstance(told, Reply) else json_reply(told, status)

    # --- tokens -------------------------------------------------------------------------------

    def id_claims(self, grant: Mapping[str, str], access_token: str) -> dict[str, Any]:
        digest = hashlib.new(
            "sha" + self.settings.id_token_alg[-3:], access_token.encode()
        ).digest()
        return {
            "iss": self.settings.issuer,
            "sub": self.subject,
            "aud": self.settings.client_id,
            "exp": self.now() + 300,
            "iat": self.now(),
            "auth_time": self.now(),
            "nonce": grant["nonce"],
            "acr": grant["acr_values"],
            "amr": ["pwd"],
            "at_hash": unpadded(digest[: len(digest) // 2]),
        }

    def _id_token(self, grant: Mapping[str, str], access_token: str) -> Any:
        claims = self.id_claims(grant, access_token)
        if self.settings.userinfo == "none":
            claims |= self._sent_traits()
        claims = self._told("id_claims", claims)
        header = {"alg": self.settings.id_token_alg, "kid": self.key.kid, "typ": "JWT"}
        token = signed(self._told("id_header", header), claims, self.key)
        token = self._told("id_token", token)
        if self.settings.id_token_encrypted and isinstance(token, str):
            token = self._encrypted(token)
        return self._told("id_token_sent", token)

    def _encrypted(self, token: str) -> str:
        own = private_key(self.settings.decryption_key)
        own.ensure_kid()
        recipient = ECKey.import_key({**own.as_dict(private=False), "use": "enc"})
        header = {"alg": "ECDH-ES", "enc": "A256GCM", "cty": "JWT"}
        return jwe.encrypt_compact(header, token, recipient, algorithms=["ECDH-ES", "A256GCM"])

    # --- what a strict provider checks --------------------------------------------------------

    def _authenticate(self, headers: dict[str, str], form: dict[str, str]) -> None:
        way = self.settings.client_auth
        assert ("Authorization" in headers) == (way == "client_secret_basic")
        assert ("client_secret" in form) == (way == "client_secret_post")
        assert ("client_assertion" in form) == (way == "private_key_jwt")
        if way == "client_secret_basic":
            pair = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
            client_id, secret = (unquote_plus(part) for part in pair.split(":"))
            assert (client_id, secret) == (self.settings.client_id, self.settings.client_secret)
        elif way == "client_secret_post":
            assert form["client_secret"] == self.settings.client_secret
            assert form["client_id"] == self.settings.client_id
        else:
            self._check_assertion(form)

    def _check_assertion(self, form: dict[str, str]) -> None:
        assert form["client_assertion_type"].endswith(":client-assertion-type:jwt-bearer")
        key = private_key(self.settings.client_key)
        token = jwt.decode(form["client_assertion"], key, algorithms=["ES256", "RS256"])
        assert token.header["typ"] == "client-authentication+jwt"
        assert token.claims["aud"] == self.settings.issuer
        assert token.claims["iss"] == token.claims["sub"] == self.settings.client_id
        assert self.now() < token.claims["exp"] <= self.now() + 300
        assert token.claims["jti"] not in self.assertions
        self.assertions.add(token.claims["jti"])

    def _proven(self, grant: Mapping[str, str], form: dict[str, str]) -> bool:
        if form["grant_type"] != "authorization_code":
            return False
        if form["redirect_uri"] != grant["redirect_uri"]:
            return False
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        return not self.settings.pkce or unpadded(digest) == grant["code_challenge"]
