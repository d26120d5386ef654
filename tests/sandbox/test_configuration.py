"""One config.toml for every room."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import settings as broker_settings
from relying_party_demo import settings as service_settings
from sandbox.configuration import files, load, merged, moved, stored
from sandbox.document import TABLES, ConfigurationError, find, read


@pytest.fixture(scope="module")
def demonstration(root):
    return read(root / "config.toml")


def test_the_demonstration_is_understood_by_every_room(demonstration):
    """Broker, mocks, services and sandbox each find their tables."""
    configuration = load(demonstration, {})

    assert configuration.broker.broker.public_url == "http://localhost:8000"
    assert {"tax", "postal", "msa", "mobile"} <= {mock.id for mock in configuration.mocks}
    assert configuration.services.portal.public_url == "http://localhost:8080"
    assert configuration.sandbox.listen == "127.0.0.1:8025"


def test_the_problems_of_all_rooms_are_told_at_once(demonstration):
    """Whoever repairs a file repairs it once."""
    broken = merged(
        demonstration,
        {
            "broker": {"public_url": "ftp://x", "nonsense": 1},
            "mock_idps": {"tax": {"client_id": ""}},
            "portal": {"idle_seconds": 1},
            "sandbox": {"listen": "nowhere"},
        },
    )
    with pytest.raises(ConfigurationError) as refused:
        load(broken, {})
    keys = {problem.partition(":")[0] for problem in refused.value.problems}

    assert {"broker.nonsense", "mock_idps.tax.client_id", "portal.idle_seconds"} <= keys
    assert "sandbox.listen" in keys


def test_a_problem_that_two_rooms_find_is_told_once(demonstration):
    """Two rooms read the mode; one sentence is enough."""
    with pytest.raises(ConfigurationError) as refused:
        load({**demonstration, "mode": "holiday"}, {})
    problems = refused.value.problems

    assert len(problems) == len(set(problems))


def test_secrets_may_come_from_the_environment(demonstration):
    """The environment is read with the file."""
    changed = merged(demonstration, {"broker": {"secret": {"env": "SECRET_OF_THE_BROKER"}}})

    assert load(changed, {"SECRET_OF_THE_BROKER": "x" * 40}).broker.broker.secret == "x" * 40
    with pytest.raises(ConfigurationError, match="SECRET_OF_THE_BROKER"):
        load(changed, {})


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("sqlite:///var/b.sqlite", "sqlite:///{folder}/var/b.sqlite"),
        ("sqlite:////srv/b.sqlite", "sqlite:////srv/b.sqlite"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg2://localhost/b", "postgresql+psycopg2://localhost/b"),
    ],
)
def test_a_relative_file_lies_beside_the_settings(tmp_path, monkeypatch, url, found):
    """From whatever folder a command is typed it finds the state that the nodes serve."""
    path = tmp_path / "settings" / "config.toml"
    path.parent.mkdir()
    path.write_text(f'[broker]\ndatabase = "{url}"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    document = read(Path("settings", "config.toml"))

    assert document["broker"]["database"] == found.format(folder=path.parent)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"= nonsense", "TOML"), (b"\xff\xfe", "TOML"), (None, "cannot be read")],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path, content, sentence):
    """Missing, unreadable or no TOML: the path and the reason."""
    path = tmp_path / "config.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigurationError, match=sentence) as refused:
        read(path)
    assert str(path) in refused.value.problems[0]


def test_the_named_file_comes_first(tmp_path):
    """`PASSERELLE_CONFIG`, else the folder one works in, else the demonstration."""
    (tmp_path / "config.toml").touch()
    named = find({"PASSERELLE_CONFIG": "/elsewhere.toml"}, tmp_path)

    assert named == Path("/elsewhere.toml")
    assert find({}, tmp_path) == tmp_path / "config.toml"
    assert find({}, tmp_path / "empty").name == "config.toml"
    assert find({}).is_file()


def test_an_installed_demonstration_is_found(tmp_path, monkeypatch):
    """Without the sources around, the file stands where the package installed it."""
    monkeypatch.setattr("sandbox.document.__file__", str(tmp_path / "lib/sandbox/x.py"))
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    with pytest.raises(ConfigurationError, match="PASSERELLE_CONFIG"):
        find({})

    installed = tmp_path / "share/passerelle/config.toml"
    installed.parent.mkdir(parents=True)
    installed.touch()
    assert find({}) == installed


def test_ports_move_together(demonstration):
    """Addresses, listening addresses and redirect URIs: every 8xxx of this machine."""
    there = moved(demonstration, 9000)

    assert there["broker"]["public_url"] == "http://localhost:9000"
    assert there["broker"]["listen"] == "127.0.0.1:9000"
    assert there["clients"]["ameli"]["redirect_uris"] == ["http://localhost:9080/callback"]
    assert there["sandbox"]["listen"] == "127.0.0.1:9025"
    assert "localhost:8" not in str(there)
    assert load(there, {}).broker.broker.issuer == "http://localhost:9000/api/v2"


@pytest.mark.parametrize(
    "text",
    [
        "http://example.org:8000",
        "http://localhost:80801",
        "localhost:9000",
        "8000",
        "x127.0.0.11:80",
    ],
)
def test_other_addresses_stay(text):
    """Another machine, another port and a mere figure are left alone."""
    assert moved({"x": text}, 9000) == {"x": text}


@given(st.integers(1024, 65_000))
def test_moving_there_and_back_changes_nothing(base):
    """The ports keep their distances."""
    document = {"a": ["http://localhost:8025/x"], "b": {"c": "127.0.0.1:8999", "d": 3}}
    there = moved(document, base)

    assert there["a"] == [f"http://localhost:{base + 25}/x"]
    assert there["b"] == {"c": f"127.0.0.1:{base + 999}", "d": 3}
    assert moved(document, 8000) == document


def test_changes_go_over_the_file_table_by_table():
    """One key changes, its neighbours stay; None takes a key away."""
    document = {"a": {"x": 1, "y": 2}, "b": {"z": 3}, "c": 4}
    changed = merged(document, {"a": {"x": 9}, "b": None, "d": {"new": [1]}})

    assert changed == {"a": {"x": 9, "y": 2}, "c": 4, "d": {"new": [1]}}
    assert document == {"a": {"x": 1, "y": 2}, "b": {"z": 3}, "c": 4}


def test_databases_of_a_world_stand_in_its_folder(demonstration, tmp_path):
    """Every database moves there, except those that stand elsewhere."""
    there = stored(demonstration, tmp_path, {"broker": "postgresql+psycopg2://x/y"})

    assert there["broker"]["database"] == "postgresql+psycopg2://x/y"
    assert there["insured"]["database"] == f"sqlite:///{tmp_path}/insured.sqlite"
    assert there["portal"]["database"] == f"sqlite:///{tmp_path}/portal.sqlite"
    assert "insured" not in stored(merged(demonstration, {"insured": None}), tmp_path)


def test_the_files_of_a_configuration_are_its_own(demonstration, tmp_path):
    """Databases, their companions and the registry; never a whole folder."""
    there = stored(demonstration, tmp_path, {"broker": "postgresql+psycopg2://x/y"})
    found = {path.name for path in files(there)}

    assert {"insured.sqlite", "insured.sqlite-wal", "insured.registry.sqlite"} <= found
    assert not any(name.startswith("broker") for name in found)
    assert {path.parent for path in files(there)} == {tmp_path}


def test_a_database_in_memory_has_no_file():
    """There is nothing to throw away."""
    assert list(files({"broker": {"database": "sqlite://"}})) == []


def test_a_table_that_nobody_reads_is_told(demonstration):
    """`[client.mine]` would be forgotten in silence."""
    with pytest.raises(ConfigurationError) as refused:
        load({**demonstration, "client": {"mine": {}}}, {})

    assert refused.value.problems == ("client: is no table that is known here",)


def test_every_table_that_a_room_reads_is_known():
    """The broker's, the services', the providers' and the sandbox's own."""
    read_by_rooms = {
        *broker_settings.Settings.model_fields,
        *service_settings.Settings.model_fields,
    }

    assert read_by_rooms | {"mock_idps", "sandbox"} == TABLES


@pytest.mark.parametrize("table", ["portal", "sample_service", "sandbox", "broker"])
def test_a_place_to_listen_at_has_a_port(demonstration, table):
    """Told with the other faults, and not by a stack trace at the start."""
    with pytest.raises(ConfigurationError) as refused:
        load(merged(demonstration, {table: {"listen": "nowhere"}}), {})

    assert refused.value.problems == (f"{table}.listen: 'nowhere' is not host:port",)


def test_rooms_that_read_the_same_key_complain_of_it_once(demonstration):
    """Each would say it in words of its own."""
    with pytest.raises(ConfigurationError) as refused:
        load(merged(demonstration, {"mode": None}), {})

    assert refused.value.problems == ("mode: is missing",)
