"""What an operator does to a running broker: keys, services, persons, the journal, retention."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import click

from broker.audit.journal import seal_chain, verify_chain
from broker.commands.clients import client_group
from broker.commands.moments import iso, moment
from broker.commands.outbox import outbox_group
from broker.commands.persons import person_group
from broker.commands.providers import provider_group
from broker.commands.staff import staff_group
from broker.database import reading
from broker.insured.resealing import reseal as seal_again
from broker.keys.ring import ALGORITHMS
from broker.keys.succession import Turn
from broker.parts import Parts
from broker.retention import forget, note, to_forget
from broker.settings import MOST_LEAD_SECONDS

_SKEW_SECONDS = 120
_BROKEN = 1
_REFUSED = 1
_DOUBLE = "another account has the same e-mail or NIR"
_MOST_TOLD = 20
Open = Callable[[], Parts]
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def groups(open_parts: Open) -> Iterator[click.Command]:
    """The commands; `open_parts` opens the broker of the settings when one of them runs."""
    yield _keys(open_parts)
    yield client_group(open_parts)
    yield outbox_group(open_parts)
    yield person_group(open_parts)
    yield provider_group(open_parts)
    yield staff_group(open_parts)
    yield _audit(open_parts)
    yield _purge(open_parts)
    yield _reseal(open_parts)


def _keys(open_parts: Open) -> click.Group:
    @click.group()
    def keys() -> None:
        """The signing keys of the issuer."""

    for command in (_list_keys, _rotate, _retire):
        keys.add_command(command(open_parts))
    return keys


def _list_keys(open_parts: Open) -> click.Command:
    @click.command("list")
    @as_json
    def list_keys(*, as_json: bool) -> None:
        """Show every key and what it is for now."""
        parts = open_parts()
        now = parts.outside.clock()
        keys = parts.keys.everything()
        if as_json:
            click.echo(json.dumps([_told(key, now) for key in keys], indent=2))
            return
        for key in keys:
            state = key.state_at(now)
            click.echo(f"{state:9} {key.alg}  {key.kid}  {_until_when(key, state)}".rstrip())

    return list_keys


def _rotate(open_parts: Open) -> click.Command:
    @click.command("rotate")
    @click.option(
        "--alg",
        type=click.Choice(ALGORITHMS),
        default="ES256",
        show_default=True,
        help="How it signs.",
    )
    @click.option(
        "--lead",
        type=click.IntRange(0, MOST_LEAD_SECONDS),
        help="Seconds between publishing and signing, 30 days at most.",
    )
    @as_json
    def rotate(alg: str, lead: int | None, *, as_json: bool) -> None:
        """Publish the next key now; it signs once every service has had time to read it."""
        parts = open_parts()
        own = parts.settings.broker
        ahead = own.key_lead_seconds if lead is None else lead
        kid = parts.keys.rotate(alg, ahead, own.id_token_seconds + _SKEW_SECONDS, parts.journal)
        answer = {"kid": kid, "alg": alg, "signs_in_seconds": ahead}
        click.echo(json.dumps(answer) if as_json else f"{kid} signs in {ahead} seconds.")

    return rotate


def _retire(open_parts: Open) -> click.Command:
    @click.command("retire")
    @click.argument("kid")
    @as_json
    def retire(kid: str, *, as_json: bool) -> None:
        """Take a leaked key out of use and out of the published set at once."""
        parts = open_parts()
        try:
            known = parts.keys.retire(kid, parts.journal)
        except ValueError as refusal:
            raise click.ClickException(str(refusal)) from refusal
        if not known:
            raise click.ClickException(f"No key is called {kid}: see `passerelle keys list`.")
        click.echo(json.dumps({"kid": kid, "retired": True}) if as_json else f"{kid} is retired.")

    return retire


def _reseal(open_parts: Open) -> click.Command:
    @click.command()
    @as_json
    def reseal(*, as_json: bool) -> None:
        """Seal again, with the present secret, what the insured database keeps sealed."""
        parts = open_parts()
        engine = parts.engines.get("insured")
        if engine is None:
            raise click.ClickException("These settings have no [insured] table: nothing to seal.")
        done = seal_again(engine, parts.sealer)
        if as_json:
            click.echo(json.dumps({"rows": done.rows, "left": done.left}))
        else:
            click.echo(f"{done.rows} rows sealed again.")
        if done.left:
            click.echo(f"{len(done.left)} rows not sealed: {_DOUBLE}: {_some(done.left)}", err=True)
            raise click.exceptions.Exit(_REFUSED)

    return reseal


def _audit(open_parts: Open) -> click.Group:
    @click.group()
    def audit() -> None:
        """The journal: check that nobody altered it."""

    @audit.command()
    @as_json
    def verify(*, as_json: bool) -> None:
        """Check that no row of the journal was altered, removed or slipped in."""
        engine = open_parts().engines["broker"]
        with engine.begin() as tx:
            while seal_chain(tx):
                pass
        with reading(engine) as connection:
            broken = verify_chain(connection)
        if as_json:
            click.echo(json.dumps({"whole": broken is None, "broken_at": broken}))
        elif broken is None:
            click.echo("The journal is whole.")
        else:
            click.echo(f"The chain breaks at row {broken}.", err=True)
        if broken is not None:
            raise click.exceptions.Exit(_BROKEN)

    return audit


def _purge(open_parts: Open) -> click.Command:
    @click.command("purge")
    @as_json
    def purge_old(*, as_json: bool) -> None:
        """Forget to the end what the retention rules no longer keep, as upkeep does in parts."""
        parts = open_parts()
        counts = {one.name: forget(parts, one) for one in to_forget(parts)}
        note(parts, counts)
        told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        click.echo(json.dumps(counts) if as_json else f"Forgotten: {told or 'nothing'}.")

    return purge_old


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_TOLD
    return ", ".join(names[:_MOST_TOLD]) + (f" and {more} more" if more > 0 else "")


def _told(key: Turn, now: float) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "alg": key.alg,
        "state": key.state_at(now),
        "signs_from": iso(key.signs_from or None),
        "signs_until": iso(key.signs_until),
        "published_until": iso(key.published_until),
    }


def _until_when(key: Turn, state: str) -> str:
    """What an operator waits for with this key, if anything."""
    if state == "next":
        return f"signs from {moment(key.signs_from)}"
    if state == "current" and key.signs_until is not None:
        return f"signs until {moment(key.signs_until)}"
    if state == "previous" and key.published_until is not None:
        return f"published until {moment(key.published_until)}"
    return ""
