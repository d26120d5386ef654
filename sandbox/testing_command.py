"""`passerelle sandbox` and `passerelle doctor`: for whoever writes a service."""

import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import click
import requests
from rich.console import Console
from rich.table import Table

from broker.commands.client_options import Keys
from broker.settings.clients import AuthMethod
from sandbox import demonstration
from sandbox.configuration import merged
from sandbox.document import ConfigurationError, find, read
from sandbox.foreground import until_interrupted, welcome_service
from sandbox.room.programs import MARK

_STYLES = {"good": "green", "warning": "yellow", "problem": "red", "unseen": "dim"}
_TIMEOUT = 10
_FOUND = 1
_OWN = "clients.own"
_ROOM = 25
"""The port of the control room, counted from the first."""


@click.command("sandbox")
@click.option("--client-id", default="my-service", show_default=True, help="How it calls itself.")
@click.option("--client-secret", help="Made up when left out.")
@click.option(
    "--redirect-uri",
    "redirect_uris",
    multiple=True,
    help="Where your service receives codes. May be given several times.",
)
@click.option(
    "--scope",
    default="openid profile birth email",
    show_default=True,
    help="What it may ask for, separated by blanks.",
)
@click.option(
    "--auth-method",
    type=click.Choice(get_args(AuthMethod)),
    default="client_secret_basic",
    show_default=True,
    help="How it proves who it is.",
)
@click.option(
    "--jwks", type=Keys(), help="A file with its public keys, for --auth-method private_key_jwt."
)
@click.option("--open-registration", is_flag=True, help="Let services register themselves.")
@click.option("--port-base", type=int, help="Move every port: 9000 puts the broker there.")
@click.option("--fresh", is_flag=True, help="Forget what earlier demonstrations kept.")
def with_my_service(
    *, open_registration: bool, port_base: int | None, fresh: bool, **given: Any
) -> None:
    """Start everything, with your own service registered at the broker."""
    if not given["redirect_uris"] and not open_registration:
        raise click.UsageError("Give --redirect-uri, or --open-registration.")
    base = demonstration.port_base(port_base)
    document = read(find(here=Path.cwd()))
    client = _client(**given) if given["redirect_uris"] else {}
    changed = merged(document, {"clients": {"own": client}} if client else {})
    try:
        ready = demonstration.prepare(
            changed, base, fresh=fresh, open_registration=open_registration
        )
    except ConfigurationError as refused:
        _tell_own(refused.problems)
        raise
    names = ("client_id", "client_secret")
    shown: dict[str, str] = {name: client[name] for name in names if name in client}
    welcome_service(ready, shown, open_door=open_registration)
    until_interrupted(ready.run)


def _tell_own(problems: Iterable[str]) -> None:
    """What is wrong with the service comes from the command line, and from no file."""
    own = [one.removeprefix(_OWN).lstrip(".: ") for one in problems if one.startswith(_OWN)]
    if own:
        raise click.UsageError("\n".join(own))


def _client(
    client_id: str,
    client_secret: str | None,
    redirect_uris: tuple[str, ...],
    scope: str,
    auth_method: str,
    jwks: dict[str, Any] | None,
) -> dict[str, Any]:
    table: dict[str, Any] = {
        "name": client_id,
        "client_id": client_id,
        "client_auth": auth_method,
        "redirect_uris": list(redirect_uris),
        "scopes": scope.split(),
    }
    if jwks is not None:
        table["jwks"] = jwks
    if auth_method.startswith("client_secret"):
        table["client_secret"] = client_secret or secrets.token_urlsafe(32)
    return table


@click.command()
@click.option("--client", "client_id", required=True, help="The client_id of the service.")
@click.option(
    "--room",
    help="The address of the control room, when neither http://localhost:8025 nor the one that "
    "PORT_BASE leads to.",
)
@click.option("--rotate", is_flag=True, help="First change the keys that sign.")
@click.option("--probe", is_flag=True, help="First bring the service an answer nobody asked for.")
def doctor(client_id: str, room: str | None, *, rotate: bool, probe: bool) -> None:
    """Say what is wrong with a service, out of its logins in a running sandbox."""
    room = (room or f"http://localhost:{demonstration.port_base(None) + _ROOM}").rstrip("/")
    try:
        if rotate:
            if not _post(f"{room}/doctor/rotate").ok:
                raise click.ClickException(f"{room} is no control room.")
            click.echo("The keys are new: log in once more, then ask again without --rotate.")
            return
        if probe:
            _probe(f"{room}/doctor/{client_id}")
        reply = requests.get(f"{room}/doctor/{client_id}.json", timeout=_TIMEOUT)
    except requests.RequestException:
        raise click.ClickException(
            f"No control room answers at {room}: start one with `make demo`, or name the one that "
            "runs with --room, or its ports with PORT_BASE."
        ) from None
    if not reply.ok:
        raise click.ClickException(f"The sandbox knows no service called {client_id}.")
    findings = reply.json()
    _tell(findings)
    if any(finding["verdict"] == "problem" for finding in findings):
        raise click.exceptions.Exit(_FOUND)


def _post(url: str, told: dict[str, str] | None = None) -> requests.Response:
    return requests.post(url, json=told, headers={MARK: "1"}, timeout=_TIMEOUT)


def _probe(about: str) -> None:
    """Bring the forged answers as a stranger's browser would, and read the clock of the service."""
    forged = _post(f"{about}/probe")
    for address in forged.json() if forged.ok else []:
        try:
            answer = requests.get(address, allow_redirects=False, timeout=_TIMEOUT)
        except requests.RequestException:
            click.echo(f"Nobody answers at {address.partition('?')[0]}.", err=True)
            continue
        _post(f"{about}/heard", {"date": answer.headers.get("Date", "")})


def _tell(findings: list[dict[str, str]]) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for finding in findings:
        style = _STYLES[finding["verdict"]]
        fix = f"\n-> {finding['fix']}" if finding["fix"] else ""
        table.add_row(f"[{style}]{finding['verdict']}[/]", finding["check"], finding["cause"] + fix)
    Console(highlight=False).print(table)
