"""
The keys of names, a block at a time.

Most names of a registry are plain capitals, whose comparable form is the name itself: their key
is computed in place. On tables of this size that is cheaper than remembering it, for a memory of
a hundred thousand names does not fit a processor's cache. All other names are asked of
`matching.keys`, and a test compares the two ways.
"""

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from broker.insured.matching.keys import name_key
from broker.insured.registry.fields import MOST_REMEMBERED, FieldError, Read, one_by_one
from broker.insured.registry.forms import Form
from broker.insured.registry.packing import BAR
from providers.identity import MAX_NAME, MalformedTraitError, folded_name

_SIGNED = 1 << 31
_BAR = BAR.encode()
# Two names that are written in full before they are compared.
_SHORTENED = frozenset((b"ST", b"STE"))


def key(text: str) -> int:
    """The key of one name; FieldError when it is none."""
    legible(text)
    return name_key(text)


def legible(text: str) -> str:
    """The name, when it can be read and compared; else FieldError."""
    if BAR in text:
        raise FieldError("holds a vertical bar")
    try:
        folded = folded_name(text, "")
    except MalformedTraitError as fault:
        raise FieldError(fault.rule) from fault
    if not any(map(str.isalpha, folded)):
        raise FieldError("is missing")
    return text


class NameKeys:
    """A column of names, read as their keys."""

    def __init__(self, form: Form) -> None:
        self._form = form

    def read(self, texts: Sequence[bytes]) -> Read:
        """Judge every field."""
        if texts and len(max(texts, key=len)) > MAX_NAME:
            return one_by_one(self._key, texts)
        try:
            return Read(
                self._form.numbers(
                    [
                        crc32(text) - _SIGNED
                        if text.isalpha() and text.isupper() and text not in _SHORTENED
                        else key(text.decode())
                        for text in texts
                    ]
                )
            )
        except FieldError:
            return one_by_one(self._key, texts)

    def _key(self, text: str) -> Any:
        return self._form.number(key(text))


class GivenNames:
    """
    A column of lists of first names, read as the key of the first; every name is judged.

    First names are few, so whatever was judged is remembered.
    """

    def __init__(self, form: Form) -> None:
        self._names = NameKeys(form)
        self._keys: dict[bytes, Any] = {}

    def read(self, texts: Sequence[bytes]) -> Read:
        """Judge every field."""
        if len(self._keys) > MOST_REMEMBERED:
            self._keys.clear()
        faults = self._learn(set(_BAR.join(texts).split(_BAR)))
        known = self._keys.get
        read = Read([known(text.partition(_BAR)[0]) for text in texts])
        if faults:
            for index, text in enumerate(texts):
                rule = next((faults[one] for one in text.split(_BAR) if one in faults), None)
                if rule:
                    read.faults[index] = rule
        return read

    def _learn(self, names: set[bytes]) -> dict[bytes, str]:
        """Judge the names that are new; those that are none, with the rule each breaks."""
        new = list(names.difference(self._keys))
        judged = self._names.read(new)
        faults = {new[index]: rule for index, rule in judged.faults.items()}
        self._keys.update(
            pair for pair in zip(new, judged.values, strict=True) if pair[0] not in faults
        )
        return faults


class OptionalNames:
    """A column of names that may be empty, read as they are."""

    def __init__(self, form: Form) -> None:
        self._form = form

    def read(self, texts: Sequence[bytes]) -> Read:
        """Judge every field."""
        faults = {}
        for index, text in enumerate(texts):
            if text and not (text.isalpha() and len(text) <= MAX_NAME):
                try:
                    legible(text.decode())
                except FieldError as fault:
                    faults[index] = str(fault)
        return Read(self._form.texts(texts), faults)
