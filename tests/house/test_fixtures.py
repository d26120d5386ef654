"""The fixtures that the other tests rely on do what they promise."""

import logging
import socket

import pytest
import requests
from sqlalchemy import create_engine, text


def test_no_socket_leaves_this_machine():
    """An address on the Internet cannot be reached from a test, by number or by name."""
    with pytest.raises(BaseException, match="tests stay on this machine"), socket.socket() as tcp:
        tcp.connect(("192.0.2.1", 443))
    with pytest.raises(BaseException, match="tests stay on this machine"):
        requests.get("https://example.org/", timeout=1)


def test_a_socket_of_this_machine_is_left_alone():
    """A server on the loopback address can be reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname(), timeout=1)
        client.close()


@pytest.mark.postgresql
def test_each_test_gets_an_empty_postgresql_database(postgres_url):
    """The database is a real PostgreSQL, and holds no table."""
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        version = connection.execute(text("SELECT version()")).scalar_one()
        tables = connection.execute(
            text("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        ).scalar_one()
    engine.dispose()

    assert version.startswith("PostgreSQL")
    assert tables == 0


@pytest.mark.postgresql
def test_a_prepared_database_is_filled_once_and_copied(postgres):
    """Two copies of a prepared database hold its rows, and do not see each other's."""
    filled = []

    def fill(url):
        filled.append(url)
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE thing AS SELECT 1 AS n"))
        engine.dispose()

    first, second = postgres.prepared("things", fill), postgres.prepared("things", fill)
    counts = []
    for url in (first, second):
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO thing VALUES (2)"))
            counts.append(connection.execute(text("SELECT count(*) FROM thing")).scalar_one())
        engine.dispose()
        postgres.drop(url)

    assert len(filled) == 1
    assert first != second
    assert counts == [2, 2]


@pytest.mark.browser
def test_axe_finds_a_picture_without_its_words(page, axe):
    """The accessibility check passes a good page and fails one with a nameless picture."""
    good = "<!doctype html><html lang=fr><title>Page</title><main><h1>Bonjour</h1>{}</main></html>"
    page.set_content(good.format(""))
    axe(page)

    page.set_content(good.format("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"))
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


@pytest.mark.browser
def test_axe_looks_anew_at_a_page_that_changed(page, axe):
    """Words that are readable on a light page and not on a dark one are found on the latter."""
    style = "<style>@media (prefers-color-scheme: dark) { p { color: #eee } }</style>"
    words = f"{style}<main><h1>Bonjour</h1><p>Madame</p></main>"
    page.set_content(f"<!doctype html><html lang=fr><title>Page</title>{words}</html>")
    axe(page)

    page.emulate_media(color_scheme="dark")
    with pytest.raises(AssertionError, match="color-contrast"):
        axe(page)


@pytest.mark.browser
def test_the_browser_reaches_no_other_machine(chromium):
    """A page of another host does not load, whatever its address."""
    page = chromium.new_page()

    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org:81/")
    page.close()


@pytest.mark.parametrize(
    "line",
    [
        "GET /callback?code=abcdefghijklmnop",
        "Authorization: Bearer 0123456789abcdefgh",
        "nir=285036938312345",
        "nir 2850369383123",
        "id_token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "FR76 3000 6000 0112 3456 7890 189",
        "client_secret=s",
        "Claire sent DURAND",
    ],
)
def test_a_secret_in_the_logs_is_found(no_secret_in_logs, caplog, line):
    """Each kind of secret is recognised in what was logged."""
    no_secret_in_logs.never("DURAND")
    logging.getLogger("journey").info(line)

    assert no_secret_in_logs.findings()
    caplog.clear()


def test_a_quiet_log_passes(no_secret_in_logs):
    """An ordinary line is no secret: event names, client ids, numbers of an error."""
    no_secret_in_logs.never("DURAND")
    logging.getLogger("journey").info("login:started client=ameli-portal error=P003 at=1764000000")
