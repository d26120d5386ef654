"""Closing a provider while brokers run, and noticing addresses that moved without the secret."""

import pytest
from sqlalchemy import create_engine, inspect, select

from broker.audit.journal import JOURNAL, Journal
from broker.database import BROKER, bind_options, prepare_engine, reading
from broker.federation.switches import FRESH_SECONDS, PROVIDER_STATE, Switches
from broker.migration import migrate
from providers.settings import ProviderSettings

ELSEWHERE = "https://elsewhere.example"


def provider(**changes):
    """The settings of one provider."""
    table = {
        "id": "tax",
        "kind": "tax",
        "issuer": "https://tax.example",
        "client_id": "broker",
        "client_secret": "a secret of thirty-two characters, at least",
    }
    return {"tax": ProviderSettings.model_validate({**table, **changes})}


def opened(url):
    """A migrated database at that address."""
    options = bind_options(url)
    engine = create_engine(options.pop("url"), **options)
    prepare_engine(engine)
    migrate(engine, "broker")
    return engine


@pytest.fixture
def engine(tmp_path):
    engine = opened(f"sqlite:///{tmp_path}/broker.sqlite")
    yield engine
    engine.dispose()


@pytest.fixture
def now():
    """Unix seconds that a test may move."""
    return [1_000_000.0]


@pytest.fixture
def node(engine, now):
    """Starts a broker's switches on the database, with these settings for the provider."""

    def start(**changes):
        switches = Switches(provider(**changes), engine, lambda: now[0])
        switches.agree()
        return switches

    return start


@pytest.fixture
def journal(now):
    return Journal(lambda: now[0])


def test_a_closed_provider_is_closed_on_every_node_within_five_seconds(node, now, journal):
    """A node that had just looked learns it at its next look; opening works the same way."""
    here, there = node(), node()
    assert not there.is_closed("tax")

    here.close("tax", journal)
    assert here.is_closed("tax")
    now[0] += FRESH_SECONDS
    assert there.is_closed("tax")
    here.open("tax", journal)
    now[0] += FRESH_SECONDS
    assert not there.is_closed("tax")
    assert FRESH_SECONDS < 5


def test_a_decision_survives_a_restart(node, journal):
    """What an operator closed stays closed, whatever the settings say next."""
    node().close("tax", journal)

    assert node(label="Another name").is_closed("tax")


def test_a_clock_set_back_keeps_no_old_answer(node, now, journal):
    """A tester who moves time back sees what is decided now."""
    here, there = node(), node()
    assert not there.is_closed("tax")
    here.close("tax", journal)
    now[0] -= 86_400

    assert there.is_closed("tax")


def test_closing_is_written_in_the_journal(node, engine, journal):
    """Which provider, and what was decided."""
    switches = node()
    switches.close("tax", journal)
    switches.open("tax", journal)
    switches.trust("tax", journal)

    with reading(engine) as connection:
        rows = connection.execute(select(JOURNAL.c.event, JOURNAL.c.provider)).all()
    assert [tuple(row) for row in rows] == [
        ("provider:closed", "tax"),
        ("provider:opened", "tax"),
        ("provider:trusted", "tax"),
    ]


@pytest.mark.parametrize(
    ("changes", "closed"),
    [
        ({"label": "Another name"}, False),
        ({"token_endpoint": f"{ELSEWHERE}/token"}, True),
        ({"issuer": ELSEWHERE}, True),
        ({"issuer": ELSEWHERE, "client_secret": "another secret of thirty-two characters"}, False),
    ],
)
def test_a_provider_that_moved_without_a_new_secret_is_closed(node, changes, closed):
    """Row 12 (CVE-2026-15943): an address edited while the secret is kept sends it nowhere."""
    assert not node().is_closed("tax")

    assert node(**changes).is_closed("tax") is closed


def test_a_moved_provider_stays_closed_at_every_start_until_trusted(node, now, journal):
    """Starting again agrees to nothing; trusting does, on every node, and then lasts."""
    node()
    first = node(issuer=ELSEWHERE)
    second = node(issuer=ELSEWHERE)
    assert first.is_closed("tax")
    assert second.moved("tax")

    first.trust("tax", journal)
    now[0] += FRESH_SECONDS
    assert not second.is_closed("tax")
    assert not node(issuer=ELSEWHERE).is_closed("tax")


def test_going_back_to_the_agreed_address_opens_again(node):
    """A mistyped address is mended by mending it."""
    node()
    assert node(issuer=ELSEWHERE).is_closed("tax")

    assert not node().is_closed("tax")


def test_ports_of_this_machine_may_move(node):
    """A demonstration on other ports is the same demonstration."""
    node(issuer="http://localhost:8001")

    assert not node(issuer="http://localhost:9001").is_closed("tax")
    assert node(issuer=ELSEWHERE).is_closed("tax")


def test_a_trusted_provider_may_still_be_closed(node, journal):
    """The two decisions do not overwrite each other."""
    switches = node()
    switches.close("tax", journal)
    switches.trust("tax", journal)

    assert switches.is_closed("tax")
    assert node().is_closed("tax")


def test_no_secret_is_stored(node, engine):
    """The table holds digests."""
    node()
    with reading(engine) as connection:
        row = connection.execute(select(PROVIDER_STATE)).one()

    assert len(row.addresses) == len(row.secrets) == 64
    assert "thirty-two" not in repr(row)


def test_the_migration_makes_the_declared_tables(engine):
    """Columns of the migrated schema and of the code agree."""
    for table in (PROVIDER_STATE, BROKER.tables["browser_session"]):
        columns = {column["name"] for column in inspect(engine).get_columns(table.name)}
        assert columns == set(table.columns.keys())


@pytest.mark.postgresql
def test_the_switches_work_on_postgresql(postgres_url, now, journal):
    """The same decisions in the other database."""
    engine = opened(postgres_url)
    for _ in range(2):
        switches = Switches(provider(), engine, lambda: now[0])
        switches.agree()
    switches.close("tax", journal)
    closed = switches.is_closed("tax")
    switches.open("tax", journal)
    engine.dispose()

    assert closed
