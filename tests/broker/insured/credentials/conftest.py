"""The classic way on both engines, for Claire and whoever else, with cheap passwords."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from broker.insured.credentials.activation import Activation
from broker.insured.credentials.creation import LINK_PATH, Creation
from broker.insured.credentials.ground import Ground
from broker.insured.credentials.hashing import PasswordHashing
from broker.insured.credentials.recovery import Recovery
from broker.insured.credentials.replay import Replay
from broker.insured.credentials.rules import Rules
from broker.insured.credentials.sign_in import SignIn
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.lives import french_iban
from broker.insured.schema import OUTBOX
from broker.settings.insured import PasswordSettings

CHEAP = PasswordSettings(memory_kib=8, passes=1, at_once=8, waiting=1000, wait_seconds=30.0)
IBAN = french_iban(36, 11)
PASSWORD = "Un-mot-2-passe!"
SECTOR = "ameli.exemple"
PORTAL = "https://assure.exemple"


class CountingArgon:
    """Argon2 that counts how often it was used."""

    def __init__(self, argon):
        self._argon, self.count = argon, 0

    def verify(self, kept, text):
        self.count += 1
        return self._argon.verify(kept, text)

    def hash(self, text):
        self.count += 1
        return self._argon.hash(text)

    def check_needs_rehash(self, kept):
        return self._argon.check_needs_rehash(kept)


@dataclass
class Classic:
    """Every step as the back channel carries it out, for one person unless told otherwise."""

    ground: Ground
    nir: str
    fields: dict = field(default_factory=dict)
    origin: str = "192.0.2.1"
    told: list = field(default_factory=list)

    @property
    def steps(self):
        ground = self.ground
        return SimpleNamespace(
            creation=Creation(ground),
            activation=Activation(ground),
            sign_in=SignIn(ground),
            recovery=Recovery(ground),
        )

    def do(self, prepare):
        replay = Replay(self.ground.engine, self.ground.sealing, self.ground.clock, None)
        told = replay.unkeyed(prepare)
        self.told.append(told)
        return told.answer

    def events(self):
        return [str(event) for one in self.told for event in one.events]

    def create(self, origin=None, **changes):
        form = {**self.fields, **changes}
        return self.do(lambda: self.steps.creation.ask(form, origin or self.origin))

    def activate(self, token=None, password=PASSWORD, language="fr"):
        token = token or self.link()
        return self.do(lambda: self.steps.activation.choose(token, password, language))

    def sign_in(self, password=PASSWORD, nir=None, origin=None, sector=SECTOR):
        typed = self.nir if nir is None else nir, password, origin or self.origin
        return self.do(lambda: self.steps.sign_in.by_password(*typed, sector))

    def identity(self, password=PASSWORD, nir=None, sector="identite.exemple"):
        typed = self.nir if nir is None else nir, password, self.origin
        return self.do(lambda: self.steps.sign_in.identity(*typed, sector))

    def confirm(self, challenge, code=None, sector=SECTOR):
        code = code or self.code()
        return self.do(lambda: self.steps.sign_in.by_code(challenge, code, sector))

    def again(self, challenge):
        return self.do(lambda: self.steps.sign_in.another_code(challenge))

    def recover(self, channel="email", origin=None, **changes):
        form = {"nir": self.nir, "birthdate": "1985-03-27", "language": "fr", **changes}
        return self.do(lambda: self.steps.recovery.ask(form, channel, origin or self.origin))

    def redeem(self, handle, code=None, password="Un-autre-3-mot!"):
        code = code or self.code("recovery_code")
        return self.do(lambda: self.steps.recovery.redeem(handle, code, password))

    def opened(self):
        """An account that was created, activated and confirmed; its reference."""
        self.create()
        self.activate()
        return self.confirm(self.sign_in()["challenge"])["account_id"]

    def letters(self, name=None):
        """What waits in the outbox: (name, channel, to, values), the oldest first."""
        with self.ground.engine.connect() as connection:
            rows = connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)).all()
        found = []
        for row in rows:
            content = json.loads(self.ground.sealing.open(row.sealed, "outbox"))
            found.append((row.message, row.channel, content["to"], content["values"]))
        return [one for one in found if name in (None, one[0])]

    def link(self):
        """The token of the newest activation link."""
        link = self.letters("activation_link")[-1][3]["link"]
        assert link.startswith(PORTAL + LINK_PATH)
        return link.removeprefix(PORTAL + LINK_PATH)

    def code(self, letter="sign_in_code"):
        """The newest code."""
        return self.letters(letter)[-1][3]["code"]

    def count_hashes(self):
        """From now on, how often a password is hashed: `count` of what is returned."""
        counting = CountingArgon(self.ground.hashing._turn.argon)
        turn = self.ground.hashing._turn
        self.ground.hashing._turn = type(turn)(counting, turn.nobodys)
        return counting


@pytest.fixture
def with_iban(claire):
    """Claire, whose IBAN serves since long."""
    return claire._replace(iban=IBAN, iban_since="2015-01-01")


@pytest.fixture
def make_ground(sealer, clock):
    """A ground on an engine, as one node has it."""

    def make(engine, costs=CHEAP):
        return Ground(
            engine=engine,
            sealing=sealer,
            printer=IbanPrinter.of(sealer),
            hashing=PasswordHashing(costs),
            clock=clock,
            random=secrets.token_bytes,
            rules=Rules(PORTAL),
        )

    return make


def form_of(line, email="claire.d@exemple.fr"):
    """The six fields as this person fills them in."""
    return {
        "birth_name": line.family_name,
        "nir": line.nir,
        "birthdate": line.birthdate,
        "postal_code": line.postal_code,
        "iban": line.iban,
        "email": email,
        "language": "fr",
    }


@pytest.fixture
def registered(population):
    """Put persons in the registry of an engine."""

    def register(engine, *lines):
        assert population.register(engine, *lines) == []

    return register


@pytest.fixture
def classic(engine, make_ground, registered, with_iban):
    """Claire before the portal, on each engine."""
    registered(engine, with_iban)
    return Classic(make_ground(engine), with_iban.nir, form_of(with_iban))


@pytest.fixture
def lite(sqlite_engine, make_ground, registered, with_iban):
    """The same on SQLite alone, for what does not depend on the engine."""
    registered(sqlite_engine, with_iban)
    return Classic(make_ground(sqlite_engine), with_iban.nir, form_of(with_iban))


@pytest.fixture
def person(population, sqlite_engine, make_ground, registered):
    """Somebody like Claire but for these traits, alone in the registry, before the portal."""

    def make(**traits):
        line = population.other(**{"iban": IBAN, "iban_since": "2015-01-01", **traits})
        registered(sqlite_engine, line)
        return Classic(make_ground(sqlite_engine), line.nir, form_of(line))

    return make


@pytest.fixture
def at():
    """Unix seconds of a moment in Paris: `at("2026-03-01T12:00")`."""
    return lambda text: datetime.fromisoformat(f"{text}+01:00").timestamp()


@pytest.fixture
def lite_count(sqlite_engine):
    """How many rows a table of the SQLite database has."""

    def counted(table):
        with sqlite_engine.connect() as connection:
            return connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()

    return counted
