"""
The sessions of advisors: an opaque token of their own beside the portal's, kept as a hash.

It ends after twenty idle minutes, after ten hours, at closing time unless the advisor is on call,
and when the advisor leaves the staff.
"""

from sqlalchemy import bindparam, delete, insert, select, update

from broker.audit.events import Event
from broker.database import reading
from broker.errors import DeskClosedError, StaffSessionError
from broker.insured.desk.ground import Ground
from broker.insured.desk.hours import may_go_on
from broker.insured.desk.staff import Staff
from broker.insured.desk.tables import STAFF, STAFF_SESSION
from broker.sealing import b64, digest

IDLE_SECONDS = 20 * 60
LONGEST_SECONDS = 10 * 3600
_TOKEN_BYTES = 32
_KIND = "staff-session"
_X = STAFF_SESSION.c
_USE = (
    update(STAFF_SESSION)
    .where(
        _X.token_hash == bindparam("wanted"),
        _X.seen_at > bindparam("idle"),
        _X.opened_at > bindparam("oldest"),
    )
    .values(seen_at=bindparam("now"))
    .returning(_X.staff_id)
)
_STAFF = select(STAFF.c.id, STAFF.c.name, STAFF.c.on_call).where(
    STAFF.c.id == bindparam("wanted"), STAFF.c.disabled_at.is_(None)
)
_CLOSE = delete(STAFF_SESSION).where(_X.token_hash == bindparam("wanted"))
_OLD = select(_X.token_hash).where(_X.seen_at <= bindparam("before")).limit(200)


class StaffSessions:
    """Opens, uses and closes sessions."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def open(self, staff: Staff) -> str:
        """The token of a new session; sessions that ended by themselves are forgotten."""
        now, token = self._ground.clock(), b64(self._ground.random(_TOKEN_BYTES))
        row = {
            "token_hash": digest(_KIND, token),
            "staff_id": staff.id,
            "opened_at": now,
            "seen_at": now,
        }
        with self._ground.engine.begin() as tx:
            old = tx.execute(_OLD, {"before": now - IDLE_SECONDS}).scalars().all()
            tx.execute(delete(STAFF_SESSION).where(_X.token_hash.in_(old)))
            tx.execute(insert(STAFF_SESSION), row)
            self._ground.trail(Event.DESK_SIGNED_IN, staff=staff.id)
        return token

    def use(self, token: str) -> Staff:
        """Whose session this is, its idle time starting again; StaffSessionError otherwise."""
        now = self._ground.clock()
        keys = {
            "wanted": digest(_KIND, token),
            "now": now,
            "idle": now - IDLE_SECONDS,
            "oldest": now - LONGEST_SECONDS,
        }
        with self._ground.engine.begin() as tx:
            number = tx.execute(_USE, keys).scalar_one_or_none()
        with reading(self._ground.engine) as connection:
            row = connection.execute(_STAFF, {"wanted": number}).one_or_none()
        if row is None:
            raise StaffSessionError
        staff = Staff(row.id, row.name, row.on_call)
        if not (staff.on_call or may_go_on(now)):
            self.close(token, staff)
            raise DeskClosedError
        return staff

    def close(self, token: str, staff: Staff) -> None:
        """End a session."""
        with self._ground.engine.begin() as tx:
            if tx.execute(_CLOSE, {"wanted": digest(_KIND, token)}).rowcount:
                self._ground.trail(Event.DESK_SIGNED_OUT, staff=staff.id)
