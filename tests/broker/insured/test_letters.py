"""Every letter in both languages: readable in both forms, and nothing that phishing would hold."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.insured.letters import (
    LANGUAGES,
    LETTERS,
    TEMPLATES,
    Imprint,
    Letter,
    shortened,
    written,
)

LINK = "https://assure.ameli.fr/activer/" + "x" * 43
VALUES = {
    "date": "2026-11-24T14:32:00+00:00",
    "provider": "La Poste, L'Identité Numérique",
    "link": LINK,
    "hours": "48",
    "minutes": "10",
    "code": "048213",
    "device": "Firefox sur Windows",
    "end": "0189",
    "name": "Claire DURAND",
    "number": "11",
    "postal_code": "69003",
    "amount": "23,50\N{NO-BREAK SPACE}€",
}
IMPRINT = Imprint("no-reply@ameli.fr", "assure.ameli.fr")
EVERY = [(name, language) for name in LETTERS for language in LANGUAGES]
EACH = pytest.mark.parametrize(("name", "language"), EVERY)
# Letters of GSM 03.38: a text message with another one holds 70 letters instead of 160.
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà€"
)
ONLY_FRENCH = re.compile(r"\b(?:vous|votre|nous|est|les|pas|une)\b", re.IGNORECASE)
ONLY_ENGLISH = re.compile(r"\b(?:the|your|you|was|not|of|is)\b", re.IGNORECASE)


def letter(name, language="fr", **changes):
    return Letter(name, {**VALUES, "language": language, **changes})


@EACH
def test_a_letter_is_whole(name, language):
    """Subject, text and formatted text are there, no blank is left, the number to call is named."""
    mail = written(letter(name, language), IMPRINT)

    assert 10 < len(mail.subject) < 70
    assert mail.text.count("36 46") >= 2
    assert f'<html lang="{language}">' in mail.html
    assert mail.subject in mail.html.replace("&#39;", "'")
    assert not re.search(r"[{}]", mail.text + mail.subject)


@EACH
def test_a_letter_fills_each_of_its_blanks(name, language):
    """Every value it declares is in the mail."""
    mail = written(letter(name, language), IMPRINT)
    values = {**VALUES, "date": "24 novembre 2026 à 15 h 32"}
    values |= {"date": "24 November 2026 at 15:32"} if language == "en" else {}

    for blank in LETTERS[name]:
        assert values[blank].replace("\N{NO-BREAK SPACE}", " ") in mail.text


@EACH
def test_no_letter_asks_for_bank_data_or_carries_what_phishing_carries(name, language):
    """
    Rows S133, S135-S138: it says what is never asked, shows the exact address, loads nothing.

    Only the activation carries a link, and the address that is read is the one that it leads to.
    """
    mail = written(letter(name, language), IMPRINT)
    never = {"fr": "Nous ne demandons jamais", "en": "We never ask for"}[language]
    links = re.findall(r'href="([^"]+)">([^<]+)<', mail.html)

    assert never in mail.text
    assert "assure.ameli.fr." in mail.text
    assert "no-reply@ameli.fr" in mail.text
    assert links == ([(LINK, LINK)] if name == "activation_link" else [])
    assert re.findall(r"https?://\S+", mail.text) == [address for address, _ in links]
    assert not re.search(r"<(?:img|script|link|form|iframe|input)|url\(|src=", mail.html)
    assert not re.search(r"veuillez|cliquez ici|click here", mail.text, re.IGNORECASE)


@EACH
def test_a_letter_is_in_one_language(name, language):
    """No sentence of the other language, but the words that are quoted."""
    mail = written(letter(name, language, device="Firefox", provider="MSA"), IMPRINT)
    words = re.sub(r"“[^”]*”|«[^»]*»", " ", f"{mail.subject} {mail.text}")
    other = ONLY_FRENCH if language == "en" else ONLY_ENGLISH

    assert other.findall(words) == []


@EACH
def test_a_text_message_fits_in_one(name, language):
    """160 letters of the alphabet of telephones, with the number to call."""
    short = shortened(letter(name, language, device="Navigateur inconnu, ailleurs"))

    assert len(short) + short.count("€") <= 160
    assert set(short) <= GSM
    assert "36 46" in short
    assert ("http" in short) is (name == "activation_link")


class Outline(HTMLParser):
    """The elements of a page, opened and closed in order."""

    def __init__(self, html):
        super().__init__()
        self.open, self.faults = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


@EACH
def test_the_formatted_text_is_well_formed_and_light(name, language):
    """Every element is closed where it was opened; under 4 kB, so that a telephone shows it all."""
    html = written(letter(name, language), IMPRINT).html
    outline = Outline(html)

    assert (outline.open, outline.faults) == ([], [])
    assert len(html.encode()) < 4_000


def test_every_template_is_a_letter():
    """No letter without its two templates, and none that nobody sends."""
    for language in LANGUAGES:
        found = {path.stem for path in (TEMPLATES / "letters" / language).glob("*.html")}
        assert found == {*LETTERS, "frame"}


def test_the_code_is_easy_to_copy():
    """S117: the code stands alone on its line, and nowhere in the subject."""
    mail = written(letter("recovery_code", code="7KMP4QXW"), IMPRINT)

    assert "\n\n7KMP4QXW\n\n" in mail.text
    assert '<p class="code">7KMP4QXW</p>' in mail.html
    assert "7KMP4QXW" not in mail.subject


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("activation_link", "valable 48 heures, une seule fois"),
        ("sign_in_code", "valable 10 minutes"),
        ("recovery_code", "seul le dernier reçu est valable"),
        ("post_code_sent", "5 à 7 jours ouvrés"),
        ("account_exists", "Aucun compte n'a été créé, parce que vous en avez déjà un"),
        ("account_exists", "« J'ai oublié mon code personnel »"),
        ("account_exists", "Si ce n'était pas vous, personne n'est entré"),
        ("account_locked", "« J'ai oublié mon code personnel »"),
        ("account_closed", "Vos droits et vos remboursements ne changent pas"),
        ("alert_login", "demandé à être prévenu de chaque connexion"),
        ("alert_contact", "demandé à être prévenu de ces changements"),
        ("alert_payment", "demandé à être prévenu de chaque remboursement"),
    ],
)
def test_each_letter_says_what_its_rule_says(name, words):
    """Rows S49, S57, S58, S93, S94, S100, S140-S142: the figure or the reason of each."""
    assert words in written(letter(name, hours="48"), IMPRINT).text


@pytest.mark.parametrize(
    ("language", "moment", "words"),
    [
        ("fr", "2026-11-24T14:32:00Z", "24 novembre 2026 à 15 h 32"),
        ("en", "2026-11-24T14:32:00Z", "24 November 2026 at 15:32"),
        ("fr", "2026-07-01T08:05:00", "1er juillet 2026 à 08 h 05"),
        ("fr", "2026-11-24", "24 novembre 2026"),
        ("en", "2026-07-01", "1 July 2026"),
        ("fr", "24/11/2026 à 15 h 32", "24/11/2026 à 15 h 32"),
    ],
)
def test_a_moment_is_put_in_words_of_paris(language, moment, words):
    """A moment in ISO 8601 becomes words; a text stays as it is."""
    text = written(letter("password_changed", language, date=moment), IMPRINT).text

    assert f"{'Le' if language == 'fr' else 'On'} {words}, " in text


@pytest.mark.parametrize("language", [None, "de", ""])
def test_an_unknown_language_is_french(language):
    """Nobody is left without a letter."""
    values = {"date": "2026-11-24"} | ({} if language is None else {"language": language})

    assert written(Letter("account_closed", values)).text.startswith("Bonjour,")


def test_a_letter_that_does_not_exist_or_lacks_a_value_is_refused_where_it_is_written():
    """The fault stands in the code that writes, not in an outbox that fails for ever."""
    with pytest.raises(ValueError, match="no letter is called 'wish'"):
        Letter("wish")
    with pytest.raises(ValueError, match="alert_payment lacks amount, date"):
        Letter("alert_payment", {"language": "fr"})


def test_a_letter_says_in_a_log_neither_code_nor_link():
    """Its values are not part of how it is shown."""
    assert "048213" not in repr(letter("sign_in_code"))


@given(st.text(max_size=60))
def test_a_value_is_only_text(value):
    """Whatever stands in a value is escaped in the formatted text and makes no second header."""
    mail = written(letter("alert_login", device=value), IMPRINT)
    marked = written(letter("alert_login", device=f"<b>{value}</b>"), IMPRINT)

    assert "<b>" not in marked.html
    assert "\n" not in mail.subject
    assert "\n" not in shortened(letter("alert_login", device=value))
    assert Outline(mail.html).faults == []


def test_french_marks_keep_to_their_word():
    """The space before a colon or a question mark never breaks a line."""
    html = written(letter("activation_link"), IMPRINT).html

    assert "adresse\N{NO-BREAK SPACE}:" in html
    assert "demandé\N{NO-BREAK SPACE}?" in html


def test_without_a_portal_no_address_is_named():
    """A broker that does not know the portal says nothing of it."""
    assert "adresse :" not in written(letter("account_closed"), Imprint()).text
