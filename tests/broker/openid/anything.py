"""What anybody may send to an address of the broker, and what must be true of every answer."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, urlsplit

from hypothesis import strategies as st

from sandbox.wsgi import Answer, Request, call, environment

# Each call comes from elsewhere, or the limit of wrong secrets would soon answer all of them.
_ADDRESSES = (str(address) for address in ipaddress.ip_network("10.0.0.0/8"))

MARK = "<x5s"
"""No page may ever hold it: every value that is sent carries it sooner or later."""

_CURIOUS = (
    b"",
    b"\x00",
    b"\r\nSet-Cookie: a=b",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "\u202e\ufeff\U0001f600".encode(),
    b"//evil.example",
    b"https://evil.example/" + MARK.encode(),
    b"javascript:alert(1)",
    b"'\"><x5s onx=1>",
    b"{{7*7}}${7*7}",
    b"' OR 1=1 --",
    b"[" * 3000,
    b'{"id_token":{"sub":{"value":7},"acr":{"essential":true,"values":[1,null]}}}',
    b'{"userinfo":{"\\ud800":1}}',
    b'{"userinfo":' * 700,
    b"-1",
    b"9" * 400,
    b"1e999",
    b"NaN",
    b"none",
    b"none login",
    b"eyJhbGciOiJub25lIn0.e30.",
    b"eyJhbGciOiJFUzI1NiJ9.e30.AA",
    b"a.b.c",
    b"urn:ietf:params:oauth:request_uri:x",
    b"x" * 9000,
)
values = st.one_of(
    st.sampled_from(_CURIOUS),
    st.binary(max_size=40).map(lambda raw: raw + MARK.encode()),
    st.text(max_size=40).map(lambda text: (text + MARK).encode("utf-8", "replace")),
)


def changes(names: tuple[str, ...]) -> st.SearchStrategy[list[tuple[str, bytes]]]:
    """Up to three parameters of an endpoint with any value, maybe one nobody ever heard of."""
    name = st.sampled_from((*names, "unheard-of", MARK))
    return st.lists(st.tuples(name, values), min_size=1, max_size=3)


def form(honest: dict[str, str], changed: list[tuple[str, bytes]], twice: bool) -> bytes:
    """The form that results; `twice` leaves the honest value beside the changed one."""
    replaced = set() if twice else {name for name, _ in changed}
    kept = [(name, value.encode()) for name, value in honest.items() if name not in replaced]
    pairs = (f"{_quoted(n.encode())}={_quoted(v)}" for n, v in (*kept, *changed))
    return "&".join(pairs).encode()


def _quoted(raw: bytes) -> str:
    return quote_from_bytes(raw, safe="")


@dataclass(frozen=True)
class Caller:
    """Sends to one broker whatever it is told; `places` are where a browser may be sent."""

    app: object
    url: str
    places: tuple[str, ...]

    def send(self, method: str, path: str, sent: bytes, **headers: str) -> Answer:
        """One call; in a GET the form stands in the address."""
        if method == "GET":
            request = Request(method, f"{self.url}{path}?{sent.decode()}", headers)
        else:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            request = Request(method, self.url + path, {**kind, **headers}, sent)
        answer = call(self.app, {**environment(request), "REMOTE_ADDR": next(_ADDRESSES)})
        self.check(answer)
        return answer

    def check(self, answer: Answer) -> None:
        """Never a fault of ours, never a stranger's address, never what was sent as it was."""
        assert answer.status < 500, answer.body[:300]
        assert self._leads_home(answer.header("location"))
        assert not any("\r" in value or "\n" in value for _, value in answer.headers)
        if answer.header("content-type").startswith("text/html"):
            assert MARK.encode() not in answer.body.lower()
            assert b"Traceback" not in answer.body
            assert "unsafe-inline" not in answer.header("content-security-policy", "unsafe-inline")

    def check_program(self, answer: Answer) -> None:
        """A program is answered in JSON that nobody keeps, and told how to prove itself."""
        if answer.status >= 400:
            assert answer.header("content-type") == "application/json"
            assert b'"error"' in answer.body
            assert "no-store" in answer.header("cache-control")
        assert (answer.status == 401) <= bool(answer.header("www-authenticate"))

    def _leads_home(self, location: str) -> bool:
        parts = urlsplit(location)
        if not parts.netloc and not parts.scheme:
            return not location.startswith(("//", "/\\"))
        address = location.partition("?")[0]
        return address in self.places
