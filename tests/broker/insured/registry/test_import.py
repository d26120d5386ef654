"""An import puts the whole file in service in one step, or changes nothing."""

import gzip
import secrets
import time

import pytest
from sqlalchemy import event, select

from broker.database import reading
from broker.insured.accounts.settle import Accounts
from broker.insured.registry.blocks import TruncatedError
from broker.insured.registry.building import AlreadyBuildingError
from broker.insured.registry.exporting import exported, write_lines
from broker.insured.registry.importing import AccountsLostError, Importer, ImportOrder
from broker.insured.registry.lookup import by_id
from broker.insured.registry.store import about, builder_of
from broker.insured.registry.tables import PERSON

AMELI = "ameli.exemple"


def names(engine):
    """The birth names in service, by number."""
    with reading(engine) as connection:
        rows = connection.execute(select(PERSON.c.family_name).order_by(PERSON.c.person_id))
        return list(rows.scalars())


def test_a_file_replaces_the_registry_whole(engine, write, load, population, claire):
    """Who is not in the new file is gone; the registry says where it comes from."""
    population.register(engine, claire)
    result, _ = load(engine, write(population.other(family_name="PETIT")))

    assert (result.published, result.resumed_at) == (True, None)
    assert names(engine) == ["PETIT"]
    assert about(engine)["source"] == "registry.csv"
    assert about(engine)["persons"] == "1"


def test_every_field_is_stored_as_it_was_written(engine, write, load, population):
    """Letters that a database reads as more than they are, what is left out, and zeros."""
    odd = population.other(
        family_name="D\\URAND",
        given_names="Anne-Marie\\N|Zoé",
        usage_name="\\N",
        fund="CPAM \\t %s 100 %",
        postal_code="00000",
        former_names="O'NEIL\\.|LE\u2028ROY",
    )
    bare = population.other(usage_name="", postal_code="", iban="", email="", mobile="", parent="")
    load(engine, write(odd, bare))
    first, second = exported(engine)

    assert first == odd._replace(iban=first.iban)
    assert second == bare
    with reading(engine) as connection:
        rows = connection.execute(select(PERSON).order_by(PERSON.c.person_id)).mappings().all()
    assert rows[0]["postal_code"] == 0
    nothing = ("usage_name", "postal_code", "iban", "iban_since", "email", "mobile", "parent_id")
    assert {rows[1][name] for name in nothing} == {None}


@pytest.mark.parametrize("name", ["registry.csv", "registry.csv.gz", "registry.dat"])
def test_a_file_is_read_compressed_or_not(sqlite_engine, write, load, claire, name):
    """Gzip is recognised by its first bytes."""
    assert load(sqlite_engine, write(claire, name=name))[0].tally.persons == 1


def test_a_compressed_file_under_another_name_is_read_too(
    sqlite_engine, write, load, claire, tmp_path
):
    """A .csv that holds gzip is gzip."""
    path = tmp_path / "disguised.csv"
    path.write_bytes(write(claire, name="a.csv.gz").read_bytes())

    assert load(sqlite_engine, path)[0].tally.persons == 1


def test_importing_twice_gives_the_same_registry(engine, write, load, population):
    """Idempotent: the second import changes nothing but the date."""
    path = write(*(population.other(family_name=name) for name in ("PETIT", "ROUX")))
    load(engine, path)
    before = list(exported(engine))
    load(engine, path)

    assert list(exported(engine)) == before


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.98])
def test_a_truncated_gzip_replaces_nothing(engine, write, load, population, claire, tmp_path, cut):
    """The first half of a country is not a country."""
    population.register(engine, claire)
    lines = [population.other(family_name=name) for name in ["PETIT", "ROUX"] * 400]
    whole = write(*lines, name="whole.csv.gz").read_bytes()
    path = tmp_path / "truncated.csv.gz"
    path.write_bytes(whole[: int(len(whole) * cut)])
    with pytest.raises(TruncatedError):
        load(engine, path)

    assert names(engine) == ["DURAND"]


