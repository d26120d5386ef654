"""Lies told by the token and userinfo endpoints as HTTP servers: slow, broken, huge, elsewhere."""

from collections.abc import Callable

from flask import Response, jsonify, make_response, redirect
from werkzeug import Response as AnyResponse

from mock_idps.faults.fault import Fault, Liar, Where

SLOW_SECONDS, NEVER_SECONDS = 8.0, 60.0
_HUGE = 1024 * 1024
_TOO_LONG = "Give up within the time limit of the trip and offer the other providers."
_OUT_OF_ORDER = "Offer the other providers, naming this one as out of order."
_UNREADABLE = "Refuse the answer as unreadable and offer the other providers."


def failing(status: int, error: str = "server_error") -> Callable[[AnyResponse, Liar], AnyResponse]:
    """The lie of answering with that status and OAuth word."""

    def act(_: AnyResponse, __: Liar) -> AnyResponse:
        response = jsonify(error=error)
        response.status_code = status
        return response

    return act


def _after(seconds: float) -> Callable[[AnyResponse, Liar], AnyResponse]:
    def act(honest: AnyResponse, liar: Liar) -> AnyResponse:
        liar.outside.sleep(seconds)
        return honest

    return act


def _elsewhere(_: AnyResponse, liar: Liar) -> AnyResponse:
    return redirect(f"{liar.settings.issuer}/healthz")


def _html(_: AnyResponse, __: Liar) -> AnyResponse:
    response = make_response("<!doctype html><title>Maintenance</title><p>Back soon.")
    response.content_type = "text/html; charset=utf-8"
    return response


def huge(honest: AnyResponse, _: Liar) -> AnyResponse:
    """The honest answer after one megabyte of blanks: only a bound on the size refuses it."""
    body: bytes = honest.get_data()
    return Response(b" " * _HUGE + body, content_type=honest.content_type)


def _truncated(honest: AnyResponse, _: Liar) -> AnyResponse:
    body: bytes = honest.get_data()
    return Response(body[: len(body) // 2], content_type=honest.content_type)


def garbage(honest: AnyResponse, _: Liar) -> AnyResponse:
    """Bytes that mean nothing, under the honest content type."""
    return Response(b"\x00\xff{]", content_type=honest.content_type)


TOKEN = (
    Fault(
        "token_400",
        Where.TOKEN,
        "Refuses the code at the token endpoint (400 invalid_grant).",
        "Offer the providers again; a new trip may work.",
        failing(400, "invalid_grant"),
    ),
    Fault(
        "token_401",
        Where.TOKEN,
        "Refuses the broker's own credentials (401 invalid_client).",
        "Offer the other providers and alert the operator.",
        failing(401, "invalid_client"),
    ),
    Fault(
        "token_500",
        Where.TOKEN,
        "Fails at the token endpoint (500).",
        _OUT_OF_ORDER,
        failing(500, "server_error"),
    ),
    Fault(
        "token_503",
        Where.TOKEN,
        "Is out of order at the token endpoint (503).",
        _OUT_OF_ORDER,
        failing(503, "temporarily_unavailable"),
    ),
    Fault(
        "token_slow",
        Where.TOKEN,
        "Answers at the token endpoint after 8 seconds.",
        _TOO_LONG,
        _after(SLOW_SECONDS),
    ),
    Fault(
        "token_never",
        Where.TOKEN,
        "Does not answer at the token endpoint.",
        _TOO_LONG,
        _after(NEVER_SECONDS),
    ),
    Fault(
        "token_redirect",
        Where.TOKEN,
        "Redirects the token request elsewhere.",
        "Follow no redirect; refuse the answer.",
        _elsewhere,
    ),
    Fault(
        "token_html",
        Where.TOKEN,
        "Answers with a web page instead of JSON.",
        _UNREADABLE,
        _html,
    ),
    Fault(
        "token_huge",
        Where.TOKEN,
        "Answers with one megabyte.",
        "Stop reading at the bound on the size and refuse the answer.",
        huge,
    ),
    Fault(
        "token_truncated",
        Where.TOKEN,
        "Answers with half of the JSON.",
        _UNREADABLE,
        _truncated,
    ),
)

USERINFO = (
    Fault(
        "userinfo_401",
        Where.USERINFO,
        "Refuses the access token it has just given.",
        _OUT_OF_ORDER,
        failing(401, "invalid_token"),
    ),
    Fault(
        "userinfo_500",
        Where.USERINFO,
        "Fails at the userinfo endpoint (500).",
        _OUT_OF_ORDER,
        failing(500, "server_error"),
    ),
    Fault(
        "userinfo_slow",
        Where.USERINFO,
        "Answers at the userinfo endpoint after 8 seconds.",
        _TOO_LONG,
        _after(SLOW_SECONDS),
    ),
    Fault(
        "userinfo_redirect",
        Where.USERINFO,
        "Redirects the userinfo request elsewhere.",
        "Follow no redirect; refuse the answer.",
        _elsewhere,
    ),
    Fault(
        "userinfo_garbage",
        Where.USERINFO,
        "Answers at the userinfo endpoint with bytes that mean nothing.",
        _UNREADABLE,
        garbage,
    ),
    Fault(
        "userinfo_huge",
        Where.USERINFO,
        "Answers at the userinfo endpoint with one megabyte.",
        "Stop reading at the bound on the size and refuse the answer.",
        huge,
    ),
)
