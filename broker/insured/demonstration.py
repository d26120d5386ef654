"""Seeds the demonstration: the registry, and the accounts that exist before anybody signs in."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert, select

from broker.insured.accounts.protected import email_columns, nir_of, phone_of
from broker.insured.credentials.accounts import set_password
from broker.insured.periods import MONTH
from broker.insured.registry.demonstration import Demonstration, Persona, build, personas
from broker.insured.registry.iban import IbanPrinter
from broker.insured.schema import ACCOUNT, LINK
from broker.sealing import Sealer

_PARIS = ZoneInfo("Europe/Paris")
_OPENED_AGO = 12 * MONTH
"""Long enough to be an old account, and far from the day on which an unused link is forgotten."""

_STATUS = {"active": "active", "linked": "active", "locked": "locked", "deactivated": "deactivated"}
_SOMEBODY_ELSE = "demonstration:somebody-else"
_ELSEWHERE = "https://identite.exemple.fr"
DEMONSTRATION_PASSWORD = "Compte-demo-2026!"  # noqa: S105 - of fictional persons, printed in the guide
_HASHED = (  # hashed beforehand: a start does not wait for it
    "$argon2id$v=19$m=19456,t=2,p=1$EBA2J9XABaBSnlbZoJxs0Q$"
    "Q0fcT7LPp4M0snkzXCOVCSwgxPB1IdKXOYxZi4ie+DA"
)


@dataclass(frozen=True, slots=True)
class Seeding:
    """How many generated persons, and the seed that makes them the same each time."""

    persons: int
    seed: int


def seed_demonstration(engine: Engine, sealer: Sealer, seeding: Seeding, now: float) -> bool:
    """
    Bring the demonstration up to date at `now` (Unix seconds); whether the registry was built.

    Idempotent: an account that was opened, linked or closed since is left as it is.
    """
    today = datetime.fromtimestamp(now, _PARIS).date()
    demonstration = Demonstration(seeding.persons, seeding.seed, today)
    built = build(engine, demonstration, IbanPrinter.of(sealer))
    if built:
        with engine.begin() as tx:
            known = set(tx.execute(select(ACCOUNT.c.person_id)).scalars())
            for persona in personas(today):
                if persona.account and int(persona.line.number) not in known:
                    _open(tx, sealer, persona, now - _OPENED_AGO)
    return built


def _open(tx: Connection, sealer: Sealer, persona: Persona, opened: float) -> None:
    kind, _, email = persona.account.partition(":")
    linked = kind == "linked"
    values = {
        "person_id": int(persona.line.number),
        "status": _STATUS.get(kind, "active"),
        "origin": "federation" if linked else "classic",
        "created_at": opened,
        "linked_at": opened if linked else None,
        **nir_of(sealer).columns(persona.line.nir),
        **email_columns(sealer, email or f"compte.{persona.key}@courriel.exemple.fr"),
        **phone_of(sealer).columns(persona.line.mobile or None),
    }
    account = tx.execute(insert(ACCOUNT).returning(ACCOUNT.c.id), values).scalar_one()
    if not linked:
        set_password(tx, account, _HASHED, "fr", opened)
    else:
        link = {
            "account_id": account,
            "issuer": _ELSEWHERE,
            "subject": persona.key,
            "person": _SOMEBODY_ELSE,
            "provider": "postal",
            "match": "exact",
            "linked_at": opened,
            "used_at": opened,
        }
        tx.execute(insert(LINK), link)
