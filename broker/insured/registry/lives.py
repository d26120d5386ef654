"""What a fictional person's file says beyond birth: number, rights, contact, bank account."""

from random import Random

from broker.insured.registry.births import Birth
from broker.insured.registry.names import HOSPITALS, surname
from broker.insured.registry.numbering import temporary_nir, with_key

_TEMPORARY, _DECEASED, _CLOSED, _OTHER_SCHEME = 0.005, 0.01, 0.02, 0.05
_MARRIED, _MARRIED_FROM, _BOTH_NAMES = 0.4, 25, 0.1
_FORMER_NAME, _FORMER_NIR = 0.005, 0.003
_IBAN, _EMAIL, _MOBILE = 0.8, 0.6, 0.7
_MOVED = 0.3
_ADULT = 18
_OTHER_SCHEMES = ("agricultural", "seafarers", "clergy", "military", "other")


class Lives:
    """Draws the administrative facts of persons already born."""

    def __init__(self, random: Random) -> None:
        self._chance = random.random

    def facts(self, birth: Birth, number: int, age: int) -> dict[str, str]:
        """The columns of a line that birth does not give."""
        chance = self._chance
        temporary = chance() < _TEMPORARY
        department = self._department(birth)
        postal = "20" if department in {"2A", "2B"} else department[:2]
        facts = {
            "nir": temporary_nir(birth.sex, number) if temporary else with_key(birth.number),
            "usage_name": self._usage_name(birth, age),
            "deceased": "1" if chance() < _DECEASED else "0",
            "rights_open": "0" if chance() < _CLOSED else "1",
            "scheme": "general" if chance() >= _OTHER_SCHEME else self._one(_OTHER_SCHEMES),
            "fund": f"CPAM {department}",
            "postal_code": f"{postal}{int(chance() * 100):02d}0",
        }
        if age >= _ADULT:
            self._contact(facts, birth, number)
        if chance() < _FORMER_NAME:
            facts["former_names"] = surname(chance())
        if chance() < _FORMER_NIR and not temporary:
            facts["former_nirs"] = temporary_nir(birth.sex, number)
        return facts

    def _contact(self, facts: dict[str, str], birth: Birth, number: int) -> None:
        chance = self._chance
        if chance() < _IBAN:
            facts["iban"] = french_iban(int(chance() * 10**5), number)
            facts["iban_since"] = f"{2005 + int(chance() * 20)}-{1 + int(chance() * 12):02d}-01"
        if chance() < _EMAIL:
            facts["email"] = f"{birth.surname[:12].lower().replace(' ', '')}.{number}@exemple.fr"
        if chance() < _MOBILE:
            facts["mobile"] = f"+336{int(chance() * 10**8):08d}"

    def _usage_name(self, birth: Birth, age: int) -> str:
        if birth.sex == "M" or age < _MARRIED_FROM or self._chance() >= _MARRIED:
            return ""
        name = surname(self._chance())
        return f"{birth.surname}-{name}" if self._chance() < _BOTH_NAMES else name

    def _department(self, birth: Birth) -> str:
        place = birth.place
        if place[:2] == "99" or self._chance() < _MOVED:
            place = self._one(HOSPITALS)
        return place[:3] if place[:2] == "97" else place[:2]

    def _one(self, choices: tuple[str, ...]) -> str:
        return choices[int(self._chance() * len(choices))]


def french_iban(branch: int, account: int) -> str:
    """
    A French IBAN with right keys, of a bank that does not exist (code 99999).

    `branch` has five digits at most, `account` eleven.
    """
    key = 97 - (89 * 99999 + 15 * branch + 3 * account) % 97
    bban = f"99999{branch:05d}{account:011d}{key:02d}"
    return f"FR{98 - int(bban + '152700') % 97:02d}{bban}"