def test_a_damaged_gzip_replaces_nothing(engine, write, load, population, claire, tmp_path):
    """A flipped byte is found by the checksum at the latest."""
    population.register(engine, claire)
    data = bytearray(gzip.compress(write(claire, claire).read_bytes(), mtime=0))
    data[-6] ^= 0xFF
    path = tmp_path / "damaged.csv.gz"
    path.write_bytes(data)
    with pytest.raises(TruncatedError):
        load(engine, path)

    assert names(engine) == ["DURAND"]


def test_a_dry_run_reports_everything_and_changes_nothing(engine, write, load, population, claire):
    """The report of a dry run is that of the import, duplicates included."""
    population.register(engine, claire)
    bad = [claire._replace(family_name=""), claire, claire]
    path = write(population.other(family_name="PETIT"), *bad)
    dry, told = load(engine, path, dry=True)
    wet, told_again = load(engine, path, force=True)

    assert (dry.published, wet.published) == (False, True)
    assert told == told_again
    assert [row[0] for row in told] == ["3", "5"]
    assert names(engine) == ["DURAND", "PETIT"]


def test_a_dry_run_is_not_taken_up_by_the_import_after_it(engine, write, load, population):
    """What a dry run built is thrown away."""
    path = write(population.other(family_name="PETIT"))
    load(engine, path, dry=True)

    assert load(engine, path)[0].resumed_at is None


def test_an_import_that_would_orphan_accounts_is_refused(
    engine, write, load, population, claire, accounts, arriving
):
    """A file that is not the successor of the registry: told, and accepted only by force."""
    population.register(engine, claire)
    accounts.settle(arriving(), AMELI)
    path = write(population.other(family_name="PETIT"))
    with pytest.raises(AccountsLostError, match="1 of 1 accounts"):
        load(engine, path)
    assert names(engine) == ["DURAND"]
    forced, _ = load(engine, path, force=True)

    assert (forced.continuity.accounts, forced.continuity.lost) == (1, 1)
    assert names(engine) == ["PETIT"]


def test_a_number_given_to_another_nir_counts_as_lost(
    engine, write, load, population, claire, accounts, arriving
):
    """An account never silently points at another person after an import."""
    population.register(engine, claire)
    accounts.settle(arriving(), AMELI)
    other = population.other(family_name="DURAND")._replace(number=claire.number)

    with pytest.raises(AccountsLostError):
        load(engine, write(other))


def test_a_corrected_nir_is_no_loss(engine, write, load, population, claire, accounts, arriving):
    """The history of the number tells that it is the same person."""
    population.register(engine, claire)
    accounts.settle(arriving(), AMELI)
    corrected = population.other()._replace(number=claire.number, former_nirs=claire.nir)
    result, _ = load(engine, write(corrected))

    assert (result.continuity.accounts, result.continuity.lost) == (1, 0)


def test_accounts_survive_an_import_of_the_same_persons(
    engine, write, load, population, claire, accounts, arriving
):
    """Numbers stay, so links and references stay."""
    population.register(engine, claire)
    first = accounts.settle(arriving(), AMELI)
    load(engine, write(population.other(family_name="PETIT"), claire))

    assert accounts.settle(arriving(), AMELI).account_id == first.account_id


def test_two_imports_at_once_are_one_too_many(engine, write, load, claire):
    """The second is told to wait, and disturbs nothing."""
    with builder_of(engine), pytest.raises(AlreadyBuildingError):
        load(engine, write(claire))

    assert load(engine, write(claire))[0].published


def test_an_import_goes_on_beside_logins_that_write(
    engine, write, load, population, claire, accounts, arriving
):
    """While rows are loaded, an account is created at once: no lock is held on accounts."""
    population.register(engine, claire)
    durations = []

    def login(*_):
        if not durations:
            began = time.monotonic()
            accounts.settle(arriving(), AMELI)
            durations.append(time.monotonic() - began)

    result, _ = load(engine, write(claire, population.other(family_name="PETIT")), progress=login)

    assert result.continuity.accounts == 1
    assert durations[0] < 5


def test_a_full_disk_leaves_the_old_registry(sqlite_engine, write, load, population, claire):
    """Nothing is published, and the same command works once there is room."""
    population.register(sqlite_engine, claire)
    path = write(population.other(family_name="PETIT"))

    def full(*_):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="space"):
        load(sqlite_engine, path, progress=full)
    assert names(sqlite_engine) == ["DURAND"]

    assert load(sqlite_engine, path)[0].published
    assert names(sqlite_engine) == ["PETIT"]


