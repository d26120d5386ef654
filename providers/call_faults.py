"""Refusals of outgoing calls: for each endpoint of a provider, each way a call may fail."""

from dataclasses import dataclass
from types import new_class
from typing import TypeVar, cast

from providers.faults import ProviderFault


class CallFault(ProviderFault):
    """A call to an endpoint of the provider gave nothing usable."""

    problem = "failed"
    blames_upstream = True


class Unreachable(CallFault):
    """No connection, or it broke."""

    problem = "unreachable"


class Slow(CallFault):
    """No complete answer in time."""

    problem = "slow"


class Forbidden(CallFault):
    """The address is not one that may be called: private, or not over TLS."""

    problem = "forbidden"


class Redirected(CallFault):
    """The endpoint answered with a redirect, which is never followed."""

    problem = "redirect"


class BadStatus(CallFault):
    """
    Another status than the one that means success.

    A 4xx about the code or the token is the person's doing as often as the provider's, so only
    5xx, and 401, 403, 429 which concern every person, count against the provider.
    """

    problem = "status"
    _EVERYBODY = frozenset({401, 403, 429})

    def __init__(self, status: int, error: object = "") -> None:
        super().__init__(status=status, error=error)
        self.blames_upstream = status >= 500 or status in self._EVERYBODY  # noqa: PLR2004 - 5xx


class NotJson(CallFault):
    """The body is not one JSON object."""

    problem = "not_json"


class TooLarge(CallFault):
    """The body is over 64 kB."""

    problem = "too_large"


_Kind = TypeVar("_Kind", bound=CallFault)


@dataclass(frozen=True, slots=True)
class CallFaults:
    """The seven classes of one endpoint, and the only status that means success there."""

    unreachable: type[Unreachable]
    slow: type[Slow]
    forbidden: type[Forbidden]
    redirect: type[Redirected]
    status: type[BadStatus]
    not_json: type[NotJson]
    too_large: type[TooLarge]
    success: int = 200


def _declared(endpoint: str, tens: int, success: int = 200) -> CallFaults:
    def one(kind: type[_Kind], unit: int) -> type[_Kind]:
        name = f"{endpoint.capitalize()}{kind.__name__}"
        identity = {"number": f"P1{tens}{unit}", "check": f"{endpoint}_{kind.problem}"}
        doc = f"The {endpoint} endpoint. {kind.__doc__}"
        body = {"__doc__": doc, "__module__": __name__}
        return cast("type[_Kind]", new_class(name, (kind,), identity, lambda own: own.update(body)))

    return CallFaults(
        unreachable=one(Unreachable, 1),
        slow=one(Slow, 2),
        forbidden=one(Forbidden, 3),
        redirect=one(Redirected, 4),
        status=one(BadStatus, 5),
        not_json=one(NotJson, 6),
        too_large=one(TooLarge, 7),
        success=success,
    )


TOKEN = _declared("token", 1)
USERINFO = _declared("userinfo", 2)
JWKS = _declared("jwks", 3)
DISCOVERY = _declared("discovery", 4)
PAR = _declared("par", 5, success=201)
