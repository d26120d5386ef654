"""What an operator types, on the broker of a world."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from broker.commands.clients import client_group
from sandbox.world import World
from tests.broker.operator import Told
from tests.service import Service

CALLBACK = "http://localhost:8081/callback"
HEADER = "name,client_id,redirect_uris,scopes"


@dataclass
class Operator:
    """Types `passerelle client …`."""

    world: World

    def __call__(self, *words, **options) -> Told:
        group = client_group(lambda: self.world.broker.app.extensions["parts"])
        result = CliRunner().invoke(group, [str(word) for word in words], **options)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return Told(result.exit_code, result.stdout, result.stderr)

    def add(self, *words, name="Clinique", uri=CALLBACK) -> dict:
        """Register a service and return what was told once."""
        told = self("add", name, "--redirect-uri", uri, *words, "--json")
        assert told.status == 0, told.refusal
        return told.json

    def service(self, added: dict, auth="client_secret_basic") -> Service:
        """The service that was registered, as it would present itself."""
        service = Service(self.world)
        changes = {"client_id": added["client_id"], "client_auth": auth, "scopes": ("openid",)}
        service.settings = service.settings.model_copy(update=changes)
        service.client_id, service.secret = added["client_id"], added.get("client_secret", "")
        return service


@pytest.fixture
def operator(world: World) -> Operator:
    return Operator(world)


@pytest.fixture(scope="module")
def typist() -> Iterator[Operator]:
    """An operator on one broker for a whole table: for commands that leave nothing behind."""
    with World.build() as world:
        yield Operator(world)


@pytest.fixture
def file(tmp_path):
    """Write a file of these lines under the usual header, or under none."""

    def write(*lines, header=HEADER, encoding="utf-8", ending="\n"):
        path = tmp_path / "services.csv"
        text = ending.join([header, *lines]) + ending
        path.write_bytes(text.encode(encoding))
        return path

    return write
