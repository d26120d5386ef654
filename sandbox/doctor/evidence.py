"""What one service did, out of everything that was recorded."""

from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from broker.settings.clients import ClientSettings
from sandbox.recording.reading import destination, document, form, from_browser, query, tokens
from sandbox.recording.recorder import Exchange, Happening
from sandbox.sites import BROKER

FORGED = "doctor-forged-"
"""How the codes begin that the doctor brings to a service itself."""

PROBED, HEARD = "doctor:probed", "doctor:heard"
"""What the recorder is told: forged answers left for a service; the clock of a service was read."""


@dataclass(frozen=True, slots=True)
class Request:
    """One authorization request, pushed ones included; `refused` on a page, without redirect."""

    number: int
    params: Mapping[str, str]
    refused: bool


@dataclass(frozen=True, slots=True)
class Redemption:
    """One call of the token endpoint for a code."""

    number: int
    at: float
    form: Mapping[str, str]
    status: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One authorization response, on its way to the service."""

    number: int
    at: float
    params: Mapping[str, str]


@dataclass(slots=True)
class Evidence:
    """
    Everything a check may look at.

    `fetched` holds, by the last words of their path, the numbers of the documents that a program
    like this service's read; `bearers` how each user of its tokens presented them; `ahead` by how
    many seconds its clock was ahead of ours each time it was seen. `probed` tells that the doctor
    brought it forged answers, `forged` how many codes of those it tried to redeem.
    """

    client: ClientSettings
    requests: list[Request] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    redemptions: list[Redemption] = field(default_factory=list)
    fetched: dict[str, list[int]] = field(default_factory=dict)
    logouts: list[Mapping[str, str]] = field(default_factory=list)
    bearers: list[str] = field(default_factory=list)
    rotations: list[int] = field(default_factory=list)
    ahead: list[float] = field(default_factory=list)
    probed: bool = False
    forged: int = 0


def gather(entries: Iterable[Exchange | Happening], client: ClientSettings) -> Evidence:
    """The evidence about one service."""
    kept = list(entries)
    exchanges = [one for one in kept if isinstance(one, Exchange) and one.site == BROKER]
    evidence = Evidence(client)
    for one in kept:
        if isinstance(one, Happening):
            _hear(evidence, one)
    for exchange in exchanges:
        _read(evidence, exchange)
    _follow(evidence, exchanges)
    return evidence


def _hear(evidence: Evidence, happening: Happening) -> None:
    event = happening.event
    kind, ours = event.get("event"), event.get("client_id") == evidence.client.client_id
    if kind == "key:created":
        evidence.rotations.append(happening.number)
    elif kind == PROBED and ours:
        evidence.probed = True
    elif kind == HEARD and ours:
        evidence.ahead.append(event["ahead"])


def _read(evidence: Evidence, exchange: Exchange) -> None:
    path = urlsplit(exchange.url).path
    params = dict([*query(exchange), *form(exchange)])
    ours = evidence.client.client_id in {params.get("client_id"), _basic_user(exchange)}
    if ours and path.endswith(("/authorize", "/par")) and "request_uri" not in params:
        refused = exchange.status >= 400  # noqa: PLR2004 - the client errors of HTTP
        evidence.requests.append(Request(exchange.number, params, refused))
    elif ours and path.endswith("/token") and params.get("grant_type") == "authorization_code":
        _redeemed(evidence, exchange, params)
    elif path.endswith("/session/end"):
        evidence.logouts.append(params)
    answered = destination(exchange)
    if answered.partition("?")[0] in evidence.client.redirect_uris:
        told = dict(parse_qsl(urlsplit(answered).query))
        evidence.answers.append(Answer(exchange.number, exchange.at, told))


def _redeemed(evidence: Evidence, exchange: Exchange, params: Mapping[str, str]) -> None:
    if params.get("code", "").startswith(FORGED):
        evidence.forged += 1
        return
    one = Redemption(exchange.number, exchange.at, params, exchange.status)
    evidence.redemptions.append(one)
    for token in tokens(exchange):
        issued = (token.claims or {}).get("iat")
        if token.name == "client_assertion" and isinstance(issued, int | float):
            evidence.ahead.append(issued - exchange.at)


def _follow(evidence: Evidence, exchanges: list[Exchange]) -> None:
    """What can only be told to be this service's once its redemptions are known."""
    numbers = {one.number for one in evidence.redemptions}
    own = [one for one in exchanges if one.number in numbers]
    agents = {one.sent.get("user-agent", "") for one in own}
    issued = {str(document(one).get("access_token")) for one in own}
    for exchange in exchanges:
        path = urlsplit(exchange.url).path
        if not from_browser(exchange) and exchange.sent.get("user-agent", "") in agents:
            for name in ("openid-configuration", "jwks"):
                if path.endswith(name):
                    evidence.fetched.setdefault(name, []).append(exchange.number)
        if path.endswith("/userinfo"):
            evidence.bearers.extend(_bearers(exchange, issued))


def _bearers(exchange: Exchange, issued: set[str]) -> Iterable[str]:
    scheme, _, token = exchange.sent.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token in issued:
        yield "header"
    for name, place in (("query", query(exchange)), ("form", form(exchange))):
        if dict(place).get("access_token") in issued:
            yield name


def _basic_user(exchange: Exchange) -> str:
    scheme, _, credentials = exchange.sent.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return unquote(b64decode(credentials).decode().partition(":")[0])
    except (BadBase64, ValueError):
        return ""
