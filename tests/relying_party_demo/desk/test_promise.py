"""One promise, wherever it is made: nobody asks for bank details by e-mail or on the phone."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from broker.insured.desk.words import Act, Question
from relying_party_demo.desk import forms
from relying_party_demo.pages.questions import Questions

_BANK = re.compile(r"bancaires?|\bRIB\b|IBAN|bank details", re.IGNORECASE)
_NEVER = re.compile(r"[^.]*(?:jamais|never)[^.]*", re.IGNORECASE)
_ASKING = re.compile(r"demand|ask", re.IGNORECASE)
_PHONE = re.compile(r"phone", re.IGNORECASE)
_ROOMS = ("broker", "relying_party_demo", "relying_party_demo/space")


def paragraphs(root):
    """Every paragraph of the mails and of the pages of the public, with where it stands."""
    for letter in sorted((root / "broker/insured/templates/letters").glob("*/*.html")):
        yield from ((letter.name, one) for one in letter.read_text("utf-8").splitlines())
    for room in _ROOMS:
        with (root / room / "translations/fr/LC_MESSAGES/messages.po").open("rb") as catalogue:
            for message in read_po(catalogue):
                yield from ((room, str(one)) for one in (message.id, message.string))


def promises(root):
    """The paragraphs that say that bank details are never asked for."""
    for place, text in paragraphs(root):
        if _BANK.search(text) and any(map(_ASKING.search, _NEVER.findall(text))):
            yield place, text


def test_the_promise_is_the_same_on_every_page_and_in_every_mail(root):
    """S133: by e-mail and on the phone alike; no sentence promises less, or something else."""
    found = list(promises(root))

    assert {place for place, _ in found} == {"frame.html", "post_room.html", *_ROOMS}
    assert [one for one in found if not _PHONE.search(one[1])] == []


def test_the_desk_keeps_the_promise(root):
    """No act, no question and no field of the desk takes an IBAN, a password or a code."""
    fields = {
        name
        for kind in vars(forms).values()
        if isinstance(kind, type) and issubclass(kind, Questions) and kind is not forms.StaffForm
        for name in vars(kind)
    }

    assert "case_number" in fields
    for word in (*Act, *Question, *fields):
        assert not re.search(r"iban|\brib|bank|password|secret", word)


@pytest.mark.parametrize("page", ["desk/acts.html", "desk/found.html", "desk/layout.html"])
def test_the_advisor_reads_the_promise_too(root, page):
    """Where the advisor speaks to somebody, the page says what is never asked for."""
    template = Path(root / "relying_party_demo/desk/templates" / page).read_text("utf-8")

    assert re.search(r"Never ask for|Nobody is asked for", template)
