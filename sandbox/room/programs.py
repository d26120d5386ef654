"""What programs ask of the control room: the doctor's findings, and a place for a new service."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, current_app, jsonify, request
from werkzeug import Response

from broker.parts import Parts
from sandbox.doctor.checks import diagnose
from sandbox.doctor.evidence import gather
from sandbox.registration import MetadataRefusedError, register
from sandbox.sites import BROKER

views = Blueprint("programs", __name__)

MARK = "X-Passerelle-Doctor"
"""A header that no page of another site can send without asking first."""

_KEPT_SECONDS = 3600.0


@views.get("/doctor/<client_id>.json")
def findings(client_id: str) -> Response:
    """What the doctor says of that service."""
    client = _broker().clients.find(client_id) or abort(404)
    evidence = gather(current_app.extensions["room"].recorder.all(), client.settings)
    return jsonify([asdict(finding) for finding in diagnose(evidence)])


@views.post("/doctor/rotate")
def rotate() -> Response:
    """Change every signing key of the broker now, and say the new ones."""
    if MARK not in request.headers:
        abort(403)
    parts = _broker()
    algorithms = sorted({key.alg for key in parts.keys.everything()})
    made = [parts.keys.rotate(alg, 0.0, _KEPT_SECONDS, parts.journal) for alg in algorithms]
    return jsonify(made)


@views.post("/register")
def new_service() -> tuple[Response, int]:
    """Register the service that the JSON document describes (RFC 7591)."""
    if not current_app.extensions["room"].open_registration:
        abort(404)
    metadata: Any = request.get_json(silent=True)
    if not isinstance(metadata, dict):
        return _refused("invalid_client_metadata", "the body must be a JSON object")
    try:
        return jsonify(register(_broker(), metadata)), 201
    except MetadataRefusedError as refused:
        return _refused(refused.error, str(refused))


def _refused(error: str, description: str) -> tuple[Response, int]:
    return jsonify(error=error, error_description=description), 400


def _broker() -> Parts:
    sites = current_app.extensions["room"].sites
    site = next(site for site in sites if site.name == BROKER)
    parts: Parts = site.app.extensions["parts"]
    return parts
