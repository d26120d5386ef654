"""What a fictional person's file says beyond birth: number, rights, contact, bank account."""

from datetime import date
from random import Random

from broker.insured.registry.births import HOSPITALS, Birth
from broker.insured.registry.names import surname
from broker.insured.registry.numbering import nir_of, temporary_nir

_TEMPORARY, _DECEASED, _CLOSED, _OTHER_SCHEME = 0.005, 0.01, 0.02, 0.05
_MARRIED, _FORMER_NAME, _FORMER_NIR = 0.4, 0.005, 0.003
_IBAN, _EMAIL, _MOBILE = 0.8, 0.6, 0.7
_ADULT = 18
_OTHER_SCHEMES = ("agricultural", "seafarers", "clergy", "military", "other")


class Lives:
    """Draws the administrative facts of persons already born."""

    def __init__(self, random: Random, today: date) -> None:
        self._random = random
        self._today = today

    def facts(self, birth: Birth, number: int, age: int) -> dict[str, str]:
        """The columns of a line that birth does not give."""
        chance = self._random.random
        final = nir_of(birth.sex, birth.birthdate, birth.place, birth.order)
        temporary = chance() < _TEMPORARY
        department = self._department(birth)
        facts = {
            "nir": temporary_nir(birth.sex, "78"[number % 2], number) if temporary else final,
            "deceased": "1" if chance() < _DECEASED else "0",
            "rights_open": "0" if chance() < _CLOSED else "1",
            "scheme": "general" if chance() >= _OTHER_SCHEME else self._one(_OTHER_SCHEMES),
            "fund": f"CPAM {department}",
            "postal_code": f"{'20' if department in ('2A', '2B') else department[:2]}"
            f"{int(chance() * 100) * 10:03d}",
            "usage_name": self._usage_name(birth, age),
        }
        if age >= _ADULT:
            facts |= self._contact(birth, number)
        if chance() < _FORMER_NAME:
            facts["former_names"] = surname(chance())
        if chance() < _FORMER_NIR and not temporary:
            facts["former_nirs"] = temporary_nir(birth.sex, "7", number)
        return facts

    def _contact(self, birth: Birth, number: int) -> dict[str, str]:
        chance = self._random.random
        facts = {}
        if chance() < _IBAN:
            facts["iban"] = french_iban(int(chance() * 10**10), number)
            facts["iban_since"] = f"{2005 + int(chance() * 20)}-{1 + int(chance() * 12):02d}-01"
        if chance() < _EMAIL:
            facts["email"] = f"{birth.surname[:12].lower().replace(' ', '')}.{number}@exemple.fr"
        if chance() < _MOBILE:
            facts["mobile"] = f"+336{int(chance() * 10**8):08d}"
        return facts

    def _usage_name(self, birth: Birth, age: int) -> str:
        chance = self._random.random
        if birth.sex == "M" or age < 25 or chance() >= _MARRIED:
            return ""
        name = surname(chance())
        return f"{birth.surname}-{name}" if chance() < 0.1 else name

    def _department(self, birth: Birth) -> str:
        place = birth.place
        if place.startswith("99") or self._random.random() < 0.3:
            place = self._one(HOSPITALS)
        return place[:3] if place.startswith("97") else place[:2]

    def _one(self, choices: "list[str] | tuple[str, ...]") -> str:
        return choices[int(self._random.random() * len(choices))]


def french_iban(branch: int, account: int) -> str:
    """A French IBAN with right keys, of a bank that does not exist (code 99999)."""
    bank, counter = "99999", f"{branch % 10**5:05d}"
    number = f"{account % 10**11:011d}"
    key = 97 - (89 * int(bank) + 15 * int(counter) + 3 * int(number)) % 97
    bban = f"{bank}{counter}{number}{key:02d}"
    return f"FR{98 - int(bban + '152700') % 97:02d}{bban}"
