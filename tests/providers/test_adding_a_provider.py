"""docs/adding-a-provider.md, done as it says: a sixth provider, from the page's own text."""

import importlib.util
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from broker.settings import load
from providers import kinds
from providers.build import build
from providers.settings import ProviderSettings
from tests.providers.conformance import ProviderConformance
from tests.providers.test_mocks import MockStage

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-provider.md"
PLACES, LINES = 5, 90
_PYTHON = re.compile(r"^```python\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TOML = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(pattern):
    return pattern.findall(PAGE.read_text(encoding="utf-8"))


def module():
    """The module of the page."""
    return dict(blocks(_PYTHON))["providers/regional.py"]


def tables():
    """The tables of the page, those of the ordinary provider first."""
    return [tomllib.loads(text) for text in blocks(_TOML)]


@pytest.fixture
def regional(tmp_path, monkeypatch):
    """The dialect of the page, among the known ones."""
    file = tmp_path / "regional.py"
    file.write_text(module(), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("regional", file)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    monkeypatch.setitem(kinds.KINDS, "regional", loaded.REGIONAL)
    return loaded.REGIONAL


@pytest.fixture
def world(make_world, regional):
    """The demonstration with the tables of the page."""
    return make_world(tables()[1])


@dataclass
class RegionalStage(MockStage):
    """The new adapter in front of the mock that speaks as it does."""

    def __post_init__(self):
        super().__post_init__()
        told = dict(self.provider.settings.model_dump(include={"issuer", "client_id"}))
        endpoints = dict(self.provider.settings.addresses)
        secret = self.provider.settings.client_secret
        table = {**told, **endpoints, "id": "mock", "kind": "regional", "client_secret": secret}
        settings = ProviderSettings.model_validate(table)
        self.provider = build(settings, self.network.http(), bytes)


class TestRegional(ProviderConformance):
    """The suite that every provider passes."""

    @pytest.fixture
    def stage(self, regional):
        return RegionalStage("msa")


def test_an_ordinary_provider_is_a_table(monkeypatch):
    """The first table of the page is accepted as it stands, its secret out of the environment."""
    document = {
        "mode": "demonstration",
        "broker": {
            "public_url": "https://broker.example",
            "database": "sqlite:///broker.sqlite",
            "secret": "s" * 40,
        },
        **tables()[0],
    }
    settings = load(document, {"EXAMPLE_SECRET": "e" * 40})

    assert settings.providers["example"].client_secret == "e" * 40
    assert settings.providers["example"].kind == "oidc"


def test_its_tile_stands_on_the_page(world, browser):
    """With the name and the words of the dialect, after the others."""
    page = browser.start(world.sample)

    assert page.testids["provider-regional"].tag == "button"
    assert "Caisse régionale numéro d'adhérent" in page.testids["provider-regional"].text


@pytest.mark.parametrize("persona", ["claire", "zoe", "agnes"])
def test_people_come_in_through_it(world, browser, persona):
    """From its page to the service, with the identity it gives."""
    page = browser.login(world.sample, as_=persona, via="regional").accept()

    assert page.url.startswith(world.sample.url)
    assert "code" in browser.sent_back()


@pytest.mark.parametrize("fault", ["wrong_nonce", "no_birthdate", "token_never", "alg_none"])
def test_its_lies_are_found(world, browser, fault):
    """The banner names it, and another provider still works."""
    page = browser.login(world.sample, via="regional", fault=fault)

    assert "Caisse régionale" in page.text
    assert page.has("error-number")
    assert browser.sign_in(via="tax").has("consent-continue")


def test_it_took_few_places_and_few_lines(record_property):
    """A module, its line, its table, its twin's table and its test: five places, ninety lines."""
    test = dict(blocks(_PYTHON))["tests/providers/test_dialects.py"]
    provider, twin = blocks(_TOML)[1].split("\n\n")
    lines = {
        "providers/regional.py": module(),
        "providers/kinds.py": "import and name\non two lines",
        "config.toml: providers": provider,
        "config.toml: mock_idps": twin,
        "tests/providers/test_dialects.py": test,
    }
    counted = {place: len(text.strip().splitlines()) for place, text in lines.items()}
    record_property("lines", sum(counted.values()))

    assert len(counted) <= PLACES
    assert sum(counted.values()) <= LINES
    assert len(blocks(_TOML)[0].strip().splitlines()) <= 15
