"""The arrows between the rooms are the ones that docs/architecture.md draws."""

import ast

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
