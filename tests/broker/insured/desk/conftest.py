"""A desk on a database with a few persons, an advisor at work, and a person who calls."""

import itertools
import json
import secrets
from dataclasses import dataclass, field

import pyotp
import pytest
from sqlalchemy import insert, select

from broker.insured.accounts.protected import email_columns, nir_of, phone_of
from broker.insured.accounts.settle import Accounts
from broker.insured.credentials.hashing import PasswordHashing
from broker.insured.desk.consultations import Why
from broker.insured.desk.desk import AdvisorDesk
from broker.insured.desk.ground import Ground
from broker.insured.desk.words import Reason
from broker.insured.outbox import Postman
from broker.insured.schema import ACCOUNT
from broker.insured.space.place import Space
from broker.settings.insured import PasswordSettings

MONDAY = 1_772_442_000.0  # Monday 2 March 2026, 10:00 in Paris
PASSWORD = "correct horse battery"
IBAN = "FR1420041010050500013M02606"
POST_ROOM = "courrier@exemple.fr"
CHEAP = PasswordSettings(memory_kib=8, passes=1, at_once=4, waiting=100, wait_seconds=30)


@dataclass
class Trail:
    """What the journal was told; `broken` when it cannot be reached."""

    told: list = field(default_factory=list)
    broken: bool = False

    def __call__(self, event, **facts):
        if self.broken:
            raise ConnectionError("the journal is away")
        self.told.append((event.value, facts))

    def events(self):
        return [event for event, _ in self.told]


class NoPasswords:
    """A space without passwords."""

    def chosen_at(self, connection, account_id):
        return None


@dataclass
class Carrier:
    """Keeps what was sent."""

    sent: list = field(default_factory=list)

    def mail(self, to, subject, body, html=""):
        self.sent.append((to, subject, body))

    def sms(self, to, body):
        self.sent.append((to, "", body))

    def to(self, address):
        return [message for message in self.sent if message[0] == address]


@pytest.fixture
def clock(clock):
    """Monday morning: the desk is open."""
    clock.now = MONDAY
    return clock


@pytest.fixture
def trail():
    return Trail()


@pytest.fixture(scope="session")
def cheap():
    """Hashing that costs nothing."""
    return PasswordHashing(CHEAP)


@pytest.fixture
def open_desk(sealer, clock, trail, cheap):
    """Make a desk on an engine."""

    def make(engine, per_hour=1000):
        ground = Ground(engine, sealer, clock, secrets.token_bytes, cheap, trail)
        space = Space(engine, sealer, clock, secrets.token_bytes, NoPasswords())
        return AdvisorDesk.made(ground, space, POST_ROOM, per_hour)

    return make


@pytest.fixture
def desk(sqlite_engine, open_desk):
    """The desk on SQLite."""
    return open_desk(sqlite_engine)


@pytest.fixture
def camille(desk):
    """An advisor, taken in and at work; `secret` is her second factor."""
    secret = desk.directory.add("Camille", PASSWORD)
    return next(one for one in desk.directory.everyone()), secret


@pytest.fixture
def staff(camille):
    return camille[0]


@pytest.fixture
def code(camille, clock):
    """The code of the second factor at this moment, or so many seconds later."""
    return lambda later=0: pyotp.TOTP(camille[1]).at(clock.now + later)


@pytest.fixture
def registered(desk, population, claire):
    """Claire and others in the registry."""
    claire = claire._replace(iban=IBAN)

    def register(*others, engine=None):
        refused = population.register(engine or desk.ground.engine, claire, *others)
        assert refused == []
        return claire

    return register


@dataclass
class Holders:
    """Opens accounts, and looks at them."""

    engine: object
    sealer: object

    def open(self, line, status="active", email="claire@exemple.fr", mobile="+33639010001"):
        values = {
            "person_id": int(line.number),
            "status": status,
            "origin": "classic",
            "created_at": 1.0,
            **nir_of(self.sealer).columns(line.nir),
            **email_columns(self.sealer, email),
            **phone_of(self.sealer).columns(mobile),
        }
        with self.engine.begin() as tx:
            return tx.execute(insert(ACCOUNT).returning(ACCOUNT.c.id), values).scalar_one()

    def rows(self):
        with self.engine.connect() as connection:
            return connection.execute(select(ACCOUNT).order_by(ACCOUNT.c.id)).all()

    def email(self, row):
        return row.email_sealed and self.sealer.open(row.email_sealed, "account:email").decode()

    def mobile(self, row):
        return row.phone_sealed and self.sealer.open(row.phone_sealed, "account:phone").decode()


@pytest.fixture
def holders(desk, sealer):
    return Holders(desk.ground.engine, sealer)


WHY = Why(Reason.LOCKED_ACCOUNT)
ASKED = ("given_names", "birthdate", "postal_code")
PROOF = "caller_verified:given_names,birthdate,postal_code"


@pytest.fixture
def key():
    """A new request key each time."""
    numbers = itertools.count()
    return lambda: f"request-key-number-{next(numbers)}"


@pytest.fixture
def file_of(desk, staff):
    """Open the file of a person by number, as the pages do; the id of the consultation."""

    def open_file(line, why=WHY, desk=desk, staff=staff):
        source = desk.search(staff, {"nir": line.nir}, why)
        return desk.open_shown(staff, source, int(line.number))

    return open_file


@pytest.fixture
def sure_of(file_of, desk, staff):
    """The same, once the advisor has made sure who calls."""

    def open_file(line, **more):
        number = file_of(line, **more)
        desk.acts.verify_caller(more.get("staff", staff), number, f"proof-of-{number}", ASKED)
        return number

    return open_file


@pytest.fixture
def post(desk, sealer, clock):
    """Deliver what the outbox holds; the messages sent so far."""
    carrier = Carrier()
    postman = Postman(desk.ground.engine, carrier, sealer, clock)

    def deliver():
        postman.deliver_due()
        return carrier

    return deliver


@pytest.fixture
def refused_login(desk, sealer, clock, arriving):
    """Claire logs in with these changes and is refused: the number of the case."""

    def refused(**changes):
        accounts = Accounts(desk.ground.engine, sealer, clock, secrets.token_bytes)
        settled = accounts.settle(arriving(**changes), "sector")
        assert settled.case, json.dumps(settled.explanation)
        return settled.case

    return refused
