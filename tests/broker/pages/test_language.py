"""Which language a person reads, and the link that changes it without losing the place."""

import pytest
from flask import g
from hypothesis import given
from hypothesis import strategies as st

from broker.look import current_language
from broker.look.language import place, safe_place


def decided(gallery, *, cookie=None, asked=None, accepted="") -> str:
    headers = {"Accept-Language": accepted}
    if cookie is not None:
        headers["Cookie"] = f"passerelle_lang={cookie}"
    with gallery.test_request_context("/screen/any", headers=headers):
        if asked is not None:
            g.ui_locales = asked
        return current_language()


@pytest.mark.parametrize(
    ("known", "language"),
    [
        ({}, "fr"),
        ({"accepted": "en-GB,en;q=0.9,fr;q=0.5"}, "en"),
        ({"accepted": "fr-CA,en;q=0.8"}, "fr"),
        ({"accepted": "en;q=0.1,fr-BE;q=0.2"}, "fr"),
        ({"accepted": "en;q=0"}, "fr"),
        ({"accepted": "de,ja"}, "fr"),
        ({"accepted": "en;q=broken,,;"}, "fr"),
        ({"asked": "en fr"}, "en"),
        ({"asked": "en-US"}, "en"),
        ({"asked": "de en"}, "en"),
        ({"asked": "de", "accepted": "en"}, "en"),
        ({"asked": "", "accepted": "en"}, "en"),
        ({"asked": "fr", "accepted": "en"}, "fr"),
        ({"asked": "frobnicate english", "accepted": ""}, "fr"),
        ({"cookie": "en"}, "en"),
        ({"cookie": "en", "asked": "fr", "accepted": "fr"}, "en"),
        ({"cookie": "fr", "asked": "en", "accepted": "en"}, "fr"),
        ({"cookie": "klingon", "asked": "en"}, "en"),
    ],
    ids=str,
)
def test_the_language_is_chosen_in_order(gallery, known, language):
    """The person's own choice, then the service's, then the browser's, then French."""
    assert decided(gallery, **known) == language


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_preference_gives_one_of_two_languages(gallery, asked, accepted):
    """Nothing a browser or a service sends can break the choice."""
    clean = accepted.encode("latin-1", "ignore").decode("latin-1").replace("\n", "")
    clean = "".join(c for c in clean if c.isprintable())

    assert decided(gallery, asked=asked, accepted=clean) in {"fr", "en"}


def test_choosing_a_language_is_remembered_and_keeps_the_place(visitor):
    """The link goes back to the same page, which then speaks the other language."""
    answer = visitor.get("/language?to=en&back=/screen/consent%3Fproof%3Dabc")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/screen/consent?proof=abc"
    assert "Ameli (démonstration) will receive" in visitor.get("/screen/consent").text


def test_the_choice_is_a_cookie_no_script_reads(visitor):
    """HttpOnly, SameSite=Lax, one year."""
    cookie = visitor.get("/language?to=en&back=/").headers["Set-Cookie"]

    assert cookie.startswith("passerelle_lang=en;")
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=31536000", "Path=/"} <= set(cookie.split("; "))


def test_an_unknown_language_changes_nothing(visitor):
    """No cookie, and back to the page."""
    answer = visitor.get("/language?to=tlh&back=/help")

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Location"] == "/help"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/ok\\..\\evil",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "/a\r\nSet-Cookie: a=b",
        "/a\tb",
        "/a b",
        "/\t/evil.example",
        "/é",
        "@evil.example",
        " /help",
    ],
)
def test_only_a_path_of_ours_is_gone_back_to(visitor, path):
    """Row 16: no other site, no control character, no backslash."""
    answer = visitor.get("/language", query_string={"to": "en", "back": path})

    assert answer.headers["Location"] == "/"


@given(st.text(alphabet=st.sampled_from("/\\:.@?#%ab\t\n "), max_size=12))
def test_no_text_leads_to_another_site(path):
    """Whatever is asked for, the answer begins with one slash and a character of a path."""
    place = safe_place(path)

    assert place == "/" or (place[0] == "/" and place[1:2] not in {"/", "\\", "\t", "\n"})
    assert "\\" not in place


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/screen/consent?proof=abc", "/screen/consent?proof=abc"),
        ("/screen/consent", "/screen/consent"),
        ("/callback/tax?code=secret&state=s", "/callback/tax"),
    ],
)
def test_the_place_keeps_what_the_page_needs(gallery, address, kept):
    """Never the code of a provider, which must not travel in a second address."""
    with gallery.test_request_context(address):
        assert place() == kept


def test_whoever_answers_knows_a_better_place(gallery):
    """A page that came from a form says where it can be read again."""
    with gallery.test_request_context("/login/1/leave", method="POST"):
        g.place = "/login/1/providers?proof=x"

        assert place() == "/login/1/providers?proof=x"


def test_a_page_that_came_from_a_form_leads_to_a_page_that_exists(visitor):
    """The stop before leaving switches language on the page of providers."""
    html = visitor.get("/screen/leave").text

    assert "/language?to=en&amp;back=/providers" in html


def test_help_leads_back_to_the_login(visitor):
    """Reading the help on the way never loses the login."""
    html = visitor.get("/help?back=/screen/consent%3Fproof%3Dabc").text

    assert 'href="/screen/consent?proof=abc" data-testid="back"' in html


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "javascript:alert(1)"])
def test_help_leads_back_nowhere_else(visitor, back):
    """Row 16 again: the link is only made of paths of ours."""
    html = visitor.get("/help", query_string={"back": back}).text

    assert 'data-testid="back"' not in html
