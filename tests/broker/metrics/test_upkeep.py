"""What a gauge says stays fresh on a worker that nobody asks."""

import gc
import threading

import pytest

from broker.metrics.mounting import refresher
from broker.upkeep import Upkeep
from sandbox import node, production
from tests.broker.metrics.conftest import TOKEN


def test_each_round_of_upkeep_runs_what_stands_beside_it(world):
    """Again and again, until it is stopped."""
    twice, runs = threading.Event(), []

    def beside():
        runs.append(1)
        if len(runs) == 2:
            twice.set()

    upkeep = Upkeep(world.broker.app.extensions["parts"], every=0.01, beside=beside)
    upkeep.start()
    assert twice.wait(30)
    upkeep.stop()


def test_the_circuits_are_noted_without_anybody_asking(counting):
    """The figure is that of this moment, not of the last time somebody read it."""
    app = counting.broker.app
    registry = app.extensions["metrics"].numbers.registry
    for entry in app.extensions["parts"].providers:
        if entry.settings.id == "tax":
            for _ in range(5):
                entry.circuit.failed(counting.clock())
    refresher(app)()

    state = registry.get_sample_value("passerelle_circuit_state", {"provider": "tax"})
    assert state == 2


def test_a_broker_that_does_not_count_has_nothing_to_refresh(world):
    """And its upkeep goes on without."""
    assert refresher(world.broker.app)() is None


@pytest.fixture
def collector():
    """The garbage collector as it was before a node made itself at home."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.parametrize("token", [None, TOKEN])
@pytest.mark.usefixtures("collector")
def test_a_node_refreshes_its_figures_with_its_upkeep(tmp_path, monkeypatch, root, token):
    """The factory of the server starts both; a node without figures starts as well."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PASSERELLE_CONFIG", raising=False)
    text = (root / "config.toml").read_text().replace("_persons = 3000", "_persons = 0")
    own = "[broker]\n" + (f'metrics_token = "{token}"\n' if token else "")
    (tmp_path / "config.toml").write_text(text.replace("[broker]\n", own))
    started = []

    class Kept(Upkeep):
        def start(self):
            started.append(self)

    monkeypatch.setattr(node, "Upkeep", Kept)
    production.prepare()
    app = node.create_app()
    started[0].beside()
    told = app.extensions.get("metrics")

    assert (told is not None) is bool(token)
    if told:
        samples = [s for f in told.numbers.registry.collect() for s in f.samples]
        assert "passerelle_circuit_state" in {s.name for s in samples}
    for engine in app.extensions["parts"].engines.values():
        engine.dispose()
