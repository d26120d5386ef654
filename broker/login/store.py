"""Where attempts live between two requests of a browser; any node can serve the next one."""

import json
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from broker.database import BROKER
from broker.login.attempt import AccountResult, Attempt, Authentication
from broker.login.request import AuthorizationRequest
from broker.statements import Ready
from broker.subjects.persons import OPEN, PERSON
from providers.levels import Level

ATTEMPT = Table(
    "login_attempt",
    BROKER,
    Column("id", Text, primary_key=True),
    Column("browser", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("person", Text),
    Column("request", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("identity", LargeBinary),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("version", Integer, nullable=False),
    Column("ended", Boolean, nullable=False),
    Index("login_attempt_expiry", "expires_at"),
)

_INSERT = Ready(insert(ATTEMPT))
_BY_ID = Ready(
    select(ATTEMPT, OPEN)
    .outerjoin(PERSON, PERSON.c.id == ATTEMPT.c.person)
    .where(ATTEMPT.c.id == bindparam("wanted"))
)
_SAVE = Ready(
    update(ATTEMPT)
    .where(ATTEMPT.c.id == bindparam("wanted"), ATTEMPT.c.version == bindparam("seen"))
    .values(
        browser=bindparam("new_browser"),
        person=bindparam("new_person"),
        facts=bindparam("new_facts"),
        identity=bindparam("new_identity"),
        ended=bindparam("new_ended"),
        version=bindparam("new_version"),
    )
)


class AttemptMovedError(Exception):
    """Another request of the same attempt was written first; read it again."""


def add(tx: Connection, attempt: Attempt) -> None:
    """Store a new attempt."""
    row = {
        "id": attempt.id,
        "browser": attempt.browser,
        "client_id": attempt.request.client_id,
        "person": _person(attempt),
        "request": json.dumps(attempt.request.as_json()),
        "facts": _facts(attempt),
        "identity": attempt.sealed_identity,
        "created_at": attempt.created_at,
        "expires_at": attempt.expires_at,
        "version": attempt.version,
        "ended": attempt.ended,
    }
    _INSERT.count(tx, row)


def find(connection: Connection, attempt_id: str) -> Attempt | None:
    """The attempt of that id, expired or not; None when there is none."""
    row = _BY_ID.row(connection, {"wanted": attempt_id})
    return _read(row) if row else None


def save(tx: Connection, attempt: Attempt) -> Attempt:
    """
    Write what is now known, if nobody wrote since `attempt` was read.

    Returns the attempt with its new version; raises AttemptMovedError otherwise. This conditional
    update is what makes every hop single use, on any number of nodes.
    """
    row = {
        "wanted": attempt.id,
        "seen": attempt.version,
        "new_version": attempt.version + 1,
        "new_browser": attempt.browser,
        "new_person": _person(attempt),
        "new_facts": _facts(attempt),
        "new_identity": attempt.sealed_identity,
        "new_ended": attempt.ended,
    }
    if _SAVE.count(tx, row) != 1:
        raise AttemptMovedError
    return attempt.with_facts(version=attempt.version + 1)


def purge(tx: Connection, before: float, most: int = 500) -> int:
    """Forget up to `most` attempts that expired before `before`; returns how many."""
    old = select(ATTEMPT.c.id).where(ATTEMPT.c.expires_at < before).limit(most)
    return int(tx.execute(delete(ATTEMPT).where(ATTEMPT.c.id.in_(old))).rowcount)


def _facts(attempt: Attempt) -> str:
    facts: dict[str, Any] = {"wants_account": attempt.wants_account}
    if attempt.authentication:
        facts["authentication"] = _fields(attempt.authentication)
    if attempt.agreed is not None:
        facts["agreed"] = attempt.agreed
    if attempt.account:
        facts["account"] = _fields(attempt.account)
    if attempt.account_seen:
        facts["account_seen"] = True
    if attempt.ask_again:
        facts["ask_again"] = True
    return json.dumps(facts)


def _fields(record: Authentication | AccountResult) -> dict[str, Any]:
    return {name: getattr(record, name) for name in type(record).__slots__}


def _read(row: Any) -> Attempt:
    facts = json.loads(row.facts)
    authentication, account, agreed = (
        facts.get(key) for key in ("authentication", "account", "agreed")
    )
    return Attempt(
        id=row.id,
        browser=row.browser,
        request=AuthorizationRequest.from_json(json.loads(row.request)),
        created_at=row.created_at,
        expires_at=row.expires_at,
        version=row.version,
        authentication=_authentication(authentication) if authentication else None,
        sealed_identity=bytes(row.identity) if row.identity is not None else None,
        agreed=tuple(agreed) if agreed is not None else None,
        account=AccountResult(**account) if account else None,
        account_seen=facts.get("account_seen", False),
        wants_account=facts["wants_account"],
        ended=row.ended,
        person_open=row.person is None or bool(row.person_open),
        ask_again=facts.get("ask_again", False),
    )


def _person(attempt: Attempt) -> str | None:
    return attempt.authentication.person if attempt.authentication else None


def _authentication(stored: dict[str, Any]) -> Authentication:
    return Authentication(
        **{**stored, "level": Level(stored["level"]), "amr": tuple(stored["amr"])}
    )
