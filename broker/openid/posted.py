"""
Requests that came by POST: kept for a minute, and taken once by the GET they become.

A browser that sends a form from another site leaves our cookies at home (SameSite=Lax), so that
nobody would ever be recognised; on the GET that follows they travel (OIDC Core §3.1.2.1).
"""

import json
from dataclasses import dataclass

from sqlalchemy import Engine, bindparam, delete, insert
from werkzeug.datastructures import MultiDict

from broker.errors import RequestUriError
from broker.openid.pushed import PUSHED, SECONDS
from broker.outside import Clock, Random
from broker.sealing import Sealer, b64, digest

_KIND = "posted"
_REFERENCE_BYTES = 32
_PURPOSE = "posted-request"
_TAKE = (
    delete(PUSHED)
    .where(PUSHED.c.reference == bindparam("wanted"), PUSHED.c.expires_at > bindparam("now"))
    .returning(PUSHED.c.content)
)


@dataclass(frozen=True, slots=True)
class PostedRequests:
    """Beside the pushed requests, under a kind of their own: one is never taken for the other."""

    engine: Engine
    sealer: Sealer
    clock: Clock
    random: Random

    def keep(self, client_id: str, form: MultiDict[str, str]) -> str:
        """Keep the fields of a form as they came; returns the reference that takes them."""
        reference = b64(self.random(_REFERENCE_BYTES))
        fields = json.dumps(list(form.items(multi=True))).encode()
        row = {
            "reference": digest(_KIND, reference),
            "client_id": client_id,
            "content": self.sealer.seal(fields, _PURPOSE),
            "expires_at": self.clock() + SECONDS,
        }
        with self.engine.begin() as tx:
            tx.execute(insert(PUSHED), row)
        return reference

    def take(self, reference: str) -> MultiDict[str, str]:
        """The fields, for the first and last time."""
        wanted = {"wanted": digest(_KIND, reference), "now": self.clock()}
        with self.engine.begin() as tx:
            row = tx.execute(_TAKE, wanted).one_or_none()
        if row is None:
            raise RequestUriError(detail="this request was taken before, or is too old")
        return MultiDict(json.loads(self.sealer.open(bytes(row.content), _PURPOSE)))
