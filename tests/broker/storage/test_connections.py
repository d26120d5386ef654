"""Reading and writing, as the login path does, on each engine."""

import threading

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select
from sqlalchemy.exc import IntegrityError

from broker.database import reading, writing

COUNT = Table("count", MetaData(), Column("n", Integer, primary_key=True))
TOGETHER = 12


@pytest.fixture
def counted(engine):
    """An engine with one empty table."""
    COUNT.metadata.create_all(engine)
    return engine


def written(engine):
    """How many rows are committed."""
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(COUNT)).scalar_one()


def test_what_was_committed_is_seen_by_whoever_reads_next(counted):
    """Although the reading connection was open before."""
    assert written(counted) == 0

    with writing(counted) as tx:
        tx.execute(insert(COUNT).values(n=1))

    assert written(counted) == 1


def test_a_unit_of_work_that_fails_leaves_nothing_and_harms_no_later_one(counted):
    """It is rolled back, and its connection serves again."""
    with pytest.raises(IntegrityError), writing(counted) as tx:
        tx.execute(insert(COUNT), [{"n": 1}, {"n": 1}])

    with writing(counted) as tx:
        tx.execute(insert(COUNT).values(n=2))

    assert written(counted) == 1


def test_a_reading_within_a_reading_sees_its_own_rows(counted):
    """Two at once are two connections, and a row left unread in one stays there."""
    with writing(counted) as tx:
        tx.execute(insert(COUNT), [{"n": 1}, {"n": 2}])

    with reading(counted) as outer:
        rows = outer.execute(select(COUNT.c.n).order_by(COUNT.c.n))
        first = rows.fetchone().n
        assert written(counted) == 2
        second = rows.fetchone().n

    assert (first, second) == (1, 2)


def test_the_sight_of_a_reading_ends_with_it(counted):
    """Rows left unread keep no old state of the database for the next one."""
    with writing(counted) as tx:
        tx.execute(insert(COUNT), [{"n": n} for n in range(10)])
    with reading(counted) as connection:
        assert connection.execute(select(COUNT.c.n)).fetchone() is not None

    with writing(counted) as tx:
        tx.execute(insert(COUNT).values(n=10))

    assert written(counted) == 11


def test_threads_that_read_and_write_at_once_lose_nothing(counted):
    """No two of them hold the same connection."""
    start = threading.Barrier(TOGETHER)
    faults = []

    def work(number):
        start.wait()
        try:
            for step in range(20):
                with writing(counted) as tx:
                    tx.execute(insert(COUNT).values(n=number * 100 + step))
                written(counted)
        except Exception as fault:  # noqa: BLE001 - whatever a thread meets is the finding
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (faults, written(counted)) == ([], TOGETHER * 20)


def test_a_connection_that_was_closed_is_not_taken_again(counted):
    """Another one is opened."""
    with reading(counted) as connection:
        connection.close()
    with writing(counted) as tx:
        tx.execute(insert(COUNT).values(n=1))

    assert written(counted) == 1
