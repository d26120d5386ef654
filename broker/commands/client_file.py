"""
Reading services from a CSV file: one line, one service; the columns are those of `[clients.<id>]`.

Lists are separated by blanks, `jwks` is JSON. The file is UTF-8, with or without the mark that
spreadsheets put in front, separated by commas or semicolons.
"""

import csv
import json
from collections.abc import Iterator
from typing import Any, TextIO

import click

from broker.commands.registering import accepted, everyone, new_service, register
from broker.parts import Parts
from broker.settings.clients import ClientSettings

Line = dict[str, Any]
_LISTS = frozenset(
    name for name, field in ClientSettings.model_fields.items() if "tuple" in str(field.annotation)
)


def import_services(file: TextIO, parts: Parts, *, dry_run: bool) -> dict[str, Any]:
    """
    Register every line that can be; with `dry_run` write nothing.

    Returns `added` (client_id, and client_secret where one was made up) and `refused` (line,
    reason). A refused line never stops the others; ClickException when the file itself is none.
    """
    taken = {client.client_id for client in everyone(parts)}
    added: list[Line] = []
    refused: list[Line] = []
    for number, line in _lines(file):
        try:
            added.append(_added(line, parts, taken, dry_run=dry_run))
        except click.ClickException as refusal:
            refused.append({"line": number, "reason": refusal.message})
    return {"added": added, "refused": refused, "dry_run": dry_run}


def _added(line: dict[str | None, Any], parts: Parts, taken: set[str], *, dry_run: bool) -> Line:
    given = dict(_columns(line))
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


def _lines(file: TextIO) -> Iterator[tuple[int, dict[str | None, Any]]]:
    """Each line with its number in the file."""
    try:
        text = file.read()
    except UnicodeDecodeError as fault:
        raise click.ClickException(f"the file is not UTF-8: {fault.reason}") from None
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows = csv.DictReader(text.splitlines(), delimiter=delimiter, strict=True)
    try:
        _check_columns(rows.fieldnames or ())
        for row in rows:
            yield rows.line_num, row
    except csv.Error as fault:
        raise click.ClickException(f"line {rows.line_num} is not CSV: {fault}") from None


def _check_columns(names: Any) -> None:
    if "name" not in names or "redirect_uris" not in names:
        raise click.ClickException("the first line must name the columns name and redirect_uris")
    unknown = [name for name in names if name not in ClientSettings.model_fields]
    if unknown:
        known = ", ".join(ClientSettings.model_fields)
        raise click.ClickException(f"unknown columns: {', '.join(unknown)}; there are: {known}")


def _columns(line: dict[str | None, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in line.items():
        if name is None:
            raise click.ClickException("there are more values than columns")
        if value:
            yield name, _read(name, value)


def _read(name: str, value: str) -> Any:
    if name in _LISTS:
        return value.split()
    if name != "jwks":
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise click.ClickException("jwks: is not JSON") from None
