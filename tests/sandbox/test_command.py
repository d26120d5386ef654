"""The command `passerelle`, as people type it."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress

import click
import pytest
import requests
from click.testing import CliRunner
from joserfc.jwk import ECKey

import sandbox
from sandbox import demonstration, production
from sandbox.command import main
from sandbox.configuration import stored
from sandbox.document import ConfigurationError, read

COMMAND = [sys.executable, "-c", "from sandbox.command import main; main()"]
READY_SECONDS = 60


@pytest.fixture
def here(tmp_path, monkeypatch, root):
    """A folder with the settings of the demonstration alone, and none in the environment."""
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(root / "config.toml", tmp_path / "config.toml")
    monkeypatch.delenv("PASSERELLE_CONFIG", raising=False)
    monkeypatch.delenv("PORT_BASE", raising=False)
    return tmp_path


@pytest.fixture
def passerelle(here):
    """Run the command in this process; what it wrote and how it ended."""
    return lambda *words: CliRunner().invoke(main, words)


def free_base():
    """A first port whose neighbours are free too."""
    for base in range(21_000, 60_000, 150):
        with suppress(OSError):
            for port in (base, base + 1, base + 25, base + 80, base + 81):
                socket.create_server(("127.0.0.1", port)).close()
            return base
    raise AssertionError("no free ports")


def test_help_lists_the_verbs_with_a_sentence_each(passerelle):
    """Whoever types nothing reads what there is."""
    told = passerelle("--help")

    assert told.exit_code == 0
    assert "Start everything on this machine until Ctrl-C." in told.output
    assert "Serve the broker alone, as in production." in told.output


@pytest.mark.parametrize("verb", ["demo", "serve"])
def test_a_broken_file_is_refused_with_every_problem(here, passerelle, verb):
    """A sentence for each, exit code 2, no stack trace."""
    (here / "config.toml").write_text('mode = "holiday"\n[broker]\npublic_url = 3\n')
    told = passerelle(verb)

    assert told.exit_code == 2
    assert "config.toml: mode:" in told.output
    assert "config.toml: broker.public_url:" in told.output
    assert "Traceback" not in told.output


@pytest.mark.parametrize("verb", ["demo", "serve"])
def test_a_file_that_is_no_toml_is_refused(here, passerelle, verb):
    """With the place of the mistake."""
    (here / "config.toml").write_text("[broker\n")
    told = passerelle(verb)

    assert told.exit_code == 2
    assert "not valid TOML" in told.output
    assert "line 1" in told.output


def test_the_file_that_is_wrong_is_the_one_that_is_named(here, passerelle, monkeypatch):
    """Whatever it is called and wherever it stands; what is wrong elsewhere names no file."""
    (here / "mine.toml").write_text('mode = "holiday"\n')
    elsewhere = here.parent / f"{here.name}.toml"
    elsewhere.write_text('mode = "holiday"\n')
    monkeypatch.setenv("PASSERELLE_CONFIG", "mine.toml")
    near = passerelle("serve")
    monkeypatch.setenv("PASSERELLE_CONFIG", str(elsewhere))
    far = passerelle("serve")
    ports = passerelle("demo", "--port-base", "99")

    assert near.output.startswith("mine.toml: mode: ")
    assert far.output.startswith(f"{elsewhere}: mode: ")
    assert ports.output == "--port-base: '99' is not a number between 1024 and 65000.\n"


def test_a_misspelt_table_is_told_by_every_command(here, passerelle, root):
    """Before anything is opened."""
    text = (root / "config.toml").read_text()
    (here / "config.toml").write_text(text + "\n[client.mine]\nname = 'Mine'\n")
    told = [passerelle(*words).output for words in (["demo"], ["serve"], ["keys", "list"])]

    assert told == ["config.toml: client: is no table that is known here\n"] * 3
    assert not (here / "var").exists()


def test_help_cuts_no_sentence(passerelle):
    """Every group shows what each of its commands does to the end."""
    groups = [[], *([name] for name, one in main.commands.items() if isinstance(one, click.Group))]
    helps = [passerelle(*words, "--help").output for words in groups]

    assert len(helps) > 7
    assert [one for one in helps if "..." in one.partition("Commands:")[2]] == []
    assert "Say what is wrong with a service, out of its logins in a running" in helps[0]


def test_every_option_says_what_it_is_for():
    """A word in capitals is no explanation."""
    assert list(unexplained(main, "passerelle")) == []


def unexplained(command, path):
    for inner in getattr(command, "commands", {}).values():
        yield from unexplained(inner, f"{path} {inner.name}")
    for one in command.params:
        if isinstance(one, click.Option) and not one.help:
            yield f"{path} {one.opts[0]}"


def test_a_missing_file_is_named(passerelle, monkeypatch):
    """`PASSERELLE_CONFIG` points nowhere."""
    monkeypatch.setenv("PASSERELLE_CONFIG", "/nowhere/settings.toml")
    told = passerelle("demo")

    assert told.exit_code == 2
    assert "/nowhere/settings.toml: cannot be read" in told.output


@pytest.mark.parametrize("base", ["80", "70000", "many", ""])
def test_a_base_that_is_none_is_refused(passerelle, monkeypatch, base):
    """A number in the range of ports."""
    monkeypatch.setenv("PORT_BASE", base)
    told = passerelle("demo")

    assert told.exit_code == 2
    assert "PORT_BASE" in told.output
    assert len(told.output.splitlines()) == 1


def test_the_option_wins_over_the_environment(monkeypatch):
    """What is typed last counts."""
    assert demonstration.port_base(9000, {"PORT_BASE": "7000"}) == 9000
    assert demonstration.port_base(None, {"PORT_BASE": "7000"}) == 7000
    assert demonstration.port_base(None, {}) == 8000


def test_a_busy_port_is_one_sentence(passerelle):
    """Which port, and how to take others; nothing was written."""
    base = free_base()
    with closing(socket.create_server(("127.0.0.1", base + 80))):
        told = passerelle("demo", "--port-base", str(base))

    assert told.exit_code == 2
    (line,) = told.output.splitlines()
    assert line.startswith(f"Another program uses the port {base + 80}: stop it, or")
    assert "PORT_BASE=9000" in line


def test_a_broker_alone_is_not_told_to_move_the_ports_of_a_demonstration(here, passerelle, root):
    """It listens where the settings say, whatever PORT_BASE is."""
    port = free_base()
    text = (root / "config.toml").read_text().replace("_persons = 3000", "_persons = 0")
    (here / "config.toml").write_text(text.replace('"127.0.0.1:8000"', f'"127.0.0.1:{port}"'))
    with closing(socket.create_server(("127.0.0.1", port))):
        told = passerelle("serve", "--server", "waitress")

    assert told.exit_code == 2
    listening = f"another program listens at 127.0.0.1:{port} already"
    assert told.stderr.splitlines()[-1] == f"config.toml: broker.listen: {listening}"


def test_production_settings_give_no_demonstration(here, passerelle, root):
    """A demonstration never runs on real settings."""
    text = (root / "config.toml").read_text()
    (here / "config.toml").write_text(text.replace('mode = "demonstration"', 'mode = "production"'))
    told = passerelle("demo")

    assert told.exit_code == 2


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:///var/demo/broker.sqlite", "Not a directory."),
        ("postgresql+psycopg2://u@127.0.0.1:1/x", "A database of the settings cannot be opened"),
    ],
)
def test_a_database_that_cannot_be_opened_is_one_sentence(here, passerelle, root, url, sentence):
    """The reason, without a stack trace."""
    if url.startswith("sqlite"):
        (here / "var").write_text("a file where a folder should be")
    text = (root / "config.toml").read_text()
    (here / "config.toml").write_text(text.replace("sqlite:///var/demo/broker.sqlite", url))
    told = passerelle("serve")

    assert told.exit_code == 2
    assert len(told.output.splitlines()) == 1
    assert sentence in told.output


def test_passwords_never_hold_every_thread_of_a_worker(here, passerelle, root):
    """A burst of them would stop all other logins: told before anything is opened."""
    (here / "config.toml").write_text((root / "config.toml").read_text())
    told = passerelle("serve", "--threads", "14")

    assert told.exit_code == 2
    (line,) = told.output.splitlines()
    assert line.startswith("config.toml: insured.passwords: 14 threads may be busy")
    assert "--threads 16" in line
    assert not (here / "var").exists()


def test_a_registry_of_another_version_is_one_sentence(here, passerelle, root):
    """At start, and not at somebody's login; the command that mends it is named."""
    text = (root / "config.toml").read_text()
    alone = text.replace("demonstration_persons = 3000", "demonstration_persons = 0")
    (here / "config.toml").write_text(alone)
    production.prepare()
    with closing(sqlite3.connect(here / "var/demo/insured.registry.sqlite")) as registry:
        registry.execute("UPDATE about SET value = '0' WHERE name = 'layout'")
        registry.commit()
    told = passerelle("serve")

    assert told.exit_code == 2
    assert len(told.output.splitlines()) == 1
    assert "passerelle registry import" in told.output


