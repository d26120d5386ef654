"""What holds on every page, in both languages."""

import re
from functools import cache
from html.parser import HTMLParser

import pytest

LANGUAGES = ("fr", "en")
FRENCH = re.compile(r"(?i)\b(le|la|les|des|une|vous|votre|pas|avec|nous|cette|connexion|compte)\b")
ENGLISH = re.compile(r"(?i)\b(the|you|your|is|not|with|for|we|this|and|that|account|login)\b")
NAMES = (
    "Ameli (démonstration)",
    "Passerelle",
    "Impots.gouv.fr",
    "La Poste, L'Identité Numérique",
    "Mobile Connect et Moi",
    "Compte Facile",
    "Banque Populaire",
    "Défenseur des droits",
    "Licence Ouverte",
    "Français",
    "English",
    "CPAM",
    "FranceConnect",
)
BANNER = {
    "fr": "Démonstration : service fictif, n'entrez aucune donnée réelle.",
    "en": "Demonstration: fictional service, do not enter any real information.",
}
DASH, CURLY_APOSTROPHE = "\N{EN DASH}", "\N{RIGHT SINGLE QUOTATION MARK}"
VOID = {"meta", "link", "input", "path"}


class Outline(HTMLParser):
    """The elements and the texts of a page; texts in another language stand apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.foreign: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        self.elements.append((tag, facts))
        if tag not in VOID:
            self.open.append((tag, tag != "html" and "lang" in facts))

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        opened, _foreign = self.open.pop()
        assert opened == tag

    def handle_data(self, data):
        if text := " ".join(data.split()):
            apart = any(foreign for _tag, foreign in self.open)
            (self.foreign if apart else self.texts).append(text)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [facts for name, facts in self.elements if name == tag]

    def text_of(self, tag: str, html: str) -> str:
        return " ".join(re.search(rf"<{tag}[^>]*>(.*?)</{tag}>", html, re.DOTALL)[1].split())


@pytest.fixture(scope="session", params=LANGUAGES)
def language(request) -> str:
    """Each language in turn."""
    return request.param


@pytest.fixture(scope="session")
def read(gallery):
    """The answer at an address in a language, asked once however many tests look at it."""

    @cache
    def answer(place: str, language: str):
        visitor = gallery.test_client()
        visitor.set_cookie("passerelle_lang", language)
        return visitor.get(place)

    return answer


def test_pages_are_well_formed(read, language, place):
    """Every element is closed where it was opened; nothing is left open."""
    outline = Outline(read(place, language).text)

    assert outline.open == []


def test_the_language_is_declared(read, language, place):
    """A screen reader speaks the language of the page."""
    outline = Outline(read(place, language).text)

    assert outline.all("html") == [{"lang": language}]


def test_no_text_is_in_the_other_language(read, language, place):
    """Whatever is in another language says so by its attribute, or is a name."""
    told = " ".join(Outline(read(place, language).text).texts)
    for name in NAMES:
        told = told.replace(name, "")

    assert not (ENGLISH if language == "fr" else FRENCH).search(told)


def test_a_page_has_one_heading(read, language, place):
    """One h1: where am I."""
    outline = Outline(read(place, language).text)

    assert len(outline.all("h1")) == 1


def test_a_page_has_at_most_one_primary_button(read, language, place):
    """What to do next is never a choice between two equal buttons."""
    html = read(place, language).text

    assert html.count("btn-primary") <= 1


def test_the_title_follows_the_pattern(read, language, place):
    """Page, service, product, between dashes; errors begin with the word."""
    answer = read(place, language)
    title = Outline(answer.text).text_of("title", answer.text)
    mark = {"fr": "Erreur : ", "en": "Error: "}[language]
    failed = answer.status_code >= 400 or place.endswith("/consent-missing")

    assert title.endswith(f" {DASH} Passerelle")
    assert title.startswith(mark) == failed
    page, *service = title.removesuffix(f" {DASH} Passerelle").split(f" {DASH} ")
    assert page
    assert service in ([], ["Ameli (démonstration)"])


def test_the_demonstration_says_so(read, language, place):
    """The line stands on every page."""
    assert BANNER[language] in Outline(read(place, language).text).texts


def test_help_and_language_stand_on_every_page(read, language, place):
    """The same links at the same place."""
    links = [facts.get("href", "") for facts in Outline(read(place, language).text).all("a")]
    other = "en" if language == "fr" else "fr"

    assert any(link.startswith("/help?back=") for link in links)
    assert any(link.startswith(f"/language?to={other}&back=/") for link in links)
    for path in ("/accessibility", "/legal", "/personal-data"):
        assert any(link.startswith(f"{path}?back=") for link in links)


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(read, language, place):
    """No style attribute, no inline script or style, no address of a third party."""
    outline = Outline(read(place, language).text)

    for tag, facts in outline.elements:
        assert tag != "style"
        assert "style" not in facts
        assert not any(name.startswith("on") for name in facts)
        for name in ("src", "href", "action"):
            if name in facts:
                assert re.match(r"/(?!/)|#|tel:|https://service\.example/", facts[name] or "")
    for script in outline.all("script"):
        assert script["src"].startswith("/assets/")


def test_every_form_of_ours_carries_its_token(read, language, place):
    """Except the one that leaves for a service, which is not ours."""
    html = read(place, language).text
    if "form-post" not in place:
        assert html.count('name="csrf_token"') == html.count("<form ")


def test_every_page_is_protected(read, language, place):
    """The headers of the security page, on every page."""
    headers = read(place, language).headers
    policy = headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    assert "frame-ancestors 'none'; base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_no_word_of_the_protocol_is_shown(read, language, place):
    """People read plain words: the terms of OpenID Connect stay in the documentation."""
    told = " ".join(Outline(read(place, language).text).texts)

    assert not re.search(r"(?i)\b(token|scope|claim|callback|OpenID|OAuth|eIDAS)\b", told)
    assert not re.search(r"(?i)identity provider|fournisseur d'identité", told)
    assert not re.search(r"(?i)veuillez|authentification forte|strong authentication", told)
    assert CURLY_APOSTROPHE not in told


def test_a_page_weighs_little(read, language, place):
    """Under 80 kB the first time, under 15 kB after, even without compression."""
    html = read(place, language).data
    files = re.findall(rb'(?:href|src)="(/assets/[^"]+)"', html)
    first = len(html) + sum(len(read(name.decode(), language).data) for name in files)

    assert len(html) < 15_000
    assert first < 80_000
