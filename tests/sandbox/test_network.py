"""The network without sockets: the same calls, the same limits, the same failures."""

import pytest
import requests
from flask import Flask, Response, request

from providers.http import CallFailedError, Limits
from sandbox.network import Network

SHOP = "http://localhost:7001"
BANK = "https://bank.example"


@pytest.fixture
def network():
    return Network()


@pytest.fixture
def bank(network):
    """An application that echoes, waits and writes too much."""
    app = Flask("bank")

    @app.route("/echo/<path:rest>", methods=["GET", "POST", "HEAD"])
    def echo(rest):
        return {
            "method": request.method,
            "rest": rest,
            "query": request.args.to_dict(),
            "form": request.form.to_dict(),
            "url": request.url,
            "header": request.headers.get("X-Test"),
            "from": request.remote_addr,
        }

    @app.get("/wait/<int:seconds>")
    def wait(seconds):
        network.sleep(seconds)
        return "at last"

    @app.get("/drip")
    def drip():
        def pieces():
            for _ in range(10):
                network.sleep(1)
                yield b"x" * 1000

        return Response(pieces())

    @app.get("/away")
    def away():
        response = Response("", 302, {"Location": f"{SHOP}/"})
        response.headers.add("Set-Cookie", "a=1")
        response.headers.add("Set-Cookie", "b=2")
        return response

    network.attach(BANK, app)
    return app


@pytest.fixture
def shop(network, bank):
    """An application that calls the bank, as the broker calls a provider."""
    app = Flask("shop")

    @app.get("/pay/<int:seconds>")
    def pay(seconds):
        try:
            network.http().send("GET", f"{BANK}/wait/{seconds}", limits=Limits(read=6))
        except CallFailedError as fault:
            return f"the bank is {fault.reason}"
        return "paid"

    network.attach(SHOP, app)
    return app


@pytest.fixture(params=["http", "session"])
def ask(request, network):
    """One GET by either kind of client: its status and its body."""

    def by_http(url, read=6.0):
        reply = network.http().send("GET", url, limits=Limits(read=read))
        return reply.status, reply.body

    def by_session(url, read=6.0):
        reply = network.session().get(url, timeout=(2, read), allow_redirects=False)
        return reply.status_code, reply.content

    return by_http if request.param == "http" else by_session


def test_an_application_answers_at_its_origin(bank, ask):
    """A call reaches the application attached to the scheme, host and port of the address."""
    status, body = ask(f"{BANK}/echo/it?a=1&b=%C3%A9")

    assert status == 200
    assert b'"from":"127.0.0.1"' in body
    assert b'"url":"https://bank.example/echo/it?a=1&b=\\u00e9"' in body


@pytest.mark.parametrize("origin", [SHOP, "http://bank.example", "https://bank.example:444"])
def test_nobody_answers_at_another_origin(network, bank, origin):
    """Another scheme or another port is another place."""
    with pytest.raises(CallFailedError) as failed:
        network.http().send("GET", f"{origin}/echo/it")

    assert failed.value.reason == "unreachable"


def test_a_form_and_a_header_arrive_as_sent(network, bank):
    """Method, body, content type and headers cross the network."""
    reply = network.http().send(
        "POST",
        f"{BANK}/echo/it",
        headers={"Content-Type": "application/x-www-form-urlencoded", "X-Test": "yes"},
        body=b"amount=12",
    )

    assert b'"amount":"12"' in reply.body
    assert b'"header":"yes"' in reply.body
    assert reply.headers["content-type"] == "application/json"


def test_a_session_sends_forms_and_reads_json(network, bank):
    """`requests` works as it does on sockets, whatever the kind of body."""
    session = network.session()

    assert session.post(f"{BANK}/echo/it", data={"amount": "12"}).json()["form"] == {"amount": "12"}
    assert session.post(f"{BANK}/echo/it", data="raw").json()["form"] == {}
    assert session.head(f"{BANK}/echo/it").status_code == 200


