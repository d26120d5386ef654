"""`passerelle registry`: what an operator types and reads."""

import csv
import secrets
from datetime import date

import pytest
from click.testing import CliRunner

from broker.insured.accounts.settle import Accounts
from broker.insured.registry.building import AlreadyBuildingError
from broker.insured.registry.command import registry_commands
from broker.insured.registry.demonstration import Demonstration, build
from broker.insured.registry.desk import NoRegistryError, RegistryDesk, open_desk
from broker.insured.registry.iban import IbanPrinter
from broker.insured.registry.store import about, builder_of, require_layout
from broker.settings import BrokerTable, Settings
from broker.settings.insured import InsuredTable


@pytest.fixture
def run(sqlite_engine, sealer, clock):
    """Type a command; returns (status, output)."""

    def typed(*arguments):
        group = registry_commands(lambda: RegistryDesk(sqlite_engine, sealer, clock))
        result = CliRunner().invoke(group, [str(one) for one in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result.exit_code, result.output

    return typed


@pytest.fixture
def filled(run, tmp_path):
    """A registry of five hundred generated persons, and its file."""
    path = tmp_path / "persons.csv.gz"
    assert run("generate", "--persons", 500, "--on", "2026-03-01", path)[0] == 0
    assert run("import", path)[0] == 0
    return path


def test_generated_persons_are_imported_and_counted(run, filled, sqlite_engine):
    """From nothing to a registry in two commands."""
    status, output = run("stats")

    assert status == 0
    assert about(sqlite_engine)["persons"] == "500"
    assert "persons.csv.gz, built 2026-03-01" in output
    assert "500" in output


def test_an_import_tells_where_the_refused_lines_are(run, tmp_path, write, claire):
    """The count on the terminal, the lines in the report named after the file."""
    path = write(claire, claire._replace(family_name=""))
    status, output = run("import", path)
    report = path.with_name("registry.csv.report.csv")

    assert status == 0
    assert str(report) in output.replace("\n", "")
    with report.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "column", "rule"],
            ["3", "family_name", "is missing"],
        ]


def test_a_dry_run_says_that_nothing_is_in_service(run, filled, sqlite_engine, write, claire):
    """The registry is the one before."""
    status, output = run("import", "--dry-run", write(claire))

    assert (status, "no: dry run" in output) == (0, True)
    assert about(sqlite_engine)["persons"] == "500"


def test_an_export_gives_the_file_back(run, filled, tmp_path):
    """Exported, imported, exported: the same file."""
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    run("export", first)
    run("import", first)
    run("export", second)

    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("rows", [("--all",), ("--rows", "100")])
def test_a_sound_registry_passes_the_check(run, filled, rows):
    """Status 0, and what was examined."""
    status, output = run("check", *rows)

    assert status == 0
    assert "keys agree with the traits" in output
    assert "WRONG" not in output


def test_keys_of_another_rule_are_found_by_the_check(run, filled, sqlite_engine):
    """A registry built with other keys would miss people: status 1."""
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("UPDATE registry.person SET surname_key = 0 WHERE sex = 2")
        connection.commit()
    status, output = run("check", "--all")

    assert status == 1
    assert "WRONG" in output


def test_find_says_what_matching_decides_and_who_is_near(run, write, claire):
    """The advisor sees the rule, the candidates and the trait that differs."""
    run("import", write(claire))
    traits = ["--given-name", "Claire", "--given-name", "Anne", "--birthdate", "1985-03-27"]
    traits += ["--gender", "female", "--birthplace", "69383"]
    near = run("find", "--family-name", "Durant", *traits)
    exact = run("find", "--family-name", "Durand", *traits)

    assert near[0] == exact[0] == 0
    assert "D5: near_miss" in near[1]
    assert "family_name" in near[1]
    assert "D1: exact" in exact[1]
    assert "nothing" in exact[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--birthdate", "1985-02-30"), "does not exist"),
        (("--birthdate", "1985-03-27", "--birthplace", "1"), "COG code"),
        (("--birthdate", "1985-03-27", "--family-name", "\u0410"), "another script"),
    ],
)
def test_find_names_the_trait_it_cannot_read(run, arguments, said):
    """One sentence, status 2."""
    base = ["--family-name", "Durand", "--given-name", "Claire", "--gender", "female"]
    status, output = run("find", *base, *arguments)

    assert status == 2
    assert said in output


