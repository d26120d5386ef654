"""RESPOND: the login is complete, and the service receives its code."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from broker.audit.events import Event
from broker.clients.client import Client
from broker.database import writing
from broker.errors import LoginRequiredError
from broker.login import store
from broker.login.attempt import Attempt, Authentication
from broker.login.desk import Desk
from broker.openid import grants
from broker.openid.tokens import TokenMaker
from broker.sealing import b64
from broker.subjects.claims import identity_claims
from broker.subjects.pairwise import Subjects, sector_of
from broker.subjects.vault import open_identity

_CODE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Responder:
    """Issues the code of a finished attempt; the attempt ends in the same transaction."""

    desk: Desk
    subjects: Subjects
    tokens: TokenMaker

    def issue(self, attempt: Attempt, client: Client, tx: Connection | None = None) -> str:
        """
        Store the grant, end the attempt and return the code.

        `tx` joins a transaction that is already open; AttemptMovedError when another request of
        this attempt was faster.
        """
        who = attempt.authentication
        if who is None or attempt.agreed is None:
            raise ValueError("the attempt has not reached its end")
        code = b64(self.desk.random(_CODE_BYTES))
        with self._transaction(tx) as joined:
            store.save(joined, attempt.with_facts(ended=True, sealed_identity=None))
            sector = sector_of(attempt.request.redirect_uri, client.settings.sector_identifier)
            sub = self.subjects.sub(joined, sector, who.person)
            if attempt.request.hinted_sub not in {None, sub}:
                raise LoginRequiredError(detail="another person than the one hinted at signed in")
            content = self.tokens.content(attempt, sub, self._claims(attempt, who))
            until = self.desk.clock() + self.tokens.lifetimes.of(client).code
            grant = _grant(attempt, who, code, content, until)
            grants.add(joined, grant, self.desk.sealer)
            marks = {"client_id": client.client_id, "provider": who.provider}
            self.desk.journal.write(
                joined, Event.CODE_ISSUED, attempt=attempt.id, person=who.person, **marks
            )
        return code

    def _transaction(self, tx: Connection | None) -> AbstractContextManager[Connection]:
        return nullcontext(tx) if tx is not None else writing(self.desk.engine)

    def _claims(self, attempt: Attempt, who: Authentication) -> dict[str, Any]:
        agreed = frozenset(attempt.agreed or ())
        claims: dict[str, Any] = {}
        if attempt.sealed_identity is not None and agreed:
            identity = open_identity(attempt.sealed_identity, self.desk.sealer)
            claims |= identity_claims(identity)
        claims |= {"idp_id": who.provider, "amr": list(who.amr)}
        if attempt.account is not None and attempt.account.account_id is not None:
            claims["account_id"] = attempt.account.account_id
            claims["account_status"] = attempt.account.status
            claims["match"] = attempt.account.match
        return {name: value for name, value in claims.items() if name in agreed}


def _grant(
    attempt: Attempt, who: Authentication, code: str, content: dict[str, Any], until: float
) -> grants.Grant:
    asked = attempt.request
    return grants.Grant(
        code_hash=grants.code_hash(code),
        code_expires_at=until,
        client_id=asked.client_id,
        redirect_uri=asked.redirect_uri,
        code_challenge=asked.code_challenge,
        attempt=attempt.id,
        session=who.session,
        person=who.person,
        provider=who.provider,
        account_id=attempt.account.account_id if attempt.account else None,
        scope=" ".join(asked.scopes),
        content=content,
    )
