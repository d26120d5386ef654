"""
The forms in which the two drivers take values quickest.

SQLite binds numbers and texts. COPY reads bytes, and most fields already stand in the file as it
wants them: these are never made into numbers and back, which costs more than all the rest.
"""

from binascii import hexlify
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

NO_NUMBER = -1
"""What a number reads that the file leaves out; a text reads empty. Builders store neither."""


class Form(Protocol):
    """One way of handing over values; fields come as the bytes of the file."""

    def number(self, value: int) -> Any:
        """A number, or NO_NUMBER."""

    def numbers(self, values: Iterable[int]) -> Sequence[Any]:
        """A column of numbers, none of them left out."""

    def digits(self, texts: Sequence[bytes]) -> Sequence[Any]:
        """A column of fields that are digits."""

    def digits_or_nothing(self, texts: Sequence[bytes]) -> Sequence[Any]:
        """A column of fields that are empty or digits, behind a plus sign or not."""

    def heads(self, texts: Sequence[bytes], values: Sequence[int]) -> list[Any]:
        """A column of fields that are 15 digits (`values` as numbers), the last two left out."""

    def texts(self, texts: Sequence[bytes]) -> Sequence[Any]:
        """A column of texts."""

    def blob(self, data: bytes) -> Any:
        """Bytes, or nothing where they are empty."""


class Bound:
    """For `execute` of sqlite3, which copes best with int, str and bytearray."""

    def number(self, value: int) -> int:
        """A number, or NO_NUMBER."""
        return value

    def numbers(self, values: Iterable[int]) -> Sequence[int]:
        """A column of numbers, none of them left out."""
        return values if isinstance(values, Sequence) else list(values)

    def digits(self, texts: Sequence[bytes]) -> list[int]:
        """A column of fields that are digits."""
        return list(map(int, texts))

    def digits_or_nothing(self, texts: Sequence[bytes]) -> list[int]:
        """A column of fields that are empty or digits, behind a plus sign or not."""
        return [int(text) if text else NO_NUMBER for text in texts]

    def heads(self, _: Sequence[bytes], values: Sequence[int]) -> list[Any]:
        """A column of fields that are 15 digits (`values` as numbers), the last two left out."""
        return [value // 100 for value in values]

    def texts(self, texts: Sequence[bytes]) -> list[str]:
        """A column of texts."""
        # No field holds a line break, and one call decodes them all.
        return b"\n".join(texts).decode().split("\n") if texts else []

    def blob(self, data: bytes) -> bytearray:
        """Bytes, or nothing where they are empty."""
        return bytearray(data)


class Copied:
    """For the text format of COPY with an empty field for NULL."""

    def number(self, value: int) -> bytes:
        """A number, or NO_NUMBER."""
        return b"" if value == NO_NUMBER else b"%d" % value

    def numbers(self, values: Iterable[int]) -> list[bytes]:
        """A column of numbers, none of them left out."""
        return [b"%d" % value for value in values]

    def digits(self, texts: Sequence[bytes]) -> Sequence[bytes]:
        """A column of fields that are digits."""
        return texts

    def digits_or_nothing(self, texts: Sequence[bytes]) -> Sequence[bytes]:
        """A column of fields that are empty or digits, behind a plus sign or not."""
        return texts

    def heads(self, texts: Sequence[bytes], _: Sequence[int]) -> list[Any]:
        """A column of fields that are 15 digits (`values` as numbers), the last two left out."""
        return [text[:-2] for text in texts]

    def texts(self, texts: Sequence[bytes]) -> Sequence[bytes]:
        """A column of texts; COPY takes a backslash for more than it is."""
        if b"\\" not in b"".join(texts):
            return texts
        return [text.replace(b"\\", b"\\\\") for text in texts]

    def blob(self, data: bytes) -> bytes:
        """Bytes, or nothing where they are empty."""
        return b"\\\\x" + hexlify(data) if data else b""


BOUND, COPIED = Bound(), Copied()
