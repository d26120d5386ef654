"""`passerelle sandbox` and `passerelle doctor`: for whoever writes a service."""

import secrets
from pathlib import Path
from typing import Any

import click
import requests
from rich.console import Console
from rich.table import Table

from sandbox import demonstration
from sandbox.configuration import merged
from sandbox.document import find, read
from sandbox.foreground import until_interrupted, welcome_service
from sandbox.room.programs import MARK

_STYLES = {"good": "green", "warning": "yellow", "problem": "red", "unseen": "dim"}
_TIMEOUT = 10
_FOUND = 1


@click.command("sandbox")
@click.option("--client-id", default="my-service", show_default=True)
@click.option("--client-secret", help="Made up when left out.")
@click.option("--redirect-uri", "redirect_uris", multiple=True, help="May be given several times.")
@click.option("--scope", default="openid profile birth email", show_default=True)
@click.option("--auth-method", default="client_secret_basic", show_default=True)
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
    if fresh:
        demonstration.start_over(document)
    changed = merged(document, {"clients": {"own": client}} if client else {})
    ready = demonstration.prepare(changed, base, open_registration=open_registration)
    names = ("client_id", "client_secret")
    shown: dict[str, str] = {name: client[name] for name in names if name in client}
    welcome_service(ready, shown, open_door=open_registration)
    until_interrupted(ready.run)


def _client(
    client_id: str,
    client_secret: str | None,
    redirect_uris: tuple[str, ...],
    scope: str,
    auth_method: str,
) -> dict[str, Any]:
    table = {
        "name": client_id,
        "client_id": client_id,
        "client_auth": auth_method,
        "redirect_uris": list(redirect_uris),
        "scopes": scope.split(),
    }
    if auth_method.startswith("client_secret"):
        table["client_secret"] = client_secret or secrets.token_urlsafe(32)
    return table


@click.command()
@click.option("--client", "client_id", required=True, help="The client_id of the service.")
@click.option("--room", default="http://localhost:8025", show_default=True, help="Control room.")
@click.option("--rotate", is_flag=True, help="First change the keys that sign.")
@click.option("--probe", is_flag=True, help="First bring the service an answer nobody asked for.")
def doctor(client_id: str, room: str, *, rotate: bool, probe: bool) -> None:
    """Say what is wrong with a service, out of its logins in a running sandbox."""
    try:
        if rotate:
            _post(f"{room}/doctor/rotate")
            click.echo("The keys are new: log in once more, then ask again without --rotate.")
            return
        if probe:
            _probe(f"{room}/doctor/{client_id}")
        reply = requests.get(f"{room}/doctor/{client_id}.json", timeout=_TIMEOUT)
    except requests.RequestException:
        raise click.ClickException(f"No sandbox answers at {room}: start one first.") from None
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
