"""
The NIR, the registration number of a person with the French social security.

15 characters: sex (1), year (2), month (2), place (5), order (3), control key (2). The century is
lost and the order cannot be derived, so the number checks an identity and never finds one.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from broker.cog.places import equivalent
from providers.identity import Gender, PivotIdentity

_SEPARATORS = re.compile(r"[\s.\-]+")
_CORSICA = {"2A": "19", "2B": "18"}
_MASK = "•• ••• ••• ••"
_MONTH = r"(?:0[1-9]|1[0-2]|2[0-9]|3[0-9]|4[0-2]|[5-9][0-9])"
_PLACE = (
    r"(?:(?:0[1-9]|[1-8][0-9]|9[0-6]|2[AB])(?!000)[0-9]{3}"  # a commune
    r"|9[78][0-9](?!00)[0-9]{2}"  # overseas
    r"|99(?!000)[0-9]{3})"  # a country
)
_ORDER = r"(?!000)[0-9]{3}"
# The parts in order: a number that encodes a birth, and one that does not.
_FINAL_PARTS = (r"[1-4]", r"[0-9]{2}", _MONTH, _PLACE, _ORDER)
_TEMPORARY_PARTS = (r"[78]", r"[0-9]{2}", r"[0-9]{2}", r"(?:[0-9]{5}|2[AB][0-9]{3})", _ORDER)
SHAPE = re.compile(rf"(?:{''.join(_FINAL_PARTS)}|{''.join(_TEMPORARY_PARTS)})(?:[0-9]{{2}})?")
"""Everything but the key, of a NIR without spaces, its letters upper-case."""
_PART_ENDS = (1, 3, 5, 10, 13)


class NirFault(StrEnum):
    """What is wrong with a text that should be a NIR."""

    LENGTH = "length"
    CHARACTERS = "characters"
    SEX = "sex"
    MONTH = "month"
    PLACE = "place"
    ORDER = "order"
    KEY = "key"


class NirError(ValueError):
    """The text is no NIR; `fault` names the part, the text itself is never repeated."""

    def __init__(self, fault: NirFault) -> None:
        super().__init__(f"not a NIR: {fault}")
        self.fault = fault


class NirKind(StrEnum):
    """What the first digit says of the number."""

    FINAL = "final"
    BEING_REGISTERED = "being_registered"
    TEMPORARY = "temporary"


_KINDS = {
    **dict.fromkeys("12", NirKind.FINAL),
    **dict.fromkeys("34", NirKind.BEING_REGISTERED),
    **dict.fromkeys("78", NirKind.TEMPORARY),
}


class NirDifference(StrEnum):
    """A part of a NIR that does not agree with an identity: a flag for the advisor, no refusal."""

    GENDER = "gender"
    YEAR = "year"
    MONTH = "month"
    BIRTHPLACE = "birthplace"


@dataclass(frozen=True, slots=True)
class Nir:
    """A valid NIR, cut into its parts; `key` is present even when 13 characters were given."""

    sex: str
    year: str
    month: str
    place: str
    order: str
    key: str

    @property
    def kind(self) -> NirKind:
        """Final (1, 2), being registered (3, 4) or temporary (7, 8)."""
        return _KINDS[self.sex]

    @property
    def gender(self) -> Gender:
        """The sex at registration."""
        return Gender.MALE if int(self.sex) % 2 else Gender.FEMALE

    @property
    def birth_month(self) -> int | None:
        """1 to 12, from the month or the month + 30 of an incomplete act; None when fictitious."""
        month = int(self.month)
        month -= 30 if 30 < month <= 42 else 0  # noqa: PLR2004 - incomplete acts are 31 to 42
        return month if 1 <= month <= 12 else None  # noqa: PLR2004 - months

    def __str__(self) -> str:
        return f"{self.sex}{self.year}{self.month}{self.place}{self.order}{self.key}"


def parse(text: str) -> Nir:
    """
    Read a NIR of 13 or 15 characters, blanks, dots and hyphens allowed, letters in any case.

    NirError names the first part that cannot be: the sex digit, the month (00, 13-19, 43-49), the
    place (department 00, commune 000), the order 000, the key. A temporary number encodes neither
    month nor place, so these are not examined.
    """
    nir = validated(text)
    return Nir(nir[0], nir[1:3], nir[3:5], nir[5:10], nir[10:13], nir[13:])


def validated(text: str) -> str:
    """The same checks as `parse`, giving the 15 characters without cutting them: for an import."""
    compact = text if text.isdigit() else _SEPARATORS.sub("", text).upper()
    if not SHAPE.fullmatch(compact):
        raise NirError(_fault(compact))
    key = control_key(compact)
    if compact[13:] not in ("", key):
        raise NirError(NirFault.KEY)
    return compact[:13] + key


def control_key(nir: str) -> str:
    """The two control digits of the first 13 characters: 97 minus their remainder by 97."""
    return f"{97 - int(as_digits(nir[:13])) % 97:02d}"


def as_digits(nir: str) -> str:
    """The same characters, the letter of Corsica written as its key counts it."""
    department = nir[5:7]
    return f"{nir[:5]}{_CORSICA.get(department, department)}{nir[7:]}"


def _fault(compact: str) -> NirFault:
    if len(compact) not in (13, 15):
        return NirFault.LENGTH
    if not re.fullmatch(r"[0-9]{5}[0-9][0-9AB][0-9]{6,8}", compact):
        return NirFault.CHARACTERS
    parts = _TEMPORARY_PARTS if compact[0] in "78" else _FINAL_PARTS
    faults = (NirFault.SEX, NirFault.CHARACTERS, NirFault.MONTH, NirFault.PLACE, NirFault.ORDER)
    start = 0
    for end, shape, fault in zip(_PART_ENDS, parts, faults, strict=True):
        if not re.fullmatch(shape, compact[start:end]):
            return fault
        start = end
    return NirFault.CHARACTERS


def differences(nir: Nir, identity: PivotIdentity) -> list[NirDifference]:
    """
    The parts of this NIR that disagree with the identity, in the order of the number.

    What either side leaves unknown never disagrees: a temporary number encodes neither date nor
    place, a month may be fictitious, a date may be incomplete.
    """
    found = []
    if identity.gender is not nir.gender:
        found.append(NirDifference.GENDER)
    if nir.kind is NirKind.TEMPORARY:
        return found
    if identity.birthdate.year % 100 != int(nir.year):
        found.append(NirDifference.YEAR)
    if identity.birthdate.month and nir.birth_month not in (None, identity.birthdate.month):
        found.append(NirDifference.MONTH)
    if not equivalent(nir.place, identity.birthplace or identity.birthcountry):
        found.append(NirDifference.BIRTHPLACE)
    return found


def flags(number: str, identity: PivotIdentity) -> tuple[NirDifference, ...]:
    """The same for a number as a registry keeps it; none where it keeps none that can be read."""
    try:
        return tuple(differences(parse(number), identity))
    except NirError:
        return ()


def masked(nir: Nir) -> str:
    """The only form shown on a page: sex, year and month, the rest hidden."""
    return f"{nir.sex} {nir.year} {nir.month} {_MASK}"
