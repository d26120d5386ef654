"""What a demonstration says on the terminal, and how it ends."""

import signal
from collections.abc import Callable

import click
from rich.console import Console
from rich.table import Table

from sandbox.demonstration import Demonstration
from sandbox.room.site import ROOM
from sandbox.sites import BROKER, PORTAL, SAMPLE

_TO_TRY = """
[bold]Four things to try[/bold]
  1. Open {portal} and sign in as Claire through Impots.gouv.fr:
     her account is created by itself.
  2. Open {sample} in the same browser: nobody asks again who you are.
  3. Sign out of the portal and come back as Victor, whom the register does not know; then try
     another account and be Michel, whom it knows twice. Follow it hop by hop at {room}/logins.
  4. Create an account without a provider, as Hugo: his six details are ready to copy
     at {room}/people.

Ctrl-C stops everything; what was done is kept for the next time."""


def until_interrupted(run: Callable[[], None]) -> None:
    """Run until Ctrl-C or SIGTERM, then say so."""
    # Whoever starts us in the background may have had SIGINT ignored for us.
    for end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end, signal.default_int_handler)
    try:
        run()
    except KeyboardInterrupt:
        click.echo("Stopped.")


def welcome(ready: Demonstration) -> None:
    """The addresses, and four things to try."""
    console = Console(highlight=False)
    urls = _addresses(console, ready)
    room = urls[ROOM]
    places = {"portal": urls.get(PORTAL, room), "sample": urls.get(SAMPLE, room), "room": room}
    console.print(_TO_TRY.format(**places), soft_wrap=True)


def welcome_service(ready: Demonstration, client: dict[str, str], *, open_door: bool) -> None:
    """What a service has to know to try itself here."""
    console = Console(highlight=False)
    urls = _addresses(console, ready)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_row("issuer", f"{urls[BROKER]}/api/v2")
    for name, value in client.items():
        table.add_row(name, value)
    if open_door:
        table.add_row("registration", f"{urls[ROOM]}/register")
    console.print("\n[bold]For your service[/bold]")
    console.print(table)
    console.print(
        f"\nFollow your logins at {urls[ROOM]}/logins. When you have logged in, declined once and\n"
        f"logged out, ask: passerelle doctor --client {client.get('client_id', 'ID')} "
        f"--room {urls[ROOM]}",
        soft_wrap=True,
    )


def _addresses(console: Console, ready: Demonstration) -> dict[str, str]:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for site in ready.sites:
        table.add_row(site.title, site.url)
    console.print("\n[bold]Passerelle is ready.[/bold] Every person and service is fictional.\n")
    console.print(table)
    return {site.name: site.url for site in ready.sites}