def alone(here, root):
    """Settings of the demonstration without its three thousand people."""
    text = (root / "config.toml").read_text()
    (here / "config.toml").write_text(text.replace("_persons = 3000", "_persons = 0"))


def made_by(here, version, bind="broker"):
    """Let the database of the demonstration be that of another version."""
    with closing(sqlite3.connect(here / f"var/demo/{bind}.sqlite")) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (version,))
        database.commit()


@pytest.mark.parametrize(
    ("bind", "words"), [("broker", ("client", "show")), ("insured", ("registry", "stats"))]
)
def test_a_command_never_migrates_under_running_nodes(here, passerelle, root, bind, words):
    """A database of an earlier version is left as it is: one sentence says what to do."""
    alone(here, root)
    production.prepare()
    made_by(here, "0001", bind)
    told = passerelle(*words)

    assert told.exit_code == 2
    (line,) = told.output.splitlines()
    assert line.startswith(f"The schema of the database `{bind}` is older than this version")
    with closing(sqlite3.connect(here / f"var/demo/{bind}.sqlite")) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)


def test_a_command_works_on_the_database_of_a_later_version(here, passerelle, root):
    """In the middle of an upgrade the operators of the version before go on."""
    alone(here, root)
    production.prepare()
    made_by(here, "9999")

    assert passerelle("provider", "list").exit_code == 0


