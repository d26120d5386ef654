"""
Registering a service: what an operator asked for, judged as the settings of a file would be.

A refusal is a sentence that names the field and the rule, and nothing is written.
"""

import secrets
from collections.abc import Mapping
from typing import Any

import click
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from broker.audit.events import Event
from broker.clients import store
from broker.clients.client import Client
from broker.database import reading
from broker.parts import Parts
from broker.settings.client_rules import client_problems
from broker.settings.clients import ClientSettings

_SECRET_BYTES = 32
_ID_BYTES = 16
_RULES = {
    "name": "must have 1 to 120 characters",
    "client_id": "must have 3 to 255 letters, digits or any of . _ ~ -",
    "redirect_uris": "is required: where are codes sent?",
}


def new_secret() -> str:
    """A client secret nobody can guess, 43 characters."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def new_service(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """`wanted` with what is made up for a new service: its id, its secret, the scope `openid`."""
    full = {"client_id": secrets.token_hex(_ID_BYTES), **with_openid({"scopes": (), **wanted})}
    if proves_by_secret(full) and not full.get("client_secret"):
        full["client_secret"] = new_secret()
    return full


def with_openid(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """`wanted` with the scope `openid` among its scopes, where it names any."""
    if "scopes" not in wanted:
        return dict(wanted)
    return {**wanted, "scopes": sorted({"openid", *wanted["scopes"]})}


def proves_by_secret(wanted: Mapping[str, Any]) -> bool:
    """Whether this service authenticates with a secret that both sides know."""
    return str(wanted.get("client_auth", "client_secret_basic")).startswith("client_secret")


class ServiceRefusedError(click.ClickException):
    """What was said of a service breaks a rule; ends with 2, as an option that is none does."""

    exit_code = 2


def accepted(wanted: Mapping[str, Any], parts: Parts) -> ClientSettings:
    """The settings of the service; ServiceRefusedError with everything that is wrong with them."""
    try:
        settings = ClientSettings.model_validate(wanted)
    except ValidationError as fault:
        raise ServiceRefusedError("; ".join(map(_told, fault.errors()))) from None
    faults = list(client_problems(settings, "", parts.settings.known))
    if faults:
        raise ServiceRefusedError("; ".join(faults))
    return settings


def _told(fault: Any) -> str:
    """One fault of pydantic, in the words of the other refusals."""
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    field = ".".join(map(str, fault["loc"]))
    return f"{field}: {_RULES.get(field) or fault['msg'][:1].lower() + fault['msg'][1:]}"


def found(parts: Parts, client_id: str) -> Client:
    """The service of that id, disabled or not; ClickException when there is none."""
    with reading(parts.engines["broker"]) as connection:
        stored = store.find(connection, client_id)
    declared = {one.client_id: one for one in parts.clients.declared()}
    client = stored or declared.get(client_id)
    if client is None:
        raise click.ClickException(
            f"No service is called {client_id}: see `passerelle client show`."
        )
    return client


def everyone(parts: Parts) -> list[Client]:
    """Every service, those of the settings first."""
    with reading(parts.engines["broker"]) as connection:
        return [*parts.clients.declared(), *store.everyone(connection)]


def register(parts: Parts, settings: ClientSettings) -> None:
    """Store a new service; ServiceRefusedError when its id is taken."""
    if parts.clients.is_declared(settings.client_id):
        raise ServiceRefusedError(f"{settings.client_id} is declared in the settings already.")
    try:
        with parts.engines["broker"].begin() as tx:
            store.add(tx, settings, parts.outside.clock())
            parts.journal.write(tx, Event.CLIENT_ADDED, client_id=settings.client_id)
    except IntegrityError:
        raise ServiceRefusedError(f"{settings.client_id} is registered already.") from None


def change(parts: Parts, settings: ClientSettings, event: Event) -> None:
    """Replace what a service registered; ClickException for one of the settings."""
    with parts.engines["broker"].begin() as tx:
        if not store.change(tx, settings, parts.outside.clock()):
            raise click.ClickException(
                f"{settings.client_id} is declared in the settings: change it there."
            )
        parts.journal.write(tx, event, client_id=settings.client_id)


def shown(settings: ClientSettings) -> dict[str, Any]:
    """What a service registered, as JSON takes it; never its secret."""
    dumped: dict[str, Any] = settings.model_dump(
        mode="json", exclude={"client_secret"}, exclude_defaults=True
    )
    return dumped
