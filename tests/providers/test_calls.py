"""Outgoing calls: every way each endpoint can fail, and ten seconds for a whole trip."""

import pytest

from providers import call_faults
from providers.calls import Calls
from providers.http import CallFailedError, Limits, Reply
from tests.providers.stage import on_stage
from tests.providers.upstream import json_reply

ENDPOINTS = {
    "discovery": call_faults.DISCOVERY,
    "par": call_faults.PAR,
    "token": call_faults.TOKEN,
    "jwks": call_faults.JWKS,
    "userinfo": call_faults.USERINFO,
}


def _fails(reason):
    def call(_honest):
        raise CallFailedError(reason)

    return call


PROBLEMS = {
    "unreachable": _fails("unreachable"),
    "slow": _fails("slow"),
    "forbidden": _fails("forbidden"),
    "too_large": _fails("large"),
    "redirect": lambda _: Reply(302, {"location": "https://evil.example"}),
    "status": lambda _: Reply(500, {}, b"oops"),
}


@pytest.mark.parametrize("problem", [*PROBLEMS, "not_json"])
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_each_endpoint_tells_each_problem_by_name(endpoint, problem):
    """A call that fails is refused under the name of its endpoint and of what went wrong."""
    stage = on_stage(par=True)
    html = Reply(ENDPOINTS[endpoint].success, {"content-type": "text/html"}, b"<p>Hello")
    how = {**PROBLEMS, "not_json": lambda _: html}[problem]
    stage.upstream.lie(endpoint, how)

    with pytest.raises(getattr(ENDPOINTS[endpoint], problem)) as failed:
        stage.login()
    assert failed.value.check == f"{endpoint}_{problem}"
    assert failed.value.blames_upstream


BODIES = {
    "empty": b"",
    "truncated": b'{"access_token": "a',
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "NaN": b'{"expires_in": NaN}',
    "the same member twice": b'{"access_token": "a", "access_token": "b"}',
    "not UTF-8": b'{"a": "\xff"}',
    "nested deep": b'{"a":' + b"[" * 30_000,
    "a number of 10,000 digits": b'{"a":' + b"1" * 10_000 + b"}",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("endpoint", ["discovery", "token", "jwks", "userinfo"])
def test_only_one_clean_object_is_json(endpoint, body):
    """A body that is anything but one JSON object is refused, whatever it does to a parser."""
    stage = on_stage()
    stage.upstream.lie(endpoint, lambda _: Reply(200, {"content-type": "application/json"}, body))

    with pytest.raises(ENDPOINTS[endpoint].not_json):
        stage.login()


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_body_over_64_kb_is_refused(endpoint):
    """A large body is refused even where the network let it through."""
    stage = on_stage(par=True)
    stage.upstream.lie(endpoint, lambda _: Reply(200, {}, b'{"a":"' + b"a" * 65_536 + b'"}'))

    with pytest.raises(ENDPOINTS[endpoint].too_large):
        stage.login()


@pytest.mark.parametrize(
    ("status", "blamed"),
    [(400, False), (404, False), (401, True), (403, True), (429, True), (500, True), (503, True)],
)
def test_a_status_blames_the_provider_when_it_concerns_everybody(status, blamed):
    """A code refused may be the person's doing; a server error or a lost secret is not."""
    stage = on_stage()
    stage.upstream.lie("token", lambda _: json_reply({"error": "invalid_grant"}, status))

    with pytest.raises(call_faults.TOKEN.status) as failed:
        stage.login()
    assert failed.value.blames_upstream is blamed
    assert failed.value.private == {"status": status, "error": "invalid_grant"}


def test_what_a_provider_writes_reaches_no_log_as_it_is():
    """The error text of a provider is kept for the log only when it is a registered word."""
    for error in ("DURAND Claire\nforged line", "DURAND", ["DURAND"], {"name": "DURAND"}):
        stage = on_stage()
        stage.upstream.lie("token", lambda _, error=error: json_reply({"error": error}, 400))

        with pytest.raises(call_faults.TOKEN.status) as failed:
            stage.login()
        assert failed.value.private == {"status": 400, "error": ""}
        assert "DURAND" not in repr(failed.value)


def test_no_call_is_made_twice():
    """A failed call is not repeated: a code is good for one try."""
    stage = on_stage()
    stage.upstream.lie("token", PROBLEMS["unreachable"])

    with pytest.raises(call_faults.TOKEN.unreachable):
        stage.login()
    assert stage.upstream.paths().count("/token") == 1


class Sluggish:
    """A network whose answers take the seconds it is told."""

    def __init__(self, *seconds):
        self.seconds, self.limits = list(seconds), []

    def send(self, _method, _url, *, headers, body, limits):
        self.limits.append(limits)
        return Reply(200, {}, b"{}", self.seconds.pop(0))


def test_a_whole_trip_takes_ten_seconds_at_most():
    """What one call used up, the next ones lack; with nothing left, no call is made."""
    network = Sluggish(7.5, 1.5, 0.95)
    calls = Calls(network)
    for _ in range(3):
        calls.get("https://upstream.example/jwks", {}, call_faults.JWKS)

    assert network.limits[0] == Limits(connect=2.0, read=6.0)
    spent = 0.0
    for limits, seconds in zip(network.limits, (7.5, 1.5, 0.95), strict=True):
        assert spent + limits.connect + limits.read <= 10.0 + 1e-9
        spent += seconds
    with pytest.raises(call_faults.JWKS.slow):
        calls.get("https://upstream.example/jwks", {}, call_faults.JWKS)
    assert len(network.limits) == 3


def test_each_trip_has_its_own_ten_seconds():
    """A slow trip leaves the next one all its time."""
    network = Sluggish(9.99, 0.1)
    for _ in range(2):
        Calls(network).get("https://upstream.example/jwks", {}, call_faults.JWKS)

    assert network.limits == [Limits(), Limits()]
