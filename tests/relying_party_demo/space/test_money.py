"""Reimbursements, the spreadsheet and statements (S10, S13, S18, S20, S84, S149, S157, S159)."""

import csv
import io
import re
from datetime import date

import pytest

from relying_party_demo.space.spreadsheet import safe
from relying_party_demo.space.words import euros, month_name, nir_groups, short_day
from tests.space_answers import PAYMENTS, refusal

PATH = "/mon-compte/remboursements"


def test_each_payment_tells_everything(member):
    """Dates, care, who gave it, for whom, what was spent and paid, where it was sent."""
    page = member.page(PATH)

    for said in (
        "3 remboursements : 822,22 €",
        "Payés du 24/11/2025 au 24/11/2026. Vous avez dépensé 1 384,50 €.",
        "10/11/2026 Consultation Dr Lenoir, 02/11/2026 Claire 30,00 € 30,00 € 70 % 19,00 €",
        "19,00 € 70 % de 30,00 €, moins 2,00 € (participation forfaitaire) Mutuelle Exemple",
        "Mutuelle Exemple reçu le 12/11/2026",
        "Pharmacie Pharmacie du Port, 03/10/2026 Léo",
        "Mutuelle Exemple transmission en cours",
        "non renseigné",
        "novembre 2026 19,00 €",
    ):
        assert said in page


def test_a_payment_that_is_the_plain_rate_explains_nothing(member):
    """60 % of 3 € are 1,80 €: nothing was taken off."""
    page = member.page(PATH)

    assert "1,80 € non renseigné" in page
    assert "70 % de 30 € font 21 €, moins 2 €, soit 19 €." in page


@pytest.mark.parametrize(
    ("kind", "base", "rate", "paid", "said"),
    [
        ("pharmacy", 2000, 65, 1200, "65 % de 20,00 €, moins 1,00 € (franchise médicale)"),
        ("nursing", 1000, 60, 500, "60 % de 10,00 €, moins 1,00 € (franchise médicale)"),
        ("biology", 5000, 60, 2800, "60 % de 50,00 €, moins 2,00 € (participation forfaitaire)"),
        ("pharmacy", 300, 30, 0, "30 % de 3,00 €, moins 0,90 € (franchise médicale)"),
    ],
)
def test_what_is_taken_off_has_a_name(member, kind, base, rate, paid, said):
    """Each sum on the page can be counted again by whoever reads it."""
    one = {**PAYMENTS[0], "kind": kind, "base": base, "rate": rate, "paid": paid}
    member.broker.space["GET payments"] |= {"payments": [one]}

    assert said in member.page(PATH)


def test_a_long_list_is_folded_by_month(member):
    """On a telephone: one line for each month with its total, the latest one open."""
    page = member.get(PATH).text
    folded = re.findall(
        r'<details class="month"([^>]*) data-testid="month">\s*<summary>(.*?)</summary>', page
    )
    months = [" ".join(re.sub("<[^>]+>", " ", one).split()) for _attributes, one in folded]

    assert [attributes for attributes, _one in folded] == [" open", "", ""]
    assert [month.partition(",")[0].rpartition(" ")[0] for month in months] == [
        "Novembre 2026 1 remboursement",
        "Octobre 2026 1 remboursement",
        "Septembre 2026 1 remboursement",
    ]
    assert "Remboursements d'octobre 2026, montants en euros" in member.page(PATH)


@pytest.mark.parametrize(
    ("month", "french", "english"),
    [
        (4, "Relevé d'avril 2026", "Statement of April 2026"),
        (8, "Relevé d'août 2026", "Statement of August 2026"),
        (10, "Relevé d'octobre 2026", "Statement of October 2026"),
        (12, "Relevé de décembre 2026", "Statement of December 2026"),
        (7, "Relevé de juillet 2026", "Statement of July 2026"),
    ],
)
def test_a_statement_is_named_as_people_say_it(member, month, french, english):
    """Three months begin with a vowel."""
    name = f"2026-{month:02d}"
    found = {**member.broker.space["GET statements/2026-11"], "month": name}
    member.broker.space[f"GET statements/{name}"] = found

    assert french in member.page(f"/mon-compte/releves/{name}")
    member.agent = {"Accept-Language": "en"}
    assert english in member.page(f"/mon-compte/releves/{name}")


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", "page=1"),
        ("?nature=pharmacy", "kind=pharmacy&page=1"),
        ("?pour=1&periode=12", "place=1&page=1"),
        ("?periode=3", "since=2026-08-24&page=1"),
        ("?periode=1&nature=dental&pour=0&page=2", "kind=dental&place=0&since=2026-10-24&page=2"),
        ("?nature=%27OR&pour=-1&periode=99&page=0", "page=1"),
        ("?pour=123&page=100&nature=Consultation", "page=1"),
        ("?pour=%D9%A1", "page=1"),
    ],
)
def test_the_filter_asks_for_what_was_chosen(member, query, asked):
    """Period, kind, beneficiary, page; nonsense is no choice and no error."""
    assert member.get(PATH + query).status_code == 200
    ((found, _body, _key),) = member.asked("GET payments")

    assert found == asked


