"""
The shared adapter: any OpenID Connect provider, told by its settings how to speak.

Every check stands in a module of its own; here is their order. Whatever lasts longer than one
trip is made once: endpoints, keys, envelopes, the client's proof.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from providers.authorization import pushed, request_parameters, with_query
from providers.calls import Calls
from providers.claims import pivot_identity
from providers.client_auth import Random, client_auth
from providers.discovery import Discovery, Endpoints
from providers.envelopes import Envelope, Find, Opened, open_envelope
from providers.faults import ProviderFault, UserinfoMalformed
from providers.http import Http
from providers.id_token import Asked, check_id_token, reached_level
from providers.identity import latest_day
from providers.jwks import Header, KeySource, VerificationKey, fetched_keys
from providers.keys import private_key
from providers.kinds import KINDS
from providers.levels import Level
from providers.protocol import Arrival, Departure, Trip
from providers.redemption import code_of, redeemed
from providers.settings import ProviderSettings
from providers.token_faults import AccountMissing, IdTokenMalformed
from providers.userinfo import Userinfo, same_subject

_METHOD = re.compile(r"[A-Za-z0-9._:/-]{1,64}")
_MAX_METHODS = 10
_MAX_ACCOUNT = 255


@dataclass(frozen=True, slots=True)
class _Errand:
    """What one trip needs to ask the provider anything."""

    endpoints: Endpoints
    calls: Calls
    find: Find


class OidcProvider:
    """One provider, whatever its dialect (see `protocol.Provider` and `protocol.LogsOut`)."""

    def __init__(self, settings: ProviderSettings, http: Http, random: Random) -> None:
        self.settings = settings
        self._http = http
        self._prove = client_auth(settings, random)
        self._discovery = Discovery(settings)
        self._keys = KeySource(settings.jwks_seconds)
        self._reshape = KINDS[settings.kind].reshape
        self._id_token = _envelope(settings, IdTokenMalformed)
        self._userinfo = Userinfo(settings, _envelope(settings, UserinfoMalformed))

    @property
    def id(self) -> str:
        """Short name, as in the settings."""
        return self.settings.id

    @property
    def levels(self) -> frozenset[Level]:
        """The levels this provider may vouch for."""
        return self.settings.levels

    def depart(self, trip: Trip) -> Departure:
        """Build the authorization request, and push it where the provider takes pushed ones."""
        calls = Calls(self._http)
        parameters = request_parameters(self.settings, trip)
        endpoints = self._discovery.endpoints(trip.now, calls)
        if endpoints.par is not None:
            parameters = pushed(endpoints.par, parameters, self._prove(trip.now), calls)
        return Departure(with_query(endpoints.authorization, parameters))

    def arrive(self, answer: Mapping[str, str], trip: Trip) -> Arrival:
        """
        Verify a sign-in, in this order: the answer, the token reply, the ID token from its wrapping
        to its claims, the user information, the identity. The first check that fails is raised.
        """
        calls = Calls(self._http)
        endpoints = self._discovery.endpoints(trip.now, calls)
        code = code_of(answer, self.settings.issuer, iss_promised=endpoints.iss_promised)
        tokens = redeemed(endpoints.token, self._grant(code, trip), self._prove(trip.now), calls)
        errand = _Errand(endpoints, calls, self._finder(endpoints.jwks, trip.now, calls))
        opened = open_envelope(tokens.id_token, self._id_token, errand.find)
        check_id_token(opened.claims, Asked(self.settings, trip, tokens.access_token))
        traits = self._traits(errand, tokens.access_token, opened.claims)
        return self._arrival(opened, self._reshape(traits))

    def logout_url(self, id_token: str, return_to: str, state: str) -> str | None:
        """Where the upstream session ends, None when this provider tells no such place."""
        if not self.settings.logout:
            return None
        try:
            end_session = self._discovery.lasting(Calls(self._http)).end_session
        except ProviderFault:
            return None
        parameters = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": return_to,
            "state": state,
            "client_id": self.settings.client_id,
        }
        return with_query(end_session, parameters) if end_session else None

    def _grant(self, code: str, trip: Trip) -> dict[str, str]:
        verifier = {"code_verifier": trip.verifier} if self.settings.pkce else {}
        return {"code": code, "redirect_uri": trip.callback, **verifier}

    def _finder(self, jwks: str, now: float, calls: Calls) -> Find:
        def fetch() -> dict[str, Any]:
            return fetched_keys(jwks, calls)

        def find(header: Header, failed: VerificationKey | None) -> VerificationKey:
            if failed is None:
                return self._keys.find(header, now, fetch)
            return self._keys.renewed(header, now, fetch) or failed

        return find

    def _traits(self, errand: _Errand, access_token: str, claims: dict[str, Any]) -> dict[str, Any]:
        """The claims that hold the identity: those of the user information where there is one."""
        if errand.endpoints.userinfo is None or self.settings.userinfo == "none":
            return claims
        url, calls, find = errand.endpoints.userinfo, errand.calls, errand.find
        traits = self._userinfo.claims(url, access_token, calls, find)
        same_subject(traits, claims)
        return traits

    def _arrival(self, opened: Opened, traits: Mapping[str, Any]) -> Arrival:
        claims = opened.claims
        return Arrival(
            identity=pivot_identity(traits, self.settings.claims, latest_day(claims["iat"])),
            level=reached_level(claims, self.settings),
            amr=_methods(claims),
            issuer=claims["iss"],
            subject=claims["sub"],
            auth_time=int(claims.get("auth_time", claims["iat"])),
            id_token=opened.signed,
            account=_account(self.settings.account_claim, {**claims, **traits}),
        )


def _envelope(settings: ProviderSettings, malformed: type[ProviderFault]) -> Envelope:
    if malformed is IdTokenMalformed:
        alg, encrypted = settings.id_token_alg, settings.id_token_encrypted
    else:
        alg = settings.userinfo_alg or settings.id_token_alg
        encrypted = settings.userinfo_encrypted
    key = private_key(settings.decryption_key or "") if encrypted else None
    return Envelope(alg, malformed, key)


def _methods(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """`amr`, for the record only: whatever is no short text is left out."""
    amr = claims.get("amr")
    listed = amr if isinstance(amr, list) else []
    return tuple(m for m in listed if isinstance(m, str) and _METHOD.fullmatch(m))[:_MAX_METHODS]


def _account(name: str | None, claims: Mapping[str, Any]) -> str | None:
    """The insured account behind the sign-in, where this provider must name one."""
    if name is None:
        return None
    account = claims.get(name)
    if not isinstance(account, str) or not 0 < len(account) <= _MAX_ACCOUNT:
        raise AccountMissing
    return account
