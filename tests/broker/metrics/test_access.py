"""Who may read the metrics."""

import json

import pytest

from broker.settings import SettingsError, load
from sandbox.configuration import merged
from sandbox.document import find, read
from sandbox.wsgi import Request, call, environment
from tests.broker.metrics.conftest import TOKEN


def test_whoever_bears_the_token_reads_the_text_format(scraper):
    """The answer is the text that Prometheus has read for ten years, and nobody keeps a copy."""
    answer = scraper.ask()
    headers = dict(answer.headers)

    assert answer.status == 200
    assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert headers["Cache-Control"] == "no-store"
    assert b"# HELP passerelle_logins_total" in answer.body


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        (None, 'Bearer realm="broker"'),
        ("", 'Bearer realm="broker"'),
        ("Bearer", 'Bearer realm="broker"'),
        (f"Basic {TOKEN}", 'Bearer realm="broker"'),
        (TOKEN, 'Bearer realm="broker"'),
        (f"Bearer {TOKEN}0", 'error="invalid_token"'),
        (f"Bearer {TOKEN[:-1]}", 'error="invalid_token"'),
        (f"Bearer {TOKEN.upper()}", 'error="invalid_token"'),
        ("Bearer \udcff", 'error="invalid_token"'),
        ("Bearer é", 'error="invalid_token"'),
    ],
)
def test_anyone_else_is_told_what_is_missing_and_no_figure(scraper, authorization, challenge):
    """401 in JSON, with the challenge of RFC 6750, and nothing of what is counted."""
    answer = scraper.ask(authorization)

    assert answer.status == 401
    assert challenge in dict(answer.headers)["WWW-Authenticate"]
    assert "error" in json.loads(answer.body)
    assert b"passerelle_" not in answer.body


def test_the_scheme_is_read_in_any_case(scraper):
    """`bearer` is `Bearer` (RFC 9110 §11.1)."""
    assert scraper.ask(f"bearer {TOKEN}").status == 200


def test_without_a_token_in_the_settings_there_is_no_such_page(world):
    """A broker that nobody asked to count answers as for any unknown address."""
    sent = Request("GET", world.broker.url + "/metrics", {"Authorization": f"Bearer {TOKEN}"})

    assert call(world.broker, environment(sent)).status == 404
    assert "metrics" not in world.broker.app.extensions


def test_only_reading_is_answered(scraper):
    """Any other method is refused with the methods there are."""
    sent = Request("POST", scraper.world.broker.url + "/metrics", {})

    assert call(scraper.world.broker, environment(sent)).status in {400, 405}


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("short", "broker.metrics_token: string should have at least 32 characters"),
        ({"env": "NOWHERE"}, "broker.metrics_token: the environment has no NOWHERE"),
    ],
)
def test_a_token_that_protects_nothing_is_refused_at_start(token, sentence):
    """As any secret of the settings."""
    document = merged(read(find({})), {"broker": {"metrics_token": token}})
    with pytest.raises(SettingsError) as refused:
        load(document, {})

    assert sentence in refused.value.problems


def test_a_token_of_the_demonstration_is_refused_in_production():
    """What everybody can read in a repository opens nothing."""
    changes = {"mode": "production", "broker": {"metrics_token": "demonstration-" + "x" * 32}}
    with pytest.raises(SettingsError) as refused:
        load(merged(read(find({})), changes), {})

    assert any(p.startswith("broker.metrics_token:") for p in refused.value.problems)
