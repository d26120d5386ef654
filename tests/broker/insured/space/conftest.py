"""Accounts with their space: a person registered, an account opened, letters read."""

import json
import secrets
from dataclasses import dataclass, field

import pytest
from sqlalchemy import insert, select

from broker.insured.accounts.protected import email_columns, nir_of, phone_of
from broker.insured.schema import ACCOUNT, LINK, OUTBOX, REFERENCE
from broker.insured.space.place import Space

SECTOR = "portal.example"


@dataclass
class Passwords:
    """When each account chose its password."""

    chosen: dict[int, float] = field(default_factory=dict)

    def chosen_at(self, _connection, account_id):
        return self.chosen.get(account_id)


@pytest.fixture
def passwords():
    """No account has a password until a test says so."""
    return Passwords()


@pytest.fixture
def space(engine, sealer, clock, passwords):
    """The personal space of the database."""
    return Space(engine, sealer, clock, secrets.token_bytes, passwords)


@pytest.fixture
def open_account(engine, sealer, clock):
    """Opens the account of a registered line: `open_account(line, links=("tax",), email=...)`."""

    def open_one(line, links=("tax",), email="claire@exemple.fr", status="active"):
        values = {
            "person_id": int(line.number),
            "status": status,
            "origin": "federation" if links else "classic",
            "created_at": clock(),
            "linked_at": clock() if links else None,
            **nir_of(sealer).columns(line.nir),
            **email_columns(sealer, email),
            **phone_of(sealer).columns(None),
        }
        with engine.begin() as tx:
            account = tx.execute(insert(ACCOUNT).returning(ACCOUNT.c.id), values).scalar_one()
            reference = f"reference-of-{account}"
            row = {"reference": reference, "account_id": account, "sector": SECTOR}
            tx.execute(insert(REFERENCE), row)
            for provider in links:
                tx.execute(insert(LINK), _link(account, provider, clock()))
        return reference

    return open_one


def _link(account, provider, now):
    return {
        "account_id": account,
        "issuer": f"https://{provider}.example",
        "subject": f"{provider}-{account}",
        "person": "p1",
        "provider": provider,
        "match": "exact",
        "linked_at": now,
        "used_at": now,
    }


@pytest.fixture
def tenant(engine, population, claire, open_account, space):
    """Claire, registered, with an active account."""
    population.register(engine, claire)
    return space.tenant(open_account(claire), SECTOR)


@pytest.fixture
def family(engine, population, claire, open_account, space):
    """Claire with two children, of 10 years and of 16 years and a day: (tenant, lines)."""
    child = population.other(given_names="Léo", birthdate="2016-01-05", parent=claire.number)
    grown = population.other(given_names="Ève", birthdate="2010-02-28", parent=claire.number)
    assert population.register(engine, claire, child, grown) == []
    return space.tenant(open_account(claire), SECTOR), (claire, child, grown)


@dataclass
class Letters:
    """What waits in the outbox."""

    engine: object
    sealer: object

    def all(self):
        with self.engine.connect() as connection:
            rows = connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)).all()
        return [(row.message, json.loads(self.sealer.open(row.sealed, "outbox"))) for row in rows]

    def names(self):
        return [name for name, _content in self.all()]

    def last(self):
        return self.all()[-1][1]


@pytest.fixture
def letters(engine, sealer):
    """The letters that were written."""
    return Letters(engine, sealer)


@pytest.fixture
def doing(engine):
    """`doing(work, *arguments)`: the work in a transaction of its own."""

    def do(work, *arguments, **named):
        with engine.begin() as tx:
            return work(tx, *arguments, **named)

    return do


@pytest.fixture
def finding(engine):
    """`finding(read, *arguments)`: what a reading finds."""

    def find(read, *arguments):
        with engine.connect() as connection:
            return read(connection, *arguments)

    return find
