"""
The certificate as a screen reader follows it, clause by clause of PDF/UA-1 (ISO 14289-1).

`make verapdf` asks the reference validator; these tests need no network and run every time.
"""

import io
import re
from collections import Counter
from itertools import pairwise

import pikepdf
import pytest

from relying_party_demo.space.account_answers import Certificate
from relying_party_demo.space.certificate import Site, printed
from tests.space_answers import answers

SITE = Site("Ameli (démonstration)", "http://localhost:8080/verifier")
_CHILD = {"name": "Léo DURAND", "birthdate": "2016-01-05"}
_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
_PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "EI"}
_HEADINGS = {f"H{level}" for level in range(1, 7)}
_STANDARD = _HEADINGS | {
    *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index"),
    *("P", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot"),
    *("Span", "Quote", "Note", "Reference", "Code", "Link", "Annot", "Figure", "Formula", "Form"),
}
"""ISO 32000-1 §14.8.4."""
PEOPLE = {"a child": [_CHILD], "nobody else": [], "many pages": [_CHILD] * 80}


@pytest.fixture(params=[(lang, who) for lang in ("fr", "en") for who in PEOPLE], ids=" ".join)
def document(request, member):
    """Certificates in both languages, with and without table, on one page and on several."""
    language, who = request.param
    told = answers()["POST certificates"] | {"children": PEOPLE[who]}
    with member.visitor.app.test_request_context(f"/?lang={language}"):
        file = printed(Certificate.model_validate(told), language, SITE)
    with pikepdf.open(io.BytesIO(file)) as pdf:
        pdf.language = language
        yield pdf


def listed(value):
    """One or several, as PDF writes them."""
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def below(element):
    """The structure elements under one, in reading order."""
    for kid in listed(element.get("/K", [])):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from below(kid)


def kind(element):
    return str(element.S).removeprefix("/")


def find(document, *kinds):
    return [one for one in below(document.Root.StructTreeRoot) if kind(one) in kinds]


def instructions(page):
    """Each painting operator of a page, with the (tag, properties) of what it stands in."""
    open_ones = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in {"BMC", "BDC"}:
            found = operands[1] if name == "BDC" else {}
            open_ones.append((str(operands[0]), found))
        elif name == "EMC":
            open_ones.pop()
        elif name in _SHOWS_TEXT | _PAINTS:
            yield name, list(open_ones)
    assert open_ones == []


def numbers(page):
    """The marked contents of a page, in the order of painting."""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "BDC" and "/MCID" in operands[1]:
            yield int(operands[1]["/MCID"])


def test_the_document_says_what_it_is(document):
    """Clauses 5, 6.2, 7.1 and 7.2: part 1, tagged, language, and a title that is shown."""
    root = document.Root

    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == str(document.docinfo.Title)
        assert metadata["dc:language"] == {document.language}
    assert str(root.Lang) == document.language
    assert root.MarkInfo.Marked == True  # noqa: E712 - a PDF boolean
    assert not root.MarkInfo.get("/Suspects", False)
    assert root.ViewerPreferences.DisplayDocTitle == True  # noqa: E712 - a PDF boolean


def test_all_that_is_painted_is_content_or_decoration(document):
    """Clause 7.1: tagged, or marked as an artifact; never both, never neither."""
    painted = Counter()
    for page in document.pages:
        for name, within in instructions(page):
            tags = {"artifact" if tag == "/Artifact" else "content" for tag, _ in within}
            assert len(tags) == 1, (name, within)
            painted[tags.pop(), name in _SHOWS_TEXT] += 1

    assert painted["content", True] > 20
    assert painted["artifact", True] >= len(document.pages), "the footers"
    assert painted["content", False] == 0, "a line or a frame says nothing"


def test_every_word_belongs_to_one_element_in_the_order_of_the_page(document):
    """Clause 7.1: marked content and structure name each other, and nothing is read twice."""
    read = {}
    for element in below(document.Root.StructTreeRoot):
        for kid in listed(element.get("/K", [])):
            number = kid if isinstance(kid, int) else kid.get("/MCID")
            if number is not None:
                page = element.Pg if isinstance(kid, int) else kid.get("/Pg", element.get("/Pg"))
                read.setdefault(page.objgen, []).append(int(number))
    parents = dict(zip(*[iter(leaves(document.Root.StructTreeRoot.ParentTree))] * 2, strict=True))

    for page in document.pages:
        shown = list(numbers(page))
        assert read.pop(page.objgen) == shown == list(range(len(shown)))
        assert len(parents[int(page.StructParents)]) == len(shown)
        assert str(page.Tabs) == "/S"
    assert read == {}


def leaves(tree):
    """The numbers and values of a number tree (ISO 32000-1 §7.9.7)."""
    yield from tree.get("/Nums", [])
    for kid in tree.get("/Kids", []):
        yield from leaves(kid)


def test_every_element_is_of_a_standard_kind(document):
    """Clause 7.1: by itself, or through the map of roles, which never leads in a circle."""
    roles = {
        k.removeprefix("/"): str(v)[1:] for k, v in document.Root.StructTreeRoot.RoleMap.items()
    }

    assert not roles.keys() & _STANDARD
    for element in below(document.Root.StructTreeRoot):
        assert roles.get(kind(element), kind(element)) in _STANDARD


def test_the_title_comes_first_and_headings_skip_no_level(document):
    """Clause 7.4.2: from the first level on."""
    kinds = [kind(one) for one in find(document, "Title", *_HEADINGS)]
    levels = [int(one[1:]) for one in kinds if one != "Title"]

    assert kinds[0] == "Title"
    assert kinds.count("Title") == 1
    assert levels[:1] in ([], [1])
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_table_has_headers_that_say_of_what(document):
    """Clause 7.5: every row as many cells, and each header the scope of its column."""
    for table in find(document, "Table"):
        rows = [one for one in below(table) if kind(one) == "TR"]
        cells = [[kind(cell) for cell in row.K] for row in rows]
        scopes = [
            str(one.Scope)
            for header in below(table)
            if kind(header) == "TH"
            for one in listed(header.A)
            if "/Scope" in one
        ]

        assert cells[0] == ["TH", "TH"]
        assert {tuple(row) for row in cells[1:]} == {("TD", "TD")}
        assert scopes == ["/Column"] * 2
        assert [kind(one) for one in table.K] == ["THead", "TBody"]


def test_a_list_has_a_label_and_a_body_for_each_item(document):
    """Clause 7.6: the name of what is told, then what is told."""
    (terms,) = find(document, "L")

    assert {kind(item) for item in terms.K} == {"LI"}
    assert {tuple(kind(part) for part in item.K) for item in terms.K} == {("Lbl", "LBody")}


def test_nothing_needs_to_be_seen_pressed_or_run(document):
    """Clauses 7.3, 7.18, 7.19: no figure without words, no annotation, no script, no attachment."""
    assert all(str(one.get("/Alt", "")) for one in find(document, "Figure", "Formula"))
    assert all("/Annots" not in page and "/AA" not in page for page in document.pages)
    for name in ("/AcroForm", "/OpenAction", "/AA", "/Names"):
        assert name not in document.Root


def test_fonts_are_whole_and_can_be_read_back(document):
    """Clause 7.21: embedded, every glyph used has its width and its characters."""
    for page in document.pages:
        for font in page.Resources.Font.values():
            (descendant,) = font.DescendantFonts
            widths = descendant.W

            assert any(key.startswith("/FontFile") for key in descendant.FontDescriptor)
            assert str(font.Encoding) in {"/Identity-H", "/Identity-V"}
            assert descendant.get("/CIDToGIDMap", None) is not None or "/FontFile3" in (
                descendant.FontDescriptor
            )
            assert len(widths) >= 2
            read_back = characters(font.ToUnicode.read_bytes().decode("ascii"))
            assert read_back
            assert not read_back & {"", "\0", "\ufeff", "\ufffe"}


def characters(cmap):
    """What the glyphs of a font mean (ISO 32000-1 §9.10.3)."""
    section = re.compile(r"beginbf(char|range)\s(.*?)endbf", re.DOTALL)
    meant = []
    for what, body in section.findall(cmap):
        codes = re.findall(r"<([0-9A-Fa-f]+)>", body)
        meant += codes[1::2] if what == "char" else codes[2::3]
    return {bytes.fromhex(code).decode("utf-16-be") for code in meant}
