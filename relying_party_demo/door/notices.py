"""Where the broker says that a session ended elsewhere: for programs, no cookie, no form token."""

import structlog
from flask import Blueprint, Flask, jsonify, request
from werkzeug import Response

from relying_party_demo.door.door import here
from relying_party_demo.openid.errors import BrokerAwayError, LoginError

notices = Blueprint("notices", __name__)

_log = structlog.get_logger()


def mount_notices(app: Flask) -> None:
    """Let the broker in: it proves itself by the signature of what it brings."""
    app.extensions["csrf"].exempt(notices)
    app.register_blueprint(notices)


@notices.post("/backchannel-logout")
def told() -> tuple[Response, int]:
    """Close the sessions that the logout token names (Back-Channel Logout 1.0 §2.5, §2.8)."""
    door = here()
    given = request.form.getlist("logout_token")
    try:
        ended = door.party.ended_session(given[0] if len(given) == 1 else "")
    except LoginError as fault:
        _log.warning("logout:notice:refused", check=fault.detail)
        # Away, the broker is asked to come again; anything else is not worth repeating.
        return _refused(503 if isinstance(fault, BrokerAwayError) else 400)
    if not door.elsewhere.first_time(ended.jti, ended.until):
        _log.warning("logout:notice:refused", check="logout token: used before")
        return _refused(400)
    count = door.elsewhere.end(ended.sid, ended.subject)
    _log.info("logout:notice:taken", sessions=count)
    return jsonify(), 200


def _refused(status: int) -> tuple[Response, int]:
    return jsonify(error="invalid_request", error_description="the logout token is refused"), status
