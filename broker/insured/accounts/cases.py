"""
Cases: what an advisor opens when a login was refused and the person calls.

A case holds the explanation (rules, traits, record numbers, no name) and, sealed, the identity as
the provider sent it. A person refused again for the same reason finds the same open case.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from broker.insured.accounts.facts import InsuredArrival
from broker.insured.accounts.protected import Sealing
from broker.insured.schema import CASE

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O nor 1/I/L: it is read over the telephone
_LENGTH = 8
_OPEN = select(CASE.c.number).where(
    CASE.c.person == bindparam("person"),
    CASE.c.outcome == bindparam("outcome"),
    CASE.c.closed_at.is_(None),
)
_INSERT = insert(CASE)


def case_number(random: Callable[[int], bytes]) -> str:
    """Eight unguessable characters in two groups, as `7K4M-2QXP`."""
    letters = [_ALPHABET[byte % len(_ALPHABET)] for byte in random(_LENGTH)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def open_case(
    tx: Connection, arrival: InsuredArrival, sealing: Sealing, facts: Mapping[str, Any]
) -> str:
    """
    The number of the open case of this person for `facts["outcome"]`, made now when there is none.

    `facts` holds number (proposed), outcome, explanation (a JSON document) and now (Unix seconds).
    """
    outcome = facts["outcome"]
    known = tx.execute(_OPEN, {"person": arrival.person, "outcome": outcome}).scalar_one_or_none()
    if known is not None:
        return str(known)
    identity = json.dumps(asdict(arrival.identity), default=str).encode()
    row = {
        "number": facts["number"],
        "person": arrival.person,
        "outcome": outcome,
        "provider": arrival.provider,
        "explanation": json.dumps(facts["explanation"]),
        "identity_sealed": sealing.seal(identity, "case:identity"),
        "opened_at": facts["now"],
    }
    tx.execute(_INSERT, row)
    return str(facts["number"])
