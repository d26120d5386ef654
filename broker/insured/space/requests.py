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

from broker.database import upsert
from broker.errors import RequestKeyReusedError
from broker.insured.space.place import Space, Tenant
from broker.insured.space.sealed import REQUEST as PURPOSE
from broker.insured.space.sealed import opened, seal
from broker.insured.space.tables import REQUEST

KEPT_SECONDS = 24 * 3600
BATCH = 500

_R = REQUEST.c
_MINE = (_R.account_id == bindparam("account"), _R.key == bindparam("wanted"))
_KNOWN = select(_R.asked, _R.answer).where(*_MINE)
_ANSWERED = update(REQUEST).where(*_MINE).values(answer=bindparam("sealed_answer"))

Work = Callable[[Connection], dict[str, Any]]
"""Does something in this transaction and returns the answer, a JSON object."""


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


def once(space: Space, tenant: Tenant, asked: Asked, work: Work) -> tuple[dict[str, Any], bool]:
    """
    The answer of the work, and whether it was done now rather than earlier.

    RequestKeyReusedError when the key came with other content.
    """
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
            return dict(opened(space.sealing, known.answer, PURPOSE)), False
        answer = work(tx)
        tx.execute(_ANSWERED, {**mine, "sealed_answer": seal(space.sealing, answer, PURPOSE)})
        return answer, True


def purge_requests(tx: Connection, before: float) -> int:
    """Forget keys claimed before this moment (Unix seconds); how many, BATCH at most."""
    old = select(_R.account_id, _R.key).where(_R.at < before).limit(BATCH)
    rows = tx.execute(old).all()
    for row in rows:
        tx.execute(delete(REQUEST).where(_R.account_id == row.account_id, _R.key == row.key))
    return len(rows)