def test_a_long_list_has_pages_that_keep_the_filter(member):
    """Links to the others, none to the one that is shown."""
    member.broker.space["GET payments"] = {**member.broker.space["GET payments"], "pages": 3}
    page = member.get(f"{PATH}?nature=pharmacy&page=2").text

    assert 'aria-current="page">2<' in page
    assert "nature=pharmacy&amp;pour=&amp;page=3" in page
    assert "page=2" not in page


def test_nobody_else_means_no_question_for_whom(member):
    """A person alone is not asked to choose."""
    alone = [{"place": 0, "name": "Claire", "holder": True}]
    member.broker.space["GET payments"] |= {"household": alone}
    page = member.get(PATH).text

    assert 'name="pour"' not in page


def test_no_payment_is_said(member):
    """Neither table nor spreadsheet, and a total of zero."""
    member.broker.space["GET payments"] |= {"payments": [], "count": 0, "total": 0, "pages": 0}
    member.broker.space["GET statements"] = {"months": []}
    page = member.page(PATH)

    assert "Aucun remboursement" in page
    assert "Aucun relevé pour le moment." in page
    assert "<table" not in member.get(PATH).text


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_the_spreadsheet_opens_in_french(member):
    """S157: mark, semicolons, decimal commas, a name with the day."""
    answer = member.get(f"{PATH}.csv")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="remboursements-2026-11-24.csv"' in answer.headers["Content-Disposition"]
    rows = rows_of(answer)
    assert rows[0][:4] == ["Payé le", "Soin du", "Pour", "Soin"]
    assert rows[1] == [
        "10/11/2026",
        "02/11/2026",
        "Claire",
        "Consultation",
        "Dr Lenoir",
        "30,00",
        "30,00",
        "70",
        "19,00",
        "Mutuelle Exemple",
        "12/11/2026",
        "1-202611-1",
    ]
    assert rows[2][8:11] == ["801,42", "Mutuelle Exemple", ""]
    assert len(rows) == 1 + len(PAYMENTS)


def test_the_spreadsheet_computes_nothing(member):
    """A name that looks like a formula is text (CWE-1236)."""
    assert rows_of(member.get(f"{PATH}.csv"))[3][4] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_every_beginning_of_a_formula_is_quoted(start):
    """Whatever a spreadsheet would evaluate."""
    assert safe(f"{start}1+1") == f"'{start}1+1"
    assert safe(f"1{start}") == f"1{start}"
    assert safe("") == ""


def test_the_spreadsheet_holds_every_page(member):
    """The insurer gives a hundred at a time; the file has them all."""
    member.broker.space["GET payments"] = {**member.broker.space["GET payments"], "pages": 3}
    answer = member.get(f"{PATH}.csv?nature=pharmacy")

    assert [query for query, *_ in member.asked("GET payments")] == [
        f"kind=pharmacy&page={n}" for n in (1, 2, 3)
    ]
    assert len(rows_of(answer)) == 1 + 3 * len(PAYMENTS)


def test_a_statement_can_be_printed(member):
    """S18, S159: who, which month, every payment, the total; menus stay off the paper."""
    page = member.page("/mon-compte/releves/2026-11")
    source = member.get("/mon-compte/releves/2026-11").text

    for said in ("Relevé de novembre 2026", "Claire MARTIN", "2 85 03 ••", "Remboursé : 19,00 €"):
        assert said in page
    assert 'class="noprint"' in source


@pytest.mark.parametrize("month", ["2026-13", "novembre", "2026-1", "1999-01", "2026-11-01"])
def test_a_month_that_is_none_is_no_page(member, month):
    """Nothing is asked of the insurer."""
    assert member.get(f"/mon-compte/releves/{month}").status_code == 404
    assert member.broker.asked == []


def test_a_month_without_statement_is_no_page(member):
    """Too old, or still to come."""
    member.broker.space["GET statements/2026-11"] = refusal("statement_unknown", status=404)
    answer = member.get("/mon-compte/releves/2026-11")

    assert answer.status_code == 404
    assert "Cette page n'existe pas" in answer.text


def in_language(member, language):
    return member.visitor.app.test_request_context(f"/?lang={language}")


@pytest.mark.parametrize(
    ("cents", "french", "english"),
    [
        (0, "0,00 €", "€0.00"),
        (7, "0,07 €", "€0.07"),
        (123_456_789, "1 234 567,89 €", "€1,234,567.89"),
        (-150, "-1,50 €", "-€1.50"),
    ],
)
def test_amounts_and_days_are_written_as_each_language_does(member, cents, french, english):
    """French has its comma and its spaces, English its point; a day is never ambiguous."""
    shown = []
    for language in ("fr", "en"):
        with in_language(member, language):
            shown.append(re.sub("[\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}]", " ", euros(cents)))

    assert shown == [french, english]


def test_days_and_months_are_written_as_each_language_does(member):
    """03/04 would be read in two ways: English names the month."""
    first = date(2026, 4, 3)
    with in_language(member, "fr"):
        assert (short_day(first), month_name(first)) == ("03/04/2026", "avril 2026")
    with in_language(member, "en"):
        assert (short_day(first), month_name(first)) == ("3 Apr 2026", "April 2026")


@pytest.mark.parametrize(
    ("nir", "shown"),
    [("285036938300142", "2 85 03 69 383 001 42"), ("180052A004018", "1 80 05 2A 004 018")],
)
def test_a_number_is_grouped_as_on_the_card(nir, shown):
    """So that it can be compared at a glance."""
    assert nir_groups(nir) == shown
