"""What a browser puts on the wire for one request, and what it keeps of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from providers.http import CallFailedError
from sandbox.browser.cookies import CookieJar
from sandbox.browser.forms import FORM_TYPE, Sending
from sandbox.network import Network
from sandbox.wsgi import Answer, Request

_REDIRECTS = {301, 302, 303, 307, 308}
_KEEP_METHOD = {307, 308}


@dataclass(frozen=True, slots=True)
class Hop:
    """
    One request of a browser and its answer; `status` is 0 when nobody answered.

    `seconds` is how long the answer took, in the virtual time of the network.
    """

    method: str
    url: str
    sent: Mapping[str, str]
    answer: Answer
    body: bytes = b""
    seconds: float = 0.0

    @property
    def parameters(self) -> dict[str, str]:
        """What was asked: the query of the address and the fields of the form."""
        text = f"{urlsplit(self.url).query}&{self.body.decode('ascii', 'replace')}"
        return dict(parse_qsl(text, keep_blank_values=True))

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.answer.status

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer by lower-case name; of a repeated one, the last."""
        return {name.lower(): value for name, value in self.answer.headers}

    @property
    def location(self) -> str:
        """Where the answer sends the browser, absolute, or nothing."""
        location = self.answer.header("location")
        return urljoin(self.url, location) if location and self.status in _REDIRECTS else ""


@dataclass(frozen=True, slots=True)
class Source:
    """The page a request comes from, as the request may tell: its address and its policy."""

    url: str
    policy: str = ""

    def headers(self, sending: Sending) -> dict[str, str]:
        """`Referer` and `Origin` (Referrer Policy §8.3, Fetch §3.2)."""
        silent = self.policy == "no-referrer"
        headers = {}
        if not silent:
            same = origin(self.url) == origin(sending.url)
            headers["Referer"] = urldefrag(self.url).url if same else f"{origin(self.url)}/"
        if sending.method == "POST":
            headers["Origin"] = "null" if silent else origin(self.url)
        return headers


def origin(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def exchange(network: Network, jar: CookieJar, sending: Sending, headers: Mapping[str, str]) -> Hop:
    """Send one request with its cookies, and keep those of the answer."""
    sent = dict(headers)
    cookies = jar.header(sending.url)
    if cookies:
        sent["Cookie"] = cookies
    if sending.method == "POST":
        sent["Content-Type"] = FORM_TYPE
    url = urldefrag(sending.url).url
    seconds = 0.0
    try:
        answer, seconds = network.send(Request(sending.method, url, sent, sending.body))
    except CallFailedError:
        answer = Answer(0, (("content-type", "text/plain"),), b"This site cannot be reached.")
    jar.keep(url, answer.all("set-cookie"))
    return Hop(sending.method, url, sent, answer, sending.body, seconds)


def redirection(sending: Sending, hop: Hop) -> Sending | None:
    """The request that follows a redirect (Fetch §4.4), or None when the answer is none."""
    if not hop.location:
        return None
    if hop.status in _KEEP_METHOD:
        return Sending(sending.method, hop.location, sending.body)
    return Sending("GET", hop.location)
