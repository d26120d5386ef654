"""`passerelle client`: registering services and changing them while the broker runs."""

import csv
import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any, TextIO

import click
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from broker.audit.events import Event
from broker.client_settings import ClientSettings, address_problems
from broker.clients import store
from broker.clients.client import Client
from broker.database import reading
from broker.parts import Parts

Open = Callable[[], Parts]
_SECRET_BYTES = 32
_LISTS = ("redirect_uris", "post_logout_redirect_uris", "scopes", "cors_origins")
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


def _options(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--redirect-uri", "redirect_uris", multiple=True),
            click.option("--post-logout-redirect-uri", "post_logout_redirect_uris", multiple=True),
            click.option("--backchannel-logout-uri"),
            click.option("--auth-method", "client_auth"),
            click.option("--profile"),
            click.option("--scope", "scopes", multiple=True),
            click.option("--consent"),
            click.option("--home-url"),
            click.option("--jwks-uri"),
            click.option("--sector-identifier"),
            click.option("--cors-origin", "cors_origins", multiple=True),
        )
    ):
        command = option(command)
    return command


def _add(open_parts: Open) -> click.Command:
    @click.command("add")
    @click.argument("name")
    @click.option("--client-id", help="Made up when left out.")
    @_options
    @as_json
    def add(name: str, client_id: str | None, *, as_json: bool, **given: Any) -> None:
        """Register a service; its secret is shown this once."""
        parts = open_parts()
        wanted = {"name": name, "client_id": client_id or secrets.token_hex(16), **_given(given)}
        if wanted.get("client_auth", "client_secret_basic").startswith("client_secret"):
            wanted["client_secret"] = secrets.token_urlsafe(_SECRET_BYTES)
        wanted["scopes"] = sorted({"openid", *wanted.get("scopes", ())})
        settings = _accepted(wanted, parts)
        _store(parts, settings)
        shown = {"client_id": settings.client_id, "client_secret": settings.client_secret}
        _tell({k: v for k, v in shown.items() if v}, as_json=as_json)

    return add


def _show(open_parts: Open) -> click.Command:
    @click.command("show")
    @click.argument("client_id", required=False)
    @as_json
    def show(client_id: str | None, *, as_json: bool) -> None:
        """What a service registered; without CLIENT_ID, a line for each service."""
        parts = open_parts()
        if client_id is not None:
            _tell(_registered(_found(parts, client_id)), as_json=as_json)
            return
        with reading(parts.engines["broker"]) as connection:
            everyone = [*parts.clients.declared(), *store.everyone(connection)]
        rows = [_registered(one) for one in everyone]
        if as_json:
            click.echo(json.dumps(rows, indent=2))
            return
        for row in rows:
            click.echo(f"{row['client_id']}  {row['name']}")

    return show


def _edit(open_parts: Open) -> click.Command:
    @click.command("edit")
    @click.argument("client_id")
    @click.option("--name")
    @click.option("--enable", is_flag=True, help="Open a disabled service again.")
    @_options
    @as_json
    def edit(client_id: str, *, enable: bool, as_json: bool, **given: Any) -> None:
        """Change what is named and leave the rest."""
        parts = open_parts()
        before = _registered(_found(parts, client_id))
        changes = _given(given) | ({"disabled": False} if enable else {})
        settings = _accepted({**before, **changes}, parts)
        _change(parts, settings, Event.CLIENT_CHANGED)
        _tell(_dumped(settings), as_json=as_json)

    return edit


def _rotate(open_parts: Open) -> click.Command:
    @click.command("rotate-secret")
    @click.argument("client_id")
    @as_json
    def rotate(client_id: str, *, as_json: bool) -> None:
        """Give a service a new secret, shown this once; the old one is dead within seconds."""
        parts = open_parts()
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        known = _registered(_found(parts, client_id))
        settings = _accepted({**known, "client_secret": secret}, parts)
        _change(parts, settings, Event.SECRET_ROTATED)
        _tell({"client_id": client_id, "client_secret": secret}, as_json=as_json)

    return rotate


