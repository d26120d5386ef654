"""Cross-origin calls: token and userinfo, from the registered pages of public services only."""

from flask import Blueprint, Response, request

from broker.clients.directory import Clients

_ENDPOINTS = ("openid.token", "openid.userinfo")
_PREFLIGHT_SECONDS = "600"


def allow_browsers(blueprint: Blueprint, clients: Clients) -> None:
    """Answer browsers whose page's origin a service registered; anyone else gets no header."""

    @blueprint.after_request
    def allow(answer: Response) -> Response:
        origin = request.headers.get("Origin")
        if request.endpoint in _ENDPOINTS and origin and clients.knows_origin(origin):
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers.add("Vary", "Origin")
            if request.method == "OPTIONS":
                answer.headers["Access-Control-Allow-Methods"] = "GET, POST"
                answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
                answer.headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
        return answer
