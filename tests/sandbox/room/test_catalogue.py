"""Every sentence of the room exists in both languages."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from sandbox.room.languages import CATALOGUE

ROOM = CATALOGUE.parents[2]


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as source:
        return read_po(source)


@pytest.fixture(scope="module")
def sentences():
    methods = [("**/templates/**.html", "jinja2")]
    found = extract_from_dir(str(ROOM), methods, {"**": {"silent": "false"}})
    return {message for _, _, message, _, _ in found}


def test_no_sentence_is_missing_or_doubtful(catalogue, sentences):
    """What the templates say in English, the catalogue says in French."""
    french = {message.id for message in catalogue if message.id and message.string}

    assert sentences - french == set()
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_no_sentence_is_left_over(catalogue, sentences):
    """The catalogue holds nothing that no page says."""
    assert {message.id for message in catalogue if message.id} - sentences == set()


def test_placeholders_agree(catalogue):
    """A value named in English is named in French."""
    holes = re.compile(r"%\(\w+\)s")
    for message in catalogue:
        assert sorted(holes.findall(message.id or "")) == sorted(holes.findall(message.string))


def test_french_is_plain(catalogue):
    """Never `veuillez`, and no word of the protocol but on the timeline, which is for testers."""
    text = " ".join(str(message.string) for message in catalogue).casefold()

    assert "veuillez" not in text
    assert not re.search(r"\b(token|callback|scope|claim)\b", text)


def test_templates_hold_no_sentence_of_their_own():
    """Whatever a template shows between its tags goes through the catalogue."""
    for template in Path(ROOM, "templates").glob("*.html"):
        source = re.sub(r"\{[{%#].*?[}%#]\}", "", template.read_text(), flags=re.DOTALL)
        shown = re.sub(r"<[^>]*>", "", source)
        assert not re.search(r"[A-Za-z]{3,}", shown), (template.name, shown)
