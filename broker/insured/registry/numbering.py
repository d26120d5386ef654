"""Makes NIRs for fictional persons, consistent with their traits."""

from broker.insured.matching.nir import control_key

_CORSICA_SPLIT = 1976
_ORDERS = 999
_UNKNOWN_MONTH = 20  # fictitious: 20 to 30 and 50 to 99 stand for a month nobody knows


def nir_of(sex: str, birthdate: str, place: str, order: int) -> str:
    """
    The NIR of a person: `sex` M or F, `birthdate` YYYY-MM-DD, `place` a COG code of a commune or a
    country, `order` 1 to 999. Corsica counts as 20 before 1976, as it did.
    """
    return with_key(f"{1 if sex == 'M' else 2}{head(birthdate, place)}{order:03d}")


def temporary_nir(sex: str, number: int) -> str:
    """The temporary number of person `number`: 7 or 8 for the sex, neither date nor place."""
    kind = 7 if sex == "M" else 8
    return with_key(f"{kind}{number // _ORDERS:09d}{number % _ORDERS + 1:03d}")


def head(birthdate: str, place: str) -> str:
    """Year, month and place of a NIR: 9 characters."""
    month = int(birthdate[5:7]) or _UNKNOWN_MONTH
    if place[:2] in ("2A", "2B") and int(birthdate[:4]) < _CORSICA_SPLIT:
        place = f"20{place[2:]}"
    return f"{birthdate[2:4]}{month:02d}{place}"


def with_key(body: str) -> str:
    """Thirteen characters and their control key."""
    return body + control_key(body)
