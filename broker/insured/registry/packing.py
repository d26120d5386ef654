"""How traits are packed into the columns of a registry, and unpacked from them."""

from functools import lru_cache

from broker.insured.matching.nir import control_key
from providers.identity import FRANCE, Gender, PartialDate

PRESUMED, DECEASED, RIGHTS_OPEN = 1, 2, 4
"""Bits of the column `flags`."""

BAR = "|"
"""Between the given names of one person; no name holds it."""

SCHEMES = ("general", "agricultural", "students", "seafarers", "clergy", "military", "other")
"""Schemes by their number in the column `scheme`; only the first opens an account here."""

ABROAD = (99_000, 99_999)
"""Packed places that are countries."""

_REMEMBERED = 1 << 15
"""Dates and places that are unpacked once: whoever has many namesakes shares them with few."""

_SEXES = {1: Gender.MALE, 2: Gender.FEMALE}
_CORSICA = {"2A": 10**13, "2B": 2 * 10**13}
_LETTER = 100_000
_CORSICAN = {"2A": _LETTER, "2B": 2 * _LETTER}
_LETTERED = {1: "2A", 2: "2B"}


def packed_nir(nir: str) -> int:
    """The first 13 characters of a NIR as a number; the letter of Corsica is added on top."""
    department = nir[5:7]
    if department in _CORSICA:
        return int(f"{nir[:5]}20{nir[7:13]}") + _CORSICA[department]
    return int(nir[:13])


def unpacked_nir(number: int) -> str:
    """The 15 characters of a packed NIR, its key computed again."""
    corsica, digits = divmod(number, 10**13)
    if not corsica:
        return f"{digits:013d}{97 - digits % 97:02d}"
    nir = f"{digits:013d}"
    nir = f"{nir[:5]}{_LETTERED[corsica]}{nir[7:]}"
    return nir + control_key(nir)


def packed_date(date: PartialDate) -> int:
    """YYYYMMDD, with 00 for what is unknown."""
    return date.year * 10000 + date.month * 100 + date.day


@lru_cache(maxsize=_REMEMBERED)
def unpacked_date(number: int) -> PartialDate:
    """The inverse of `packed_date`."""
    return PartialDate(number // 10000, number // 100 % 100, number % 100)


def packed_place(code: str) -> int:
    """A COG code, of a commune or of a country for a birth abroad, as a number."""
    corsica = _CORSICAN.get(code[:2])
    return int(code) if corsica is None else corsica + int(f"20{code[2:]}")


@lru_cache(maxsize=_REMEMBERED)
def unpacked_place(place: int) -> tuple[str | None, str]:
    """(birthplace, birthcountry) of a packed place."""
    corsica, digits = divmod(place, _LETTER)
    code = f"{digits:05d}"
    if corsica:
        code = f"{_LETTERED[corsica]}{code[2:]}"
    return (None, code) if ABROAD[0] <= place <= ABROAD[1] else (code, FRANCE)


def packed_mobile(number: str) -> int:
    """An E.164 number without its plus sign."""
    return int(number)


def unpacked_mobile(number: int | None) -> str | None:
    """The inverse of `packed_mobile`."""
    return None if number is None else f"+{number}"


def gender(sex: int) -> Gender:
    """The gender of the column `sex`."""
    return _SEXES[sex]
