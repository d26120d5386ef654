"""The files of the project, as the tests of this folder read them."""

import ast
import os
from pathlib import Path

import pytest

_MADE_BY_TOOLS = {
    ".git",
    ".venv",
    "var",
    "build",
    "dist",
    "__pycache__",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "node_modules",
}


@pytest.fixture(scope="session")
def files(root: Path) -> list[Path]:
    """Every file that people wrote or that is kept with their work, relative to the project."""
    found = []
    for folder, inner, names in os.walk(root):
        inner[:] = [n for n in inner if n not in _MADE_BY_TOOLS and not n.endswith(".egg-info")]
        found += [Path(folder, name).relative_to(root) for name in names]
    return sorted(found)


@pytest.fixture(scope="session")
def texts(root: Path, files: list[Path]) -> dict[Path, str]:
    """The text files among them."""
    read = {}
    for path in files:
        try:
            read[path] = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return read


@pytest.fixture(scope="session")
def sources(texts: dict[Path, str]) -> dict[Path, ast.Module]:
    """The Python files, parsed."""
    return {path: ast.parse(text) for path, text in texts.items() if path.suffix == ".py"}


@pytest.fixture(scope="session")
def papers(texts: dict[Path, str]) -> dict[Path, str]:
    """The pages of documentation, wherever they stand."""
    return {path: text for path, text in texts.items() if path.suffix == ".md"}
