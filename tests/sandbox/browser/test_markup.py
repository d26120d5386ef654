"""Pages read as people read them."""

import pytest

from sandbox.browser.markup import parse

PAGE = """<!doctype html>
<html lang="fr"><head><title>Accueil &amp; Essai</title><style>p { color: red }</style></head>
<body><!-- nobody reads this -->
<h1>Bonjour <em>Claire</em>&nbsp;!</h1>
<ul><li>un<li>deux</ul>
<p hidden>caché</p>
<p>Une <b>se</b>ule ligne<br>puis une autre</p>
<form><input name="a"><button>Envoyer</button><button>Annuler</button></form>
<template><p>jamais</p></template>
</body></html>"""


@pytest.fixture(scope="module")
def root():
    return parse(PAGE)


def test_the_text_is_what_a_person_reads(root):
    """Neither hidden parts, nor comments, nor styles; words of two blocks never run together."""
    (body,) = root.all("body")

    assert body.text == ("Bonjour Claire ! un deux Une seule ligne puis une autre Envoyer Annuler")


def test_the_title_is_read_from_its_own_element_only(root):
    """The title belongs to the tab, not to the page."""
    assert root.all("title")[0].text == "Accueil & Essai"
    assert "Accueil" not in root.text


def test_unclosed_elements_end_where_browsers_end_them(root):
    """A list without closing tags has as many items as it shows."""
    assert [item.text for item in root.all("li")] == ["un", "deux"]


def test_an_element_knows_what_is_around_it(root):
    """A button finds its form; the page is in no form."""
    button = root.all("button")[0]

    assert button.around("form") is root.all("form")[0]
    assert root.all("h1")[0].around("form") is None


def test_void_elements_hold_nothing(root):
    """An input ends where it starts."""
    assert root.all("input")[0].children == []


@pytest.mark.parametrize("broken", ["", "<", "<p", "</p></p>", "<p><b></p></b>x", "<br/>x", "<a/>"])
def test_a_broken_page_is_read_all_the_same(broken):
    """Whatever an application writes, the browser shows something."""
    assert parse(broken).tag == ""


def test_attributes_are_decoded():
    """An address in an attribute holds its ampersands."""
    (link,) = parse('<a href="/x?a=1&amp;b=2" download>x</a>').all("a")

    assert link.get("href") == "/x?a=1&b=2"
    assert link.has("download")
    assert link.get("rel", "none") == "none"
