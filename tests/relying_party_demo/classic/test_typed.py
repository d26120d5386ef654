"""What people type is read as the insurer reads it, or refused; never anything in between."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relying_party_demo.classic import typed
from relying_party_demo.classic.typed import KeyFaultError

SEPARATORS = st.sampled_from(["", " ", "  ", "-", ".", "\N{NO-BREAK SPACE}", "/"])


def key_of(thirteen):
    """The key, computed apart: letters of Corsica become 19 and 18."""
    return 97 - int(thirteen.replace("2A", "19").replace("2B", "18")) % 97


@st.composite
def numbers(draw):
    """Numbers of every département, Corsica included, with their key."""
    place = draw(st.sampled_from(["69", "01", "2A", "2B", "97", "99"]))
    digits = f"{draw(st.sampled_from('1278'))}{draw(st.integers(0, 9999)):04d}"
    rest = f"{draw(st.integers(0, 999_999)):06d}"
    thirteen = f"{digits}{place}{rest}"
    return f"{thirteen}{key_of(thirteen):02d}"


@given(numbers(), st.lists(SEPARATORS, min_size=15, max_size=15), st.booleans())
def test_a_number_is_read_however_it_is_spaced(number, separators, lower):
    """Rows S41, S56: with its key or without, in groups or not, small letters too."""
    spaced = "".join(letter + space for letter, space in zip(number, separators, strict=True))
    written = spaced.lower() if lower else spaced

    assert typed.nir(written, 15) == number
    assert typed.nir(number[:13], 13, 15) == number[:13]


@given(numbers(), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number, place, step):
    """Row S46, X11: the key finds every change of a single digit."""
    if not number[place].isdigit():
        return
    wrong = f"{number[:place]}{(int(number[place]) + step) % 10}{number[place + 1 :]}"

    with pytest.raises(ValueError):
        typed.nir(wrong, 15)


@given(numbers())
def test_a_wrong_key_is_told_apart(number):
    """A typing error is no mismatch."""
    wrong = f"{number[:13]}{(int(number[13:]) + 1) % 97:02d}"

    with pytest.raises(KeyFaultError):
        typed.nir(wrong, 13, 15)


@given(st.dates(date(1900, 1, 1), date(2026, 11, 24)), st.sampled_from("/ .-"), st.booleans())
def test_a_date_is_read_in_every_usual_way(born, separator, padded):
    """Row S42: with any separator, with or without noughts, or in one."""
    parts = (born.day, born.month) if not padded else (f"{born.day:02}", f"{born.month:02}")

    assert typed.birthdate(separator.join(map(str, (*parts, born.year)))) == str(born)
    assert typed.birthdate(f"{born.day:02}{born.month:02}{born.year}") == str(born)


@pytest.mark.parametrize(
    "text",
    [
        "29/02/1985",
        "32/01/1985",
        "15/00/1985",
        "27/03/85",
        "27/03",
        "1985-03-27",
        "27/03/1985/1",
        "27031985 ou 28",
        "٢٧/٠٣/١٩٨٥",
        "",
        "27/03/0000",
    ],
)
def test_what_is_no_date_is_refused(text):
    """A date that does not exist, a year of two digits, another order."""
    with pytest.raises(ValueError):
        typed.birthdate(text)


@pytest.mark.parametrize(
    ("text", "read"), [("00/00/1948", "1948-00-00"), ("00/05/1972", "1972-05-00")]
)
def test_an_unknown_day_or_month_is_written_with_noughts(text, read):
    """Some people were registered without the day of their birth."""
    assert typed.birthdate(text) == read


@pytest.mark.parametrize("reader", [typed.birthdate, typed.postal_code, typed.iban, typed.email])
@given(text=st.text(max_size=300))
def test_no_text_surprises_a_reader(reader, text):
    """Read, or ValueError; nothing else."""
    try:
        read = reader(text)
    except ValueError:
        return
    assert len(read) <= 254


@given(text=st.text(max_size=300))
def test_no_text_surprises_the_reader_of_numbers(text):
    """Read in ASCII, or ValueError."""
    try:
        read = typed.nir(text, 13, 15)
    except ValueError:
        return
    assert read.isascii()
    assert len(read) in {13, 15}


@pytest.mark.parametrize(
    ("text", "read"), [("7kmp-4qxw", "7KMP4QXW"), (" 048 213\n", "048213"), ("a_b/c.d", "ABCD")]
)
def test_codes_are_squeezed(text, read):
    """Row S117: what surrounds or separates the letters of a code does not matter."""
    assert typed.squeezed(text) == read