def test_an_import_taken_up_again_reads_on_where_it_stopped(
    engine, write, load, population, sealer, tmp_path
):
    """After the last checkpoint only; report and tally are those of an import never stopped."""
    lines = [population.other(family_name=name) for name in ["PETIT", ""] * 4000]
    path = write(*lines)

    def stop(done, size, tally):
        if done > size / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(engine, path, progress=stop, checkpoint_lines=1)
    seen = []
    result, report = load(engine, path, progress=lambda *state: seen.append(state[2].lines))

    assert result.resumed_at > 2
    assert seen[0] >= result.resumed_at - 2
    assert (result.tally.lines, result.tally.refused) == (8000, 4000)
    assert [int(row[0]) for row in report] == list(range(3, 8002, 2))
    assert about(engine)["persons"] == "4000"


def test_another_file_is_never_added_to_a_dead_build(engine, write, load, population):
    """A build that died is taken up for the same file only."""
    first = write(*(population.other(family_name="PETIT") for _ in range(50)))

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(engine, first, progress=stop, checkpoint_lines=1)
    result, _ = load(engine, write(population.other(family_name="ROUX")))

    assert result.resumed_at is None
    assert names(engine) == ["ROUX"]


def test_nothing_of_a_person_reaches_the_logs(
    engine, write, load, population, claire, caplog, no_secret_in_logs, sealer
):
    """Import, refusal, duplicate, login: no name, number, address or query with its values."""
    no_secret_in_logs.never("DURAND", "Claire", claire.nir[:13], "1985-03-27", "claire@exemple")
    path = write(claire, claire._replace(email="claire@exemple"), claire, raw=b"DURAND,Claire\n")
    result, _ = load(engine, path)
    with reading(engine) as connection:
        assert by_id(connection, int(claire.number))

    assert result.tally.refused == 3


def test_a_failed_statement_of_an_import_names_no_value(
    sqlite_engine, write, load, claire, no_secret_in_logs
):
    """Even the message of a database error holds none of the row."""
    no_secret_in_logs.never("DURAND", claire.nir)

    def broken(_connection, _cursor, statement, *_):
        if "former" in statement:
            raise RuntimeError("broken")

    event.listen(sqlite_engine, "before_cursor_execute", broken)
    try:
        result, _ = load(sqlite_engine, write(claire))
    finally:
        event.remove(sqlite_engine, "before_cursor_execute", broken)

    assert result.published


def test_an_export_is_imported_back_to_the_same_registry(
    engine, load, population, write, claire, tmp_path
):
    """Every column survives, IBANs as fingerprints, history included."""
    full = claire._replace(
        usage_name="Petit",
        iban="FR7630006000011234567890189",
        iban_since="2020-01-01",
        parent="12",
        former_nirs=population.other().nir,
        former_names="ROUX|FAURE",
        scheme="military",
        presumed="1",
        deceased="1",
        rights_open="0",
    )
    abroad = population.other(birthplace="", birthcountry="99139", birthdate="1950-00-00", sex="M")
    load(engine, write(full, abroad))
    first = list(exported(engine))
    path = tmp_path / "export.csv.gz"
    written = write_lines(path, first, lambda _: None)
    load(engine, path)

    assert written == 2
    assert list(exported(engine)) == first
    assert first[0]._replace(iban=full.iban) == full
    assert first[1] == abroad
    assert "FR76" not in str(first)


def test_importer_and_login_agree_on_the_key_of_ibans(
    sqlite_engine, sealer, write, claire, tmp_path
):
    """A fingerprint made at import is found with the same secret, and no other."""
    iban = "FR7630006000011234567890189"
    importer = Importer(sqlite_engine, sealer, time.time, lambda *_: None)
    order = ImportOrder(write(claire._replace(iban=iban)), tmp_path / "report.csv")
    importer.run(order)
    first = next(exported(sqlite_engine)).iban
    importer.run(order)

    assert next(exported(sqlite_engine)).iban == first
    assert Accounts(sqlite_engine, sealer, time.time, secrets.token_bytes).sealing is sealer
