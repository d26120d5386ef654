"""
`checktoken`: a provider of data asks what a service's token lets it give (RFC 9701).

The answer is signed, then encrypted for the data provider alone; it holds the pivot identity and
only the scopes this data provider owns. Anything unknown or expired is `active: false`, and so is
a token that opens nothing of what it owns: who the person is would be none of its business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from sqlalchemy import Engine

from broker.audit.events import Event
from broker.audit.journal import Journal
from broker.clients.client import hash_secret, same_secret
from broker.clients.directory import Clients
from broker.clients.failures import Failures
from broker.clients.scopes import claims_of
from broker.database import reading
from broker.errors import ApiRequestError, DataProviderSecretError, DataProviderUnknownError
from broker.openid import grants
from broker.openid.grants import Grant
from broker.openid.today import as_of_today
from broker.openid.tokens import TokenMaker
from broker.outside import Clock
from broker.sealing import Sealer
from broker.settings.clients import DataProviderSettings
from broker.subjects.pairwise import Subjects

_FIELDS = ("token", "client_id", "client_secret")
_TYP = "token-introspection+jwt"
MEDIA_TYPE = "application/token-introspection+jwt"


@dataclass(frozen=True, slots=True)
class DataProvider:
    """One declared data provider; its secret is kept hashed."""

    settings: DataProviderSettings
    secret_hash: str

    @classmethod
    def declared(cls, settings: DataProviderSettings) -> "DataProvider":
        """As the settings declare it; the plain secret is not kept."""
        bare = settings.model_copy(update={"client_secret": ""})
        return cls(bare, hash_secret(settings.client_secret))


@dataclass(frozen=True, slots=True)
class ChecktokenDesk:
    """Answers data providers."""

    engine: Engine
    clients: Clients
    data_providers: Mapping[str, DataProvider]
    subjects: Subjects
    sealer: Sealer
    tokens: TokenMaker
    journal: Journal
    clock: Clock
    failures: Failures
    still_active: Callable[[Grant], bool]

    def answer(self) -> Response:
        """The nested JWT for the data provider that asks."""
        form = self._form()
        with self.failures.of_secret(form["client_id"], request.remote_addr):
            asking = self._authenticated(form)
        claims = {
            "iss": self.tokens.issuer,
            "aud": asking.settings.client_id,
            "iat": int(self.clock()),
            "token_introspection": self._introspection(asking, form["token"]),
        }
        signed = self.tokens.sign(claims, asking.settings.signed_alg, _TYP)
        settings = asking.settings
        sealed = self.tokens.encrypted(signed, settings, settings.encrypted_alg)
        answer = Response(sealed, mimetype=MEDIA_TYPE)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @staticmethod
    def _form() -> dict[str, str]:
        for name in (*request.args, *request.form):
            if name not in _FIELDS or name in request.args:
                raise ApiRequestError(parameter=name[:40], detail="is not accepted")
        for name in _FIELDS:
            if len(request.form.getlist(name)) != 1 or not request.form[name]:
                raise ApiRequestError(parameter=name, detail="is required, once")
        return request.form.to_dict()

    def _authenticated(self, form: Mapping[str, str]) -> DataProvider:
        found = self.data_providers.get(form["client_id"])
        if found is None:
            raise DataProviderUnknownError
        if not same_secret(form["client_secret"], found.secret_hash):
            raise DataProviderSecretError
        return found

    def _introspection(self, asking: DataProvider, token: str) -> dict[str, Any]:
        now = self.clock()
        with reading(self.engine) as connection:
            grant = grants.find_by_token(connection, token, self.sealer)
        if grant is None or not grant.token_lives(now) or not self.still_active(grant):
            return {"active": False}
        grant = as_of_today(grant, self.clients.active(grant.client_id))
        owned = [s for s in grant.scope.split() if s in asking.settings.scopes]
        if not owned:
            return {"active": False}
        userinfo = grant.content["userinfo"]
        pivot = {name: userinfo[name] for name in claims_of(["identite_pivot"]) if name in userinfo}
        with self.engine.begin() as tx:
            sub = self.subjects.sub(tx, asking.settings.sector, grant.person)
            marks = {"attempt": grant.attempt, "person": grant.person, "provider": grant.provider}
            name = asking.settings.client_id
            self.journal.write(tx, Event.IDENTITY_TOLD, client_id=name, **marks)
        return {
            "active": True,
            "aud": grant.client_id,
            "sub": sub,
            "iat": int(grant.redeemed_at or now),
            "exp": int(grant.token_expires_at or now),
            "acr": grant.content["id_token"]["acr"],
            "scope": " ".join(owned),
            **pivot,
        }
