"""JSON from a stranger: an object or a ValueError, whatever comes."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.strict_json import json_object

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES))
def test_an_object_is_read_as_it_was_written(value):
    """Every JSON object comes back as it was."""
    if "Infinity" not in json.dumps(value):
        assert json_object(json.dumps(value)) == value


@given(st.one_of(st.binary(), st.text(), VALUES.map(json.dumps)))
def test_anything_else_is_a_value_error(text):
    """No input makes anything else happen than an answer or a ValueError."""
    with suppress(ValueError):
        assert isinstance(json_object(text), dict)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '"text"',
        "{} {}",
        "{'a': 1}",
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1, "a": 1}',
        '{"b": {"a": 1, "a": 2}}',
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"a": ' + "9" * 5_000 + "}",
        b"\xef\xbb\xbf{}",
        b'{"a": "\xc3\x28"}',
    ],
)
def test_what_two_readers_could_read_differently_is_refused(text):
    """Members given twice, numbers that are none, depths and digits without end are refused."""
    with pytest.raises(ValueError, match=r"."):
        json_object(text)
