"""
Reading services from a CSV file: one line, one service; the columns are those of `[clients.<id>]`.

Lists are separated by blanks, `jwks` is JSON. The file is UTF-8, with or without the mark that
spreadsheets put in front, separated by commas or semicolons. A value in quotes may hold line
breaks; its service bears the number of the line where it begins.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import click

from broker.commands.registering import accepted, everyone, new_service, register
from broker.parts import Parts
from broker.settings.clients import ClientSettings

Line = dict[str, Any]
_LISTS = frozenset(
    name for name, field in ClientSettings.model_fields.items() if "tuple" in str(field.annotation)
)
_MARK = b"\xef\xbb\xbf"
# How bytes that are no UTF-8 are kept, so that one of them spoils its own line alone.
_NO_TEXT = re.compile(r"[\udc80-\udcff]")
_MOST_SHOWN = 40


def import_services(file: BinaryIO, parts: Parts, *, dry_run: bool) -> dict[str, Any]:
    """
    Register every line that can be; with `dry_run` write nothing.

    Returns `added` (client_id, and client_secret where one was made up) and `refused` (line,
    reason). A refused line never stops the others; ClickException when the file itself is none.
    """
    taken = {client.client_id for client in everyone(parts)}
    added: list[Line] = []
    refused: list[Line] = []
    records = _records(file.read())
    names = _columns_named(records)
    for number, record in records:
        try:
            added.append(_added(_given(names, record), parts, taken, dry_run=dry_run))
        except click.ClickException as refusal:
            refused.append({"line": number, "reason": refusal.message})
    return {"added": added, "refused": refused, "dry_run": dry_run}


def _added(given: Line, parts: Parts, taken: set[str], *, dry_run: bool) -> Line:
    settings = accepted(new_service(given), parts)
    if settings.client_id in taken:
        raise click.ClickException(f"{settings.client_id} is registered already.")
    taken.add(settings.client_id)
    told = {"client_id": settings.client_id}
    if not dry_run:
        register(parts, settings)
        if settings.client_secret and "client_secret" not in given:
            told["client_secret"] = settings.client_secret
    return told


Record = list[str] | click.ClickException


def _records(content: bytes) -> Iterator[tuple[int, Record]]:
    """Each record with the number of its first line; a refusal in place of one that is no CSV."""
    text = content.removeprefix(_MARK).decode("utf-8", "surrogateescape")
    lines = list(io.StringIO(text, newline=""))
    first = lines[0] if lines else ""
    delimiter = ";" if first.count(";") > first.count(",") else ","
    at = 0
    while at < len(lines):
        reader = csv.reader(_from(lines, at), delimiter=delimiter, strict=True)
        begun = at
        try:
            for record in reader:
                if record:
                    yield begun + 1, record
                begun = at + reader.line_num
        except csv.Error as fault:
            yield begun + 1, click.ClickException(f"is not CSV: {fault}")
            # A quote that is never closed must not take the lines below with it.
            at = begun + 1
        else:
            at = len(lines)


def _from(lines: Sequence[str], at: int) -> Iterator[str]:
    for number in range(at, len(lines)):
        yield lines[number]


def _columns_named(records: Iterator[tuple[int, Record]]) -> list[str]:
    """The first line; ClickException, in one sentence, unless it names columns there are, once."""
    _, names = next(records, (1, []))
    if isinstance(names, click.ClickException):
        raise click.ClickException(f"the first line {names.message}")
    if "name" not in names or "redirect_uris" not in names:
        raise click.ClickException("the first line must name the columns name and redirect_uris")
    unknown = [name for name in names if name not in ClientSettings.model_fields]
    twice = [name for name, count in Counter(names).items() if count > 1]
    faults = [f"columns named twice: {_shown(twice)}"] if twice else []
    if unknown:
        known = ", ".join(ClientSettings.model_fields)
        faults.append(f"unknown columns: {_shown(unknown)}; there are: {known}")
    if faults:
        raise click.ClickException("; ".join(faults))
    return names


def _shown(names: list[str]) -> str:
    """A first line may be anything: no more of it is told than a terminal can take."""
    shown = [name if name.isprintable() else ascii(name) for name in names[:_MOST_SHOWN]]
    return ", ".join(name[:_MOST_SHOWN] for name in shown)


def _given(names: list[str], record: Record) -> Line:
    """The values of one record by column, those left empty not at all."""
    if isinstance(record, click.ClickException):
        raise record
    if any(_NO_TEXT.search(value) for value in record):
        raise click.ClickException("is not UTF-8")
    if len(record) > len(names):
        raise click.ClickException("there are more values than columns")
    filled = zip(names, record, strict=False)
    return {name: _read(name, value) for name, value in filled if value}


def _read(name: str, value: str) -> Any:
    if name in _LISTS:
        return value.split()
    if name != "jwks":
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise click.ClickException("jwks: is not JSON") from None
