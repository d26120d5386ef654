"""`passerelle outbox`: the messages that were not sent yet, and sending them again."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import Engine

from broker.database import reading
from broker.insured.outbox import Waiting, try_again, waiting
from broker.parts import Parts

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
            rows = [_told(one) for one in waiting(connection)]
        if as_json:
            click.echo(json.dumps(rows, indent=2))
            return
        for row in rows:
            tries = f"{row['attempts']} tries"
            ahead = f"next {row['due_at']}" if row["due_at"] else "given up"
            parts = (f"{row['id']:>6}", f"{row['channel']:4}", row["message"], row["created_at"])
            click.echo("  ".join((*parts, tries, ahead)))
        if not rows:
            click.echo("Everything was sent.")

    return list_waiting


def _retry(open_parts: Open) -> click.Command:
    @click.command("retry")
    @click.argument("ids", type=int, nargs=-1)
    @click.option("--all", "everything", is_flag=True, help="Every message that waits.")
    @as_json
    def retry(ids: tuple[int, ...], *, everything: bool, as_json: bool) -> None:
        """Try again now, those that were given up too: by number, or --all."""
        if bool(ids) is everything:
            raise click.UsageError("Name the messages by number (see `outbox list`), or say --all.")
        parts = open_parts()
        with _insured(parts).begin() as tx:
            count = try_again(tx, parts.outside.clock(), None if everything else ids)
        told = f"{count} due now: the next round of upkeep sends them."
        click.echo(json.dumps({"due_now": count}) if as_json else told)

    return retry


def _insured(parts: Parts) -> Engine:
    if "insured" not in parts.engines:
        raise click.ClickException("This broker has no [insured] table: it writes to nobody.")
    return parts.engines["insured"]


def _told(one: Waiting) -> dict[str, Any]:
    moments = {"created_at": _iso(one.created_at), "due_at": one.due_at and _iso(one.due_at)}
    return {**asdict(one), **moments}


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
