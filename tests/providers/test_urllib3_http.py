"""Outgoing calls over real sockets: pooled, bounded, never redirected, never to ourselves."""

import gzip
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from providers.doors import Door
from providers.http import CallFailedError, Limits
from providers.urllib3_http import MAX_ORIGINS, Urllib3Http
from tests.providers.wire import Wire, says

SOON = Limits(connect=0.5, read=0.4)


@pytest.fixture
def wire():
    """Starts servers, and stops them."""
    started = []

    def start(script, tls=None):
        started.append(Wire(script, tls))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def http():
    """The network as a demonstration uses it."""
    made = Urllib3Http(time.monotonic, production=False)
    yield made
    made.close()


def _production(address="127.0.0.1", **options):
    """The network in production, where every name leads to `address`."""

    def resolve(_host, port):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    return Urllib3Http(time.monotonic, production=True, resolve=resolve, **options)


def _failure(http, url, limits=SOON):
    with pytest.raises(CallFailedError) as failed:
        http.send("GET", url, limits=limits)
    return failed.value.reason


def test_an_answer_comes_as_it_is(wire, http):
    """Status, headers in lower case, body and duration of an answer."""
    server = wire(says(b'{"a": 1}', "201 Created", X_Thing="Yes"))
    reply = http.send("GET", server.url, headers={"Accept": "application/json"})

    assert (reply.status, reply.body) == (201, b'{"a": 1}')
    assert reply.headers["x-thing"] == "Yes"
    assert reply.headers["content-type"] == "application/json"
    assert 0 < reply.elapsed < 5
    assert server.requests[0].startswith(b"GET /path?q=1 HTTP/1.1\r\n")


def test_a_form_is_sent_as_it_is(wire, http):
    """Method, headers and body arrive; nothing is added that names a browser or a cookie."""
    server = wire(says())
    http.send("POST", server.url, headers={"Content-Type": "text/plain"}, body=b"a=1&b=2")

    assert server.requests[0].startswith(b"POST /path?q=1 HTTP/1.1\r\n")
    assert server.requests[0].endswith(b"\r\n\r\na=1&b=2")
    assert b"cookie" not in server.requests[0].lower()


def test_connections_are_kept(wire, http):
    """Twenty calls, whatever their status, take one connection."""
    server = wire(says(b"{}", "400 Bad Request"))
    for _ in range(20):
        http.send("GET", server.url)

    assert server.connections == 1


def test_a_connection_closed_meanwhile_is_replaced(wire, http):
    """A server that hung up between two calls costs no call."""
    server = wire(lambda c, r: says()(c, r) or False)
    for _ in range(5):
        assert http.send("GET", server.url).status == 200
        time.sleep(0.02)

    assert server.connections == 5


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
def test_a_redirect_is_an_answer_not_a_journey(wire, http, status):
    """A redirect comes back as it is, and its target is not called."""
    target = wire(says())
    server = wire(says(b"", status, Location=target.url))

    assert http.send("GET", server.url).status == int(status[:3])
    assert target.requests == []


