"""Everything the first page of the personal space shows (S60), in one answer."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from broker.database import reading
from broker.insured.accounts.summary import account as account_summary
from broker.insured.periods import DAY
from broker.insured.space.alerts import preferences
from broker.insured.space.days import a_year_before
from broker.insured.space.declarations import declared
from broker.insured.space.email import pending
from broker.insured.space.household import Member, household
from broker.insured.space.leaves import leaves
from broker.insured.space.messages import unread
from broker.insured.space.orders import open_order
from broker.insured.space.payments import latest
from broker.insured.space.place import Space, Tenant
from broker.insured.space.tables import COVER

LATEST = 3
REMINDER_SECONDS = 182 * DAY
"""Six months: the age at which a password is spoken of, and never forced (S130, ruling X7)."""

_COVER = select(COVER.c.insurer, COVER.c.doctor).where(COVER.c.person_id == bindparam("person"))


def dashboard(space: Space, tenant: Tenant) -> dict[str, Any]:
    """The account as `accounts/summary.py` tells it, and a line of each part of the space."""
    told = account_summary(space.engine, space.sealing, tenant.reference, tenant.sector)
    with reading(space.engine) as connection:
        members = household(connection, tenant.person_id)
        ongoing = [
            one for one in leaves(connection, tenant.person_id, space.today) if one["ongoing"]
        ]
        chosen = space.passwords.chosen_at(connection, tenant.account_id)
        return {
            **(told or {}),
            "reimbursements": latest(connection, members, space.today, LATEST),
            "household": [one.shown() for one in members],
            "leave": ongoing[0] if ongoing else None,
            "order": open_order(connection, tenant.person_id, space.today),
            "unread": unread(connection, tenant.account_id),
            "coming": _coming(connection, space, tenant),
            "email_change": pending(connection, space, tenant.account_id),
            "password_reminder": _reminder(connection, space, tenant, chosen),
        }


def rights(space: Space, tenant: Tenant) -> dict[str, Any]:
    """
    Rights, fund, doctor, complementary insurer, children: what counts and what is coming.

    Of children who turned 16, those whose care of twelve months is still shown.
    """
    told = account_summary(space.engine, space.sealing, tenant.reference, tenant.sector) or {}
    with reading(space.engine) as connection:
        cover = connection.execute(_COVER, {"person": tenant.person_id}).one_or_none()
        members = household(connection, tenant.person_id)
        return {
            "rights": told["rights"],
            "nir_masked": told["nir_masked"],
            "insurer": cover.insurer if cover else None,
            "doctor": cover.doctor if cover else None,
            "declared": declared(connection, space, tenant.person_id),
            "children": [
                _child(one, space)
                for one in members[1:]
                if one.adult_on > a_year_before(space.today)
            ],
        }


def _coming(connection: Connection, space: Space, tenant: Tenant) -> list[dict[str, str]]:
    found = declared(connection, space, tenant.person_id)
    return [
        {"kind": kind, "effective_on": states["coming"]["effective_on"]}
        for kind, states in found.items()
        if "coming" in states
    ]


def _reminder(connection: Connection, space: Space, tenant: Tenant, chosen: float | None) -> bool:
    if chosen is None:
        return False
    put_off = preferences(connection, tenant.account_id).reminded_at or 0.0
    return space.clock() - max(chosen, put_off) >= REMINDER_SECONDS


def _child(member: Member, space: Space) -> dict[str, Any]:
    return {
        "name": f"{member.given_name} {member.family_name}",
        "birthdate": member.birthdate,
        "adult_on": member.adult_on.isoformat(),
        "minor": member.minor(space.today),
    }
