"""The arrows between the rooms are the ones that docs/architecture.md draws."""

import ast
import re
import tomllib
from importlib.metadata import packages_distributions

import grimp
import pytest
from importlinter import cli

ROOMS = ("broker", "providers", "mock_idps", "relying_party_demo", "sandbox")
ALLOWED = {
    "broker": {"providers"},
    "providers": set(),
    "mock_idps": set(),
    "relying_party_demo": set(),
    "sandbox": {"broker", "providers", "mock_idps", "relying_party_demo"},
}

# These come with Flask and its extensions and are part of how they are used.
WITH_FLASK = {"jinja2", "markupsafe", "werkzeug", "babel", "wtforms"}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph(*ROOMS, cache_dir=None)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_rooms_it_may(graph, room):
    """`broker` knows `providers`; the sandbox knows everyone; nobody else knows anybody."""
    imported = {
        target.split(".")[0]
        for module in graph.modules
        if module.split(".")[0] == room
        for target in graph.find_modules_directly_imported_by(module)
    }

    assert imported - {room} <= ALLOWED[room]


@pytest.mark.parametrize("room", ROOMS)
def test_no_two_packages_of_a_room_import_each_other(graph, room):
    """The packages of a room can be read in one order: there is no cycle between them."""
    cycles = graph.nominate_cycle_breakers(room)

    assert cycles == set()


def test_the_contracts_of_the_linter_hold(root, monkeypatch, capsys):
    """The import contracts of pyproject.toml are kept, as `make lint` checks them."""
    monkeypatch.chdir(root)

    assert cli.lint_imports(no_cache=True) == 0, capsys.readouterr().out


def test_no_import_hides_inside_a_function(sources):
    """What a file imports is told at its top."""
    hidden = [
        f"{path}:{statement.lineno}"
        for path, tree in sources.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_what_is_imported_is_declared(root, sources):
    """A library that a file imports stands in pyproject.toml; one that the product imports, not
    among the tools of the tests."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    needed = _distributions(project["dependencies"])
    tools = _distributions(project["optional-dependencies"]["dev"])
    owners = packages_distributions()
    undeclared = {
        f"{path}: {package}"
        for path, tree in sources.items()
        for package in _packages(tree)
        if package in owners and package not in WITH_FLASK
        if not {_plain(o) for o in owners[package]}
        & (needed if path.parts[0] in ROOMS else needed | tools | {"grimp", "passerelle"})
    }

    assert undeclared - {"sandbox/pytest_plugin.py: pytest"} == set()


def _packages(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def _distributions(declared):
    return {_plain(re.split(r"[<>=\[;]", line)[0]) for line in declared} | {"passerelle"}


def _plain(name):
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
