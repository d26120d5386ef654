"""What applications of one process share: routes, templates, sentences, and nothing else."""

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.support import Translations
from flask import Flask, render_template, url_for
from jinja2 import DictLoader
from werkzeug.routing import BuildError

from broker.look.compiled import CompiledTemplates


def application(rule, defaults=None):
    app = Flask("mine")
    app.add_url_rule(rule, "view", lambda **found: found, defaults=defaults)
    return app


def addresses(app, **values):
    with app.test_request_context():
        return url_for("view", **values)


def test_alike_routes_share_what_was_compiled():
    """Two applications, one function; each builds its addresses."""
    first, second = (application("/files/<int:number>/<name>") for _ in range(2))
    rules = [next(app.url_map.iter_rules("view")) for app in (first, second)]

    assert rules[0]._build_unknown.__func__ is rules[1]._build_unknown.__func__
    assert addresses(first, number=7, name="é x") == "/files/7/%C3%A9%20x"
    assert addresses(second, number=8, name="y", more="z") == "/files/8/y?more=z"
    with pytest.raises(BuildError):
        addresses(second, number=8)


def test_a_converter_of_the_same_name_stays_that_of_its_application():
    """What is shared asks the route for its converters."""

    def shouting(sign):
        app = Flask("mine")
        converter = app.url_map.converters["default"]
        app.url_map.converters["word"] = type(
            "Word", (converter,), {"to_url": lambda _self, value: value + sign}
        )
        app.add_url_rule("/say/<word:what>", "view", lambda what: what)
        return app

    assert addresses(shouting("!"), what="a") == "/say/a!"
    assert addresses(shouting("?"), what="a") == "/say/a?"


def test_alike_paths_are_taken_apart_once_and_lead_each_to_its_own():
    """Two applications with one path: each answers at it, and builds it."""
    apps = [Flask("mine"), Flask("mine")]
    for number, app in enumerate(apps):
        app.add_url_rule("/a/b c/", "view", lambda number=number: [number])
    parts = [next(app.url_map.iter_rules("view"))._parts[-1] for app in apps]

    assert parts[0] is parts[1]
    assert [app.test_client().get("/a/b%20c/").json for app in apps] == [[0], [1]]
    assert [addresses(app) for app in apps] == ["/a/b%20c/"] * 2


def test_a_catalogue_is_read_once(tmp_path):
    """Whatever the language is called by; another folder is another catalogue."""
    here, there = (tmp_path / name for name in ("here", "there"))
    for folder, said in ((here, "Bonjour"), (there, "Salut")):
        inner = folder / "fr" / "LC_MESSAGES"
        inner.mkdir(parents=True)
        catalogue = Catalog(locale="fr")
        catalogue.add("Hello", said)
        with (inner / "messages.mo").open("wb") as file:
            write_mo(file, catalogue)
    once, again = (Translations.load(str(here), ["fr"]) for _ in range(2))

    assert once is again
    assert once.gettext("Hello") == "Bonjour"
    assert Translations.load(str(there), ["fr"]).gettext("Hello") == "Salut"
    assert Translations.load(str(there), ["en"]).gettext("Hello") == "Hello"


def test_routes_with_defaults_are_their_own():
    """The same address with other defaults is another route."""
    one, two = (application("/pages/<number>", {"kind": kind}) for kind in ("x", "y"))
    rules = [next(app.url_map.iter_rules("view")) for app in (one, two)]

    assert rules[0]._build.__func__ is not rules[1]._build.__func__
    assert one.test_client().get("/pages/1").json == {"kind": "x", "number": "1"}
    assert two.test_client().get("/pages/1").json == {"kind": "y", "number": "1"}


def test_a_template_that_changed_is_compiled_again():
    """By its content, not by its name alone."""
    kept = CompiledTemplates()

    def drawn(text):
        app = Flask("mine")
        app.jinja_env.bytecode_cache = kept
        app.jinja_env.loader = DictLoader({"page.html": text})
        with app.test_request_context():
            return render_template("page.html", name="Claire")

    assert drawn("Bonjour {{ name }}") == "Bonjour Claire"
    assert drawn("Hello {{ name }}") == "Hello Claire"
    assert drawn("Bonjour {{ name }}") == "Bonjour Claire"
