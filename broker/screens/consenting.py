"""Telling what will be sent to the service, and asking where a service needs an answer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from broker.screens.screen import Screen


class ConsentKind(StrEnum):
    """INFORMATION tells; EXPLICIT asks with a box; ANONYMOUS tells that nothing is sent."""

    INFORMATION = "information"
    EXPLICIT = "explicit"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """
    One piece of information that will be sent.

    `label` and `value` are for a person to read (see `broker.screens.wording`); `origin` the label
    of the provider it comes from; `claim` its name in the protocol; `optional` gives it a box,
    `ticked` or not.
    """

    label: str
    value: str
    claim: str
    origin: str = ""
    optional: bool = False
    ticked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentScreen(Screen):
    """
    The consent page, the information page or the anonymous notice, by `kind`.

    `answer_url` receives the form: `answer` is `continue` or `decline`, `claim` comes once for
    each optional line that stays ticked, `agree` is `yes` when the box of explicit consent was
    ticked. `agreement_missing` shows the form again with its error. `given_name` is the first one.
    `change_account_url` receives an empty form: whoever is signed in leaves.
    """

    template: ClassVar[str] = "consent.html"

    kind: ConsentKind
    answer_url: str
    lines: tuple[Line, ...] = ()
    given_name: str = ""
    purpose: str = ""
    will_create_account: bool = False
    change_account_url: str | None = None
    agreement_missing: bool = False

    @property
    def single_origin(self) -> str | None:
        """The provider all lines come from, when it is one and the same."""
        origins = {line.origin for line in self.lines}
        return self.lines[0].origin if len(origins) == 1 else None
