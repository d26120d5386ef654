"""The application under every page: what it leaves out of Flask is missed by nobody."""

import pytest
from flask import redirect, request, session
from werkzeug.test import EnvironBuilder

from broker.application import Application


@pytest.fixture
def app():
    """An application with a few pages of its own."""
    made = Application("sample", static_folder=None)
    made.secret_key = "a secret of the tests, 32 letters or more"
    made.add_url_rule("/plain", view_func=lambda: "plain", endpoint="plain")
    made.add_url_rule("/nothing", view_func=lambda: ("", 204), endpoint="nothing")
    made.add_url_rule("/pieces", view_func=lambda: iter(["a", "b"]), endpoint="pieces")
    made.add_url_rule("/away", view_func=lambda: redirect(request.args["to"], 303), endpoint="away")
    made.add_url_rule("/field", view_func=field, endpoint="field")
    made.add_url_rule("/keep", view_func=keep, endpoint="keep")
    made.add_url_rule("/kept", view_func=lambda: session.get("word", "none"), endpoint="kept")
    made.add_url_rule("/forget", view_func=forget, endpoint="forget")
    return made


def field():
    """What came under two names, one of them as a number."""
    return repr([request.args.get("a"), request.args.get("b", 7, int)])


def keep():
    """Remember a word in the session."""
    session["word"] = "hello"
    return "kept"


def forget():
    """Empty the session."""
    session.clear()
    return "forgotten"


@pytest.mark.parametrize("host", ["broker.example", "evil.example:1", "a b/<", ""])
def test_a_page_is_found_by_its_path_whatever_the_host_header(app, host):
    """Addresses come from the settings; a Host header neither helps nor harms."""
    assert app.test_client().get("/plain", headers={"Host": host}).text == "plain"


def test_a_page_is_found_below_the_path_an_application_is_mounted_at(app):
    """SCRIPT_NAME is not part of the path that is matched (PEP 3333)."""
    answer = app.test_client().get("/plain", environ_overrides={"SCRIPT_NAME": "/mounted"})

    assert answer.text == "plain"


def test_an_unknown_path_and_a_wrong_method_are_told_as_such(app):
    """404, and 405 with the methods there are."""
    client = app.test_client()

    assert client.get("/absent").status_code == 404
    refused = client.post("/plain")
    assert (refused.status_code, "GET" in refused.headers["Allow"]) == (405, True)


@pytest.mark.parametrize(
    ("to", "location"),
    [
        ("https://service.example/cb?code=a%20b&state=x~y", None),
        ("/login/abc/consent?proof=x_-", None),
        ("https://sérvice.example/é?q=é", "https://xn--srvice-bva.example/%C3%A9?q=%C3%A9"),
        ('https://service.example/a b?q="<', "https://service.example/a%20b?q=%22%3C"),
    ],
)
def test_a_redirect_goes_to_a_uri(app, to, location):
    """What is one already stays letter for letter; the rest is encoded (RFC 9110 §10.2.2)."""
    answer = app.test_client().get("/away", query_string={"to": to})

    assert answer.headers["Location"] == (location or to)


def test_a_body_is_announced_with_its_length_and_none_without_one(app):
    """Content-Length where there is a body in one piece, none with 204 (RFC 9110 §8.6)."""
    client = app.test_client()

    assert client.get("/plain").headers["Content-Length"] == "5"
    assert client.head("/plain").headers["Content-Length"] == "5"
    assert "Content-Length" not in client.get("/nothing").headers
    assert client.get("/pieces").text == "ab"


@pytest.mark.parametrize(
    ("query", "read"),
    [("", "[None, 7]"), ("a=1&a=2&b=3", "['1', 3]"), ("b=x", "[None, 7]"), ("a=&b=", "['', 7]")],
)
def test_a_field_that_is_missing_is_read_as_its_default(app, query, read):
    """The first of several, converted where that is asked."""
    assert app.test_client().get(f"/field?{query}").text == read


def answered(app, method, path):
    """What the server is handed, and the status and headers it was told (PEP 3333)."""
    told = []
    environ = EnvironBuilder(path=path, method=method).get_environ()
    return app(environ, lambda *given: told.append(given)), *told


@pytest.mark.parametrize(
    ("method", "path", "body"), [("GET", "/plain", b"plain"), ("HEAD", "/plain", b"")]
)
def test_a_server_is_handed_a_whole_answer_in_one_piece(app, method, path, body):
    """A list, whose length it knows without asking the application again."""
    pieces, (status, headers) = answered(app, method, path)

    assert pieces == [body]
    assert (status, dict(headers)["Content-Length"]) == ("200 OK", "5")


def test_a_server_asks_for_an_answer_that_comes_in_pieces(app):
    """It is not gathered first."""
    pieces, _told = answered(app, "GET", "/pieces")

    assert not isinstance(pieces, list)
    assert list(pieces) == [b"a", b"b"]


def test_what_waits_for_the_end_of_an_answer_is_called_once(app):
    """Whatever a page registered with `call_on_close`."""
    ended = []

    @app.after_request
    def watch(response):
        response.call_on_close(lambda: ended.append(response.status))
        return response

    app.test_client().get("/plain").close()

    assert ended == ["200 OK"]


@pytest.mark.parametrize(
    ("cookies", "read"),
    [
        (b"odd=a\xffb; word=here", "here"),
        ("word=été; odd=x".encode(), "été"),
        (b"word=\xff", "\N{REPLACEMENT CHARACTER}"),
        (b'odd="; word=here', "here"),
        (b"", "None"),
    ],
)
def test_a_cookie_of_any_bytes_harms_no_page(app, cookies, read):
    """A browser sends what others have set; servers hand bytes over as Latin-1 (PEP 3333)."""
    app.add_url_rule("/word", view_func=lambda: str(request.cookies.get("word")), endpoint="word")
    environ = {"HTTP_COOKIE": cookies.decode("latin-1")}

    client = app.test_client(use_cookies=False)

    assert client.get("/word", environ_overrides=environ).text == read


def test_who_holds_no_session_is_given_none(app):
    """No cookie, and nothing for caches to keep apart."""
    answer = app.test_client().get("/plain")

    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


def test_a_session_is_kept_read_and_forgotten(app):
    """A page that looked tells caches so; an emptied session takes its cookie back."""
    client = app.test_client()
    client.get("/keep")

    read = client.get("/kept")
    passing = client.get("/plain")
    client.get("/forget")

    assert (read.text, read.headers["Vary"]) == ("hello", "Cookie")
    assert "Set-Cookie" not in passing.headers
    assert client.get("/kept").text == "none"


def test_a_session_that_was_altered_is_an_empty_one(app):
    """The signature is checked whenever a browser brings a session."""
    client = app.test_client()
    client.get("/keep")
    held = client.get_cookie("session").value
    client.set_cookie("session", f"x{held}")

    assert client.get("/kept").text == "none"
