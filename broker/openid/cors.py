"""
Cross-origin calls: token and userinfo from the registered pages of public services, the two public
documents from anywhere.
"""

from flask import Blueprint, Response, request

from broker.clients.directory import Clients

_ENDPOINTS = ("openid.token", "openid.userinfo")
_DOCUMENTS = ("openid.discovery", "openid.jwks")
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}
_FOR_ANYBODY = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET"}
_TOLD = "WWW-Authenticate, Retry-After"


def allow_browsers(blueprint: Blueprint, clients: Clients) -> None:
    """Answer browsers whose page's origin a service registered; anyone else gets no header."""

    @blueprint.after_request
    def allow(answer: Response) -> Response:
        origin = request.headers.get("Origin")
        if request.endpoint in _DOCUMENTS and request.method == "OPTIONS":
            answer.headers.update({**_PREFLIGHT, **_FOR_ANYBODY})
        elif request.endpoint in _ENDPOINTS and origin and clients.knows_origin(origin):
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Expose-Headers"] = _TOLD
            answer.headers.add("Vary", "Origin")
            if request.method == "OPTIONS":
                answer.headers.update(_PREFLIGHT)
        return answer
