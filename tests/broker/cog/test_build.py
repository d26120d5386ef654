"""The compact table is made from the public dataset and from nothing else."""

import gzip
import json

from click.testing import CliRunner

from broker.cog import build

COMMUNES = [
    {
        "code": "91228",
        "nom": "Évry-Courcouronnes",
        "type": "commune-actuelle",
        "anciensCodes": ["78182", "78228", "91182"],
    },
    {"code": "75056", "nom": "Paris", "type": "commune-actuelle"},
    {"code": "75101", "nom": "Paris 1er", "type": "arrondissement-municipal", "commune": "75056"},
    {"code": "01015", "nom": "Arboys en Bugey", "type": "commune-actuelle"},
    {"code": "01015", "nom": "Arbignieu", "type": "commune-deleguee", "chefLieu": "01015"},
    {"code": "01340", "nom": "Saint-Bois", "type": "commune-deleguee", "chefLieu": "01015"},
    {"code": "2A004", "nom": "Ajaccio", "type": "commune-actuelle", "anciensCodes": ["20004"]},
    {"code": "97611", "nom": "Mamoudzou", "type": "commune-actuelle"},
]


def table():
    return {line[0]: line[1:] for line in build.communes_table(COMMUNES)}


def test_a_renumbered_code_points_to_its_number_and_to_what_absorbed_it():
    """78182 became 91182, which merged into 91228."""
    assert table()["78182"] == ("", "91182", "91228")
    assert table()["91182"] == ("", "", "91228")


def test_a_code_that_became_the_merged_commune_has_only_its_number():
    """78228 is 91228, which is not above it a second time."""
    assert table()["78228"] == ("", "91228", "")


def test_an_arrondissement_and_a_delegated_commune_have_their_city_above():
    """The city is above both; a delegated chief town is not above itself."""
    assert table()["75101"][2] == "75056"
    assert table()["01340"][2] == "01015"
    assert table()["01015"] == ("Arboys en Bugey", "", "")


def test_overseas_numbers_of_the_past_are_added():
    """Mayotte was 985 before it was 976; Saint-Barthélemy left Guadeloupe."""
    assert table()["98511"] == ("", "97611", "")
    assert table()["97123"] == ("", "97701", "")


def test_the_same_dataset_gives_the_same_bytes(tmp_path):
    """A rebuilt table that differs tells of a changed dataset, not of the hour."""
    first, second = tmp_path / "first", tmp_path / "second"

    build.write(COMMUNES, first)
    build.write(reversed(COMMUNES), second)

    assert first.read_bytes() == second.read_bytes()


def test_the_command_writes_the_table(tmp_path, monkeypatch):
    """`python -m broker.cog.build communes.json` says how many codes it wrote."""
    source = tmp_path / "communes.json"
    source.write_text(json.dumps(COMMUNES), "utf-8")
    monkeypatch.setattr(build, "DATA", tmp_path / "table.gz")

    result = CliRunner().invoke(build.main, [str(source)])

    lines = gzip.decompress((tmp_path / "table.gz").read_bytes()).decode().split("\n")
    assert result.exit_code == 0
    assert result.output.startswith(f"{len(lines)} codes")