def test_an_encoded_path_is_decoded_once(bank, ask):
    """The application sees the path as a server would give it."""
    _, body = ask(f"{BANK}/echo/caf%C3%A9%2525")

    assert b'"rest":"caf\\u00e9%25"' in body


def test_a_redirect_is_an_answer(bank, network):
    """A client of the broker follows nothing by itself."""
    reply = network.http().send("GET", f"{BANK}/away")

    assert reply.status == 302
    assert reply.headers["location"] == f"{SHOP}/"


def test_a_session_keeps_both_cookies_of_an_answer(bank, network):
    """A header that stands twice is not folded into one."""
    session = network.session()
    session.get(f"{BANK}/away", allow_redirects=False)

    assert session.cookies.get_dict() == {"a": "1", "b": "2"}


def test_an_answer_within_the_limit_costs_virtual_seconds(network, bank):
    """Five seconds pass for the caller, none for the test."""
    reply = network.http().send("GET", f"{BANK}/wait/5", limits=Limits(read=6))

    assert reply.body == b"at last"
    assert reply.elapsed == 5.0


@pytest.mark.parametrize("path", ["/wait/8", "/drip"])
def test_an_answer_slower_than_the_limit_is_a_time_out(network, bank, path):
    """Neither a late answer nor one that drips is waited for longer than the limit."""
    with pytest.raises(CallFailedError) as failed:
        network.http().send("GET", f"{BANK}{path}", limits=Limits(read=6))

    assert failed.value.reason == "slow"


def test_a_session_times_out_as_on_sockets(network, bank):
    """`requests` raises what its callers catch."""
    session = network.session()

    with pytest.raises(requests.ReadTimeout):
        session.get(f"{BANK}/wait/8", timeout=6)
    assert session.get(f"{BANK}/wait/8").text == "at last"


def test_the_caller_of_a_slow_caller_waits_too(network, shop):
    """The shop gives the bank up after six seconds; who calls the shop has waited as long."""
    reply = network.http().send("GET", f"{SHOP}/pay/60", limits=Limits(read=10))
    assert (reply.body, reply.elapsed) == (b"the bank is slow", 6.0)

    with pytest.raises(CallFailedError, match="slow"):
        network.http().send("GET", f"{SHOP}/pay/60", limits=Limits(read=5))


def test_waiting_outside_of_any_call_takes_no_time(network):
    """A task in the background waits in virtual time too."""
    network.sleep(3_600)


@pytest.mark.parametrize(("size", "fits"), [(9_999, False), (10_000, True)])
def test_an_answer_larger_than_the_limit_is_dropped(network, bank, size, fits):
    """The caller reads so many bytes and no more."""
    limits = Limits(read=60, size=size)
    if fits:
        assert len(network.http().send("GET", f"{BANK}/drip", limits=limits).body) == size
    else:
        with pytest.raises(CallFailedError, match="large"):
            network.http().send("GET", f"{BANK}/drip", limits=limits)


@pytest.mark.parametrize("reason", ["unreachable", "slow"])
def test_an_origin_taken_down_fails_until_restored(network, bank, reason):
    """A provider stops in the middle of a login, and comes back."""
    network.take_down(BANK, reason)
    with pytest.raises(CallFailedError) as failed:
        network.http().send("GET", f"{BANK}/echo/it")
    network.restore(BANK)

    assert failed.value.reason == reason
    assert network.http().send("GET", f"{BANK}/echo/it").status == 200


@pytest.mark.parametrize(
    ("reason", "error"),
    [("unreachable", requests.ConnectionError), ("slow", requests.ReadTimeout)],
)
def test_a_session_fails_as_on_sockets(network, bank, reason, error):
    """The portal meets the exceptions that `requests` documents."""
    network.take_down(BANK, reason)

    with pytest.raises(error):
        network.session().get(f"{BANK}/echo/it")


def test_restoring_what_is_up_changes_nothing(network, bank, ask):
    """Nothing needs to be down to be restored."""
    network.restore(BANK)

    assert ask(f"{BANK}/echo/it")[0] == 200
