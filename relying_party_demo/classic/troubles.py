"""
What stands in the way of an answer: the insurer is away, or asks to wait.

The page says so above the form, which keeps what was typed; nothing is lost or half done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, Protocol

import structlog

from relying_party_demo.backchannel import InsurerAwayError, InsurerBusyError, TooManyError
from relying_party_demo.classic.desk import desk

Arguments = ParamSpec("Arguments")
_log = structlog.get_logger()
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Trouble:
    """
    `away`, `busy`, `wait`, `locked`, `late` or `dead`; `until` is the moment a wait ends, in Unix
    seconds.
    """

    kind: str
    until: float = 0.0
    minutes: int = 0

    @classmethod
    def wait(cls, seconds: int) -> "Trouble":
        """To be asked again in so many seconds."""
        minutes = max(1, -(-seconds // _MINUTE))
        return cls("wait", desk().clock() + minutes * _MINUTE, minutes)


class Draws(Protocol):
    """Draws the page of a form, with what was typed and what stands in the way."""

    def __call__(self, trouble: Trouble, **place: Any) -> str:
        """The page."""


def guarded(
    draw: Draws,
) -> Callable[[Callable[Arguments, Any]], Callable[Arguments, Any]]:
    """Draw the page again, with its trouble, when the insurer does not decide now."""

    def decorate(view: Callable[Arguments, Any]) -> Callable[Arguments, Any]:
        @wraps(view)
        def answering(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Any:
            try:
                return view(*args, **kwargs)
            except InsurerBusyError:
                return draw(Trouble("busy"), **kwargs), 503
            except InsurerAwayError as away:
                _log.warning("classic:unanswered", view=view.__name__, check=str(away))
                return draw(Trouble("away"), **kwargs), 503
            except TooManyError as limit:
                return draw(Trouble.wait(limit.retry_after), **kwargs), 429

        return answering

    return decorate
