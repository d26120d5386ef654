"""The OpenAPI description of the control API, written as a table of its addresses."""

from typing import Any, NamedTuple

from mock_idps.issuer import Issuer
from mock_idps.personas import Persona


class Operation(NamedTuple):
    """One method of one address."""

    method: str
    path: str
    summary: str
    body: dict[str, Any] | None = None


_FAULT = {
    "type": "object",
    "required": ["fault"],
    "properties": {
        "fault": {"type": "string"},
        "persona": {"type": ["string", "null"], "description": "only for this persona's login"},
        "count": {"type": "integer", "minimum": 1, "maximum": 100, "default": 1},
    },
}
_EMPTY = {"type": "object"}

OPERATIONS = (
    Operation("get", "/_control/personas", "Everybody who can sign in."),
    Operation("get", "/_control/personas/{key}", "One persona."),
    Operation(
        "put",
        "/_control/personas/{key}",
        "Add or replace a persona.",
        {"$ref": "#/components/schemas/Persona"},
    ),
    Operation("delete", "/_control/personas/{key}", "Take a persona away."),
    Operation("get", "/_control/faults", "The table of faults, and those that wait."),
    Operation("post", "/_control/faults", "Queue a fault for the next login.", _FAULT),
    Operation("delete", "/_control/faults", "Forget every fault that waits."),
    Operation("get", "/_control/keys", "Names of the published keys, and of the signing one."),
    Operation("post", "/_control/keys/{step}", "publish, use, or retire.", _EMPTY),
    Operation("get", "/_control/requests", "The last requests received, secrets hidden."),
    Operation("delete", "/_control/requests", "Empty the inspector."),
    Operation("post", "/_control/reset", "Back to the first day.", _EMPTY),
)


def description(issuer: Issuer) -> dict[str, Any]:
    """The document for this issuer."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Control of {issuer.settings.title}", "version": "1"},
        "servers": [{"url": issuer.settings.issuer}],
        "paths": paths,
        "components": {"schemas": {"Persona": Persona.model_json_schema()}},
    }


def _described(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "responses": {
            "201" if operation.path.endswith("/faults") and operation.body else "200": {
                "description": "Done.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "4XX": {"description": "Refused: error and error_description say why."},
        },
    }
    if operation.body is not None:
        content = {"application/json": {"schema": operation.body}}
        described["requestBody"] = {"required": True, "content": content}
    choices = {"key": None, "step": ["publish", "use", "retire"]}
    described["parameters"] = [
        _parameter(name, known)
        for name, known in choices.items()
        if f"{{{name}}}" in operation.path
    ]
    return described


def _parameter(name: str, known: list[str] | None) -> dict[str, Any]:
    schema = {"type": "string", "enum": known} if known else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}
