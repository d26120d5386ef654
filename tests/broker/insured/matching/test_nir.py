"""A NIR is read strictly and compared with an identity part by part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import nir as stdnum_nir

from broker.insured.matching.nir import (
    NirDifference,
    NirError,
    NirFault,
    NirKind,
    differences,
    masked,
    parse,
    validated,
)

CLAIRE = "2 85 03 69 123 001"


def with_key(thirteen):
    return str(parse(thirteen))


@pytest.mark.parametrize(
    "text",
    [
        "2850369123001",
        "285036912300126",
        "2 85 03 69 123 001 26",
        " 2 85 03 69 123 001 ",
        "2.85.03.69.123.001-26",
        "2\u00a085\u00a003\u00a069\u00a0123\u00a0001",
    ],
)
def test_thirteen_or_fifteen_characters_with_any_spacing_are_one_number(text):
    """People copy it from a card, a letter or a form."""
    assert str(parse(text)) == "285036912300126"
    assert validated(text) == "285036912300126"


def test_letters_of_corsica_may_be_lower_case():
    """2A counts 19 and 2B counts 18 in the key."""
    assert str(parse("1 85 01 2a 004 001")) == "185012A00400117"
    assert parse("1 85 01 2b 033 001").place == "2B033"


FAULTY = [
    ("", NirFault.LENGTH),
    ("285036912300", NirFault.LENGTH),
    ("28503691230012", NirFault.LENGTH),
    ("2850369123001267", NirFault.LENGTH),
    ("2850369123O01", NirFault.CHARACTERS),
    ("²850369123001", NirFault.CHARACTERS),
    ("\uff12850369123001", NirFault.CHARACTERS),
    ("28503691230A1", NirFault.CHARACTERS),
    ("0850369123001", NirFault.SEX),
    ("5850369123001", NirFault.SEX),
    ("6850369123001", NirFault.SEX),
    ("9850369123001", NirFault.SEX),
    ("2850069123001", NirFault.MONTH),
    ("2851369123001", NirFault.MONTH),
    ("2851969123001", NirFault.MONTH),
    ("2854369123001", NirFault.MONTH),
    ("2854969123001", NirFault.MONTH),
    ("2850300123001", NirFault.PLACE),
    ("2850369000001", NirFault.PLACE),
    ("2850397100001", NirFault.PLACE),
    ("2850399000001", NirFault.PLACE),
    ("2850397000001", NirFault.PLACE),
    ("285032C123001", NirFault.CHARACTERS),
    ("285033A123001", NirFault.PLACE),
    ("2850369123000", NirFault.ORDER),
    ("285036912300127", NirFault.KEY),
    ("285036912300100", NirFault.KEY),
    ("785037A123001", NirFault.PLACE),
]


@pytest.mark.parametrize(("text", "fault"), FAULTY)
def test_a_number_that_cannot_be_names_its_fault(text, fault):
    """The fault is named, the number is not repeated."""
    with pytest.raises(NirError) as refused:
        parse(text)
    assert refused.value.fault is fault
    assert not text or text not in str(refused.value)


@pytest.mark.parametrize(
    ("month", "birth_month"),
    [
        ("01", 1),
        ("12", 12),
        ("31", 1),
        ("42", 12),
        ("20", None),
        ("30", None),
        ("50", None),
        ("99", None),
    ],
)
def test_a_month_may_be_real_incomplete_or_fictitious(month, birth_month):
    """31 to 42 are an incomplete act; 20 to 30 and 50 to 99 say nothing of the birth."""
    assert parse(f"285{month}69123001").birth_month == birth_month


@pytest.mark.parametrize(
    ("digit", "kind"),
    [
        ("1", NirKind.FINAL),
        ("2", NirKind.FINAL),
        ("3", NirKind.BEING_REGISTERED),
        ("4", NirKind.BEING_REGISTERED),
        ("7", NirKind.TEMPORARY),
        ("8", NirKind.TEMPORARY),
    ],
)
def test_the_first_digit_tells_the_kind(digit, kind):
    """Only a final number may open an account."""
    assert parse(f"{digit}850369123001").kind is kind


@pytest.mark.parametrize("place", ["69123", "2A004", "20004", "97105", "98818", "99139", "96101"])
def test_every_kind_of_place_is_accepted(place):
    """Communes, Corsica before and after, overseas, abroad, before independence."""
    assert parse(f"28503{place}001").place == place


def test_a_temporary_number_has_neither_month_nor_place():
    """What it does not encode is not examined."""
    assert parse("7 85 00 00 000 001").kind is NirKind.TEMPORARY


@pytest.mark.parametrize(
    ("number", "change", "expected"),
    [
        (CLAIRE, {}, []),
        (CLAIRE, {"gender": "male"}, [NirDifference.GENDER]),
        (CLAIRE, {"gender": "unspecified"}, [NirDifference.GENDER]),
        (CLAIRE, {"born": "1986-03-02"}, [NirDifference.YEAR]),
        (CLAIRE, {"born": "1885-03-02"}, []),
        (CLAIRE, {"born": "1985-04-02"}, [NirDifference.MONTH]),
        (CLAIRE, {"born": "1985-00-00"}, []),
        ("2 85 33 69 123 001", {}, []),
        ("2 85 34 69 123 001", {}, [NirDifference.MONTH]),
        ("2 85 55 69 123 001", {}, []),
        (CLAIRE, {"place": "69381"}, []),
        (CLAIRE, {"place": "75056"}, [NirDifference.BIRTHPLACE]),
        (CLAIRE, {"place": None}, [NirDifference.BIRTHPLACE]),
        ("2 85 03 99 139 001", {"place": None}, []),
        ("2 55 03 92 350 001", {"born": "1955-03-02", "place": None, "country": "99352"}, []),
        ("2 55 03 92 350 001", {"born": "1955-03-02", "place": None, "country": "99350"},
         [NirDifference.BIRTHPLACE]),
        ("2 60 03 20 004 001", {"born": "1960-03-02", "place": "2A004"}, []),
        ("8 12 70 00 000 001", {"born": "1985-03-02"}, []),
        ("1 84 04 75 056 001", {},
         [NirDifference.GENDER, NirDifference.YEAR, NirDifference.MONTH, NirDifference.BIRTHPLACE]),
    ],
)  # fmt: skip
def test_differences_with_an_identity_are_named(identity, number, change, expected):
    """A difference is a flag for the advisor; what one side leaves unknown is none."""
    assert differences(parse(number), identity(**change)) == expected


def test_only_sex_year_and_month_are_ever_shown():
    """The page hides place, order and key."""
    assert masked(parse(CLAIRE)) == "2 85 03 •• ••• ••• ••"


@given(
    st.sampled_from("12"),
    st.integers(0, 99),
    st.integers(1, 12),
    st.sampled_from(["69123", "2A004", "2B033", "97105", "99352"]),
    st.integers(1, 999),
)
def test_the_key_agrees_with_another_implementation(sex, year, month, place, order):
    """python-stdnum computes the same two digits."""
    number = with_key(f"{sex}{year:02d}{month:02d}{place}{order:03d}")
    assert stdnum_nir.is_valid(number)
    assert parse(number.lower()) == parse(number)


@given(st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(position, shift):
    """The key finds every single wrong digit, and most are refused before."""
    digits = list("285036912300126")
    digits[position] = str((int(digits[position]) + shift) % 10)
    with pytest.raises(NirError):
        parse("".join(digits))


@given(st.text(max_size=20))
def test_any_other_text_is_refused_without_another_error(text):
    """Whatever is typed, the only exception is a NirError."""
    try:
        number = validated(text)
    except NirError:
        return
    assert len(number) == 15
