"""What the broker says of the person: plain JSON, or a token it signed (Core 1.0 §5.3.2)."""

from typing import Any

import requests

from relying_party_demo.openid.calls import check_status, json_object, no_answer
from relying_party_demo.openid.discovery import Discovery
from relying_party_demo.openid.errors import UnverifiedAnswerError
from relying_party_demo.openid.tokens import ALGORITHMS, signed_claims
from relying_party_demo.settings import ServiceTable


def userinfo_claims(
    access_token: str, service: ServiceTable, discovery: Discovery, http: requests.Session
) -> dict[str, Any]:
    """The claims behind an access token; a signed answer must be from the broker and for us."""
    url = discovery.metadata().userinfo_endpoint
    with no_answer("userinfo"):
        answer = http.get(url, headers={"Authorization": f"Bearer {access_token}"})
    check_status(answer, "userinfo")
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "application/jwt":
        return _signed(answer, service, discovery)
    if service.userinfo_signed_alg:
        raise UnverifiedAnswerError("userinfo: unsigned although signatures were promised")
    return json_object(answer, "userinfo")


def _signed(
    answer: requests.Response, service: ServiceTable, discovery: Discovery
) -> dict[str, Any]:
    promised = service.userinfo_signed_alg
    allowed = (promised,) if promised else ALGORITHMS
    claims = signed_claims(answer.content, allowed, discovery, "userinfo")
    audience = claims.get("aud")
    ours = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != service.broker_issuer or service.client_id not in ours:
        raise UnverifiedAnswerError("userinfo: signed by or for another")
    return claims
