"""Files of a registry, and an importer that reads them."""

import csv
import gzip
import io
import time
from datetime import date

import pytest

from broker.insured.registry.columns import HEADER
from broker.insured.registry.generate import persons
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.importing import Importer, ImportOrder

PRINTER = IbanPrinter(b"k" * 32)
CLEAN = list(persons(400, 36, date(2026, 3, 1)))
"""Lines that no rule refuses."""


def as_csv(lines, header=HEADER):
    """The text of a file with these lines."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue()


@pytest.fixture
def write(tmp_path):
    """Write a file: lines, or raw bytes after the header; compressed when the name says so."""

    def one(*lines, name="registry.csv", raw=b""):
        data = as_csv(lines).encode() + raw
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return one


@pytest.fixture
def load(sealer, tmp_path):
    """Import a file into the registry of an engine; returns the result and the report's rows."""

    def one(engine, path, progress=lambda *_: None, clock=time.time, **order):
        report = tmp_path / "report.csv"
        importer = Importer(engine, sealer, clock, progress)
        result = importer.run(ImportOrder(path, report, **order))
        with report.open(encoding="utf-8", newline="") as file:
            return result, list(csv.reader(file))[1:]

    return one