def test_a_command_before_the_first_start_makes_the_databases_and_no_people(here, passerelle, root):
    """What is registered then is known to the demonstration that starts afterwards."""
    (here / "config.toml").write_text((root / "config.toml").read_text())
    words = ("--client-id", "clinic", "--redirect-uri", "https://clinic.example/callback")
    made = passerelle("client", "add", "Clinic", *words)
    told = passerelle("client", "show", "clinic")

    assert (made.exit_code, told.exit_code) == (0, 0)
    with closing(sqlite3.connect(here / "var/demo/insured.sqlite")) as insured:
        assert insured.execute("SELECT count(*) FROM account").fetchone() == (0,)


def test_a_node_of_the_version_before_may_start_again_during_an_upgrade(here, root):
    """Its migrations have nothing to do, and say nothing."""
    alone(here, root)
    production.prepare()
    made_by(here, "9999")
    production.prepare()

    with closing(sqlite3.connect(here / "var/demo/broker.sqlite")) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_starting_over_throws_away_the_files_of_the_settings_only(tmp_path, root):
    """The neighbours in the folder stay."""
    document = stored(read(root / "config.toml"), tmp_path)
    for name in ("broker.sqlite", "insured.registry.sqlite", "portal.sqlite-wal", "notes.txt"):
        (tmp_path / name).touch()
    demonstration.start_over(document)

    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    demonstration.start_over(document)


def test_starting_over_needs_files():
    """A database on a server is not emptied by a demonstration."""
    with pytest.raises(ConfigurationError, match="--fresh"):
        demonstration.start_over({"broker": {"database": "postgresql+psycopg2://x/y"}})


def test_an_old_python_is_told(root):
    """Whoever skips the installation reads which version is needed."""
    source = (root / "sandbox" / "__init__.py").read_text()
    old = "import sys; sys.version_info = (3, 9, 2, 'final', 0)\n"
    told = subprocess.run([sys.executable, "-c", old + source], capture_output=True, check=False)

    assert told.returncode == 1
    assert told.stderr.startswith(b"Passerelle needs Python 3.11 or later")
    assert sandbox.__doc__


class Running:
    """A command started for real, in a process of its own."""

    def __init__(self, folder, *words, **environ):
        self.log = folder / "log.txt"
        path = os.pathsep.join(filter(None, sys.path))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*COMMAND, *words],
                cwd=folder,
                env=os.environ | {"PYTHONPATH": path} | environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_for(self, url):
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(requests.ConnectionError):
                return requests.get(url, timeout=5).status_code
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def stop(self, how=signal.SIGINT):
        self.process.send_signal(how)
        code = self.process.wait(20)
        return code, self.log.read_text()


