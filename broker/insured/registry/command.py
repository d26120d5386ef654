"""
`passerelle registry`: generate, import, export, stats, check, find.

Progress goes to the terminal, reports to a file. A refusal is one sentence and status 2, and says
how to go on.
"""

import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from broker.database import reading
from broker.insured.match import match
from broker.insured.registry import showing
from broker.insured.registry.blocks import HeaderError, TruncatedError
from broker.insured.registry.building import AlreadyBuildingError
from broker.insured.registry.checking import check, stats
from broker.insured.registry.desk import NoRegistryError, RegistryDesk
from broker.insured.registry.desk_search import Asked, candidates
from broker.insured.registry.exporting import exported, write_lines
from broker.insured.registry.generate import persons
from broker.insured.registry.importing import AccountsLostError, Importer, ImportOrder
from broker.insured.registry.store import about
from providers.identity import Gender, MalformedTraitError, PartialDate, PivotIdentity

_PARIS = ZoneInfo("Europe/Paris")
_REFUSED = 2
_FILE = click.Path(dir_okay=False, path_type=Path)
_SENTENCES: dict[type[Exception], str] = {
    HeaderError: "{fault}. The columns are described in docs/registry.md.",
    TruncatedError: "The file cannot be read to its end: {fault}. The registry is unchanged.",
    AlreadyBuildingError: "Another import is at work on this database: wait for it to end.",
    AccountsLostError: "{fault}. The registry is unchanged; --force accepts this.",
    NoRegistryError: "{fault}",
    MalformedTraitError: "{fault}",
    OSError: "{told}. The registry is unchanged; once that is mended, start it again.",
    # Its own message may quote the row it failed on.
    DBAPIError: (
        "The database gave up ({fault.orig.__class__.__name__}): is its disk full? "
        "The registry is unchanged; once that is mended, start it again."
    ),
}


