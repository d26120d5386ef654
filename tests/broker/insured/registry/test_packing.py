"""What is packed into columns comes out as it went in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.insured.matching.nir import validated
from broker.insured.registry.numbering import head, nir_of, temporary_nir
from broker.insured.registry.packing import (
    packed_date,
    packed_mobile,
    packed_nir,
    packed_place,
    unpacked_date,
    unpacked_mobile,
    unpacked_nir,
    unpacked_place,
)
from providers.identity import PartialDate

places = st.sampled_from(["69383", "2A004", "2B033", "20004", "97411", "99352", "01053"])


@given(st.sampled_from("MF"), st.dates(), places, st.integers(1, 999))
def test_a_nir_survives_packing_and_is_valid(sex, born, place, order):
    """Every number made for a person is a NIR, and comes out of its column unchanged."""
    nir = nir_of(sex, f"19{born:%y-%m-%d}", place, order)

    assert validated(nir) == nir
    assert unpacked_nir(packed_nir(nir)) == nir
    assert packed_nir(nir[:13]) == packed_nir(nir)


def test_the_letters_of_corsica_are_not_other_departments():
    """2A, 2B, 20, 19 and 18 are five different places in the column."""
    numbers = {
        packed_nir(nir_of("F", "1980-05-17", f"{d}004", 1)) for d in ("2A", "2B", "20", "19", "18")
    }

    assert len(numbers) == 5


@given(st.sampled_from("MF"), st.integers(1, 10**9))
def test_a_temporary_number_is_valid_and_nobody_elses(sex, number):
    """7 for men, 8 for women; the next person has another."""
    nir = temporary_nir(sex, number)

    assert validated(nir) == nir
    assert nir[0] == ("7" if sex == "M" else "8")
    assert nir != temporary_nir(sex, number + 1)


@pytest.mark.parametrize(
    ("born", "place", "expected"),
    [
        ("1975-12-31", "2A004", "751220004"),
        ("1976-01-01", "2A004", "76012A004"),
        ("1948-00-00", "99352", "482099352"),
    ],
)
def test_a_nir_tells_the_place_in_force_at_birth(born, place, expected):
    """Corsica is 20 before 1976; an unknown month becomes a fictitious one."""
    assert head(born, place) == expected


@given(st.integers(1850, 2100), st.integers(0, 12), st.integers(0, 28))
def test_a_date_survives_packing(year, month, day):
    """Unknown parts stay unknown."""
    date = PartialDate(year, month, day if month else 0)

    assert unpacked_date(packed_date(date)) == date


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("69383", ("69383", "99100")),
        ("01053", ("01053", "99100")),
        ("2A004", ("2A004", "99100")),
        ("2B033", ("2B033", "99100")),
        ("20004", ("20004", "99100")),
        ("97411", ("97411", "99100")),
        ("99352", (None, "99352")),
    ],
)
def test_a_place_survives_packing(code, place):
    """A commune of France, or a country."""
    assert unpacked_place(packed_place(code)) == place


@pytest.mark.parametrize("number", ["+33612345678", "+14155550100", None])
def test_a_mobile_number_survives_packing(number):
    """The plus sign comes back."""
    assert unpacked_mobile(number and packed_mobile(number)) == number
