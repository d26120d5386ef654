"""The pages of the desk in both languages: protected, plain, and never a password of a person."""

import re

import pyotp
import pytest

from sandbox.world import World
from tests.backchannel import CHEAP_PASSWORDS, named
from tests.relying_party_demo.test_pages import JARGON, ONLY_ENGLISH, ONLY_FRENCH, QUOTED, words

# What an advisor reads that is written by a person or is a name.
OWN = re.compile(r"La Poste[^<]*?Numérique|Mobile Connect et Moi|Impots\.gouv\.fr|CPAM de la \w+")
PROOF = {"proof-questions": True}
PUBLIC = ("/code-par-courrier", "/code-par-courrier/termine", "/conseiller")


@pytest.fixture(scope="module")
def shared():
    """A world that these tests read."""
    changes = {"insured": {"passwords": CHEAP_PASSWORDS, "demonstration_persons": 5}}
    with World.build(changes) as world:
        yield world


@pytest.fixture(scope="module")
def pages(shared):
    """The pages of the desk by name, in each language."""
    found = {}
    shared.browser().login(shared.portal, as_="dupond").accept()
    for language in ("fr", "en"):
        shared.clock.advance(seconds=60)
        browser = shared.browser()
        url = shared.portal.url
        for path in PUBLIC:
            found[language, path] = browser.open(f"{url}{path}?lang={language}")
        found[language, "door refused"] = browser.submit("desk-sign-in", name="x")
        wanted = shared.configuration.broker.insured.desk.demonstration_advisor
        code = pyotp.TOTP(wanted.totp_secret).at(shared.clock())
        said = {"name": wanted.name, "password": wanted.password, "code": code}
        browser.open(f"{url}/conseiller")
        found[language, "home"] = browser.submit("desk-sign-in", **said)
        found[language, "faults"] = browser.submit("by-nir", nir="1")
        said = {"reason": "fraud", "family_name": "Martinn", "given_names": "Marc"}
        said["birthdate"] = "08/11/1979"
        found[language, "found"] = browser.submit("by-nir", nir="", **said)
        found[language, "file"] = browser.click(
            next(t for t in browser.page.testids if t.startswith("open-"))
        )
        found[language, "file unverified"] = browser.submit("proof-send")
        found[language, "file verified"] = browser.submit("proof-send", **PROOF)
        found[language, "file faults"] = browser.submit("replacement-send")
        found[language, "file after"] = browser.submit("post-code-send")
        found[language, "error number"] = browser.open(f"{url}/conseiller/numeros/b0401")
        found[language, "case"] = browser.click(
            next(t for t in browser.page.testids if t.startswith("case-"))
        )
        found[language, "refused"] = browser.open(f"{url}/conseiller/consultations/x")
        browser.open(f"{url}/code-par-courrier")
        typed = {"nir": named("marc").line.nir, "code": "2" * 10, "password": "Tulipe-Orage-27"}
        found[language, "wrong code"] = browser.submit("redeem", **typed)
    return found


NAMES = [
    *PUBLIC,
    "door refused",
    "home",
    "faults",
    "found",
    "file",
    "file unverified",
    "file verified",
    "file faults",
    "file after",
    "refused",
    "error number",
    "case",
    "wrong code",
]
EVERY = pytest.mark.parametrize("name", NAMES)


@EVERY
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_has_one_heading_and_its_language(pages, name, language):
    """One h1, the banner, the language it says."""
    page = pages[language, name]

    assert page.language == language
    assert page.html.count("<h1") == 1
    assert ("service fictif" in page.html) is (language == "fr")


@EVERY
def test_no_page_mixes_the_two_languages(pages, name):
    """A page in one language holds no sentence of the other, and no word of the trade."""
    french = OWN.sub(" ", QUOTED.sub(" ", words(pages["fr", name].html)))
    english = OWN.sub(" ", QUOTED.sub(" ", words(pages["en", name].html)))

    assert ONLY_ENGLISH.findall(french) == []
    assert ONLY_FRENCH.findall(english) == []
    assert JARGON.findall(french + english) == []


@EVERY
def test_a_page_is_protected(pages, name):
    """Strict policy, nothing cached, no style or script in the page, nobody called."""
    page = pages["fr", name]
    headers = {k.lower(): v for k, v in page.response.headers}

    assert headers["cache-control"] == "no-store"
    assert "unsafe" not in headers["content-security-policy"]
    assert "<style" not in page.html
    assert " style=" not in page.html
    assert not re.search(r"\son\w+=", page.html)
    loaded = re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', page.html)
    assert loaded
    assert all(address.startswith("/assets/") for address in loaded)


@EVERY
def test_no_id_stands_twice(pages, name):
    """A label, a hint or a fault belongs to one field."""
    ids = re.findall(r'\sid="([^"]+)"', pages["fr", name].html)

    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("name", ["home", "faults", "found", "file", "file faults", "file after"])
def test_the_desk_never_asks_for_a_password(pages, name):
    """S129: once the advisor is in, no field of the desk is for a password."""
    page = pages["fr", name]

    assert 'type="password"' not in page.html
    assert "current-password" not in page.html
    assert "new-password" not in page.html


@pytest.mark.parametrize("name", ["found", "file", "file faults", "file after"])
def test_the_desk_never_shows_a_number_or_an_address(pages, name):
    """Masked: the number, the IBAN, the mailbox, the telephone."""
    marc, html = named("marc").line, pages["fr", name].html

    for secret in (marc.nir[:13], marc.nir[5:], marc.iban, marc.email, marc.mobile[-8:]):
        assert secret not in html


@EVERY
def test_a_page_is_light(pages, name):
    """Under 40 kB, for a telephone."""
    assert len(pages["fr", name].html.encode()) < 40_000
