"""What the pages of the classic way stand on: the insurer, the world, and who is asking."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import current_app, request

from relying_party_demo.backchannel import BackChannel
from relying_party_demo.classic.insurer import Insurer
from relying_party_demo.outside import Clock
from relying_party_demo.pages.languages import language
from relying_party_demo.pages.questions import Questions, fresh_key

Form = TypeVar("Form", bound=Questions)


@dataclass(frozen=True, slots=True)
class Desk:
    """The classic way of one portal; `files` reads the account of whoever signed in."""

    insurer: Insurer
    files: BackChannel
    clock: Clock
    random: Callable[[int], bytes]

    def fresh(self, kind: type[Form]) -> Form:
        """A form to be filled; after a faulty one was sent, the same with what was typed."""
        form = kind()
        form.begin(self.random)
        return form

    def renewed(self, form: Form) -> Form:
        """A form whose answer is known: sent again, it asks anew."""
        form.renew(fresh_key(self.random))
        return form

    def any_key(self) -> str:
        """A key for what may be asked twice without harm."""
        return self.random(16).hex()


def desk() -> Desk:
    """The desk of the portal that answers this request."""
    return cast("Desk", current_app.extensions["classic"])


def asking() -> dict[str, str]:
    """From where, and in which language, this request comes."""
    return {"origin": request.remote_addr or "unknown", "language": language()}
