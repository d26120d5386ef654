"""
What a login may do to an account, decided on facts already read. Pure.

Rows D0 to D10 come from the matching; here stand D11 and what an account itself forbids: a link is
never followed blindly, an account is never taken from somebody else, and a creation that was
begun by a form and never confirmed absorbs nobody.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from broker.insured.accounts.facts import AccountBar, InsuredArrival, Verdict
from broker.insured.accounts.rows import AccountState
from broker.insured.matching.decision import missing_trait
from broker.insured.matching.outcomes import Decision, Outcome
from broker.insured.matching.records import RegistryRecord
from broker.insured.matching.traits import compare
from providers.identity import PivotIdentity

_READABLE = (Outcome.NO_RIGHTS,)
"""Refusals of a creation that leave an existing account readable (D9)."""


class Action(StrEnum):
    """What will be written."""

    FOLLOW = "follow"
    JOIN = "join"
    LINK = "link"
    CREATE = "create"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Plan:
    """
    `verdict` is the outcome of the matching or why it is refused; `record` the insured person;
    `account` the account concerned; with CREATE it is an unconfirmed one to be replaced. `match` is
    how the person was found: exact or tolerant.
    """

    action: Action
    verdict: Verdict
    record: RegistryRecord | None = None
    account: AccountState | None = None
    match: str | None = None


def refuse(verdict: Verdict) -> Plan:
    """Nothing is written but the case."""
    return Plan(Action.REFUSE, verdict)


def plan_follow(
    identity: PivotIdentity,
    account: AccountState,
    record: RegistryRecord | None,
    numbers: Collection[str],
) -> Plan:
    """
    Follow a link that exists, when its account is active and its record is still this person.

    `numbers` are the NIRs the record has and had: the account must bear one of them, or the
    insurer's number now names somebody else.
    """
    bar = _account_bar(account, record, numbers)
    if bar or record is None:
        return refuse(bar or AccountBar.RECORD_GONE)
    if missing_trait(identity):
        return refuse(Outcome.INVALID)
    comparison = compare(identity, record)
    if comparison.differing:
        return refuse(AccountBar.IDENTITY_CHANGED)
    if record.deceased:
        return refuse(Outcome.DECEASED)
    verdict = Outcome.EXACT if comparison.exact else Outcome.TOLERANT
    return Plan(Action.FOLLOW, verdict, record, account)


def plan_arrival(
    arrival: InsuredArrival,
    decision: Decision,
    accounts: Sequence[AccountState],
    numbers: Collection[str],
) -> Plan:
    """
    Create, link or join an account for an upstream subject that has no link yet.

    `accounts` are the standing accounts of the record, of its NIR and of the arriving person.
    """
    record = decision.record
    if record is None or not (decision.links or decision.outcome in _READABLE):
        return refuse(decision.outcome)
    own = next((one for one in accounts if one.person_id == record.person_id), None)
    if any(arrival.person in one.persons for one in accounts if one is not own):
        return refuse(AccountBar.OTHER_ACCOUNT)
    if own is None or own.status == "pending":
        return _creation(decision, record, own, others=len(accounts) > (own is not None))
    if own.persons and arrival.person not in own.persons:
        return refuse(Outcome.ALREADY_LINKED if decision.links else decision.outcome)
    bar = _account_bar(own, record, numbers)
    if bar:
        return refuse(bar)
    action = Action.JOIN if own.persons else Action.LINK
    return Plan(action, decision.outcome, record, own, decision.explanation.match)


def _creation(
    decision: Decision, record: RegistryRecord, pending: AccountState | None, *, others: bool
) -> Plan:
    if not decision.links:
        return refuse(decision.outcome)
    if others:
        return refuse(AccountBar.NUMBER_TAKEN)
    return Plan(Action.CREATE, decision.outcome, record, pending, decision.explanation.match)


def _account_bar(
    account: AccountState, record: RegistryRecord | None, numbers: Collection[str]
) -> AccountBar | None:
    """Why nobody may be led into this account, whoever arrives."""
    if account.status != "active":
        return AccountBar.LOCKED if account.status == "locked" else AccountBar.DEACTIVATED
    if record is None:
        return AccountBar.RECORD_GONE
    return None if account.nir in numbers else AccountBar.RECORD_CHANGED
