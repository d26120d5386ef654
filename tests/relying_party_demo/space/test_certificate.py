"""« Télécharger une attestation » (S3, S11, S14, S153, S162): PDF/UA, its twin, its check."""

import io
import time

import pikepdf
import pytest

from relying_party_demo.space.account_answers import Certificate
from relying_party_demo.space.certificate import Site, content, printed
from tests.space_answers import answers, refusal

SITE = Site("Ameli (démonstration)", "http://localhost:8080/verifier")


@pytest.fixture(scope="module")
def found():
    return Certificate.model_validate(answers()["POST certificates"])


@pytest.fixture
def document(member, found):
    """The certificate in French, opened."""
    with member.visitor.app.test_request_context("/?lang=fr"):
        file = printed(found, "fr", SITE)
    with pikepdf.open(io.BytesIO(file)) as pdf:
        yield pdf


def nodes(element):
    """The structure elements below one, in reading order."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from nodes(kid)


def test_the_document_says_that_it_is_accessible(document):
    """PDF/UA-1 in the metadata, tagged, with a language and a title that is shown."""
    root = document.Root

    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Attestation de droits à l'assurance maladie"
    assert str(root.Lang) == "fr"
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert "/StructTreeRoot" in root


def test_the_structure_can_be_read_aloud(document):
    """A title, a heading, a table with its headers, a list of terms, in that order of reading."""
    kinds = [str(node.S) for node in nodes(document.Root.StructTreeRoot)]

    assert kinds.count("/Title") + kinds.count("/H1") >= 1
    for kind in ("/Table", "/TH", "/TD", "/P", "/L", "/LI"):
        assert kind in kinds, kind
    assert kinds.count("/TH") == 2
    headers = [n for n in nodes(document.Root.StructTreeRoot) if str(n.S) == "/TH"]
    assert {str(scope(node)) for node in headers} == {"/Column"}


def scope(header):
    """What a header cell is the header of."""
    attributes = header.A if isinstance(header.A, pikepdf.Array) else [header.A]
    return next(one.Scope for one in attributes if "/Scope" in one)


def test_every_font_stands_in_the_document(document):
    """It reads the same on a machine without our fonts."""
    for page in document.pages:
        for font in page.Resources.Font.values():
            (descendant,) = font.DescendantFonts
            assert any(key.startswith("/FontFile") for key in descendant.FontDescriptor)
            assert "/ToUnicode" in font


def test_a_partial_birth_date_is_told_in_words(member, found):
    """On the document as on the page."""
    holder = found.holder.model_copy(update={"birthdate": "1972-05-00"})
    with member.visitor.app.test_request_context("/?lang=fr"):
        words = content(found.model_copy(update={"holder": holder}), "fr", SITE)

    assert ["Date de naissance", "mai 1972 (jour inconnu)"] in words["rows"]


def test_the_words_are_those_of_the_page(member, found):
    """The document and its twin say the same, number in full included."""
    with member.visitor.app.test_request_context("/?lang=fr"):
        words = content(found, "fr", SITE)
    page = member.send("/mon-compte/attestation", {"forme": "page"}, at="/mon-compte/droits").text
    page = page.replace("\N{NO-BREAK SPACE}", " ")

    for name, value in words["rows"]:
        assert f"<dt>{name}</dt>" in page
        assert value.replace("\N{NO-BREAK SPACE}", " ") in page
    assert "2 85 03 69 383 001 42" in page
    assert words["code"] in page
    assert words["address"] in page
    assert words["children"] == [["Léo DURAND", "5 janvier 2016"]]


def test_english_people_get_an_english_certificate(member, found):
    """Language of the document and of its words."""
    with member.visitor.app.test_request_context("/?lang=en"):
        file = printed(found, "en", SITE)
    with pikepdf.open(io.BytesIO(file)) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo.Title) == "Certificate of rights to health insurance"


@pytest.mark.parametrize(
    "name", ["#let x = 1", "*bold*", '"quoted" \\ back', "$math$ @ref <tag>", "O'Ève-Marie Œuvré"]
)
def test_a_name_is_only_text(member, found, name):
    """No name is a command of the typesetter."""
    holder = found.holder.model_copy(update={"family_name": name})
    with member.visitor.app.test_request_context("/"):
        file = printed(found.model_copy(update={"holder": holder, "children": ()}), "fr", SITE)

    assert file.startswith(b"%PDF-")


def test_a_certificate_costs_less_than_fifty_milliseconds(member, found):
    """The compiler is made once; CPU time, so that a busy machine does not count."""
    with member.visitor.app.test_request_context("/"):
        printed(found, "fr", SITE)
        before = time.process_time()
        for number in range(5):
            printed(found.model_copy(update={"code": f"AAAA-AAAA-AAA{number}"}), "fr", SITE)

    assert (time.process_time() - before) / 5 < 0.05


def test_one_press_downloads_it(member):
    """S14: at once, from the first page; the file has the day in its name."""
    answer = member.send("/mon-compte/attestation", at="/mon-compte")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert 'filename="attestation-2026-11-24.pdf"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Télécharger une attestation" in member.page("/mon-compte")


def test_closed_rights_are_not_certified(member):
    """The page says why and whom to call; no document."""
    member.broker.space["POST certificates"] = refusal("rights_closed")
    answer = member.send("/mon-compte/attestation", at="/mon-compte/droits")

    assert answer.status_code == 409
    assert "Il n'y a rien à attester" in answer.text
    member.broker.space["GET rights"] |= {"rights": {"open": False}}
    assert 'data-testid="certificate"' not in member.get("/mon-compte/droits").text


def check(guest, code):
    page = guest.get("/verifier").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return guest.visitor.client.post("/verifier", data={"csrf_token": token, "code": code})


@pytest.mark.parametrize("typed", ["7K4M-2QXP-9HTR", "7k4m 2qxp 9htr", " 7K4M2QXP9HTR "])
def test_anyone_may_check_a_certificate(guest, typed):
    """No account needed; initials and dates, nothing else."""
    answer = check(guest, typed)

    assert answer.status_code == 200
    for said in ("authentique et valable", "C. D.", "24 novembre 2026", "24 novembre 2027"):
        assert said in answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "DURAND" not in answer.text


def test_a_certificate_that_is_over_is_said(guest):
    """Genuine, no longer valid: that is another thing than forged."""
    guest.broker.space["GET certificates/7K4M2QXP9HTR"] |= {"valid": False}

    assert "elle n'est plus valable" in check(guest, "7K4M-2QXP-9HTR").text


def test_an_unknown_code_is_said(guest):
    """Mistyped or forged, the same sentence."""
    guest.broker.space["GET certificates/7K4M2QXP9HTR"] = refusal("certificate_unknown", status=404)
    answer = check(guest, "7K4M-2QXP-9HTR")

    assert answer.status_code == 422
    assert "Aucune attestation ne porte ce code" in answer.text
    assert "<title>Erreur" in answer.text


@pytest.mark.parametrize("typed", ["", "x", "7K4M-2QXP", "é" * 12, "../../accounts/x", "A" * 500])
def test_what_is_no_code_is_not_asked(guest, typed):
    """The insurer hears nothing of it."""
    answer = check(guest, typed)

    assert answer.status_code == 422
    assert "trois groupes de quatre" in answer.text
    assert guest.broker.asked == []


def test_the_check_says_when_the_insurer_is_away(guest):
    """Nobody is told that a paper is forged because a line is down."""
    guest.broker.away = True
    assert check(guest, "7K4M-2QXP-9HTR").status_code == 503
