"""Incomplete dates and the frozen pivot identity."""

from calendar import monthrange
from contextlib import suppress
from dataclasses import FrozenInstanceError
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.identity import MalformedTraitError, PartialDate
from tests.providers.stage import EXPECTED


@pytest.mark.parametrize(
    ("text", "latest", "complete"),
    [
        ("1985-03-27", date(1985, 3, 27), True),
        ("1985-03-00", date(1985, 3, 31), False),
        ("2000-02-00", date(2000, 2, 29), False),
        ("1985-00-00", date(1985, 12, 31), False),
    ],
)
def test_an_incomplete_date_may_be_as_late_as_its_last_day(text, latest, complete):
    """The latest day an incomplete date may stand for decides about ages."""
    parsed = PartialDate.parse(text)

    assert parsed.latest() == latest
    assert parsed.complete is complete


@given(st.integers(1800, 2200), st.integers(0, 12), st.integers(0, 31))
def test_a_date_reads_back_as_it_was_written(year, month, day):
    """Every plausible date is either refused or written back character by character."""
    text = f"{year:04d}-{month:02d}-{day:02d}"
    exists = (month or not day) and day <= (monthrange(year, month)[1] if month else 0)
    if exists:
        assert str(PartialDate.parse(text)) == text
    else:
        with pytest.raises(ValueError, match=r"exist|unknown month"):
            PartialDate.parse(text)


@given(st.text(max_size=12))
def test_any_other_text_is_a_value_error(text):
    """No text makes the reader of dates do anything but answer or refuse."""
    with suppress(ValueError):
        assert str(PartialDate.parse(text)) == text


def test_an_identity_does_not_change():
    """Nothing can be written into an identity after it was verified."""
    with pytest.raises(FrozenInstanceError):
        EXPECTED.family_name = "OTHER"


def test_an_identity_without_first_name_is_refused():
    """A person has at least one first name here."""
    with pytest.raises(MalformedTraitError) as refused:
        type(EXPECTED)(
            family_name="DURAND",
            given_names=(),
            birthdate=EXPECTED.birthdate,
            gender=EXPECTED.gender,
            birthplace="69383",
            birthcountry="99100",
        )
    assert refused.value.trait == "given_name"


def test_first_names_join_into_the_claim_of_that_name():
    """`given_name` is the first names, space separated."""
    assert EXPECTED.given_name == "Claire Anne"
