"""The command `passerelle`: each verb says in one sentence what went wrong, and ends with 2."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import OperationalError

import broker.commands.operators
from broker.database import SchemaBehindError
from broker.insured.registry.command import registry_commands
from broker.insured.registry.store import RegistryLayoutError
from sandbox import demonstration, node, production
from sandbox.demonstration import AlreadyRunningError
from sandbox.document import ConfigurationError, find, read
from sandbox.foreground import until_interrupted, welcome
from sandbox.serving import BusyPortError, Servers, refuse_busy
from sandbox.testing_command import doctor, with_my_service

_REFUSED = 2
_TOLD = (AlreadyRunningError, BusyPortError, RegistryLayoutError, SchemaBehindError)
"""Errors whose text says what to do."""

_MENDABLE = (ConfigurationError, *_TOLD, OperationalError, OSError)
"""What a person at the terminal can mend."""
_NODE = "sandbox.served:create_app"


class Refusing(click.Group):
    """A group whose commands end with a sentence where others end with a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what a person can mend is told and ends with 2."""
        try:
            return super().invoke(ctx)
        except _MENDABLE as refused:
            click.echo("\n".join(_sentences(refused)), err=True)
            raise click.exceptions.Exit(_REFUSED) from refused


def _sentences(refused: Any) -> Iterator[str]:
    if isinstance(refused, ConfigurationError):
        where = f"{_settings_file()}: " if refused.in_file else ""
        yield from (f"{where}{problem}" for problem in refused.problems)
    elif isinstance(refused, _TOLD):
        yield str(refused)
    elif isinstance(refused, OSError):
        where = f"{refused.filename}: " if refused.filename else ""
        yield f"{where}{refused.strerror}."
    else:
        reason = str(refused.orig).strip().partition("\n")[0]
        yield f"A database of the settings cannot be opened: {reason}."


def _alone(listen: str, threads: int) -> Servers:
    """A node at that address; ConfigurationError where it cannot be, for it is moved nowhere."""
    try:
        refuse_busy([listen])
        return Servers({listen: node.create_app()}, threads)
    except BusyPortError as busy:
        problem = f"broker.listen: another program listens at {listen} already"
        raise ConfigurationError([problem]) from busy


def _settings_file() -> Path:
    """The file of the settings as a person at the terminal would name it."""
    here = Path.cwd()
    path = find(here=here)
    return path.relative_to(here) if path.is_relative_to(here) else path


@click.group(cls=Refusing)
def main() -> None:
    """Passerelle: sign in to a service with an account you already have."""


def _told_whole(command: click.Command) -> None:
    """Let a group show the first paragraph of each command, where click would cut the sentence."""
    for inner in getattr(command, "commands", {}).values():
        inner.short_help = " ".join((inner.help or "").partition("\n\n")[0].split())
        _told_whole(inner)


for operators in broker.commands.operators.groups(production.parts):
    main.add_command(operators)
main.add_command(registry_commands(production.registry_desk))
main.add_command(with_my_service)
main.add_command(doctor)


@main.command()
@click.option("--port-base", type=int, help="Move every port: 9000 puts the broker there.")
@click.option("--fresh", is_flag=True, help="Forget what earlier demonstrations kept.")
def demo(port_base: int | None, *, fresh: bool) -> None:
    """Start everything on this machine until Ctrl-C."""
    base = demonstration.port_base(port_base)
    document = read(find(here=Path.cwd()))
    ready = demonstration.prepare(document, base, fresh=fresh)
    welcome(ready)
    until_interrupted(ready.run)


@main.command()
@click.option(
    "--server",
    type=click.Choice(["granian", "waitress"]),
    default="granian",
    show_default=True,
    help="Several processes, or one in pure Python.",
)
@click.option(
    "--threads",
    type=click.IntRange(1),
    default=16,
    show_default=True,
    help="Threads of each worker.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Processes, with granian.",
)
def serve(server: str, threads: int, workers: int) -> None:
    """Serve the broker alone, as in production."""
    told = node.settings()
    production.require_threads(told, threads)
    own = told.broker
    production.prepare()
    if server == "waitress":
        until_interrupted(_alone(own.listen, threads).run)
        return
    host, _, port = own.listen.rpartition(":")
    # Its own command, so that the process that watches the workers does not hold the broker too.
    server_command = Path(sys.executable).with_name("granian")
    # Threads that share two heaps leave less memory in pieces.
    surroundings = {"MALLOC_ARENA_MAX": "2"} | os.environ
    if own.metrics_token and workers > 1:
        # Several processes add their counters up in files, which the library knows by this name.
        folder = tempfile.mkdtemp(prefix="passerelle-metrics-")
        surroundings.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
    os.execve(  # noqa: S606 - no shell, and every word is ours
        server_command,
        [
            os.fspath(server_command),
            *("--interface", "wsgi", "--factory", "--host", host, "--port", port),
            *("--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", _NODE),
        ],
        surroundings,
    )


_told_whole(main)
