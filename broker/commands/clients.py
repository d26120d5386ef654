"""`passerelle client`: registering services and changing them while the broker runs."""

import json
from collections.abc import Callable
from typing import Any, BinaryIO

import click

from broker.audit.events import Event
from broker.commands.client_file import import_services
from broker.commands.client_options import service_options
from broker.commands.registering import (
    accepted,
    change,
    everyone,
    found,
    new_secret,
    new_service,
    proves_by_secret,
    register,
    shown,
    with_openid,
)
from broker.parts import Parts

Open = Callable[[], Parts]
_REFUSED = 1
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def client_group(open_parts: Open) -> click.Group:
    """The group; each command acts on the database of the settings."""

    @click.group()
    def client() -> None:
        """The services that may ask for a login."""

    for command in (_add, _show, _edit, _rotate, _disable, _import):
        client.add_command(command(open_parts))
    return client


def _add(open_parts: Open) -> click.Command:
    @click.command("add")
    @click.argument("name")
    @click.option("--client-id", help="Made up when left out.")
    @service_options
    @as_json
    def add(name: str, *, as_json: bool, **given: Any) -> None:
        """Register a service; its secret is shown this once."""
        parts = open_parts()
        settings = accepted(new_service({"name": name, **given}), parts)
        register(parts, settings)
        answer = {"client_id": settings.client_id}
        if settings.client_secret:
            answer["client_secret"] = settings.client_secret
        _tell(answer, as_json=as_json)

    return add


def _show(open_parts: Open) -> click.Command:
    @click.command("show")
    @click.argument("client_id", required=False)
    @as_json
    def show(client_id: str | None, *, as_json: bool) -> None:
        """What a service registered; without CLIENT_ID, a line for each service."""
        parts = open_parts()
        if client_id is not None:
            _tell(shown(found(parts, client_id).settings), as_json=as_json)
            return
        rows = [shown(one.settings) for one in everyone(parts)]
        lines = [f"{row['client_id']}  {row['name']}" for row in rows]
        click.echo(json.dumps(rows, indent=2) if as_json else "\n".join(lines))

    return show


def _edit(open_parts: Open) -> click.Command:
    @click.command("edit")
    @click.argument("client_id")
    @click.option("--name", help="What people read.")
    @click.option("--enable", is_flag=True, help="Open a disabled service again.")
    @service_options
    @as_json
    def edit(client_id: str, *, enable: bool, as_json: bool, **given: Any) -> None:
        """Change what is named and leave the rest; a list given replaces the one there was."""
        parts = open_parts()
        client = found(parts, client_id)
        opened = {"disabled": False} if enable else {}
        wanted = {**shown(client.settings), **with_openid(given), **opened}
        answer = {}
        if proves_by_secret(wanted) and client.secret_hash is None:
            answer["client_secret"] = wanted["client_secret"] = new_secret()
        settings = accepted(wanted, parts)
        change(parts, settings, Event.CLIENT_CHANGED)
        _tell(shown(settings) | answer, as_json=as_json)

    return edit


def _rotate(open_parts: Open) -> click.Command:
    @click.command("rotate-secret")
    @click.argument("client_id")
    @as_json
    def rotate(client_id: str, *, as_json: bool) -> None:
        """Give a service a new secret, shown this once; the old one is dead within seconds."""
        parts = open_parts()
        known = shown(found(parts, client_id).settings)
        if not proves_by_secret(known):
            raise click.ClickException(f"{client_id} proves who it is without a secret.")
        secret = new_secret()
        settings = accepted({**known, "client_secret": secret}, parts)
        change(parts, settings, Event.SECRET_ROTATED)
        _tell({"client_id": client_id, "client_secret": secret}, as_json=as_json)

    return rotate


def _disable(open_parts: Open) -> click.Command:
    @click.command("disable")
    @click.argument("client_id")
    @as_json
    def disable(client_id: str, *, as_json: bool) -> None:
        """Close a service: no login, no token, until `client edit --enable`."""
        parts = open_parts()
        settings = found(parts, client_id).settings.model_copy(update={"disabled": True})
        change(parts, settings, Event.CLIENT_CHANGED)
        _tell({"client_id": client_id, "disabled": True}, as_json=as_json)

    return disable


def _import(open_parts: Open) -> click.Command:
    @click.command("import")
    @click.argument("file", type=click.File("rb"))
    @click.option("--dry-run", is_flag=True, help="Check every line and write nothing.")
    @as_json
    def import_file(file: BinaryIO, *, dry_run: bool, as_json: bool) -> None:
        """
        Register the services of a CSV file; lists are separated by blanks.

        A refused line never stops the others: each is told with its number and its reason.
        """
        report = import_services(file, open_parts(), dry_run=dry_run)
        if as_json:
            click.echo(json.dumps(report, indent=2))
        else:
            _report(report)
        if report["refused"]:
            raise click.exceptions.Exit(_REFUSED)

    return import_file


def _report(report: dict[str, Any]) -> None:
    for one in report["added"]:
        click.echo("  ".join(one.values()))
    for one in report["refused"]:
        click.echo(f"line {one['line']}: {one['reason']}", err=True)
    done = "would be registered" if report["dry_run"] else "registered"
    click.echo(f"{len(report['added'])} {done}, {len(report['refused'])} refused.")


def _tell(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer, indent=2))
        return
    for name, value in answer.items():
        click.echo(f"{name}: {value if isinstance(value, str) else json.dumps(value)}")
