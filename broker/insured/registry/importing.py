"""
Imports a file: a new registry is built beside the one in service and takes its place when all
went well; anything else leaves the old one serving.

An import that was killed is taken up where it last committed, when the file is still the same;
what was read before is passed over.
"""

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from broker.insured.accounts.protected import nir_of
from broker.insured.registry.blocks import Cutter, OpenFile
from broker.insured.registry.building import Builder
from broker.insured.registry.continuity import Continuity, continuity_of
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.loading import Loading, Tally, new_parser
from broker.insured.registry.report import Report
from broker.insured.registry.store import builder_of
from broker.insured.registry.tables import LAYOUT
from broker.sealing import Sealer
from providers.identity import latest_day

CHECKPOINT_LINES = 500_000
"""Lines between two commits, hence the most that a killed import reads again."""

LOST_AT_MOST = 0.01
"""The share of accounts that may lose their person before an import is refused."""

_FINGERPRINTED = 1 << 20

Progress = Callable[[int, int, Tally], None]
"""Hears (bytes read, bytes in all, tally) after every block."""


class AccountsLostError(RuntimeError):
    """Too many accounts would lose their person: this file is no successor of the registry."""

    def __init__(self, continuity: Continuity) -> None:
        super().__init__(
            f"{continuity.lost} of {continuity.accounts} accounts would not find their person again"
        )
        self.continuity = continuity


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to import: `dry` only reports; `force` accepts that accounts lose their person."""

    file: Path
    report: Path
    dry: bool = False
    force: bool = False
    checkpoint_lines: int = CHECKPOINT_LINES


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How it went; `resumed_at` is the line where a killed import was taken up, or None."""

    tally: Tally
    continuity: Continuity
    published: bool
    resumed_at: int | None = None


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports into the registry of `engine`; `clock` gives Unix seconds."""

    engine: Engine
    sealer: Sealer
    clock: Callable[[], float]
    progress: Progress

    def run(self, order: ImportOrder) -> ImportResult:
        """
        Import the file. HeaderError, TruncatedError, AlreadyBuildingError, AccountsLostError and
        the errors of the disk leave the registry in service as it was.
        """
        with (
            _uncollected(),
            builder_of(self.engine) as builder,
            OpenFile(order.file) as file,
            closing(_Work(self, order, builder, file)) as work,
        ):
            work.read()
            return work.end()


@contextmanager
def _uncollected() -> Iterator[None]:
    """
    Looks for no cycles meanwhile: blocks hold none, and a look at all their fields every few
    thousand lines takes a twentieth of an import.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Work:
    """One import under way: what a checkpoint keeps, and what comes after the last block."""

    def __init__(
        self, importer: Importer, order: ImportOrder, builder: Builder, file: OpenFile
    ) -> None:
        printer = IbanPrinter.of(importer.sealer)
        self._importer, self._order, self._builder, self._file = importer, order, builder, file
        self._source = _fingerprint(order.file, printer)
        state = builder.resume() or {}
        if state.get("source") != self._source:
            state = {}
        self._resumed_at: int | None = state.get("line")
        self._cutter = Cutter(file.stream, state.get("position", 0), state.get("line", 0))
        if not state:
            builder.start()
        self._report = Report(order.report, state.get("report", 0))
        tally = Tally(state.get("lines", 0), state.get("refused", 0))
        parser = new_parser(printer, state.get("labels"), latest_day(importer.clock()))
        self._loading = Loading(builder, parser, self._report.add, tally)

    def read(self) -> None:
        """Every block, with a checkpoint now and then and one at the end."""
        tally = self._loading.tally
        noted = tally.lines
        for cut in self._cutter:
            self._loading.take(cut)
            if tally.lines >= noted + self._order.checkpoint_lines:
                self._builder.checkpoint(self._state())
                noted = tally.lines
            self._importer.progress(self._file.done(), self._file.size, tally)
        self._builder.checkpoint(self._state())

    def end(self) -> ImportResult:
        """Indexes, duplicates, the accounts; then the new registry serves, or nothing changes."""
        importer, tally = self._importer, self._loading.tally
        facts = {"source": self._order.file.name, "built_at": str(int(importer.clock()))}
        self._loading.refuse(self._builder.finish(self._loading.parser.labels, facts))
        nirs = nir_of(importer.sealer)
        continuity = continuity_of(importer.engine, self._builder, nirs)
        if self._order.dry:
            self._builder.discard()
        elif continuity.lost > LOST_AT_MOST * continuity.accounts and not self._order.force:
            raise AccountsLostError(continuity)
        else:
            self._builder.publish()
        return ImportResult(tally, continuity, not self._order.dry, self._resumed_at)

    def close(self) -> None:
        """The report is on disk, however it ended."""
        self._report.close()

    def _state(self) -> dict[str, Any]:
        tally = self._loading.tally
        return {
            "source": self._source,
            "position": self._cutter.position,
            "line": self._cutter.line,
            "lines": tally.lines,
            "refused": tally.refused,
            "report": self._report.position(),
            "labels": self._loading.parser.labels,
        }


def _fingerprint(path: Path, printer: IbanPrinter) -> str:
    """What makes this import the same as one that was killed: the file, the layout, the key."""
    status = path.stat()
    digest = hashlib.sha256(f"{LAYOUT} {status.st_size} {status.st_mtime_ns} ".encode())
    digest.update(printer.of_valid(""))
    with path.open("rb") as file:
        digest.update(file.read(_FINGERPRINTED))
    return digest.hexdigest()
