"""`passerelle provider`, as an operator types it beside a running broker."""

import json

import pytest
from click.testing import CliRunner

from broker.app import create_app
from broker.commands.providers import provider_group
from broker.outside import Outside


@pytest.fixture
def operator(world):
    """Runs the command in a process of its own: another broker on the same database."""

    def run(*words, settings=None, **options):
        outside = Outside(world.network.http(), world.clock)
        parts = create_app(settings or world.configuration.broker, outside).extensions["parts"]
        told = CliRunner().invoke(provider_group(lambda: parts), words, **options)
        for engine in parts.engines.values():
            engine.dispose()
        return told

    return run


def providers_page(browser):
    """The address of the page of providers of this login."""
    return next(hop.url for hop in browser.hops if "/providers?" in hop.url)


def moved(world):
    """The settings with an address of `tax` changed and its secret kept."""
    settings = world.configuration.broker
    tax = settings.providers["tax"].model_copy(update={"issuer": "http://localhost/elsewhere"})
    return settings.model_copy(update={"providers": {**settings.providers, "tax": tax}})


def test_every_provider_is_listed_with_its_state(operator):
    """In the order of the page, for people and for programs."""
    operator("disable", "tax")
    told = operator("list")
    rows = {row["provider"]: row for row in json.loads(operator("list", "--json").output)}

    assert told.exit_code == 0
    assert told.output.split()[:2] == ["tax", "disabled"]
    assert rows["tax"]["disabled_at"] is not None
    assert rows["postal"]["state"] == "open"
    assert rows["postal"]["levels"] == ["eidas1", "eidas2"]


def test_a_disabled_provider_is_greyed_on_the_running_node(world, browser, sample, operator):
    """Within five seconds the tile is no button, and enabling gives it back."""
    sample.start(browser)
    assert "is disabled" in operator("disable", "tax").output
    world.clock.advance(5)
    browser.open(providers_page(browser))
    assert browser.page.testids["provider-tax"].tag == "div"

    assert "is enabled" in operator("enable", "tax").output
    world.clock.advance(5)
    assert browser.open(providers_page(browser)).testids["provider-tax"].tag == "button"


def test_a_provider_disabled_between_departure_and_arrival(world, browser, sample, operator):
    """Row 10 (CVE-2026-3009): the answer is refused, and the attempt goes on elsewhere."""
    sample.start(browser)
    browser.click("provider-tax")
    operator("disable", "tax")
    world.clock.advance(5)

    refused = browser.click("persona-claire")
    assert refused.status == 403
    assert refused.has("error-number")
    assert not browser.sent_back()
    browser.open(providers_page(browser))
    assert browser.sign_in("claire", "postal").accept().url.startswith(world.sample.url)


def test_an_unknown_provider_is_answered_with_the_known_ones(operator):
    """Exit code 1, the list, nothing written."""
    told = operator("disable", "nobody")

    assert told.exit_code == 1
    assert "No provider is called nobody. Known ones: tax, postal, msa" in told.output


def test_a_provider_closed_by_the_settings_is_not_opened_from_here(world, operator):
    """The command says where to open it."""
    settings = world.configuration.broker
    tax = settings.providers["tax"].model_copy(update={"disabled": True})
    closed = settings.model_copy(update={"providers": {"tax": tax}})
    told = operator("enable", "tax", settings=closed)

    assert told.exit_code == 1
    assert "The settings disable tax" in told.output


def test_a_moved_provider_is_trusted_by_whoever_knows_its_secret(world, operator, tmp_path):
    """Row 12 (CVE-2026-15943): the secret is wanted again, and a wrong one changes nothing."""
    elsewhere = moved(world)
    _ = world.broker.app
    assert "moved" in operator("list", settings=elsewhere).output
    refused = operator("trust", "tax", settings=elsewhere, input="a guess\n")
    assert refused.exit_code == 1
    assert "This is no secret of tax" in refused.output
    assert "provider trust tax" in operator("enable", "tax", settings=elsewhere).output

    secret = tmp_path / "secret"
    secret.write_text(elsewhere.providers["tax"].client_secret + "\n")
    trusted = operator("trust", "tax", "--secret-file", str(secret), settings=elsewhere)

    assert trusted.exit_code == 0
    assert "moved" not in operator("list", settings=elsewhere).output


def test_a_moved_provider_is_never_called(world, browser, sample, make_world):
    """Row 12 (CVE-2026-15943): the secret goes nowhere while the new address is not agreed to."""
    databases = {
        "broker": world.configuration.broker.broker.database,
        "insured": world.configuration.broker.insured.database,
    }
    _ = world.broker.app
    thief = {"providers": {"tax": {"token_endpoint": "http://localhost:8009/stolen"}}}
    other = make_world(thief, databases)
    visitor = other.browser()
    visitor.start(other.sample)

    assert visitor.page.testids["provider-tax"].tag == "div"
    assert visitor.page.testids["provider-postal"].tag == "button"
