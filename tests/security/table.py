"""
The table of README.md in this folder: classes of real advisories, and the tests that hold each off.

`rows.txt` has the classes in order, each with its advisories after a bar. A test belongs to a row
when its docstring, or that of its class or file, says `Row 13` or `Rows 13, 14 and 25`. Run this
file to write the table again.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent
_HEAD = """# The permanent negative suite

Each row is a class of real advisories in systems like this one. The tests that hold it off name
the row in their docstring, which is how this table is made: `python tests/security/table.py`
writes it, and a test refuses a table that has fallen behind.

| row | class | advisories | tests |
|---|---|---|---|
"""
_NAMED = re.compile(r"\b[Rr]ows? ((?:\d+(?:-\d+)?(?:, | and )?)+)")


def tests_by_row(tests: Path) -> dict[int, set[str]]:
    """Row -> `file: N tests` for every test under `tests` that names it."""
    found: dict[int, dict[Path, set[str]]] = defaultdict(lambda: defaultdict(set))
    for file in sorted(tests.rglob("test_*.py")):
        for rows, name in _claims(ast.parse(file.read_text(encoding="utf-8"))):
            for row in rows:
                found[row][file].add(name)
    return {
        row: {_cell(file.relative_to(tests), names) for file, names in files.items()}
        for row, files in found.items()
    }


def table(tests: Path) -> str:
    """The whole text of README.md."""
    proved = tests_by_row(tests)
    lines = []
    rows = (FOLDER / "rows.txt").read_text(encoding="utf-8").splitlines()
    for number, row in enumerate(rows, 1):
        kind, _, ids = (part.strip() for part in row.partition("|"))
        shown = ", ".join(sorted(proved.get(number, ()))) or "*none yet*"
        lines.append(f"| {number} | {kind} | {ids} | {shown} |")
    return _HEAD + "\n".join(lines) + "\n"


def _cell(file: Path, names: set[str]) -> str:
    link = file.name if file.parts[0] == FOLDER.name else f"../{file.as_posix()}"
    many = f"{len(names)} tests" if len(names) > 1 else "1 test"
    return f"[{file.stem.removeprefix('test_')}]({link}): {many}"


def _claims(tree: ast.Module) -> Iterator[tuple[set[int], str]]:
    whole = _rows(tree)
    for node in tree.body:
        around = whole | _rows(node)
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        for test in inner:
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                yield around | _rows(test), test.name


def _rows(node: ast.AST) -> set[int]:
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
        return set()
    numbers: set[int] = set()
    for named in _NAMED.findall(ast.get_docstring(node) or ""):
        for first, last in re.findall(r"(\d+)(?:-(\d+))?", named):
            numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


if __name__ == "__main__":
    (FOLDER / "README.md").write_text(table(FOLDER.parent), encoding="utf-8")
