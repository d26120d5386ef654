"""What programs ask of the control room: the doctor's findings, and a place for a new service."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, current_app, jsonify, request
from werkzeug import Response

from broker.clients.client import Client
from sandbox.doctor.checks import diagnose
from sandbox.doctor.evidence import gather
from sandbox.doctor.rehearsed import forge, hear
from sandbox.registration import MetadataRefusedError, register
from sandbox.room.parts import broker

views = Blueprint("programs", __name__)

MARK = "X-Passerelle-Doctor"
"""A header that no page of another site can send without asking first."""

_KEPT_SECONDS = 3600.0


@views.get("/doctor/<client_id>.json")
def findings(client_id: str) -> Response:
    """What the doctor says of that service."""
    client = broker().clients.find(client_id) or abort(404)
    evidence = gather(current_app.extensions["room"].recorder.all(), client.settings)
    return jsonify([asdict(finding) for finding in diagnose(evidence)])


@views.post("/doctor/rotate")
def rotate() -> Response:
    """Change every signing key of the broker now, and say the new ones."""
    if MARK not in request.headers:
        abort(403)
    parts = broker()
    algorithms = sorted({key.alg for key in parts.keys.everything()})
    made = [parts.keys.rotate(alg, 0.0, _KEPT_SECONDS, parts.journal) for alg in algorithms]
    return jsonify(made)


@views.post("/doctor/<client_id>/probe")
def probe(client_id: str) -> Response:
    """Forged answers to bring to that service, by whoever can reach it."""
    client, room = _asked(client_id), current_app.extensions["room"]
    uris, issuer = client.settings.redirect_uris, broker().settings.broker.issuer
    return jsonify(forge(uris, client_id, issuer, room.recorder.observe))


@views.post("/doctor/<client_id>/heard")
def heard(client_id: str) -> Response:
    """The `Date` of an answer of that service, to compare its clock with ours."""
    _asked(client_id)
    room, told = current_app.extensions["room"], request.get_json(silent=True) or {}
    hear(str(told.get("date", "")), client_id, room.clock(), room.recorder.observe)
    return jsonify(heard=True)


@views.post("/register")
def new_service() -> tuple[Response, int]:
    """Register the service that the JSON document describes (RFC 7591)."""
    if not current_app.extensions["room"].open_registration:
        abort(404)
    metadata: Any = request.get_json(silent=True)
    if not isinstance(metadata, dict):
        return _refused("invalid_client_metadata", "the body must be a JSON object")
    try:
        return jsonify(register(broker(), metadata)), 201
    except MetadataRefusedError as refused:
        return _refused(refused.error, str(refused))


def _asked(client_id: str) -> Client:
    """The service that a program of the doctor's asks about; another site may not."""
    if MARK not in request.headers:
        abort(403)
    return broker().clients.find(client_id) or abort(404)


def _refused(error: str, description: str) -> tuple[Response, int]:
    return jsonify(error=error, error_description=description), 400
