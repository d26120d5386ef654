"""
From a block of the file to rows of the registry, column by column.

A refused line never stops the others: it leaves the block with its number, the column and the
rule it breaks.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

import numpy as np

from broker.insured.registry import bulk, rules
from broker.insured.registry.birthplaces import Birthplaces
from broker.insured.registry.blocks import Cut
from broker.insured.registry.fields import FieldError
from broker.insured.registry.forms import FORMS, Judged
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.ibans import Ibans
from broker.insured.registry.namekeys import FamilyNames, GivenNames, OptionalNames
from broker.insured.registry.packing import packed_date
from broker.insured.registry.reading import Asked, Column, Few, Read, Shaped
from broker.insured.registry.rows import FormName, Refusal, Rows
from broker.insured.registry.spans import Fields, Numbers, fields_of
from providers.identity import PartialDate

MOST_LABELS = 32_767
"""Funds that a small integer can number."""

EMAIL = r"(?!.{255})[!-?A-~]++@[!-\-/-?A-~]++\.[!-?A-~]++"
"""An address of printable ASCII; any other is asked of the rule."""

_UNDER_THEIR_NAMES = ("birthdate", "sex", "scheme", "fund", "mobile", "iban_since", "postal_code")

Former = list[tuple[int, int, str, str]]
Faults = dict[int, str]


class Parser:
    """
    Reads blocks; remembers what repeats, and gives each fund a number.

    `labels` is what it met so far: text -> number, 32,767 at most; nobody is born after the day
    `latest`. Rows are bound unless `speak` asks for another form.
    """

    def __init__(
        self,
        printer: IbanPrinter,
        labels: Mapping[str, int] | None = None,
        latest: date = date.max,
    ) -> None:
        self.labels = dict(labels or {})
        self._latest = packed_date(PartialDate(latest.year, latest.month, latest.day))
        self._columns = _columns(printer, self._label)
        self.speak("bound")

    def speak(self, form: FormName) -> None:
        """Give rows in this form from now on."""
        self._form = FORMS[form]

    def rows(self, cut: Cut) -> Rows:
        """Judge a block."""
        fields, refusals = fields_of(cut)
        read = {name: column.read(fields) for name, column in self._columns.items()}
        _not_after(self._latest, read["birthdate"])
        former, wrong = _former(fields, read["number"].values)
        faults = _first_faults({name: one.faults for name, one in read.items()} | wrong)
        told = [Refusal(int(fields.lines[at]), *faults[at]) for at in sorted(faults)]
        judged = _judged(fields, read, sorted(faults))
        return Rows(
            len(fields) + len(refusals) + len(cut.refusals),
            len(judged.fields),
            self._form.stored(judged),
            [one for at, some in former.items() if at not in faults for one in some],
            [*cut.refusals, *refusals, *told],
        )

    def _label(self, text: str) -> int:
        number = self.labels.setdefault(rules.label(text), len(self.labels))
        if number > MOST_LABELS:
            raise FieldError("names one fund too many: 32,767 are stored")
        return number


def _columns(printer: IbanPrinter, label: Callable[[str], int]) -> dict[str, Column]:
    """How each column of the file is read, or several together under the name of the first."""
    return {
        "number": Asked(partial(bulk.number, column="number"), rules.number, "number"),
        "nir": Asked(bulk.nir, rules.nir, "nir"),
        "family_name": FamilyNames(),
        "given_names": GivenNames(),
        "usage_name": OptionalNames(),
        "sex": Asked(bulk.sex, rules.sex, "sex"),
        "birthdate": Asked(bulk.birthdate, rules.birthdate, "birthdate"),
        "birthplace": Birthplaces(),
        "presumed": Asked(bulk.flags, rules.flags, "presumed", "deceased", "rights_open"),
        "scheme": Few(rules.scheme, "scheme"),
        "fund": Few(label, "fund"),
        "postal_code": Asked(bulk.postal_code, rules.postal_code, "postal_code"),
        "iban": Ibans(printer),
        "iban_since": Asked(bulk.optional_date, rules.optional_date, "iban_since"),
        "parent": Asked(
            partial(bulk.optional_number, column="parent"), rules.optional_number, "parent"
        ),
        "email": Shaped(EMAIL, rules.email, "email"),
        "mobile": Asked(bulk.mobile, rules.mobile, "mobile"),
    }


def _judged(fields: Fields, read: Mapping[str, Read], refused: list[int]) -> Judged:
    """The columns of PERSON, without the refused lines."""
    birthplaces, place_keys = read["birthplace"].values.T
    numbers = {
        "person_id": read["number"].values,
        "nir_number": read["nir"].values,
        "line": fields.lines,
        "surname_key": read["family_name"].values,
        "given_key": read["given_names"].values,
        "place_key": place_keys,
        "birthplace": birthplaces,
        "flags": read["presumed"].values,
        "parent_id": read["parent"].values,
        **{name: read[name].values for name in _UNDER_THEIR_NAMES},
    }
    ibans = read["iban"].values
    if refused:
        kept = np.ones(len(fields), bool)
        kept[refused] = False
        numbers = {name: values[kept] for name, values in numbers.items()}
        ibans, fields = ibans[kept], fields.only(kept)
    return Judged(numbers, ibans, fields)


def _not_after(latest: int, births: Read) -> None:
    """Refuse what lies in the future; a date of the present whose end is not known may be past."""
    for index in np.flatnonzero(births.values > latest).tolist():
        births.faults.setdefault(index, "lies in the future")


def _former(fields: Fields, numbers: Numbers) -> tuple[dict[int, Former], dict[str, Faults]]:
    """What persons were called or numbered before, by index of their line; few lines have any."""
    told = (fields.lengths("former_nirs") > 0) | (fields.lengths("former_names") > 0)
    former: dict[int, Former] = {}
    faults: Faults = {}
    for index in np.flatnonzero(told).tolist():
        texts = (fields.text(column, index) for column in ("former_nirs", "former_names"))
        whose = int(numbers[index]), int(fields.lines[index])
        try:
            former[index] = [(*whose, *pair) for pair in rules.former(*texts)]
        except FieldError as fault:
            faults[index] = str(fault)
    return former, {"former": faults}


def _first_faults(read: Mapping[str, Faults]) -> dict[int, tuple[str, str]]:
    """Index of a refused line -> (column, rule): the first rule it breaks, in column order."""
    faults: dict[int, tuple[str, str]] = {}
    for column, one in read.items():
        for index, rule in one.items():
            faults.setdefault(index, (column, rule))
    return faults
