"""The benchmarks of registry and matching say what they measured, in files and in a line."""

import importlib
import json
import re

import pytest
from click.testing import CliRunner

from broker.insured.matching.records import RegistryRecord
from providers.identity import Gender, PartialDate, PivotIdentity


@pytest.fixture
def benchmark(root, monkeypatch):
    """A module of the folder `benchmarks`, by name."""
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    return importlib.import_module


@pytest.fixture
def measured(benchmark, monkeypatch, tmp_path):
    """Run a benchmark with these options; gives its last line as a mapping, and its JSON."""

    def run(name, *options):
        module = benchmark(name)
        monkeypatch.setattr(module, "RESULTS", tmp_path / "results")
        result = CliRunner().invoke(module.main, [str(one) for one in options])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        last = result.output.strip().splitlines()[-1]
        document = json.loads((tmp_path / "results" / f"{name}.json").read_text("utf-8"))
        assert (tmp_path / "results" / f"{name}.png").stat().st_size > 10_000
        return dict(re.findall(r"(\w+)=([\d.]+)", last)), document

    return run


def test_the_registry_is_measured_and_not_made_again(measured, tmp_path):
    """Two sizes on SQLite; what a kept folder holds is measured again without an import."""
    folder = tmp_path / "kept"
    options = ("--persons", "300,900", "--engine", "sqlite", "--queries", 120, "--folder", folder)
    last, document = measured("registry", *options)
    again, repeated = measured("registry", *options)

    assert last["rows"] == again["rows"] == "900"
    assert {"lookup_p99_ms", "decisions_per_s", "import_rows_per_s"} < last.keys()
    assert [one["rows"] for one in document["figures"]] == [300, 900]
    assert all(one["bytes_per_row"] > 100 for one in document["figures"])
    assert all(one["loaded"]["mib"] < 300 for one in document["figures"])
    assert all(one["floor_rows_per_cpu_s"] > 1000 for one in document["figures"])
    assert document["country"][0]["rows"] == 68_000_000
    assert document["assumptions"]
    assert [one["loaded"] for one in repeated["figures"]] == [
        one["loaded"] for one in document["figures"]
    ]


def test_the_matching_is_measured_in_memory_and_in_the_database(benchmark, measured, tmp_path):
    """The same line from both; the two other matchers are asked as often as was said."""
    options = ("--queries", 500, "--each", 20, "--rivals", 10)
    last, document = measured("matching", "--persons", 2000, *options)
    load = benchmark("registry_load")
    with benchmark("registry_engines").bench("sqlite", tmp_path, 2000, keep=True) as one:
        load.loaded(one, load.generated(tmp_path, 2000, 36)[0])
        stored, told = measured("matching", "--database", one.url, *options)

    assert last["wrong_links"] == stored["wrong_links"] == "0"
    assert last["n_queries"] == stored["n_queries"] == "500"
    assert {f"recall_q{number}" for number in range(5)} < last.keys()
    assert document["asked"]["persons"] == told["asked"]["persons"] == 2000
    assert (document["asked"]["database"], told["asked"]["database"]) == (None, "sqlite")
    assert {one["rival_queries"] for one in document["classes"].values()} <= set(range(11))
    assert document["rate_bound_95"] == pytest.approx(3 / 500)


def test_the_country_is_fitted_from_the_sizes_that_were_measured(benchmark):
    """A latency that grows by so much for each doubling goes on so; one size says nothing."""
    latency = benchmark("registry_latency").Latency
    figures = benchmark("registry_figures").Figures
    loaded = benchmark("registry_load").Loaded(10.0, 5.0, 5.0, 100.0)

    def size(rows, p99):
        one = latency(p99 / 2, p99, p99, p99, 1000.0)
        return figures("sqlite", rows, loaded, 250_000.0, 200.0, one, one, one, 1.0)

    scale = benchmark("registry_scale")
    country = scale.extrapolated("sqlite", [size(2**20, 1.0), size(2**23, 1.3)])

    assert country.lookup_p99_ms == pytest.approx(1.3 + 0.1 * 3.02, abs=0.01)
    assert country.gigabytes == pytest.approx(13.6)
    assert scale.extrapolated("sqlite", [size(2**20, 1.0)]).lookup_p99_ms is None


@pytest.mark.parametrize(
    ("sent", "presumed", "alike"),
    [
        (("Antonio", 1967, 1, 1), True, True),
        (("António", 1967, 12, 31), True, True),
        (("António", 1967, 0, 0), True, True),
        (("António", 1967, 1, 1), False, False),
        (("António", 1967, 5, 1), True, False),
        (("Antonia", 1967, 1, 1), True, False),
    ],
)
def test_who_cannot_be_told_apart_is_judged_by_what_both_sides_state(
    benchmark, sent, presumed, alike
):
    """An accent states nothing, nor does the day that a form puts in place of an unknown one."""
    name, *date = sent
    place = (Gender.MALE, None, "99139")
    identity = PivotIdentity("Silva", (name,), PartialDate(*date), *place)
    kept = RegistryRecord(1, "SILVA", ("António",), PartialDate(1967, 0, 0), *place)

    told = benchmark("matching_truth").indistinguishable(identity, kept._replace(presumed=presumed))
    assert told is alike
