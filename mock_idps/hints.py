"""
Silent choices: `login_hint=persona:claire+fault:wrong_nonce`, or the header `X-Mock-Persona`.

A choice belongs to the request that carries it, so that tests running side by side never meet.
"""

import re
from dataclasses import dataclass

from werkzeug.datastructures import Headers

from mock_idps.errors import ShownError
from mock_idps.faults.fault import Fault
from mock_idps.issuer import Issuer
from mock_idps.personas import Persona

HEADER = "X-Mock-Persona"


class UnknownNameError(ShownError):
    """A hint, a form or a control request that names nobody or nothing; the sentence lists all."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen in advance: who signs in, with which fault or which attack."""

    persona: Persona | None = None
    fault: Fault | None = None
    attack: str = ""


def read_choice(issuer: Issuer, hint: str, headers: Headers) -> Choice:
    """
    The choice made by the header, else by the hint; an ordinary hint chooses nothing.

    Raises UnknownNameError naming the known personas or faults. A plus sign of the hint may arrive
    as a space, as an unescaped query makes it.
    """
    header = headers.get(HEADER, "")
    text = f"persona:{header.removeprefix('persona:')}" if header else hint
    words = dict(
        word.split(":", 1)
        for word in re.split(r"[+ ]", text)
        if word.startswith(("persona:", "fault:", "attack:"))
    )
    return Choice(
        persona=known_persona(issuer, words["persona"]) if "persona" in words else None,
        fault=known_fault(issuer, words.get("fault", "")),
        attack=words.get("attack", ""),
    )


def known_persona(issuer: Issuer, key: str) -> Persona:
    """The persona of that login; raises UnknownNameError with the list of known ones."""
    persona = issuer.cast.get(key)
    if persona is None:
        raise UnknownNameError(
            "No character has this name. Known names:", ", ".join(issuer.cast.logins())
        )
    return persona


def known_fault(issuer: Issuer, name: str) -> Fault | None:
    """The fault of that name, None for an empty name; raises UnknownNameError with the list."""
    if name and name not in issuer.faults:
        raise UnknownNameError("No fault has this name. Known names:", ", ".join(issuer.faults))
    return issuer.faults.get(name)
