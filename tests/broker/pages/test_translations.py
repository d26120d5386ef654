"""The catalogues of sentences: whole, clean, and compiled from what they say."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import broker
from broker.look.templates import TRANSLATIONS, Templates

ROOM = Path(broker.__file__).parent
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
HOLE = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def sentences() -> set[str]:
    """Every sentence of the pages and of the code."""
    found = extract_from_dir(ROOM, METHODS)
    return {sentence for _file, _line, sentence, _comments, _context in found}


def read(language: str) -> Catalog:
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_catalogue_holds_every_sentence_and_no_other(sentences, language):
    """`make translations` gathers them; a forgotten run shows here."""
    held = {message.id for message in read(language) if message.id}

    assert held - sentences == set()
    assert sentences - held == set()


def test_every_sentence_has_its_french():
    """The keys are the English sentences; French is never missing."""
    assert [message.id for message in read("fr") if message.id and not message.string] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_translation_is_a_guess(language):
    """Fuzzy messages are what a tool guessed and nobody read; obsolete ones are dead."""
    catalogue = read(language)

    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert not catalogue.obsolete


def test_french_keeps_the_holes():
    """A value that disappeared, or one that nobody gives, would break a page."""
    for message in read("fr"):
        assert sorted(HOLE.findall(message.string)) == sorted(HOLE.findall(message.id)), message.id


def test_french_follows_its_rules():
    """A space that does not break before : ; ? and !, straight apostrophes, no "veuillez"."""
    for message in (message for message in read("fr") if message.id):
        text = message.string
        assert not re.search(r"[^\N{NO-BREAK SPACE}:][;?!:](\s|$)", text), text
        assert not re.search(r"\u2019|veuillez|merci de", message.string, re.IGNORECASE), (
            message.string
        )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_compiled_is_what_is_written(language):
    """The pages read the .mo file: it is the .po file, compiled, to the byte."""
    catalogue, made = read(language), io.BytesIO()
    write_mo(made, catalogue)
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo"

    assert path.read_bytes() == made.getvalue()
    with path.open("rb") as file:
        assert len(read_mo(file)) == sum(1 for m in catalogue if m.id and m.string)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('{{ _("Help") }}', "Aide"),
        ('{{ _("Hello %(name)s,", name=who) }}', "Bonjour &lt;Claire&gt;,"),
        ('<i title="{{ _("Tick this box to continue.") }}">', None),
        ('{% set x = _("Help") %}{{ x }}', "Aide"),
        ('{{ _("A sentence that has no translation") }}', "A sentence that has no translation"),
    ],
)
def test_a_sentence_is_written_out_at_compile_time(source, html):
    """Escaped, with its values where the translator put them."""
    drawn = Templates("fr", {}).environment.from_string(source).render(who="<Claire>")

    assert html is None or drawn == html
    assert "_(" not in drawn
