"""
Replay: a request that bears a key is carried out once, and answered alike for a day
(draft-ietf-httpapi-idempotency-key-header).

The key is claimed before anything is done, and the answer is stored in the transaction of the
deed: a double click, a retry after a lost answer and a node that died half-way do nothing twice.
A refusal that is no answer (a limit, a malformed body) leaves no trace, so that the same key may
be used again.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from broker.database import reading, upsert
from broker.errors import RequestKeyReusedError, UnavailableError
from broker.insured.accounts.protected import Sealing
from broker.insured.accounts.rows import MovedError
from broker.insured.credentials.ground import Deed, Told
from broker.insured.credentials.tables import ANSWERED
from broker.insured.periods import DAY

KEPT_SECONDS = DAY
CLAIM_SECONDS = 30
_POLL_SECONDS, _POLLS = 0.1, 50
_DEED_TRIES = 6
_PURPOSE = "answered"
_A = ANSWERED.c
_KEY = _A.key == bindparam("wanted")
_FIND = select(ANSWERED).where(_KEY)
_MINE = (_KEY, _A.claimed_until == bindparam("until"), _A.answer.is_(None))
_ANSWER = (
    update(ANSWERED)
    .where(*_MINE)
    .values(answer=bindparam("sealed"), expires_at=bindparam("new_end"))
)
_RELEASE = delete(ANSWERED).where(*_MINE)
_FORGET = delete(ANSWERED).where(_KEY, _A.expires_at <= bindparam("now"))


@dataclass(frozen=True, slots=True)
class Request:
    """One request: which client, its key, and everything it says."""

    client_id: str
    key: str
    content: str


@dataclass(frozen=True, slots=True)
class Replay:
    """The answers kept in one database; `pause` waits so many seconds."""

    engine: Engine
    sealing: Sealing
    clock: Callable[[], float]
    pause: Callable[[float], None]

    def once(self, request: Request, prepare: Callable[[], Deed]) -> dict[str, Any]:
        """
        The answer to a request, whether it is carried out now or was before.

        RequestKeyReusedError when the key came with other content. `prepare` decides what to do;
        its deed is tried again when somebody else was faster.
        """
        key = self.sealing.mac(f"{request.client_id}\0{request.key}", "answered:key")
        # The key is part of the print and is nowhere stored: whoever stole the database and its
        # secret still could not try passwords against it.
        content = self.sealing.mac(f"{request.key}\0{request.content}", "answered:content")
        for _ in range(_POLLS):
            claim = self._claim(key, content)
            if claim is not None:
                with self._released(key, claim):
                    told = self._carry_out(prepare(), partial(self._keep, key, claim))
                return told.answer
            answer = self._known(key, content)
            if answer is not None:
                return answer
            self.pause(_POLL_SECONDS)
        raise UnavailableError(retry_after=1)

    def unkeyed(self, prepare: Callable[[], Deed]) -> Told:
        """What a request without a key does, each time it comes."""
        return self._carry_out(prepare(), lambda _tx, _told: None)

    def _carry_out(self, deed: Deed, keep: Callable[[Connection, Told], None]) -> Told:
        for _ in range(_DEED_TRIES):
            try:
                with self.engine.begin() as tx:
                    told = deed(tx)
                    keep(tx, told)
                    return told
            except (IntegrityError, MovedError):
                continue
        raise UnavailableError(retry_after=1)

    def _claim(self, key: str, content: str) -> float | None:
        """Until when this request is ours; None when somebody has it, or had it."""
        now, until = self.clock(), self.clock() + CLAIM_SECONDS
        row = {
            "key": key,
            "request": content,
            "claimed_until": until,
            "answer": None,
            "expires_at": until,
        }
        with self.engine.begin() as tx:
            tx.execute(_FORGET, {"wanted": key, "now": now})
            return until if upsert(tx, ANSWERED, row) else None

    def _known(self, key: str, content: str) -> dict[str, Any] | None:
        """The answer of whoever had it; None while it is not known."""
        with reading(self.engine) as connection:
            row = connection.execute(_FIND, {"wanted": key}).one_or_none()
        if row is None:
            return None
        if row.request != content:
            raise RequestKeyReusedError
        if row.answer is None:
            return None
        return dict(json.loads(self.sealing.open(row.answer, _PURPOSE)))

    def _keep(self, key: str, claim: float, tx: Connection, told: Told) -> None:
        values = {
            "wanted": key,
            "until": claim,
            "sealed": self.sealing.seal(json.dumps(told.answer).encode(), _PURPOSE),
            "new_end": self.clock() + KEPT_SECONDS,
        }
        if not tx.execute(_ANSWER, values).rowcount:
            raise UnavailableError(log={"claim": "lost"}, retry_after=1)

    @contextmanager
    def _released(self, key: str, claim: float) -> Iterator[None]:
        """Whatever ends without an answer leaves the key free."""
        try:
            yield
        except BaseException:
            with self.engine.begin() as tx:
                tx.execute(_RELEASE, {"wanted": key, "until": claim})
            raise
