"""`passerelle staff`: the advisors of 36 46, taken in, listed, closed out."""

import json
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import click
import segno

from broker.advisor_desk import NoDeskError, advisor_desk
from broker.insured.desk.staff import Staff, StaffDirectory, StaffError, enrolment_address
from broker.parts import Parts

Open = Callable[[], Parts]


def _in_a_folder(_context: click.Context, _option: click.Parameter, qr: Path | None) -> Path | None:
    """Refused before anybody is taken in: the secret is shown only once."""
    if qr is not None and not qr.parent.is_dir():
        raise click.BadParameter(f"there is no folder {qr.parent}")
    return qr


_QR = click.option(
    "--qr",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_in_a_folder,
    help="Also write the QR code here, as SVG.",
)


def staff_group(open_parts: Open) -> click.Group:
    """The group; each command acts on the insured database of the settings."""

    @click.group()
    def staff() -> None:
        """The advisors of 36 46: password, and a second factor by authenticator."""

    for command in (_add, _list, _disable, _reset):
        staff.add_command(command(open_parts))
    return staff


def _add(open_parts: Open) -> click.Command:
    @click.command("add")
    @click.argument("name")
    @click.option("--on-call", is_flag=True, help="Comes in outside opening hours too.")
    @click.option("--password-stdin", is_flag=True, help="Read the password from the input.")
    @_QR
    def add(name: str, qr: Path | None, *, on_call: bool, password_stdin: bool) -> None:
        """Take NAME in; the secret of the second factor is shown this once."""
        if not name.strip():
            raise click.UsageError("NAME is empty: by which name does the advisor sign in?")
        directory = _directory(open_parts)
        password = sys.stdin.readline().rstrip("\n") if password_stdin else _asked()
        secret = _told(lambda: directory.add(name, password, on_call=on_call))
        _show(name, secret, qr)

    return add


def _list(open_parts: Open) -> click.Command:
    @click.command("list")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    def list_staff(*, as_json: bool) -> None:
        """Show everybody, those who left included."""
        rows = [_row(one) for one in _directory(open_parts).everyone()]
        if as_json:
            click.echo(json.dumps(rows, indent=2))
            return
        for row in rows:
            click.echo(f"{row['name']}  {row['state']}{'  on call' if row['on_call'] else ''}")

    return list_staff


def _disable(open_parts: Open) -> click.Command:
    @click.command("disable")
    @click.argument("name")
    def disable(name: str) -> None:
        """Close the desk to NAME; open sessions end at once."""
        directory = _directory(open_parts)
        _told(lambda: directory.disable(name))
        click.echo(f"{name} is disabled.")

    return disable


def _reset(open_parts: Open) -> click.Command:
    @click.command("reset-totp")
    @click.argument("name")
    @_QR
    def reset(name: str, qr: Path | None) -> None:
        """Give NAME a new second factor; also ends a lock and every open session."""
        directory = _directory(open_parts)
        _show(name, _told(lambda: directory.reset_totp(name)), qr)

    return reset


def _directory(open_parts: Open) -> StaffDirectory:
    try:
        return advisor_desk(open_parts()).directory
    except NoDeskError as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _asked() -> str:
    text: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return text


def _told(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except StaffError as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _show(name: str, secret: str, qr: Path | None) -> None:
    address = enrolment_address(name, secret)
    code = segno.make(address, error="m")
    drawn = StringIO()
    code.terminal(out=drawn, compact=True)
    click.echo(f"secret: {secret}\naddress: {address}\n\n{drawn.getvalue()}")
    if qr is not None:
        code.save(str(qr), kind="svg", scale=6)
        click.echo(f"The QR code is in {qr}: throw it away once it is read.")


def _row(one: Staff) -> dict[str, Any]:
    state = "disabled" if one.disabled else "locked" if one.locked else "active"
    return {"name": one.name, "state": state, "on_call": one.on_call}
