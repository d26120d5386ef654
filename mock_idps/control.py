"""
The control API for testers, `/_control`: JSON in, JSON out, described at `/_control/openapi.json`.

Absent unless the settings open it, which production mode refuses. Every change wants the media
type application/json, so that no page of another site can post to it through a browser.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, jsonify, request
from pydantic import ValidationError
from werkzeug import Response

from mock_idps.errors import RefusedError
from mock_idps.faults.fault import Fault, Where
from mock_idps.hints import UnknownNameError, known_fault, known_persona
from mock_idps.issuer import here
from mock_idps.openapi import description
from mock_idps.personas import Persona

views = Blueprint("control", __name__, url_prefix="/_control")


@views.before_request
def open_to_testers() -> None:
    """Refuse when closed by the settings, and any change that a web form could send."""
    if not here().settings.control:
        abort(404)
    if request.method not in ("GET", "HEAD") and not request.is_json:
        raise RefusedError("unsupported_media_type", "Send application/json.", 415)


@views.errorhandler(UnknownNameError)
def unknown_name(error: UnknownNameError) -> tuple[Response, int]:
    """A name nobody knows, with the list of the known ones."""
    status = 404 if request.method != "POST" else 400
    return jsonify(error="unknown_name", error_description=str(error)), status


@views.get("/openapi.json")
def openapi() -> Response:
    """The description of these addresses (OpenAPI 3.1)."""
    return jsonify(description(here()))


@views.get("/personas")
def personas() -> Response:
    """Everybody who can sign in."""
    return jsonify(personas=[one.model_dump() for one in here().cast])


@views.get("/personas/<key>")
def persona(key: str) -> Response:
    """One persona."""
    return jsonify(known_persona(here(), key).model_dump())


@views.put("/personas/<key>")
def put_persona(key: str) -> Response:
    """Add or replace a persona."""
    issuer = here()
    try:
        made = Persona.model_validate({**_body(), "key": key})
    except ValidationError as refused:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
            for error in refused.errors(include_input=False, include_url=False)
        )
        raise RefusedError("invalid_persona", problems) from refused
    if not issuer.cast.put(made):
        raise RefusedError("too_many", f"No room beyond {issuer.cast.size} personas.", 409)
    return jsonify(known_persona(issuer, key).model_dump())


@views.delete("/personas/<key>")
def delete_persona(key: str) -> Response:
    """Take a persona away."""
    issuer = here()
    known_persona(issuer, key)
    issuer.cast.remove(key)
    return jsonify(removed=key)


@views.get("/faults")
def faults() -> Response:
    """The table of faults, and those that wait for a login."""
    issuer = here()
    return jsonify(
        faults=[_row(fault) for fault in issuer.faults.values()],
        queue=[{"fault": fault.name, "persona": who} for fault, who in issuer.queue.all()],
    )


@views.post("/faults")
def queue_fault() -> tuple[Response, int]:
    """Queue a fault for the next login, of anybody or of one persona, `count` times."""
    issuer = here()
    body = _body()
    fault, who, count = known_fault(issuer, str(body.get("fault", ""))), body.get("persona"), 1
    if fault is None:
        raise UnknownNameError("Name a fault:", ", ".join(issuer.faults))
    if who is not None:
        known_persona(issuer, str(who))
    if isinstance(body.get("count"), int):
        count = min(max(body["count"], 1), 100)
    for _ in range(count):
        if fault.where is Where.DISCOVERY:
            issuer.arm(fault, seconds=3600)
        else:
            issuer.queue.add((fault, str(who or "")))
    return jsonify(queued=fault.name, persona=who, count=count), 201


@views.delete("/faults")
def clear_faults() -> Response:
    """Forget every fault that waits."""
    issuer = here()
    issuer.queue.clear()
    issuer.armed.clear()
    return jsonify(queue=[])


@views.get("/keys")
def keys() -> Response:
    """The names of the published keys, and of the one that signs."""
    ring = here().keys
    return jsonify(signing=ring.signing.kid, published=ring.kids)


@views.post("/keys/<step>")
def rotate(step: str) -> Response:
    """A step of a rotation: `publish` the next key, `use` it, `retire` the previous ones."""
    ring = here().keys
    steps = {"publish": ring.publish, "use": ring.use, "retire": ring.retire}
    if step not in steps:
        raise UnknownNameError(
            "No step of a rotation has this name. Known names:", ", ".join(steps)
        )
    steps[step]()
    return keys()


@views.get("/requests")
def requests() -> Response:
    """The last requests received, secrets hidden, oldest first."""
    return jsonify(requests=[asdict(one) for one in here().received.all()])


@views.delete("/requests")
def forget_requests() -> Response:
    """Empty the inspector."""
    here().received.clear()
    return jsonify(requests=[])


@views.post("/reset")
def reset() -> Response:
    """Back to the demonstration personas, without sessions, faults or recorded requests."""
    here().forget()
    return jsonify(reset=True)


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise RefusedError("invalid_request", "The body must be a JSON object.")
    return body


def _row(fault: Fault) -> dict[str, str]:
    return {
        "name": fault.name,
        "where": fault.where,
        "does": fault.does,
        "expects": fault.expects,
        "ends": fault.ends,
    }
