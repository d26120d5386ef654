"""`passerelle provider`: closing an identity provider, and opening it, while the broker runs."""

import hmac
import json
from collections.abc import Callable
from typing import Any, TextIO

import click

from broker.commands.moments import iso
from broker.federation.directory import Entry
from broker.federation.switches import ProviderState
from broker.parts import Parts

Open = Callable[[], Parts]
_SOON = "every node knows within five seconds"


def provider_group(open_parts: Open) -> click.Group:
    """The group; each command acts on the database of the settings."""

    @click.group()
    def provider() -> None:
        """The identity providers people may choose."""

    for command in (_list, _disable, _enable, _trust):
        provider.add_command(command(open_parts))
    return provider


def _list(open_parts: Open) -> click.Command:
    @click.command("list")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    def list_providers(*, as_json: bool) -> None:
        """Show every provider, in the order of the page, and whether it is open."""
        parts = open_parts()
        states = parts.providers.switches.states()
        rows = [_told(parts, entry, states) for entry in parts.providers]
        lines = [f"{row['provider']:12} {row['state']:9} {row['label']}" for row in rows]
        click.echo(json.dumps(rows, indent=2) if as_json else "\n".join(lines))

    return list_providers


def _disable(open_parts: Open) -> click.Command:
    @click.command("disable")
    @click.argument("provider")
    def disable(provider: str) -> None:
        """Close a provider: nobody leaves for it or arrives from it; its sessions are no use."""
        parts = open_parts()
        _known(parts, provider)
        parts.providers.switches.close(provider, parts.journal)
        click.echo(f"{provider} is disabled; {_SOON}.")

    return disable


def _enable(open_parts: Open) -> click.Command:
    @click.command("enable")
    @click.argument("provider")
    def enable(provider: str) -> None:
        """Open a provider that was disabled here."""
        parts = open_parts()
        entry = _known(parts, provider)
        parts.providers.switches.open(provider, parts.journal)
        if entry.settings.disabled:
            raise click.ClickException(f"The settings disable {provider}: open it there as well.")
        if parts.providers.switches.moved(provider):
            trust = f"passerelle provider trust {provider}"
            raise click.ClickException(f"Its addresses changed: see `{trust}`.")
        click.echo(f"{provider} is enabled; {_SOON}.")

    return enable


def _trust(open_parts: Open) -> click.Command:
    @click.command("trust")
    @click.argument("provider")
    @click.option(
        "--secret-file",
        type=click.File(encoding="utf-8"),
        help="Read the secret here instead of asking for it.",
    )
    def trust(provider: str, secret_file: TextIO | None) -> None:
        """
        Agree that the secret of a provider goes to its addresses in the settings.

        Wanted once after an address changed while the secret stayed; until then the provider is
        closed. The secret proves that whoever changed the address may know it.
        """
        parts = open_parts()
        entry = _known(parts, provider)
        given = secret_file.read().strip() if secret_file else _asked()
        if not any(_same(given, secret) for secret in entry.settings.secrets.values()):
            raise click.ClickException(f"This is no secret of {provider}; nothing was changed.")
        parts.providers.switches.trust(provider, parts.journal)
        click.echo(f"{provider} is trusted at its new addresses; {_SOON}.")

    return trust


def _asked() -> str:
    return str(click.prompt("Secret (or key) of the provider", hide_input=True))


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(), secret.strip().encode())


def _known(parts: Parts, provider: str) -> Entry:
    entry = parts.providers.find(provider)
    if entry is None:
        known = ", ".join(one.settings.id for one in parts.providers)
        raise click.ClickException(f"No provider is called {provider}. Known ones: {known}.")
    return entry


def _told(parts: Parts, entry: Entry, states: dict[str, ProviderState]) -> dict[str, Any]:
    settings = entry.settings
    state = states.get(settings.id, ProviderState())
    return {
        "provider": settings.id,
        "label": settings.label,
        "state": _word(parts, entry, state),
        "disabled_at": iso(state.disabled_at),
        "hidden": settings.hidden,
        "beta": settings.beta,
        "levels": sorted(settings.levels),
    }


def _word(parts: Parts, entry: Entry, state: ProviderState) -> str:
    """`open`; `disabled`, here or in config.toml; `moved`, until its new addresses are trusted."""
    if entry.settings.disabled or state.disabled_at is not None:
        return "disabled"
    return "moved" if parts.providers.switches.moved(entry.settings.id) else "open"
