"""docs/testing-your-service.md, run as it stands: its service, its fixtures and its tests."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[2] / "docs" / "testing-your-service.md"
_BLOCK = re.compile(r"^```python\n# (\w+\.py)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def files():
    """The files of the page by name."""
    return dict(_BLOCK.findall(PAGE.read_text(encoding="utf-8")))


@pytest.fixture
def project(pytester, files):
    """Another project, which has these files and nothing else."""
    for name, text in files.items():
        (pytester.path / name).write_text(text, encoding="utf-8")
    pytester.syspathinsert()
    return pytester


def test_the_page_holds_a_service_its_fixtures_and_its_tests(files):
    """Each in a block that begins with its name."""
    assert list(files) == ["my_service.py", "conftest.py", "test_my_service.py"]


def test_the_example_runs_as_it_stands(project, files):
    """Every test of the page passes, in a project that is not this one."""
    result = project.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:cov")
    written = len(re.findall(r"^def test_", files["test_my_service.py"], re.MULTILINE))

    outcomes = result.parseoutcomes()
    assert set(outcomes) == {"passed"}, outcomes
    assert outcomes["passed"] > written


def test_the_example_finds_a_broken_service(project, files):
    """A service that forgets to compare the state fails the test about it, with its hops."""
    told = 'if trip is None or request.args.get("state") != trip["state"]:'
    careless = files["my_service.py"].replace(told, "if False:")
    assert careless != files["my_service.py"]
    (project.path / "my_service.py").write_text(careless, encoding="utf-8")
    result = project.runpytest_inprocess("-p", "no:cacheprovider", "-k", "nobody_asked_for")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*hops of browser*"])


@pytest.mark.slow
def test_four_workers_share_nothing(project):
    """`pytest -n 4` gives every test a world of its own, whichever worker runs it."""
    root = PAGE.parents[1]
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-n", "4", "--dist", "each", "-k", "signs_in and (tax or postal)"],
        cwd=project.path,
        env={
            "PYTHONPATH": f"{root}:{project.path}",
            "PATH": "/usr/bin:/bin",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # those that this project needs are many
        },
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-4000:]
    assert "8 passed" in done.stdout
