"""Static files, headers, cookies and icons."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from broker.look import mount_look
from broker.look.headers import page_policy
from broker.look.icons import icon
from broker.look.templates import TEMPLATES
from broker.sealing import Sealer

STYLE = Path(TEMPLATES).parent / "static" / "style.css"


@pytest.fixture
def style_address(visitor) -> str:
    """The address of the stylesheet."""
    return re.search(r"/assets/style-\w+\.css", visitor.get("/help").text)[0]


def production(brand) -> Flask:
    app = Flask("production", static_folder=None)
    app.secret_key = "a secret of the tests, 32 letters or more"
    mount_look(app, brand, Sealer("a-secret-of-the-tests-0123456789abcdef"), production=True)
    return app


# --- static files -------------------------------------------------------------------------------


def test_a_static_file_is_kept_for_a_year(visitor, style_address):
    """Its name changes with its content."""
    answer = visitor.get(style_address)

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"


def test_a_static_file_travels_compressed(visitor, style_address):
    """The whole style is under 8 kB on the wire."""
    packed = visitor.get(style_address, headers={"Accept-Encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == visitor.get(style_address).data
    assert len(packed.data) < 8_000


def test_an_older_name_finds_the_present_file(visitor, style_address):
    """While nodes are renewed, a page of one may ask its style from another."""
    answer = visitor.get("/assets/style-000000000000.css")

    assert answer.data == visitor.get(style_address).data
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["none-1.css", "style.css", "..%2Fpages.py", "a"])
def test_no_other_file_is_served(visitor, name):
    """Files are held in memory by name; the disk is never asked."""
    assert visitor.get(f"/assets/{name}").status_code == 404


def test_our_own_style_stays_small():
    """Under 15 kB, by the design."""
    assert len(STYLE.read_bytes()) < 15_000


def test_our_style_asks_nothing_of_anybody():
    """No font, no picture, no import."""
    style = STYLE.read_text(encoding="utf-8")

    assert "url(" not in style
    assert "@import" not in style


def test_every_class_of_the_templates_is_styled(visitor, style_address):
    """A class without a rule is a mistake of writing, in the template or in the style."""
    style = visitor.get(style_address).text
    pages = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", pages)
    used = {name for found in re.findall(r'class="([^"]*)"', plain) for name in found.split()}

    assert {name for name in used if f".{name}" not in style} - {"tint-"} == set()


# --- headers and cookies ------------------------------------------------------------------------


def test_a_form_may_end_where_its_screen_says(visitor):
    """Browsers apply form-action to every redirect that follows a form."""
    policy = visitor.get("/screen/providers").headers["Content-Security-Policy"]

    assert "form-action 'self' http://localhost:8001;" in policy


def test_scripts_run_only_where_a_screen_names_one(visitor):
    """The page of providers and the consent page have no script at all."""
    policies = {
        name: visitor.get(f"/screen/{name}").headers["Content-Security-Policy"]
        for name in ("providers", "consent", "error-client", "form-post")
    }

    assert [name for name, policy in policies.items() if "script-src" in policy] == [
        "error-client",
        "form-post",
    ]


def test_a_policy_lists_its_targets_in_order():
    """The page itself first."""
    assert "form-action 'self' https://a.example https://b.example;" in page_policy(
        ("https://a.example", "https://b.example")
    )


def test_what_is_no_page_may_do_nothing(visitor):
    """A stylesheet opened as a document runs nothing and is framed nowhere."""
    answer = visitor.get("/language?to=en&back=/")

    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )


def test_what_says_nothing_of_storing_is_not_stored(visitor):
    """Row 43: no-store by default."""
    assert visitor.get("/language?to=en&back=/").headers["Cache-Control"] == "no-store"


def test_production_asks_for_https(brand):
    """HSTS, __Host- cookies, Secure; the line of the demonstration is gone."""
    app = production(brand)
    answer = app.test_client().get("/language?to=en&back=/")

    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"].split("; ")
    assert cookie[0] == "__Host-passerelle_lang=en"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} < set(cookie)
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-passerelle_broker"
    assert app.config["SESSION_COOKIE_SECURE"] is True
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_the_demonstration_does_not_force_https(visitor):
    """Localhost has no certificate."""
    assert "Strict-Transport-Security" not in visitor.get("/help").headers


# --- icons --------------------------------------------------------------------------------------


def test_every_icon_of_the_templates_exists():
    """A name that is not drawn would stop the page."""
    pages = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))

    for name in re.findall(r"<icon (\w+)>", pages):
        assert icon(name).startswith("<svg ")
        assert 'aria-hidden="true"' in icon(name)


def test_an_icon_nobody_drew_is_a_mistake():
    """Found when the template is compiled, not by a person."""
    with pytest.raises(KeyError):
        icon("marianne")