@pytest.fixture
def run(here):
    running = []

    def start(*words, **environ):
        running.append(Running(here, *words, **environ))
        return running[-1]

    yield start
    for one in running:
        one.process.kill()
        one.process.wait()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_demonstration_starts_answers_and_stops(here, passerelle, run, how):
    """
    Every application answers; the addresses are printed; Ctrl-C ends it without a trace.

    Whoever starts it a second time meanwhile reads that it runs, and throws nothing away.
    """
    base = free_base()
    demo = run("demo", PORT_BASE=str(base))
    ports = [base, base + 1, base + 2, base + 3, base + 4, base + 25, base + 80, base + 81]
    statuses = [demo.wait_for(f"http://127.0.0.1:{port}/healthz") for port in ports]
    again = passerelle("demo", "--fresh", "--port-base", str(base))
    code, told = demo.stop(how)

    assert statuses == [200] * 8
    assert code == 0
    assert again.exit_code == 2
    assert again.output.startswith(
        f"The demonstration is running already: http://localhost:{base + 25} has its addresses."
    )
    assert "Traceback" not in told
    assert "Four things to try" in told
    assert all(f"http://localhost:{port}" in told for port in ports)
    assert (here / "var" / "demo" / "broker.sqlite").exists()


def test_a_sandbox_for_my_service_says_what_to_configure(run):
    """Issuer, id and secret are printed; a stranger may register itself."""
    base = free_base()
    mine = ("--redirect-uri", "http://localhost:5000/callback", "--client-id", "mine")
    own = run("sandbox", *mine, "--open-registration", "--port-base", str(base))
    assert own.wait_for(f"http://127.0.0.1:{base + 25}/healthz") == 200
    stranger = {"redirect_uris": ["http://localhost:5001/callback"]}
    reply = requests.post(f"http://127.0.0.1:{base + 25}/register", json=stranger, timeout=20)
    asked = f"client_id=mine&redirect_uri={mine[1]}&response_type=code&scope=openid&state=s"
    page = requests.get(f"http://127.0.0.1:{base}/api/v2/authorize?{asked}", timeout=20)
    code, told = own.stop()

    assert code == 0
    assert reply.status_code == 201
    assert page.status_code == 200
    assert f"http://localhost:{base}/api/v2" in told
    assert "client_secret" in told
    assert f"http://localhost:{base + 25}/register" in told


def test_a_sandbox_needs_to_know_where_my_service_is(passerelle):
    """Or that services may register themselves."""
    told = passerelle("sandbox")

    assert told.exit_code == 2
    assert "--redirect-uri" in told.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--redirect-uri", "nope"), "redirect_uris: nope: must start with https://"),
        (("--scope", "openid shoes"), "scopes: 'shoes' is none of openid"),
        (("--client-secret", "short"), "client_secret: string should have at least 32"),
        (("--auth-method", "private_key_jwt"), "jwks: private_key_jwt and encryption need"),
    ],
)
def test_what_is_wrong_with_my_service_blames_no_file(passerelle, words, said):
    """It was typed, and is told as any other option that is wrong."""
    told = passerelle("sandbox", "--redirect-uri", "http://localhost:5000/callback", *words)

    assert told.exit_code == 2
    assert f"Error: {said}" in told.output
    assert "config.toml" not in told.output


def test_my_service_may_prove_itself_by_a_key(here, passerelle):
    """Its public keys are in a file that the command names; only the port is in the way."""
    key = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
    (here / "keys.json").write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    base = free_base()
    words = ("--auth-method", "private_key_jwt", "--jwks", "keys.json", "--port-base", str(base))
    with closing(socket.create_server(("127.0.0.1", base + 80))):
        told = passerelle("sandbox", "--redirect-uri", "http://localhost:5000/callback", *words)

    assert told.output.startswith(f"Another program uses the port {base + 80}:")


@pytest.mark.parametrize("server", ["waitress", "granian"])
def test_the_broker_is_served_alone(here, run, root, server):
    """As in production, under either server, with the settings of the folder."""
    port = free_base()
    text = (root / "config.toml").read_text()
    (here / "config.toml").write_text(text.replace('"127.0.0.1:8000"', f'"127.0.0.1:{port}"'))
    broker = run("serve", "--server", server)

    assert broker.wait_for(f"http://127.0.0.1:{port}/readyz") == 200
    assert broker.stop(signal.SIGTERM)[0] in {0, -signal.SIGTERM}
