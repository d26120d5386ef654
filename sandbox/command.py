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
from sandbox.document import ConfigurationError, find, read
from sandbox.foreground import until_interrupted, welcome
from sandbox.serving import BusyPortError, Servers
from sandbox.testing_command import doctor, with_my_service

_REFUSED = 2
_TOLD = (RegistryLayoutError, SchemaBehindError)
"""Errors whose text says what to do."""

_MENDABLE = (ConfigurationError, BusyPortError, *_TOLD, OperationalError, OSError)
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


def _sentences(refused: Exception) -> Iterator[str]:
    if isinstance(refused, ConfigurationError):
        yield from (f"config.toml: {problem}" for problem in refused.problems)
    elif isinstance(refused, BusyPortError):
        ports = ", ".join(map(str, refused.ports))
        yield (
            f"Another program uses the port {ports}: stop it, or move all the ports with "
            "PORT_BASE=9000."
        )
    elif isinstance(refused, _TOLD):
        yield str(refused)
    elif isinstance(refused, OSError):
        where = f"{refused.filename}: " if refused.filename else ""
        yield f"{where}{refused.strerror}."
    elif isinstance(refused, OperationalError):
        reason = str(refused.orig).strip().partition("\n")[0]
        yield f"A database of the settings cannot be opened: {reason}."


@click.group(cls=Refusing)
def main() -> None:
    """Passerelle: sign in to a service with an account you already have."""


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
    if fresh:
        demonstration.start_over(document)
    ready = demonstration.prepare(document, base)
    welcome(ready)
    until_interrupted(ready.run)


@main.command()
@click.option("--server", type=click.Choice(["granian", "waitress"]), default="granian")
@click.option("--threads", type=click.IntRange(1), default=16, help="Threads of each worker.")
@click.option("--workers", type=click.IntRange(1), default=1, help="Processes, with granian.")
def serve(server: str, threads: int, workers: int) -> None:
    """Serve the broker alone, as in production."""
    told = node.settings()
    production.require_threads(told, threads)
    own = told.broker
    production.prepare()
    if server == "waitress":
        until_interrupted(Servers({own.listen: node.create_app()}, threads).run)
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
