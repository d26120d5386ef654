"""What a reader may expect of any file, and what no file may hold."""

import ast
import re
from pathlib import Path

import pytest

from broker.audit.events import Event

ROOMS = {"broker", "providers", "mock_idps", "relying_party_demo", "sandbox"}
MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "misc"}
LONGEST_FUNCTION = 40
LONGEST_FILE = 250
MOST_PARAMETERS = 6

# Written in halves, so that this file does not hold what it looks for.
_PLACES = ["/work" + "/", "/root" + "/", "/home" + "/", "bash" + "_jobs"]
_INDEX_HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "deb.debian" + ".org"]
_UNFINISHED = ["#.*TO" + "DO", "#.*FIX" + "ME", "#.*X" + "XX", "raise NotImplemented" + "Error"]


def _product(sources):
    return {p: tree for p, tree in sources.items() if p.parts[0] in ROOMS and not _migration(p)}


def _migration(path):
    return "migrations" in path.parts


def _functions(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_file_has_a_name_that_says_nothing(files):
    """A file is named for what a newcomer would look for."""
    nameless = [p for p in files if {part.split(".")[0] for part in p.parts} & MEANINGLESS]

    assert nameless == []


@pytest.mark.parametrize("needle", [*_PLACES, *_INDEX_HOSTS])
def test_nothing_names_one_machine_or_an_index_of_packages(texts, needle):
    """The project is the same on every machine, and installs from whatever index that one uses."""
    assert [path for path, text in texts.items() if needle in text] == []


@pytest.mark.parametrize("needle", _UNFINISHED)
def test_nothing_is_left_for_later(sources, texts, needle):
    """A part that is not written is not announced in the code."""
    found = [p for p in sources if re.search(rf"{needle}\b", texts[p])]

    assert found == []


def test_a_silenced_check_gives_its_reason(sources, texts):
    """`noqa` and `type: ignore` name what they silence and say why, on the line."""
    silenced = re.compile(r"#\s*(noqa|type:\s*ignore)(.*)$", re.MULTILINE)
    reasoned = re.compile(r"(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[\w,\s-]+\])\s*(#|-)\s*\S+")
    bare = [
        f"{path}: {match[0].strip()}"
        for path in sources
        for match in silenced.finditer(texts[path])
        if not reasoned.match(match[2].strip()) and path.name != "test_tidiness.py"
    ]

    assert bare == []


def test_a_package_opens_with_a_paragraph(sources):
    """Every file of the product says at its top what it is; a package, what it never touches."""
    silent = [p for p, tree in _product(sources).items() if not ast.get_docstring(tree)]

    assert silent == []


def test_functions_are_short(sources):
    """A function of the product fits on a screen and takes few arguments."""
    long = [
        f"{path}:{f.name} has {f.end_lineno - f.lineno + 1} lines"
        for path, tree in _product(sources).items()
        for f in _functions(tree)
        if f.end_lineno - f.lineno >= LONGEST_FUNCTION
    ]
    greedy = [
        f"{path}:{f.name} takes {len(f.args.args) + len(f.args.kwonlyargs)}"
        for path, tree in _product(sources).items()
        for f in _functions(tree)
        if len([a for a in f.args.args if a.arg not in {"self", "cls"}]) > MOST_PARAMETERS
    ]

    assert [*long, *greedy] == []


def test_files_are_short(sources, texts):
    """A file of the product is read in one go."""
    long = {p: texts[p].count("\n") for p in _product(sources)}

    assert {p: n for p, n in long.items() if n > LONGEST_FILE} == {}


def test_a_test_is_a_sentence(sources):
    """Every test has a docstring that says what must hold."""
    mute = [
        f"{path}:{f.name}"
        for path, tree in sources.items()
        if path.parts[0] == "tests"
        for f in _functions(tree)
        if f.name.startswith("test_") and not ast.get_docstring(f)
    ]

    assert mute == []


def test_every_event_of_the_journal_is_written_somewhere(texts):
    """A name that nothing writes would promise an auditor what never comes."""
    vocabulary = Path("broker/audit/events.py")
    product = [
        text for path, text in texts.items() if path.parts[0] == "broker" and path != vocabulary
    ]
    written = set(re.findall(r"\bEvent\.([A-Z_]+)", "\n".join(product)))

    assert {event.name for event in Event} == written
