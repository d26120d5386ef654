"""
Each request key does its work once (draft-ietf-httpapi-idempotency-key-header).

The key is claimed in the transaction of the work, so that a double click, a retry after a lost
answer or two nodes at once do the work once and all read the same answer. A refusal leaves no
trace: the same key may then be tried again.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from broker.database import upsert
from broker.errors import RequestKeyReusedError, UnavailableError
from broker.insured.accounts.rows import MovedError
from broker.insured.periods import DAY
from broker.insured.space.place import Space, Tenant
from broker.insured.space.sealed import REQUEST as PURPOSE
from broker.insured.space.sealed import opened, seal
from broker.insured.space.tables import REQUEST

KEPT_SECONDS = DAY
BATCH = 500
_TRIES = 6

_R = REQUEST.c
_MINE = (_R.account_id == bindparam("account"), _R.key == bindparam("wanted"))
_KNOWN = select(_R.asked, _R.answer).where(*_MINE)
_ANSWERED = update(REQUEST).where(*_MINE).values(answer=bindparam("sealed_answer"))

Work = Callable[[Connection], dict[str, Any]]
"""
Does something in this transaction and returns the answer, a JSON object.

It may be run again after an IntegrityError or a MovedError: somebody else was faster.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the key that its sender chose, what it wants, and with which content."""

    key: str
    action: str
    content: Any

    @property
    def digest(self) -> str:
        """What tells two requests under one key apart."""
        text = json.dumps([self.action, self.content], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def once(space: Space, tenant: Tenant, asked: Asked, work: Work) -> dict[str, Any]:
    """
    The answer of the work, whether it is done now or was earlier.

    RequestKeyReusedError when the key came with other content; UnavailableError when six attempts
    all met another writer: nothing was written, and trying again is safe.
    """
    for _ in range(_TRIES):
        try:
            return _once(space, tenant, asked, work)
        except (IntegrityError, MovedError):
            continue
    raise UnavailableError(retry_after=1)


def _once(space: Space, tenant: Tenant, asked: Asked, work: Work) -> dict[str, Any]:
    row = {
        "account_id": tenant.account_id,
        "key": asked.key,
        "asked": asked.digest,
        "answer": None,
        "at": space.clock(),
    }
    mine = {"account": tenant.account_id, "wanted": asked.key}
    with space.engine.begin() as tx:
        if not upsert(tx, REQUEST, row):
            known = tx.execute(_KNOWN, mine).one()
            if known.asked != asked.digest:
                raise RequestKeyReusedError
            return dict(opened(space.sealing, known.answer, PURPOSE))
        answer = work(tx)
        tx.execute(_ANSWERED, {**mine, "sealed_answer": seal(space.sealing, answer, PURPOSE)})
        return answer


def purge_requests(tx: Connection, before: float) -> int:
    """Forget keys claimed before this moment (Unix seconds); how many, BATCH at most."""
    old = select(_R.account_id, _R.key).where(_R.at < before).limit(BATCH)
    rows = tx.execute(old).all()
    for row in rows:
        tx.execute(delete(REQUEST).where(_R.account_id == row.account_id, _R.key == row.key))
    return len(rows)
