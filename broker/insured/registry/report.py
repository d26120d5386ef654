"""The report of an import: every refused line with its number, the column and the rule."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from broker.insured.registry.rows import Refusal

HEADER = ("line", "column", "rule")


class Report:
    """
    A CSV file written as the import goes; it never repeats a field, so it may be sent around.

    `position` is how many bytes are safely written: a resumed import cuts the rest off.
    """

    def __init__(self, path: Path, position: int = 0) -> None:
        self._file: TextIO = path.open("r+" if position else "w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        if position:
            self._file.seek(position)
            self._file.truncate()
        else:
            self._writer.writerow(HEADER)

    def add(self, refusals: Iterable[Refusal]) -> None:
        """Write refused lines."""
        self._writer.writerows((one.line, one.column, one.rule) for one in refusals)

    def position(self) -> int:
        """Everything so far, in the file."""
        self._file.flush()
        return self._file.tell()

    def close(self) -> None:
        """The report is complete."""
        self._file.close()
