"""`passerelle person`: closing a person out, and letting them in again, while the broker runs."""

import json
from collections.abc import Callable

import click
from sqlalchemy import Connection

from broker.audit.events import Event
from broker.parts import Parts

Open = Callable[[], Parts]
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def person_group(open_parts: Open) -> click.Group:
    """The group; each command acts on the database of the settings."""

    @click.group()
    def person() -> None:
        """
        Close a person out, and let them in again.

        PERSON is the fingerprint in the journal, or the `sub` by which a service knows them.
        """

    person.add_command(_block(open_parts))
    person.add_command(_unblock(open_parts))
    return person


def _block(open_parts: Open) -> click.Command:
    @click.command("block")
    @click.argument("person")
    @as_json
    def block(person: str, *, as_json: bool) -> None:
        """Close PERSON out, from now on and on every node: no login goes on, no token is of use."""
        parts = open_parts()
        with parts.engines["broker"].begin() as tx:
            found = _meant(parts, tx, person)
            _known(person, there_is=parts.persons.block(tx, found))
            parts.journal.write(tx, Event.PERSON_BLOCKED, person=found)
        told = json.dumps({"person": found, "blocked": True})
        click.echo(told if as_json else f"{found} is blocked.")

    return block


def _unblock(open_parts: Open) -> click.Command:
    @click.command("unblock")
    @click.argument("person")
    @as_json
    def unblock(person: str, *, as_json: bool) -> None:
        """Let PERSON in again."""
        parts = open_parts()
        with parts.engines["broker"].begin() as tx:
            found = _meant(parts, tx, person)
            _known(person, there_is=parts.persons.unblock(tx, found))
            parts.journal.write(tx, Event.PERSON_UNBLOCKED, person=found)
        told = json.dumps({"person": found, "blocked": False})
        click.echo(told if as_json else f"{found} may log in again.")

    return unblock


def _meant(parts: Parts, tx: Connection, person: str) -> str:
    return parts.subjects.person_behind(tx, person) or person


def _known(person: str, *, there_is: bool) -> None:
    if not there_is:
        raise click.ClickException(f"Nobody is known by {person}; nothing was changed.")
