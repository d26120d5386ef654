"""
From a block of the file to rows of the registry, column by column.

A refused line never stops the others: it leaves the block with its number, the column and the
rule it breaks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from broker.insured.registry import bulk, rules
from broker.insured.registry import iban as ibans
from broker.insured.registry.birthplaces import Birthplaces
from broker.insured.registry.fields import Column, Distinct, FieldError, Read, Remembered
from broker.insured.registry.forms import BOUND, Form
from broker.insured.registry.namekeys import GivenNames, NameKeys, OptionalNames
from broker.insured.registry.tables import PERSON

_ORDER = [column.name for column in PERSON.columns]
LINE = _ORDER.index("line")
"""Where the number of the line stands among the columns."""

MOST_LABELS = 32_767
"""Funds that a small integer can number."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused line: its number in the file (the header is 1), the column, the broken rule."""

    line: int
    column: str
    rule: str


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of the file: the fields of each column in UTF-8, and the number of each line."""

    fields: Mapping[str, Sequence[bytes]]
    lines: Sequence[int]


@dataclass(slots=True)
class Rows:
    """
    What became of a block: the columns of PERSON in their order and in the form of the parser,
    what goes to FORMER as (person_id, line, kind, value), and the refused lines. What a line leaves
    out reads `forms.NO_NUMBER` or is empty, for a driver may take long over None; the registry
    keeps NULL.
    """

    columns: list[Sequence[Any]]
    former: list[tuple[int, int, str, str]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.columns[0])


class Parser:
    """
    Reads blocks; remembers what repeats, and gives each fund a number.

    `labels` is what it met so far: text -> number, 32,767 at most. Values are numbers and texts
    unless `speak` asks for another form.
    """

    def __init__(self, printer: ibans.IbanPrinter, labels: Mapping[str, int] | None = None) -> None:
        self.labels = dict(labels or {})
        self._printer = printer
        self.speak(BOUND)

    def speak(self, form: Form) -> None:
        """Give values in this form from now on."""
        self._form = form
        self._columns = _columns(form, self._printer, self._label)

    def rows(self, block: Block) -> Rows:
        """Judge a block."""
        read = self._read(block.fields)
        faults = _first_faults(read)
        rows = Rows(self._ordered(block, read), refusals=_refusals(block, faults))
        former = read["former"].values
        if faults:
            kept = [index not in faults for index in range(len(block.lines))]
            rows.columns = [list(compress(column, kept)) for column in rows.columns]
            former = list(compress(former, kept))
        rows.former = _numbered(rows, former)
        return rows

    def _read(self, fields: Mapping[str, Sequence[bytes]]) -> dict[str, Read]:
        """Every column; some are read of several fields together."""
        # Joined, for a tuple kept for each line is one more thing to look for cycles in.
        flags = zip(fields["presumed"], fields["deceased"], fields["rights_open"], strict=True)
        texts: dict[str, Sequence[Any]] = {
            **fields,
            "birthplace": (fields["birthplace"], fields["birthcountry"]),
            "presumed": list(map(b",".join, flags)),
        }
        read = {name: column.read(texts[name]) for name, column in self._columns.items()}
        read["former"] = _former(fields)
        return read

    def _ordered(self, block: Block, read: Mapping[str, Read]) -> list[Sequence[Any]]:
        """The columns of PERSON, in their order."""
        birthplaces, place_keys = read["birthplace"].values
        given = {
            "person_id": read["number"].values,
            "nir_number": read["nir"].values,
            "parent_id": read["parent"].values,
            "line": self._form.numbers(block.lines),
            "surname_key": read["family_name"].values,
            "given_key": read["given_names"].values,
            "flags": read["presumed"].values,
            "birthplace": birthplaces,
            "place_key": place_keys,
            "family_name": self._form.texts(block.fields["family_name"]),
            "given_names": self._form.texts(block.fields["given_names"]),
        }
        return [given[name] if name in given else read[name].values for name in _ORDER]

    def _label(self, text: str) -> int:
        number = self.labels.setdefault(rules.label(text), len(self.labels))
        if number > MOST_LABELS:
            raise FieldError("names one fund too many: 32,767 are stored")
        return number


def _columns(
    form: Form, printer: ibans.IbanPrinter, label: Callable[[str], int]
) -> dict[str, Column]:
    """How each column of the file is read."""
    quick = bulk.Bulk(form)

    def few(rule: Callable[[str], int]) -> Remembered:
        return Remembered(lambda text: form.number(rule(text)))

    def many(pattern: str, read: bulk.Reader, rule: Callable[[str], int]) -> Distinct:
        return Distinct(pattern, read, lambda text: form.number(rule(text)))

    return {
        "number": many(rules.NUMBER, quick.numbers, rules.number),
        "nir": many(bulk.NIR, quick.nirs, rules.nir),
        "family_name": NameKeys(form),
        "given_names": GivenNames(form),
        "usage_name": OptionalNames(form),
        "sex": few(rules.sex),
        "birthdate": many(rules.BIRTHDATE, quick.birthdates, rules.birthdate),
        "birthplace": Birthplaces(form),
        "presumed": few(rules.flags),
        "scheme": few(rules.scheme),
        "fund": few(label),
        "postal_code": many(f"(?:{rules.POSTAL_CODE})?", quick.optional_numbers, rules.postal_code),
        "iban": Distinct(
            f"(?:{ibans.PATTERN}|{ibans.KEPT})?",
            lambda texts, joined: printer.block(texts, joined, form.blob),
            lambda text: form.blob(printer.optional(text)),
        ),
        "iban_since": few(rules.optional_date),
        "parent": many(f"(?:{rules.NUMBER})?", quick.optional_numbers, rules.optional_number),
        "email": Distinct(
            f"(?:{bulk.EMAIL})?",
            quick.texts,
            lambda text: form.texts([rules.email(text).encode()])[0],
        ),
        "mobile": many(f"(?:{rules.MOBILE})?", quick.optional_numbers, rules.mobile),
    }


def _former(texts: Mapping[str, Sequence[bytes]]) -> Read:
    """What a person was called or numbered before, as (kind, value) pairs; few lines have any."""
    nirs, names = texts["former_nirs"], texts["former_names"]
    values: list[tuple[tuple[str, str], ...]] = [()] * len(nirs)
    read = Read(values)
    for index in _filled_at(nirs) | _filled_at(names):
        try:
            values[index] = rules.former(nirs[index].decode(), names[index].decode())
        except FieldError as fault:
            read.faults[index] = str(fault)
    return read


def _filled_at(texts: Sequence[bytes]) -> set[int]:
    return {index for index, text in enumerate(texts) if text} if any(texts) else set()


def _numbered(
    rows: Rows, former: Sequence[tuple[tuple[str, str], ...]]
) -> list[tuple[int, int, str, str]]:
    numbers, lines = rows.columns[0], rows.columns[LINE]
    return [
        (int(numbers[index]), int(lines[index]), kind, value)
        for index in compress(range(len(former)), former)
        for kind, value in former[index]
    ]


def _first_faults(read: Mapping[str, Read]) -> dict[int, tuple[str, str]]:
    """Index of a refused line -> (column, rule): the first rule it breaks, in column order."""
    faults: dict[int, tuple[str, str]] = {}
    for column, one in read.items():
        for index, rule in one.faults.items():
            faults.setdefault(index, (column, rule))
    return faults


def _refusals(block: Block, faults: Mapping[int, tuple[str, str]]) -> list[Refusal]:
    return [Refusal(block.lines[index], *faults[index]) for index in sorted(faults)]
