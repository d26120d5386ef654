"""The papers say what is true: commands that exist, links that lead somewhere."""

import re
import tomllib

import pytest

from sandbox.command import main as passerelle

_LINK = re.compile(
    r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\""
)
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_MAKE = re.compile(r"(?:^|`)\s*make +([a-z]+)", re.MULTILINE)
_PASSERELLE = re.compile(r"(?:^\s*|`|bin/)passerelle +([a-z][a-z-]+)", re.MULTILINE)
_PARTS = ("## Context", "## Decision", "## Consequences")


def _targets(root):
    makefile = (root / "Makefile").read_text()
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def _anchor(heading):
    plain = re.sub(r"[`*_]", "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def test_the_make_commands_of_the_papers_exist(papers, root):
    """Whoever types `make …` as a paper says finds that target."""
    missing = {
        f"{path}: make {name}"
        for path, text in papers.items()
        for name in _MAKE.findall(text)
        if name not in _targets(root)
    }

    assert missing == set()


def test_the_passerelle_commands_of_the_papers_exist(papers):
    """Whoever types `passerelle …` as a paper says finds that command."""
    missing = {
        f"{path}: passerelle {name}"
        for path, text in papers.items()
        for name in _PASSERELLE.findall(text)
        if name not in passerelle.commands
    }

    assert missing == set()


def test_every_target_has_its_sentence(root):
    """`make` alone explains each target that a person may ask for."""
    makefile = (root / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)$", makefile, re.MULTILINE)[1]
    explained = set(re.findall(r"^([a-z]+):.*## [A-Z]", makefile, re.MULTILINE))

    assert set(phony.replace("\\", "").split()) - {"browser"} == explained


def test_links_lead_somewhere(papers, root):
    """Every relative link of every paper leads to a file, and its anchor to a heading."""
    broken = []
    for path, text in papers.items():
        for found in _LINK.findall(text):
            target = next(filter(None, found))
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            file = (root / path.parent / name).resolve() if name else root / path
            if not file.exists():
                broken.append(f"{path}: {target}")
            elif anchor and anchor not in map(_anchor, _HEADING.findall(file.read_text())):
                broken.append(f"{path}: {target} has no such heading")

    assert broken == []


def test_every_decision_is_listed_and_complete(papers, root):
    """A record has a number of its own, its three parts, and a line in the list."""
    folder = root / "docs" / "decisions"
    listed = (folder / "README.md").read_text()
    records = sorted(p for p in folder.glob("[0-9]*.md"))
    incomplete = [p.name for p in records if not all(x in p.read_text() for x in _PARTS)]

    assert [int(p.name[:4]) for p in records] == list(range(1, len(records) + 1))
    assert [p.name for p in records if f"({p.name})" not in listed] == []
    assert incomplete == []


def test_the_licence_is_the_announced_one(root):
    """The licence of the package and the text of LICENSE agree."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]

    assert project["license"] == "MIT"
    assert (root / "LICENSE").read_text().startswith("MIT License\n\nCopyright (c) 2026 Passerelle")


def test_the_first_screen_of_the_readme_shows_the_two_commands_and_both_pages(root):
    """A newcomer sees how to start, how to test and what it looks like without scrolling far."""
    first = "\n".join((root / "README.md").read_text().splitlines()[:45])

    for expected in ("make demo", "make test", "images/providers.png", "images/consent.png"):
        assert expected in first


@pytest.mark.parametrize("name", ["providers.png", "consent.png"])
def test_the_screenshots_are_pictures(root, name):
    """The pictures of the README are PNG files of a sensible size."""
    data = (root / "docs" / "images" / name).read_bytes()

    assert data.startswith(b"\x89PNG")
    assert 5_000 < len(data) < 300_000


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_version_is_fixed_with_its_hashes(root, name):
    """Each requirement of the locks has one version and the hashes of its files; no address."""
    lock = (root / name).read_text()
    entries = re.findall(r"^([a-z0-9][^\n]*(?:\n {4}--hash[^\n]*)*)", lock, re.MULTILINE)

    assert len(entries) > 40
    assert [e.split()[0] for e in entries if "==" not in e or "--hash=sha256:" not in e] == []
    assert "://" not in lock


def test_the_locks_hold_what_the_project_declares(root):
    """Nothing is declared in pyproject.toml without a version in the locks."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    for name, declared in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", project["optional-dependencies"]["dev"]),
    ):
        locked = set(re.findall(r"^([a-z0-9._-]+)==", (root / name).read_text(), re.MULTILINE))
        wanted = {re.split(r"[<>=\[;]", d)[0].strip().lower() for d in declared}
        assert wanted - locked == set()
