"""Where attempts, grants, pushed requests and assertions live: the same rules on both engines."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, inspect, select

from broker.audit.events import Event
from broker.audit.journal import JOURNAL, Journal, seal_chain, verify_chain
from broker.database import BROKER, at_head, reading, upsert
from broker.errors import RequestUriError
from broker.login import store
from broker.login.attempt import Attempt
from broker.login.request import AuthorizationRequest
from broker.migration import migrate
from broker.openid import grants
from broker.openid.pushed import PushedRequests
from broker.sealing import Sealer
from broker.subjects.pairwise import SUBJECT, Subjects
from broker.subjects.persons import PERSON, Persons, is_blocked
from providers.identity import Gender, PartialDate, PivotIdentity
from providers.levels import Level

SEALER = Sealer("a-secret-of-the-tests-0123456789abcdef")
CLAIRE = PivotIdentity(
    "DURAND", ("Claire", "Anne"), PartialDate.parse("1985-03-27"), Gender.FEMALE, "69383", "99100"
)


def attempt(name="one"):
    asked = AuthorizationRequest("svc", "https://rp.example/cb", ("openid", "email"), Level.LOW)
    return Attempt(name, "digest", asked, 100.0, 1900.0, wants_account=True)


def grant(code="a-code"):
    return grants.Grant(
        code_hash=grants.code_hash(code),
        code_expires_at=160.0,
        client_id="svc",
        redirect_uri="https://rp.example/cb",
        code_challenge=None,
        attempt="one",
        session="session",
        person="person",
        provider="tax",
        account_id=None,
        scope="openid",
        content={"id_token": {"sub": "x"}, "userinfo": {"sub": "x"}},
    )


def test_the_migrations_make_what_the_code_declares(engine):
    """Every table and column of the metadata stands in the migrated database, and none other."""
    migrate(engine, "broker")
    found = inspect(engine)

    assert at_head(engine, "broker")
    assert set(found.get_table_names()) - {"alembic_version"} == set(BROKER.tables)
    for table in BROKER.sorted_tables:
        columns = {column["name"] for column in found.get_columns(table.name)}
        assert columns == {column.name for column in table.columns}, table.name


def test_an_attempt_is_read_as_it_was_written(engine):
    """What was known survives, on any node."""
    written = attempt().with_facts(agreed=("email",), sealed_identity=b"\x00\xff")
    with engine.begin() as tx:
        store.add(tx, written)

    with reading(engine) as connection:
        assert store.find(connection, "one") == written
        assert store.find(connection, "two") is None


def test_of_twenty_writers_of_one_attempt_one_wins(engine):
    """A hop is single use: whoever read the same version and comes second must read again."""
    with engine.begin() as tx:
        store.add(tx, attempt())
    together = threading.Barrier(20)

    def write(number):
        together.wait()
        try:
            with engine.begin() as tx:
                store.save(tx, attempt().with_facts(agreed=(str(number),)))
        except store.AttemptMovedError:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        won = list(pool.map(write, range(20)))

    assert sum(won) == 1
    with reading(engine) as connection:
        assert store.find(connection, "one").agreed == (str(won.index(True)),)


def test_of_twenty_redemptions_of_one_code_one_wins(engine):
    """One conditional update spends the code, whoever else tries at the same moment."""
    with engine.begin() as tx:
        grants.add(tx, grant(), SEALER)
    together = threading.Barrier(20)

    def redeem(number):
        together.wait()
        with engine.begin() as tx:
            return grants.redeem(tx, grant(), f"token-{number}", 110.0, 700.0)

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(redeem, range(20))) == 1


@pytest.mark.parametrize("now", [160.0, 161.0])
def test_an_expired_code_is_not_spent(engine, now):
    """The database itself refuses a code at the second it ends."""
    with engine.begin() as tx:
        grants.add(tx, grant(), SEALER)
        assert not grants.redeem(tx, grant(), "token", now, 700.0)


def test_a_revoked_code_is_not_spent(engine):
    """Revocation and redemption exclude each other."""
    with engine.begin() as tx:
        grants.add(tx, grant(), SEALER)
        assert grants.revoke(tx, grant(), 105.0)
        assert not grants.redeem(tx, grant(), "token", 110.0, 700.0)
        assert not grants.revoke(tx, grant(), 111.0)


def test_a_code_is_found_by_its_own_kind_only(engine):
    """The hash of a token never finds a code, even of the same text."""
    with engine.begin() as tx:
        grants.add(tx, grant("same"), SEALER)
        grants.redeem(tx, grant("same"), "token", 110.0, 700.0)

    with reading(engine) as connection:
        assert grants.find_by_token(connection, "same", SEALER) is None
        assert grants.find_by_code(connection, "token", SEALER) is None
        assert grants.find_by_token(connection, "token", SEALER) is not None


def test_a_pushed_request_is_taken_once_by_its_client(engine):
    """Another client gets nothing and spoils nothing; the second time there is nothing left."""
    pushed = PushedRequests(engine, SEALER, lambda: 100.0, lambda n: b"r" * n)
    uri = pushed.add("svc", {"scope": "openid"})

    with pytest.raises(RequestUriError):
        pushed.take("other", uri)
    assert pushed.take("svc", uri) == {"scope": "openid"}
    with pytest.raises(RequestUriError):
        pushed.take("svc", uri)


def test_fifty_simultaneous_arrivals_make_one_person_and_one_sub(engine):
    """Constraints, not luck: one person, one name in a sector."""
    persons, subjects = Persons(SEALER, lambda: 100.0), Subjects(SEALER, lambda: 100.0)
    together = threading.Barrier(50)

    def arrive(number):
        together.wait()
        with engine.begin() as tx:
            person = persons.arrive(tx, CLAIRE, "https://idp.example", str(number % 3))
            return person, subjects.sub(tx, "rp.example", person)

    with ThreadPoolExecutor(50) as pool:
        assert len(set(pool.map(arrive, range(50)))) == 1
    with reading(engine) as connection:
        for table in (PERSON, SUBJECT):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 1


def test_rotating_the_secret_moves_nobody(engine):
    """The person keyed under an older secret is found, and keeps its `sub`."""
    newer = Sealer(
        "another-secret-0123456789abcdef-0123", ["a-secret-of-the-tests-0123456789abcdef"]
    )
    with engine.begin() as tx:
        before = Persons(SEALER, lambda: 1.0).arrive(tx, CLAIRE, "iss", "sub")
        sub = Subjects(SEALER, lambda: 1.0).sub(tx, "rp.example", before)
        after = Persons(newer, lambda: 2.0).arrive(tx, CLAIRE, "iss", "sub")

        assert after == before
        assert Subjects(newer, lambda: 2.0).sub(tx, "rp.example", after) == sub


def test_a_blocked_person_is_blocked_on_every_node(engine):
    """And a person nobody knows counts as blocked."""
    persons = Persons(SEALER, lambda: 100.0)
    with engine.begin() as tx:
        person = persons.arrive(tx, CLAIRE, "iss", "sub")
        assert not is_blocked(tx, person)
        persons.block(tx, person)
        assert is_blocked(tx, person)
        assert is_blocked(tx, "nobody")


def test_an_altered_journal_is_found(engine):
    """Changing, exchanging or removing a row breaks the chain at that row."""
    journal = Journal(lambda: 100.0)
    for number in range(5):
        with engine.begin() as tx:
            journal.write(tx, Event.LOGIN_STARTED, attempt=str(number))
    with engine.begin() as tx:
        assert seal_chain(tx) == 5
        assert seal_chain(tx) == 0
    with reading(engine) as connection:
        assert verify_chain(connection) is None
    with engine.begin() as tx:
        tx.execute(JOURNAL.update().where(JOURNAL.c.attempt == "3").values(client_id="evil"))
    with reading(engine) as connection:
        assert verify_chain(connection) == 4


def test_upsert_refreshes_one_column_only(engine):
    """The row that was there keeps the rest."""
    with engine.begin() as tx:
        for seen in (1.0, 2.0):
            row = {"id": "p", "created_at": seen, "seen_at": seen}
            upsert(tx, PERSON, row, refresh="seen_at")
        found = tx.execute(select(PERSON)).one()

    assert (found.created_at, found.seen_at) == (1.0, 2.0)
