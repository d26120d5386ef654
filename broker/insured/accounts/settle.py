"""
Settles the account of a person who has just signed in.

Reads first, outside any transaction; decides; then writes everything in one transaction, or
nothing. When the database refuses because another login of the same person was faster, all is
read again: the second login finds what the first one made.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from broker.database import reading
from broker.errors import UnavailableError
from broker.insured.accounts.cases import case_number, open_case
from broker.insured.accounts.facts import (
    AccountBar,
    InsuredArrival,
    Result,
    Settlement,
    Tell,
    untold,
)
from broker.insured.accounts.plan import Action, Plan, plan_arrival, plan_follow, refuse
from broker.insured.accounts.protected import Sealing, nir_of
from broker.insured.accounts.rows import (
    AccountState,
    MovedError,
    account_of,
    concerned,
    followed,
)
from broker.insured.accounts.writing import Writing
from broker.insured.match import match
from broker.insured.matching.outcomes import Explanation, Outcome
from broker.insured.matching.records import RegistryRecord
from broker.insured.registry.lookup import by_id, former_nirs

_PARIS = ZoneInfo("Europe/Paris")
_TRIES = 6
# Rules that the page explains in full: no advisor is needed.
_EXPLAINED = frozenset((Outcome.UNDER_16, Outcome.NO_RIGHTS, Outcome.TEMPORARY_NUMBER))


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of one insurer; `clock` gives Unix seconds, `random` unguessable bytes."""

    engine: Engine
    sealing: Sealing
    clock: Callable[[], float]
    random: Callable[[int], bytes]

    def settle(self, arrival: InsuredArrival, sector: str, tell: Tell = untold) -> Settlement:
        """
        Create, link or find the account of this person, or refuse with the reason.

        `sector` names whoever gets the account's reference: one sector, one reference. `tell` hears
        of what is about to be committed, not of an account that was merely found.
        UnavailableError when six attempts all met another writer: nothing was written, and trying
        again is safe.
        """
        for _ in range(_TRIES):
            try:
                return self._once(arrival, sector, tell)
            except (IntegrityError, MovedError):
                continue
        raise UnavailableError(retry_after=1)

    def _once(self, arrival: InsuredArrival, sector: str, tell: Tell) -> Settlement:
        with reading(self.engine) as connection:
            keys = {"issuer": arrival.issuer, "subject": arrival.subject, "sector": sector}
            known = followed(connection, nir_of(self.sealing), keys)
            if known:
                plan, explanation = self._follow(connection, arrival, known[1])
            else:
                plan, explanation = self._arrive(connection, arrival, sector)
            plan = _vouched(connection, arrival, plan)
        if plan.action is Action.REFUSE:
            return self._refused(arrival, plan, explanation, tell)
        writing = Writing(self.sealing, self.random, self.clock(), arrival, sector)
        document = {**explanation.journal(), "verdict": str(plan.verdict)}
        if known:
            return writing.follow(self.engine, known[0], plan, document)
        return writing.carry_out(self.engine, plan, document, tell)

    def _follow(
        self, connection: Connection, arrival: InsuredArrival, account: AccountState
    ) -> tuple[Plan, Explanation]:
        record = by_id(connection, account.person_id)
        numbers = _numbers(connection, record, [account])
        plan = plan_follow(arrival.identity, account, record, numbers)
        return plan, Explanation(_rule(plan))

    def _arrive(
        self, connection: Connection, arrival: InsuredArrival, sector: str
    ) -> tuple[Plan, Explanation]:
        decision = match(connection, arrival.identity, self._today())
        accounts: list[AccountState] = []
        if decision.record:
            nirs = nir_of(self.sealing)
            keys = {
                "person_id": decision.record.person_id,
                "nir_indexes": nirs.indexes(decision.record.nir),
                "person": arrival.person,
                "sector": sector,
            }
            accounts = concerned(connection, nirs, keys)
        numbers = _numbers(connection, decision.record, accounts)
        return plan_arrival(arrival, decision, accounts, numbers), decision.explanation

    def _today(self) -> date:
        return datetime.fromtimestamp(self.clock(), _PARIS).date()

    def _refused(
        self, arrival: InsuredArrival, plan: Plan, explanation: Explanation, tell: Tell
    ) -> Settlement:
        document = {**explanation.journal(), "rule": _rule(plan), "verdict": str(plan.verdict)}
        settled = Settlement(Result.REFUSED, plan.verdict, explanation=document)
        if plan.verdict in _EXPLAINED:
            return settled
        facts = {
            "number": case_number(self.random),
            "outcome": str(plan.verdict),
            "explanation": document,
            "now": self.clock(),
        }
        with self.engine.begin() as tx:
            case = open_case(tx, arrival, self.sealing, facts)
            settled = replace(settled, case=case)
            tell(settled)
        return settled


def _vouched(connection: Connection, arrival: InsuredArrival, plan: Plan) -> Plan:
    """
    The plan, unless an account vouches for the person and it is not the one the plan is about.

    An account that signs somebody in opens itself: it creates none, and is linked to no other.
    """
    if arrival.account is None or plan.action is Action.REFUSE:
        return plan
    own = account_of(connection, arrival.account)
    opened = plan.account if plan.action is not Action.CREATE else None
    if opened is not None and opened.id == own:
        return plan
    return refuse(AccountBar.OTHER_ACCOUNT)


def _rule(plan: Plan) -> str:
    """The row of the decision table; what bars an existing account belongs to D11."""
    verdict = plan.verdict
    return verdict.rule if isinstance(verdict, Outcome) else Outcome.ALREADY_LINKED.rule


def _numbers(
    connection: Connection, record: RegistryRecord | None, accounts: list[AccountState]
) -> frozenset[str]:
    """The NIRs of the record; earlier ones are read only when an account bears another."""
    if record is None:
        return frozenset()
    own = [one for one in accounts if one.person_id == record.person_id]
    if all(one.nir == record.nir for one in own):
        return frozenset((record.nir,))
    return former_nirs(connection, record.person_id) | {record.nir}
