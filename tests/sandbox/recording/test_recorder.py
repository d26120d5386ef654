"""What is recorded of an application, from outside it."""

from threading import Thread

import pytest
from flask import Flask, Response, request

from sandbox.recording.recorder import Exchange, Happening, Recorder
from sandbox.wsgi import Request, call, environment

HERE = "http://localhost:7001"


@pytest.fixture
def recorder(clock):
    return Recorder(clock)


class GoneError(BaseException):
    """As a network gives a call up."""


@pytest.fixture
def shop(recorder):
    app = Flask("shop")

    @app.route("/echo", methods=["GET", "POST"])
    def echo():
        return {"form": request.form.to_dict(), "cookie": request.cookies.get("sid")}

    @app.get("/picture")
    def picture():
        return Response(b"....", mimetype="image/png")

    @app.get("/slow")
    def slow():
        raise GoneError

    @app.get("/drip")
    def drip():
        return Response((b"x" * 40_000 for _ in range(4)), mimetype="text/plain")

    @app.get("/broken")
    def broken():
        def pieces():
            yield b"a"
            raise GoneError

        return Response(pieces(), mimetype="text/plain")

    app.add_url_rule("/healthz", "healthz", lambda: {"status": "ok"})
    return recorder.wrap("shop", app)


def ask(app, method="GET", path="/echo", headers=None, body=b""):
    return call(app, environment(Request(method, HERE + path, headers or {}, body)))


def the_exchange(recorder):
    (exchange,) = recorder.all()
    return exchange


def test_a_request_and_its_answer_are_kept(recorder, shop):
    """Address, headers and form of the one; status, headers and body of the other."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "sid=1"}
    answer = ask(shop, "POST", "/echo?a=1", headers, b"name=Zo%C3%A9")
    told = the_exchange(recorder)

    assert (told.site, told.method, told.url, told.at) == (
        "shop",
        "POST",
        f"{HERE}/echo?a=1",
        1_000_000,
    )
    assert told.sent["content-type"] == "application/x-www-form-urlencoded"
    assert told.sent["cookie"] == "sid=1"
    assert told.body == b"name=Zo%C3%A9"
    assert told.status == 200
    assert told.header("content-type") == "application/json"
    assert told.answer == answer.body
    assert told.header("location") == ""


def test_a_watched_application_answers_as_before(shop):
    """The form is still there for the application, the cookie too."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "sid=1"}
    answer = ask(shop, "POST", "/echo", headers, b"name=Claire")

    assert answer.body == b'{"cookie":"1","form":{"name":"Claire"}}\n'


@pytest.mark.parametrize("path", ["/healthz", "/picture"])
def test_what_nobody_reads_is_not_kept(recorder, shop, path):
    """Health checks and pictures are no part of a login."""
    assert ask(shop, path=path).status == 200
    assert recorder.all() == []


@pytest.mark.parametrize(("path", "status"), [("/slow", 0), ("/broken", 200)])
def test_a_call_given_up_is_kept_as_far_as_it_went(recorder, shop, path, status):
    """A caller that stops reading leaves a trace."""
    with pytest.raises(GoneError):
        ask(shop, path=path)

    assert the_exchange(recorder).status == status


def test_a_large_answer_passes_whole_and_is_kept_in_part(recorder, shop):
    """The application answers 160 kB, the recording stops soon after 64."""
    assert len(ask(shop, path="/drip").body) == 160_000
    assert len(the_exchange(recorder).answer) == 80_000


@pytest.mark.parametrize("length", ["", "many", "-1", "99999999"])
def test_a_strange_length_is_left_to_the_application(recorder, shop, length):
    """What is no reasonable body is not read."""
    environ = environment(Request("POST", f"{HERE}/echo"))
    environ["CONTENT_LENGTH"] = length

    assert call(shop, environ).status in {200, 400, 413}
    assert the_exchange(recorder).body == b""


def test_exchanges_and_events_are_told_in_the_order_in_which_they_began(recorder, shop):
    """An event written during a request comes after the request, whichever is kept first."""
    inner = Flask("inner")

    @inner.get("/")
    def index():
        ask(shop)
        recorder.observe({"event": "login:started", "attempt": "a"})
        return {"done": True}

    ask(recorder.wrap("inner", inner), path="/")
    kinds = [getattr(kept, "site", "journal") for kept in recorder.all()]

    assert kinds == ["inner", "shop", "journal"]
    assert isinstance(recorder.all()[0], Exchange)
    assert isinstance(recorder.all()[2], Happening)


def test_an_observed_event_is_a_copy(recorder):
    """What the broker does with its event later changes nothing here."""
    event = {"event": "login:started"}
    recorder.observe(event)
    event["event"] = "other"

    assert the_exchange(recorder).event == {"event": "login:started"}


def test_the_recording_is_bounded_and_can_be_forgotten(clock):
    """The latest entries stay."""
    recorder = Recorder(clock, keep=3)
    for number in range(5):
        recorder.observe({"event": str(number)})
    kept = [happening.event["event"] for happening in recorder.all()]
    recorder.clear()

    assert kept == ["2", "3", "4"]
    assert recorder.all() == []


def test_many_threads_are_recorded_each_under_its_own_number(recorder, shop):
    """Fifty logins at once lose nothing."""
    threads = [Thread(target=lambda: [ask(shop) for _ in range(10)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({exchange.number for exchange in recorder.all()}) == 80
