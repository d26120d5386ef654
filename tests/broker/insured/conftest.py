"""An insured database on both engines, persons in its registry, and logins of theirs."""

import itertools
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from broker.database import bind_options, close_database, prepare_engine, reading
from broker.insured.accounts.facts import InsuredArrival
from broker.insured.accounts.settle import Accounts
from broker.insured.registry.columns import Line
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.loading import Loading, cuts_of
from broker.insured.registry.numbering import nir_of
from broker.insured.registry.parsing import Parser, Refusal
from broker.insured.registry.store import builder_of, open_registry
from broker.migration import migrate
from broker.sealing import Sealer
from providers.identity import Gender, PartialDate, PivotIdentity

NOON = 1_772_362_800.0  # 1 March 2026, 12:00 in Paris


def open_engine(url: str) -> Engine:
    """An engine on an insured database, migrated, its registry empty when there is none."""
    engine = create_engine(**bind_options(url))
    prepare_engine(engine)
    migrate(engine, "insured")
    open_registry(engine)
    return engine


def _prepare(url: str) -> None:
    close_database(open_engine(url))


@pytest.fixture(scope="session")
def opened() -> Callable[[str], Engine]:
    """Opens an engine on the insured database of a URL."""
    return open_engine


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of a migrated, empty SQLite database, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    _prepare(f"sqlite:///{folder}/insured.sqlite")
    return folder


@pytest.fixture
def sqlite_url(migrated: Path, tmp_path: Path) -> str:
    """The URL of such a database, this test's own."""
    for file in migrated.iterdir():
        shutil.copyfile(file, tmp_path / file.name)
    return f"sqlite:///{tmp_path}/insured.sqlite"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an insured database, migrated, with an empty registry."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    databases = request.getfixturevalue("postgres")
    url = databases.prepared("insured", _prepare)
    yield url
    databases.drop(url)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """The same, opened."""
    engine = open_engine(database)
    yield engine
    close_database(engine)


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """An insured database on SQLite alone, for what does not depend on the engine."""
    engine = open_engine(sqlite_url)
    yield engine
    close_database(engine)


@pytest.fixture(scope="session")
def sealer() -> Sealer:
    """The secrets of the tests."""
    return Sealer("secret-of-the-tests-0123456789abcdef")


@dataclass
class Clock:
    """A clock that goes when told to."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Noon in Paris, 1 March 2026."""
    return Clock()


CLAIRE = Line(
    number="11",
    nir=nir_of("F", "1985-03-27", "69383", 11),
    family_name="DURAND",
    given_names="Claire|Anne",
    sex="F",
    birthdate="1985-03-27",
    birthplace="69383",
    birthcountry="99100",
    fund="CPAM du Rhône",
    postal_code="69003",
    email="claire@exemple.fr",
    mobile="+33639010001",
)


@pytest.fixture
def claire() -> Line:
    """A person in order: one record, open rights, a known contact."""
    return CLAIRE


@dataclass
class Population:
    """Fills a registry; `numbers` gives each other person a number and a NIR of their own."""

    sealer: Sealer
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(100))

    def other(self, **traits: str) -> Line:
        """Somebody like Claire but for these traits, with a number and a NIR of their own."""
        number = next(self.numbers)
        line = CLAIRE._replace(number=str(number), email="", mobile="")._replace(**traits)
        many, order = divmod(number, 999)
        place = f"{many:02d}001" if many else line.birthplace or line.birthcountry
        nir = traits.get("nir") or nir_of(line.sex, line.birthdate, place, order + 1)
        return line._replace(nir=nir)

    def register(self, engine: Engine, *lines: Line) -> list[Refusal]:
        """Put a registry of exactly these persons in service."""
        refused: list[Refusal] = []
        with builder_of(engine) as builder:
            builder.start()
            loading = Loading(builder, Parser(IbanPrinter.of(self.sealer)), refused.extend)
            for cut in cuts_of(lines):
                loading.take(cut)
            refused += builder.finish(loading.parser.labels, {"source": "test", "built_at": "0"})
            builder.publish()
        return refused


@pytest.fixture
def population(sealer: Sealer) -> Population:
    """Whoever fills the registry."""
    return Population(sealer)


@pytest.fixture
def accounts(engine: Engine, sealer: Sealer, clock: Clock) -> Accounts:
    """The accounts of the database."""
    return Accounts(engine, sealer, clock, secrets.token_bytes)


IDENTITY = PivotIdentity(
    family_name="Durand",
    given_names=("Claire", "Anne"),
    birthdate=PartialDate(1985, 3, 27),
    gender=Gender.FEMALE,
    birthplace="69383",
    birthcountry="99100",
    email="claire.durand@exemple.fr",
    tokens_given=True,
)


@pytest.fixture
def arriving() -> Callable[..., InsuredArrival]:
    """A login: Claire through the tax office, unless told otherwise by trait or by fact."""

    def arrive(**changes: Any) -> InsuredArrival:
        facts = {
            "issuer": "https://tax.exemple",
            "subject": "claire-at-tax",
            "person": "person-of-claire",
            "provider": "tax",
            "provider_label": "Impots.gouv.fr",
        }
        facts |= {name: changes.pop(name) for name in facts if name in changes}
        return InsuredArrival(identity=replace(IDENTITY, **changes), **facts)

    return arrive


@pytest.fixture
def count(engine: Engine) -> Callable[[str], int]:
    """How many rows a table has, or a table with a condition."""

    def counted(table: str) -> int:
        with reading(engine) as connection:
            return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()

    return counted