class _Refusing(click.Group):
    """Ends with a sentence where others end with a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except tuple(_SENTENCES) as fault:
            kind = next(kind for kind in _SENTENCES if isinstance(fault, kind))
            click.echo(_SENTENCES[kind].format(fault=fault, told=_told(fault)), err=True)
            raise click.exceptions.Exit(_REFUSED) from fault


def _told(fault: Exception) -> str:
    """Which file, and what is wrong with it, without the number of the error."""
    words = (getattr(fault, "filename", None), getattr(fault, "strerror", None))
    return ": ".join(filter(None, words)) or str(fault)


@click.command()
@click.option("--persons", "count", type=click.IntRange(1), required=True, help="How many.")
@click.option(
    "--seed", type=int, default=36, show_default=True, help="Same seed and day, same persons."
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day they are as old as; today.")
@click.argument("file", type=_FILE)
@click.pass_obj
def generate(_: object, file: Path, count: int, seed: int, on: datetime | None) -> None:
    """Write so many fictional persons to FILE (.csv or .csv.gz)."""
    today = on.date() if on else _today(time.time())
    with showing.progress("generating", Console(stderr=True)) as advance:
        wrote = write_lines(
            file, persons(count, seed, today), lambda done: advance(done, count, done)
        )
    click.echo(f"{wrote:,} persons in {file}")


@click.command("import")
@click.option("--report", type=_FILE, help="Refused lines; FILE.report.csv when not given.")
@click.option("--dry-run", "dry", is_flag=True, help="Only report; nothing is put in service.")
@click.option("--force", is_flag=True, help="Accept that accounts lose their person.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_(
    open_desk: Callable[[], RegistryDesk],
    file: Path,
    report: Path | None,
    *,
    dry: bool,
    force: bool,
) -> None:
    """Replace the registry by FILE (.csv or .csv.gz) while logins go on."""
    desk, began = open_desk(), time.monotonic()
    report = report or file.with_name(f"{file.name}.report.csv")
    if report.resolve() == file.resolve():
        raise click.UsageError("--report names FILE itself, which would be written over.")
    with showing.progress("importing", Console(stderr=True)) as advance:
        importer = Importer(
            desk.engine,
            desk.sealer,
            desk.clock,
            lambda done, size, tally: advance(done, size, tally.lines),
        )
        result = importer.run(ImportOrder(file, report, dry, force))
    Console().print(showing.result_table(result, time.monotonic() - began))
    if result.tally.refused:
        click.echo(f"Every refused line is in {report}.")


@click.command()
@click.argument("file", type=_FILE)
@click.pass_obj
def export(open_desk: Callable[[], RegistryDesk], file: Path) -> None:
    """Write the registry in service to FILE (.csv or .csv.gz); IBANs as fingerprints."""
    desk = open_desk()
    total = int(about(desk.engine).get("persons", "0"))
    with showing.progress("exporting", Console(stderr=True)) as advance:
        wrote = write_lines(file, exported(desk.engine), lambda done: advance(done, total, done))
    click.echo(f"{wrote:,} persons in {file}")


@click.command("stats")
@click.pass_obj
def stats_(open_desk: Callable[[], RegistryDesk]) -> None:
    """Count what the registry in service holds."""
    desk, console = open_desk(), Console()
    console.print(showing.origin(about(desk.engine), _PARIS), highlight=False)
    console.print(showing.counts_table(stats(desk.engine)))


@click.command("check")
@click.option(
    "--rows", type=click.IntRange(1), default=100_000, show_default=True, help="Examine so many."
)
@click.option("--all", "everything", is_flag=True, help="Examine every row.")
@click.pass_context
def check_(ctx: click.Context, rows: int, *, everything: bool) -> None:
    """Examine whether the rows of the registry say what they should; status 1 when not."""
    desk = ctx.obj()
    checks = check(desk.engine, None if everything else rows)
    Console().print(showing.check_table(checks))
    ctx.exit(int(any(one.wrong and not one.harmless for one in checks)))


@click.command()
@click.option("--family-name", required=True, help="Birth name.")
@click.option("--given-name", "given_names", required=True, multiple=True, help="Once for each.")
@click.option("--birthdate", required=True, help="YYYY-MM-DD, 00 for what is unknown.")
@click.option(
    "--gender",
    type=click.Choice(["male", "female", "unspecified"]),
    required=True,
    help="As the provider gives it.",
)
@click.option("--birthplace", help="COG code of the commune; none for a birth abroad.")
@click.option("--birthcountry", default="99100", show_default=True, help="COG code.")
@click.pass_obj
def find(open_desk: Callable[[], RegistryDesk], /, **traits: Any) -> None:
    """Say what matching decides on an identity, and who comes nearest."""
    desk, console = open_desk(), Console()
    try:
        traits["birthdate"] = PartialDate.parse(traits["birthdate"])
    except ValueError as fault:
        raise click.BadParameter(str(fault), param_hint="--birthdate") from fault
    traits["gender"] = Gender(traits["gender"])
    identity = PivotIdentity(**traits, tokens_given=True)
    with reading(desk.engine) as connection:
        decision = match(connection, identity, _today(desk.clock()))
        ranked = candidates(connection, Asked.of(identity))
    console.print(f"{decision.explanation.rule}: {decision.outcome}", highlight=False)
    console.print(showing.candidates_table(ranked))


def _today(now: float) -> date:
    return datetime.fromtimestamp(now, _PARIS).date()


def registry_commands(open_desk: Callable[[], RegistryDesk]) -> click.Group:
    """The group `registry`; `open_desk` is called by the commands that need the database."""

    @click.group(cls=_Refusing)
    @click.pass_context
    def registry(ctx: click.Context) -> None:
        """Generate, import and examine the registry of insured persons."""
        ctx.obj = open_desk

    for command in (generate, import_, export, stats_, check_, find):
        registry.add_command(command)
    return registry
