"""Pages: two complete languages, strict headers, small weight, no script needed."""

import re
from html import unescape
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

import mock_idps
from mock_idps.faults.table import FAULTS
from mock_idps.personas import Cast

ROOM = Path(mock_idps.__file__).parent
SHOWN_BY_NAME = ("ShownError", "GoneError", "UnknownNameError")
HTTP_NAMES = {
    "Bad Request",
    "Not Found",
    "Method Not Allowed",
    "Request Entity Too Large",
    "Unsupported Media Type",
}


def _sentences():
    """Every sentence a page can show, as written in the code."""
    found = {sentence for fault in FAULTS for sentence in (fault.does, fault.expects)} | HTTP_NAMES
    sources = [
        *((path, "jinja2.ext:babel_extract", ("_",)) for path in ROOM.rglob("*.html")),
        *((path, "python", SHOWN_BY_NAME) for path in ROOM.rglob("*.py")),
    ]
    for path, method, words in sources:
        with path.open("rb") as source:
            for _, message, *_ in extract(method, source, keywords=dict.fromkeys(words)):
                found.add(message if isinstance(message, str) else message[0])
    return found - {""}


@pytest.fixture(scope="module")
def french():
    with (ROOM / "translations/fr/messages.po").open("rb") as source:
        return {message.id: message for message in read_po(source) if message.id}


def test_every_sentence_has_its_french(french):
    """None missing, none empty, none fuzzy, none left over."""
    assert set(french) == _sentences()
    assert all(message.string and not message.fuzzy for message in french.values())


def test_the_french_keeps_the_places_of_names(french):
    """%(name)s stands in both."""
    places = re.compile(r"%\(\w+\)s")
    for sentence, message in french.items():
        assert places.findall(sentence) == places.findall(message.string)


def test_the_french_is_as_the_house_writes_it(french):
    """Never "veuillez", a space that does not break before the double punctuation."""
    for message in french.values():
        assert "veuillez" not in message.string.lower()
        assert not re.search(r"[^\N{NO-BREAK SPACE}:/][?!;](\s|$)| [:?!;](\s|$)", message.string)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", ["/", "/faults", "/logout", "/authorize", "/nowhere", "LOGIN"])
def test_a_page_speaks_one_language(plain, french, language, path):
    """No sentence of the other language on it; the switch leads to the other one."""
    path = plain.start().location if path == "LOGIN" else path
    page = plain.browser.get(path, query_string={"lang": language}).text
    shown = unescape(page)
    other = "en" if language == "fr" else "fr"
    strangers = [
        sentence
        for sentence, message in french.items()
        for text in [sentence if language == "fr" else message.string]
        if len(text) > 12 and f">{text}<" in shown
    ]

    assert f'<html lang="{language}">' in page
    assert f'data-testid="lang-{other}"' in page
    assert strangers == []


@pytest.mark.parametrize(
    ("headers", "ui_locales", "language"),
    [
        ({}, None, "fr"),
        ({"Accept-Language": "en-GB,fr;q=0.5"}, None, "en"),
        ({"Accept-Language": "de"}, None, "fr"),
        ({"Accept-Language": "en"}, "fr-FR en", "fr"),
        ({}, "de en", "en"),
    ],
)
def test_the_language_follows_the_service_then_the_browser(plain, headers, ui_locales, language):
    """ui_locales, else Accept-Language, else French."""
    address = plain.start(ui_locales=ui_locales).location
    page = plain.browser.get(address, headers=headers).text

    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("path", ["/authorize", "/nowhere", "/login/over"])
def test_an_error_leads_to_the_client(plain, path):
    """By its name, to the first page of the address it registered."""
    page = plain.browser.get(path, query_string={"lang": "fr"}).text
    home = "/".join(plain.settings.redirect_uris[0].split("/")[:3]) + "/"

    assert f'href="{home}" data-testid="client-home">Aller à {plain.settings.called}</a>' in page


def test_the_switch_keeps_the_place(plain):
    """The other parameters of the address stay."""
    page = plain.browser.get("/logout?state=a%26b&lang=fr").text

    assert 'href="/logout?state=a%26b&amp;lang=en"' in page


@pytest.mark.parametrize("path", ["/", "/faults", "/jwks", "/healthz", "/authorize", "/nowhere"])
def test_every_answer_has_the_strict_headers(plain, path):
    """No foreign content, no sniffing, no referrer, never kept."""
    headers = plain.back.get(path).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_no_page_has_a_script_or_a_style_inside(plain):
    """The policy would refuse them; nothing comes from elsewhere either."""
    for path in ("/", "/faults", plain.start().location):
        page = plain.browser.get(path).text
        assert not re.search(r"<script(?![^>]*src=\"/)|<style|\sstyle=|\son\w+=", page)
        assert not re.search(r"(src|href)=\"(https?:)?//", page)


def test_the_weight_is_small(plain):
    """Page and style sheet under 40 kB together, the style sheet under 8 kB."""
    page = plain.browser.get(plain.start().location)
    style = plain.browser.get("/style.css")

    assert len(page.data) + len(style.data) < 40_000
    assert len(style.data) < 8_000
    assert style.headers["Cache-Control"] == "public, max-age=300"


def test_each_provider_has_its_own_colours(party):
    """The style sheet begins with the colours of the settings."""
    style = party("plain", accent="#123456", accent_dark="#fedcba").back.get("/style.css").text

    assert style.startswith(":root{--light:#123456;--dark:#fedcba}")


def test_markup_in_anything_typed_is_text(plain):
    """A login or a hint with markup is shown, not obeyed."""
    evil = '"><script>alert(1)</script>'
    address = plain.start(login_hint=evil).location
    pages = [
        plain.browser.get(address).text,
        plain.browser.post(address, data={"do": "password:", "login": evil}).text,
        plain.browser.get("/authorize", query_string={"client_id": evil, evil: evil}).text,
        plain.browser.get("/logout", query_string={"state": evil}).text,
    ]

    assert all("<script>alert" not in page for page in pages)


def test_the_table_of_faults_is_a_page(plain):
    """Every fault this provider can show, what it does and what is expected."""
    page = plain.browser.get("/faults?lang=en").text

    for name, fault in plain.app.extensions["mock_issuer"].faults.items():
        assert f'id="{name}"' in page
        assert fault.does in unescape(page)


def test_every_situation_has_a_title(plain):
    """Each group of personas is a section of the page, the ones a tester adds too."""
    body = {"traits": {"family_name": "X"}}
    plain.back.put("/_control/personas/lina", json=body)
    page = plain.browser.get(plain.start().location).text

    for group, _ in Cast(0).by_group():
        assert f'<h3 id="group-{group}">' in page
    assert '<h3 id="group-own">Ajoutés par un testeur</h3>' in page


def test_a_huge_request_is_refused(plain):
    """Beyond 64 kB nothing is read."""
    assert plain.back.post("/token", data={"code": "x" * 70_000}).status_code == 413


def test_alive(plain):
    """The sign of life names the issuer."""
    assert plain.back.get("/healthz").json == {"status": "ok", "issuer": "http://mock.test"}


def test_the_first_page_tells_who_can_sign_in(plain):
    """Everybody with the reason they exist; the control room leads here."""
    plain.back.put("/_control/personas/lina", json={"traits": {"family_name": "LINARES"}})
    page = unescape(plain.browser.get("/?lang=en").text)

    assert 'id="people"' in page
    assert "LINARES" in page
    for one in Cast(0):
        assert one.name in page
        assert one.en in page