def test_refusals_are_one_sentence_that_says_how_to_go_on(run, tmp_path, write, claire):
    """Not a stack trace: what happened, that nothing changed, what to do."""
    other, cut = tmp_path / "other.csv", tmp_path / "cut.csv.gz"
    other.write_text("a,b\n")
    cut.write_bytes(write(claire, name="whole.csv.gz").read_bytes()[:-20])

    assert run("import", other)[0] == run("import", cut)[0] == 2
    assert "docs/registry.md" in run("import", other)[1]
    assert "The registry is unchanged" in run("import", cut)[1]
    assert run("import", tmp_path / "absent.csv")[0] == 2


def test_an_import_beside_another_is_told_to_wait(run, sqlite_engine, write, claire):
    """One at a time for one database."""
    with builder_of(sqlite_engine):
        status, output = run("import", write(claire))

    assert (status, "wait for it to end" in output) == (2, True)
    with builder_of(sqlite_engine), pytest.raises(AlreadyBuildingError):
        builder_of(sqlite_engine).__enter__()


def test_a_file_that_orphans_accounts_needs_force(
    run, write, claire, population, sqlite_engine, sealer, clock, arriving
):
    """The sentence names the option."""
    run("import", write(claire))
    settle_claire(sqlite_engine, sealer, clock, arriving)
    path = write(population.other(family_name="PETIT"))
    status, output = run("import", path)

    assert status == 2
    assert "--force accepts this" in output
    assert run("import", "--force", path)[0] == 0


def settle_claire(engine, sealer, clock, arriving):
    Accounts(engine, sealer, clock, secrets.token_bytes).settle(arriving(), "ameli")


def settings(insured):
    return Settings(
        mode="demonstration",
        broker=BrokerTable(
            public_url="http://localhost:8000",
            database="sqlite:///unused.sqlite",
            secret="s" * 32,
        ),
        insured=insured,
        providers={},
        clients={},
    )


def test_the_commands_open_the_database_of_the_settings(tmp_path, clock):
    """Migrated, with an empty registry, sealed with the broker's secret."""
    url = f"sqlite:///{tmp_path}/var/insured.sqlite"
    desk = open_desk(settings(InsuredTable(database=url)), clock)

    assert about(desk.engine)["persons"] == "0"
    require_layout(desk.engine)
    desk.engine.dispose()


def test_a_pure_federation_broker_has_no_registry(clock):
    """Without [insured] the commands say so."""
    with pytest.raises(NoRegistryError, match="insured"):
        open_desk(settings(None), clock)


def test_an_empty_registry_says_so(run):
    """It was built on no day."""
    status, output = run("stats")

    assert (status, "The registry is empty." in output, "1970" in output) == (0, True, False)


def test_the_registry_of_a_demonstration_is_counted(run, sqlite_engine, sealer):
    """Its day of building is a day, where an import notes the moment."""
    build(sqlite_engine, Demonstration(20, 7, date(2026, 11, 24)), IbanPrinter.of(sealer))

    assert "built 2026-11-24" in run("stats")[1]


def test_nothing_is_drawn_where_nobody_watches(run, tmp_path):
    """No bar, and no rate of nothing, in a file or a log."""
    status, output = run("generate", "--persons", 5, tmp_path / "persons.csv")

    assert (status, output) == (0, f"5 persons in {tmp_path / 'persons.csv'}\n")


def test_a_file_that_cannot_be_written_is_named(run, tmp_path):
    """Which, and what the system says of it."""
    status, output = run("generate", "--persons", 5, tmp_path / "nowhere" / "persons.csv")

    assert status == 2
    assert f"{tmp_path}/nowhere/persons.csv.part: No such file or directory." in output
    assert "Errno" not in output
