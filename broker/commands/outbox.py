"""`passerelle outbox`: the messages that were not sent yet, and sending them again."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy import Engine

from broker.commands.moments import iso, moment
from broker.database import reading
from broker.insured.outbox import Waiting, try_again, waiting
from broker.parts import Parts

_NOTHING = "Everything was sent."
_MOST = 2**63 - 1  # the largest number a database takes
Open = Callable[[], Parts]
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def outbox_group(open_parts: Open) -> click.Group:
    """The group; who receives a message and what it says are never shown."""

    @click.group()
    def outbox() -> None:
        """Mails and text messages that were not sent yet."""

    for command in (_list, _retry):
        outbox.add_command(command(open_parts))
    return outbox


def _list(open_parts: Open) -> click.Command:
    @click.command("list")
    @as_json
    def list_waiting(*, as_json: bool) -> None:
        """Show what waits: which letter, since when, how many tries, when the next one is."""
        with reading(_insured(open_parts())) as connection:
            found = waiting(connection)
        if as_json:
            click.echo(json.dumps([_told(one) for one in found], indent=2))
            return
        for one in found:
            tries = "1 try" if one.attempts == 1 else f"{one.attempts} tries"
            ahead = f"next {moment(one.due_at)}" if one.due_at else "given up"
            parts = (f"{one.id:>6}", f"{one.channel:4}", one.message, moment(one.created_at))
            click.echo("  ".join((*parts, tries, ahead)))
        if not found:
            click.echo(_NOTHING)

    return list_waiting


def _retry(open_parts: Open) -> click.Command:
    @click.command("retry")
    @click.argument("ids", type=click.IntRange(1, _MOST), nargs=-1)
    @click.option("--all", "everything", is_flag=True, help="Every message that waits.")
    @as_json
    def retry(ids: tuple[int, ...], *, everything: bool, as_json: bool) -> None:
        """Try again now, those that were given up too: by number, or --all."""
        if bool(ids) is everything:
            raise click.UsageError(
                "Name the messages by number (see `passerelle outbox list`), or say --all."
            )
        parts = open_parts()
        with _insured(parts).begin() as tx:
            count = try_again(tx, parts.outside.clock(), None if everything else ids)
        if ids and not count:
            told = ", ".join(map(str, ids))
            raise click.ClickException(
                f"No message waits under {told}: see `passerelle outbox list`."
            )
        told = f"{count} due now: the next round of upkeep sends them." if count else _NOTHING
        click.echo(json.dumps({"due_now": count}) if as_json else told)

    return retry


def _insured(parts: Parts) -> Engine:
    if "insured" not in parts.engines:
        raise click.ClickException("This broker has no [insured] table: it writes to nobody.")
    return parts.engines["insured"]


def _told(one: Waiting) -> dict[str, Any]:
    return {**asdict(one), "created_at": iso(one.created_at), "due_at": iso(one.due_at)}