def _disable(open_parts: Open) -> click.Command:
    @click.command("disable")
    @click.argument("client_id")
    def disable(client_id: str) -> None:
        """Close a service: no login, no token, until `client edit --enable`."""
        parts = open_parts()
        known = _registered(_found(parts, client_id))
        _change(parts, _accepted({**known, "disabled": True}, parts), Event.CLIENT_CHANGED)
        click.echo(f"{client_id} is disabled.")

    return disable


def _import(open_parts: Open) -> click.Command:
    @click.command("import")
    @click.argument("file", type=click.File(encoding="utf-8"))
    @click.option("--dry-run", is_flag=True, help="Check every line and write nothing.")
    @as_json
    def import_file(file: TextIO, *, dry_run: bool, as_json: bool) -> None:
        """
        Register the services of a CSV file; lists are separated by blanks.

        A refused line never stops the others: each is told with its number and its reason.
        """
        parts = open_parts()
        added, refused = [], []
        for number, line in enumerate(csv.DictReader(file), 2):
            try:
                settings = _accepted(dict(_columns(line)), parts)
                if not dry_run:
                    _store(parts, settings)
                added.append(settings.client_id)
            except click.ClickException as refusal:
                refused.append({"line": number, "reason": refusal.message})
        _tell({"added": added, "refused": refused, "dry_run": dry_run}, as_json=as_json)
        if refused:
            raise click.exceptions.Exit(_REFUSED)

    return import_file


def _columns(line: dict[str | None, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in line.items():
        if name is None:
            raise click.ClickException("there are more values than columns")
        if value:
            yield name, value.split() if name in _LISTS else value


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in (None, ())}


def _accepted(wanted: dict[str, Any], parts: Parts) -> ClientSettings:
    try:
        settings = ClientSettings.model_validate(wanted)
    except ValidationError as fault:
        told = (f"{'.'.join(map(str, e['loc'])) or 'client'}: {e['msg']}" for e in fault.errors())
        raise click.ClickException("; ".join(told)) from None
    faults = list(address_problems(settings, settings.name, production=parts.settings.production))
    if faults:
        raise click.ClickException("; ".join(faults))
    return settings


def _store(parts: Parts, settings: ClientSettings) -> None:
    if parts.clients.is_declared(settings.client_id):
        raise click.ClickException(f"{settings.client_id} is declared in config.toml already.")
    try:
        with parts.engines["broker"].begin() as tx:
            store.add(tx, settings, parts.outside.clock())
            parts.journal.write(tx, Event.CLIENT_ADDED, client_id=settings.client_id)
    except IntegrityError:
        raise click.ClickException(f"{settings.client_id} is registered already.") from None


def _change(parts: Parts, settings: ClientSettings, event: Event) -> None:
    with parts.engines["broker"].begin() as tx:
        if not store.change(tx, settings, parts.outside.clock()):
            raise click.ClickException(
                f"{settings.client_id} is declared in config.toml: change it there."
            )
        parts.journal.write(tx, event, client_id=settings.client_id)


def _found(parts: Parts, client_id: str) -> Client:
    with reading(parts.engines["broker"]) as connection:
        found = store.find(connection, client_id)
    declared = {one.client_id: one for one in parts.clients.declared()}
    client = found or declared.get(client_id)
    if client is None:
        raise click.ClickException(f"No service is called {client_id}: see `client show`.")
    return client


def _registered(client: Client) -> dict[str, Any]:
    return _dumped(client.settings)


def _dumped(settings: ClientSettings) -> dict[str, Any]:
    dumped: dict[str, Any] = settings.model_dump(
        mode="json", exclude={"client_secret"}, exclude_defaults=True
    )
    return dumped


def _tell(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer, indent=2))
        return
    for name, value in answer.items():
        click.echo(f"{name}: {value if isinstance(value, str) else json.dumps(value)}")