def _chunked(size):
    def script(connection, _request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with suppress(OSError):
            for _ in range(size // 1000):
                connection.sendall(b"3e8\r\n" + b"a" * 1000 + b"\r\n")
            connection.sendall(b"0\r\n\r\n")

    return script


def _until_closed(size):
    def script(connection, _request):
        with suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * size)
        return False

    return script


@pytest.mark.parametrize("shape", [lambda n: says(b"a" * n), _chunked, _until_closed])
def test_a_large_body_is_not_read_to_its_end(wire, http, shape):
    """A body over the limit is refused, announced or not; one below it is read whole."""
    assert _failure(http, wire(shape(1_000_000)).url) == "large"
    assert len(http.send("GET", wire(shape(60_000)).url, limits=SOON).body) == 60_000


def test_a_call_after_a_refused_body_is_unharmed(wire, http):
    """What was left unread is not mistaken for the next answer."""
    bodies = iter([b"a" * 100_000, b'{"next": 1}'])

    def script(connection, request):
        says(next(bodies))(connection, request)

    server = wire(script)
    assert _failure(http, server.url) == "large"
    assert http.send("GET", server.url).body == b'{"next": 1}'


def test_a_compressed_body_stays_compressed(wire, http):
    """Compression is neither asked for nor undone: a small body cannot become a large one."""
    bomb = gzip.compress(b"a" * 10_000_000)
    server = wire(says(bomb, Content_Encoding="gzip"))

    assert http.send("GET", server.url).body == bomb
    assert b"gzip" not in server.requests[0]


def _drip_body(connection, _request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    with suppress(OSError):
        for _ in range(1000):
            connection.sendall(b"a")
            time.sleep(0.05)


def _drip_headers(connection, _request):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    with suppress(OSError):
        for _ in range(1000):
            connection.sendall(b"X-A: b\r\n")
            time.sleep(0.05)


def _nothing(_connection, _request):
    time.sleep(0.7)


@pytest.mark.parametrize("script", [_drip_body, _drip_headers, _nothing])
def test_a_slow_answer_is_given_up_in_time(wire, http, script):
    """No answer, or one in drops, holds us no longer than the limit for the whole of it."""
    server = wire(script)
    started = time.monotonic()

    assert _failure(http, server.url) == "slow"
    assert time.monotonic() - started < 1.2


BROKEN = {
    "hangs up": lambda _c, _r: False,
    "hangs up in the body": lambda c, _r: (
        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc") or False
    ),
    "speaks another language": lambda c, _r: c.sendall(b"SSH-2.0-OpenSSH\r\n\r\n") or False,
    "claims a length that is none": lambda c, _r: (
        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5, 7\r\n\r\nabcde") or False
    ),
    "sends a chunk that is none": lambda c, _r: (
        c.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n") or False
    ),
    "sends headers without end": lambda c, _r: (
        c.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n") or False
    ),
    "sends one long header": lambda c, _r: (
        c.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n") or False
    ),
}


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_a_failed_call(wire, http, script):
    """Whatever a server does to the protocol, the call fails in one way."""
    assert _failure(http, wire(script).url) == "unreachable"


def test_nobody_there_is_a_failed_call(http):
    """A port nobody listens on, a name nobody knows, an address that is none."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert _failure(http, f"http://127.0.0.1:{port}/") == "unreachable"
    assert _failure(http, "http://[::1/") == "unreachable"
    for url in ("ftp://localhost/", "file:///etc/passwd", "localhost", "http://a:b@localhost/"):
        assert _failure(http, url) == "forbidden"


def test_many_threads_share_the_connections(wire, http):
    """Calls made at once get their own answers."""
    server = wire(lambda c, r: says(r.split(b" ")[1])(c, r))
    base = f"http://localhost:{server.port}"
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda n: http.send("GET", f"{base}/{n}").body, range(200)))

    assert replies == [f"/{n}".encode() for n in range(200)]
    assert server.connections <= 16


def test_connections_to_many_places_are_bounded(http):
    """A provider that keeps moving does not make us keep a pool for each place."""
    for port in range(1, 2 * MAX_ORIGINS):
        _failure(http, f"http://127.0.0.1:{port}/", Limits(0.05, 0.05))

    assert len(http._pools) == MAX_ORIGINS


# --- where calls may go ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.1.2.3", "fd00::1"]
)
def test_production_calls_no_private_address(address):
    """A name that leads into our own network is refused before any connection."""
    http = _production(address)
    assert _failure(http, "https://upstream.example/jwks") == "forbidden"
    http.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST", "localhost."])
def test_production_does_not_call_this_machine(host):
    """However this machine is written, the system's own name service leads nowhere."""
    http = Urllib3Http(time.monotonic, production=True)
    assert _failure(http, f"https://{host}/") in {"forbidden", "unreachable"}
    http.close()


def test_production_calls_over_tls_only():
    """Without TLS no secret leaves, not even for a public address."""
    http = _production("8.8.8.8")

    assert _failure(http, "http://upstream.example/token") == "forbidden"
    http.close()


def _door(answers, judge, resolvers):
    """A door where the name service gives each answer once."""
    told = iter(answers)

    def resolve(_host, port):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in next(told)]

    return Door(time.monotonic, judge, resolve, resolvers)


@pytest.fixture
def resolvers():
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_only_allowed_addresses_are_connected_to(wire, resolvers):
    """Of several addresses only those that were judged fit are tried."""
    server = wire(says())
    door = _door([["192.0.2.1", "127.0.0.1"]], lambda a: a == "127.0.0.1", resolvers)

    with door.open("upstream.example", server.port, 1.0) as opened:
        assert opened.getpeername() == ("127.0.0.1", server.port)


def test_a_name_that_changes_its_mind_gains_nothing(wire, resolvers):
    """The address judged is the address connected to; the next connection is judged anew."""
    server = wire(says())
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    door = _door(answers, lambda a: a == "127.0.0.1", resolvers)

    door.open("upstream.example", server.port, 1.0).close()
    with pytest.raises(CallFailedError, match="forbidden"):
        door.open("upstream.example", server.port, 1.0)


def test_the_second_address_is_tried_when_the_first_is_dead(wire, resolvers):
    """One dead address of several does not make a provider unreachable."""
    server = wire(says())
    door = _door([["127.0.0.9", "127.0.0.1"]], lambda _: True, resolvers)

    with door.open("upstream.example", server.port, 1.0) as opened:
        assert opened.getpeername()[0] == "127.0.0.1"


def test_a_name_service_that_does_not_answer_is_given_up(resolvers):
    """Waiting for a name is bounded as the connection is."""
    enough = threading.Event()

    def resolve(_host, _port):
        enough.wait(5)
        return []

    door = Door(time.monotonic, lambda _: True, resolve, resolvers)
    started = time.monotonic()
    with pytest.raises(CallFailedError, match="slow"):
        door.open("upstream.example", 443, 0.1)
    enough.set()

    assert time.monotonic() - started < 1


def test_a_name_nobody_knows_is_unreachable(resolvers):
    """An unknown name, or one that is no name, is a failed call."""
    door = Door(time.monotonic, lambda _: True, _unknown, resolvers)
    with pytest.raises(CallFailedError, match="unreachable"):
        door.open("nowhere.example", 443, 1.0)


def _unknown(_host, _port):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_time_spent_on_addresses_is_counted_together(resolvers):
    """Many addresses do not multiply the time allowed."""
    clock = iter([0.0, 0.0, 2.1, 2.2])
    door = Door(
        lambda: next(clock),
        lambda _: True,
        lambda _h, p: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", p))] * 5,
        resolvers,
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(CallFailedError, match="slow"):
        door.open("upstream.example", port, 2.0)


# --- TLS ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost that nobody vouches for, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def secure(wire, certificate):
    """A server that speaks TLS with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return wire(says(b'{"secure": 1}'), context)


def test_tls_works_with_an_authority_we_know(secure, certificate):
    """A certificate vouched for, of the right name, is accepted, and its connection kept."""
    trusting = ssl.create_default_context(cafile=certificate)
    http = Urllib3Http(time.monotonic, production=False, tls=trusting)
    replies = [http.send("GET", secure.url) for _ in range(3)]
    http.close()

    assert [reply.body for reply in replies] == [b'{"secure": 1}'] * 3
    assert secure.connections == 1


def test_tls_is_verified(secure, http):
    """A certificate nobody vouches for is refused before anything is said."""
    assert _failure(http, secure.url) == "unreachable"
    assert secure.requests == []


def test_tls_is_for_the_right_name(secure, certificate):
    """A certificate of another name is refused."""
    trusting = ssl.create_default_context(cafile=certificate)
    http = Urllib3Http(time.monotonic, production=False, tls=trusting)

    assert _failure(http, secure.url.replace("localhost", "127.0.0.1")) == "unreachable"
    assert secure.requests == []
    http.close()
