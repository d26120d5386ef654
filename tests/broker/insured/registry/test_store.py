"""Where the registry lies, and when it cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from broker.insured.registry.building_sqlite import registry_path
from broker.insured.registry.fields import MOST_REMEMBERED, Distinct, FieldError, Remembered
from broker.insured.registry.store import (
    RegistryLayoutError,
    about,
    builder_of,
    open_registry,
    require_layout,
)


def test_a_new_database_has_an_empty_registry(engine):
    """The first login of a new broker finds nobody, and no error."""
    assert about(engine)["persons"] == "0"
    require_layout(engine)


def test_opening_again_keeps_the_registry(engine, population, claire):
    """Every start opens it."""
    population.register(engine, claire)
    open_registry(engine)

    assert about(engine)["persons"] == "1"


def test_a_registry_of_another_layout_is_refused_with_the_way_out(engine, population, claire):
    """A new version that reads other columns says what to do."""
    population.register(engine, claire)
    with builder_of(engine) as builder:
        builder.start()
        builder.finish({}, {"source": "", "built_at": "0"})
        builder.publish()
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE registry.about SET value = '0' WHERE name = 'layout'")
        connection.commit()

    with pytest.raises(RegistryLayoutError, match="passerelle registry import"):
        require_layout(engine)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_has_no_place_for_a_registry(url):
    """A registry is a file; said at once."""
    with pytest.raises(ValueError, match="file beside it"):
        registry_path(create_engine(url))


def _even(text):
    if not text.isdigit() or int(text) % 2:
        raise FieldError("is not even")
    return int(text)


@given(st.lists(st.sampled_from(["2", "4", "7", "x", "", "10", "\u0663"]), max_size=40))
def test_the_quick_look_and_the_close_look_agree(texts):
    """Read by memory, by block or field by field: the same values and the same faults."""
    fields = [text.encode() for text in texts]
    quick = Distinct("[0-9]*[02468]", lambda block, _: list(map(int, block)), _even).read(fields)
    remembered = Remembered(_even).read(fields)
    wrong = {index for index, text in enumerate(texts) if text not in {"2", "4", "10"}}

    assert quick.values == remembered.values
    assert quick.faults == remembered.faults == dict.fromkeys(wrong, "is not even")


def test_the_memory_of_a_column_is_bounded():
    """A column of ever new values empties its memory now and then, and goes on."""
    column = Remembered(len)
    for start in range(0, 3 * MOST_REMEMBERED, MOST_REMEMBERED // 2):
        column.read([b"%d" % n for n in range(start, start + MOST_REMEMBERED // 2)])

    assert len(column._known) <= MOST_REMEMBERED
    assert column.read([b"1234"]).values == [4]
