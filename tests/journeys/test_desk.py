"""An advisor at the desk and the person who called, each in their own browser."""

import re

import pyotp
import pytest

from broker.advisor_desk import advisor_desk
from broker.insured.space.messages import send
from broker.insured.space.place import Tenant
from tests.backchannel import CHEAP_PASSWORDS, named

CHEAP = {"insured": {"passwords": CHEAP_PASSWORDS, "demonstration_persons": 30}}
SUNDAY_LATER = 6 * 86_400  # worlds begin on a Monday at 9:30


@pytest.fixture
def world(make_world):
    """A world whose passwords cost nothing."""
    return make_world(CHEAP)


def at_desk(world, browser, **changes):
    """Sign in to the desk; the page that comes."""
    wanted = world.configuration.broker.insured.desk.demonstration_advisor
    code = pyotp.TOTP(wanted.totp_secret).at(world.clock())
    said = {"name": wanted.name, "password": wanted.password, "code": code, **changes}
    browser.open(f"{world.portal.url}/conseiller")
    return browser.submit("desk-sign-in", **said)


def find(browser, persona, reason="locked_account", **more):
    """Search by number, and open the file of whoever is found."""
    browser.submit("by-nir", reason=reason, nir=named(persona).line.nir, **more)
    return browser.click(next(t for t in browser.page.testids if t.startswith("open-")))


def verify(browser):
    """Write down that who calls was made sure of; every question was answered."""
    return browser.submit("proof-send", **{"proof-questions": True})


def lock(world, persona):
    """Five wrong passwords in a row."""
    typed = {"nir": named(persona).line.nir, "password": "Faux-Mot-2026"}
    person = world.browser()
    for _ in range(5):
        person.open(f"{world.portal.url}/connexion")
        person.submit("sign-in", **typed)


def code_of(world):
    """The code on the letter that the post room received last."""
    world.keep_up()
    letter = world.mailbox.last("courrier@ameli.fr").text
    return next(line for line in letter.splitlines() if len(line) == 11 and line[5] == " ")


def test_an_advisor_helps_a_person_with_a_code_by_post(world, browser):
    """Rows: S97-S100, S166. Searched, verified, a code is posted; the person chooses a password."""
    at_desk(world, browser)
    page = find(browser, "marc", note="n'arrive plus à se connecter")
    assert page.h1 == "Dossier de Marc MARTIN"
    assert "n'arrive plus à se connecter" in page.element("history").text
    assert "•••• " in page.element("iban-mask").text
    assert not page.has("post-code-send")
    page = verify(browser)
    assert "appelant vérifié (tous les prénoms" in page.element("history").text
    page = browser.submit("post-code-send")
    assert "Un code part par courrier" in page.text
    assert "en route" in page.element("post-code").text

    person = world.browser()
    person.open(f"{world.portal.url}/code-par-courrier")
    chosen = {"nir": named("marc").line.nir, "code": code_of(world), "password": "Tulipe-Orage-27"}
    page = person.submit("redeem", **chosen)
    assert page.h1 == "Votre mot de passe est choisi"
    person.open(f"{world.portal.url}/connexion")
    page = person.submit("sign-in", nir=chosen["nir"], password=chosen["password"])
    assert page.path in {"/mon-compte", "/connexion/code"}


def test_a_refused_sign_in_is_explained_to_the_advisor_alone(world, browser):
    """Rows: S99, S110. The case number opens the reason, what differs and the nearest person."""
    case = world.browser().login(world.portal, as_="dupond").accept().element("case-number").text
    at_desk(world, browser)
    typed = f" {case.lower().replace('-', ' ')} "
    page = browser.submit("by-case-send", reason="refused_login", case_number=typed)

    assert page.h1 == f"Connexion refusée, dossier {case}"
    assert "corrige" in page.element("case-meaning").text
    assert page.element("case-rule").text == "Pour le support : règle D5."
    assert page.has("candidate")
    page = browser.submit("case-closing")
    assert "Le refus est clos" in page.text
    assert not page.has("case-closing")


REFUSED = ["victor", "michel", "dupond", "usage_as_birth", "inconnu", "henri", "sophie", "bruno"]


@pytest.mark.parametrize("persona", REFUSED)
def test_every_refusal_with_a_number_opens_at_the_desk(world, browser, persona):
    """Rows: S99. Whatever was refused, the advisor sees why, in words."""
    page = world.browser().login(world.portal, as_=persona).accept()
    case = page.element("case-number").text
    at_desk(world, browser)
    page = browser.submit("by-case-send", reason="refused_login", case_number=case)

    assert page.h1 == f"Connexion refusée, dossier {case}"
    told = page.element("case-outcome").text + page.element("case-meaning").text
    assert not re.search(r"[a-z]_[a-z]|\bD\d", told)
    assert told.endswith(".")
    assert re.fullmatch(r"Pour le support : règle D\d+\.", page.element("case-rule").text)


def test_the_list_of_what_waits_leads_to_each_case(world, browser):
    """Rows: S99, S110. One press on a row: why it was refused, and the nearest persons."""
    case = world.browser().login(world.portal, as_="dupond").accept().element("case-number").text
    page = at_desk(world, browser)
    assert "Impots.gouv.fr" in page.element("open-cases").text
    page = browser.click(f"case-{case}")

    assert page.h1 == f"Connexion refusée, dossier {case}"
    assert "Motif : Une connexion refusée." in page.text.replace("\xa0", " ")
    assert page.has("case-meaning")
    assert page.element("candidate").text


@pytest.mark.parametrize("typed", ["B0401", "b 04 01", "bo4o1"])
def test_the_other_number_of_the_page_leads_to_the_case_too(world, browser, typed):
    """Rows: S110. Whoever reads the error number out is helped as well, however it is spelt."""
    case = world.browser().login(world.portal, as_="dupond").accept().element("case-number").text
    at_desk(world, browser)
    page = browser.submit("by-case-send", reason="refused_login", case_number=typed)
    assert page.h1 == "Numéro de l'erreur B0401"
    assert "Votre situation ne permet pas" in page.element("page-words").text
    page = browser.click(f"case-{case}")

    assert page.h1 == f"Connexion refusée, dossier {case}"


def test_a_number_without_a_case_says_what_the_person_reads(world, browser):
    """B0408 explains itself: no case is kept, and the advisor reads the same words."""
    at_desk(world, browser)
    page = browser.submit("by-case-send", reason="refused_login", case_number="B0408")

    assert "16 ans" in page.element("page-words").text
    assert page.has("no-case")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("zzzz zzzz", "le numéro de dossier ZZZZ-ZZZZ"),
        ("7k4", "le numéro de dossier 7K4"),
        ("b0999", "le numéro d'erreur B0999"),
    ],
)
def test_a_number_that_is_not_found_is_named(world, browser, typed, printed):
    """Which of the two numbers, as it was understood, beside its field."""
    at_desk(world, browser)
    page = browser.submit("by-case-send", reason="refused_login", case_number=typed)

    assert page.status == 422
    assert printed in page.element("fault-case_number").text
    assert page.value("case_number") == typed


def test_the_person_and_the_advisor_call_the_number_by_one_name(world, browser):
    """What the page of the refusal says to give is what the desk asks for, word for word."""
    refused = world.browser().login(world.portal, as_="dupond").accept()
    page = at_desk(world, browser)
    label = next(e.text for e in page.root.all("label") if e.get("for") == "case_number")

    assert label == "Numéro de dossier"
    assert f"{label} à donner au conseiller" in refused.text
    assert "Numéro de l'erreur" in refused.text
    assert "numéro de l'erreur de cette page" in page.text


def test_a_locked_account_is_unlocked_and_told(world, browser):
    """Rows: S166. The file says until when; after the call the person tries again, and is told."""
    lock(world, "marc")
    at_desk(world, browser)
    page = find(browser, "marc")
    assert re.search(r"bloqué jusqu'à \d\d:\d\d", page.element("lock").text)
    assert not page.has("unlock")
    assert verify(browser).has("unlock")
    page = browser.submit("unlock")

    assert "Le compte est débloqué" in page.text
    assert not page.has("lock")
    assert not page.has("unlock")
    world.keep_up()
    told = [letter.subject for letter in world.mailbox.to(account_email(world, "marc"))]
    assert "Votre compte Ameli est débloqué" in told


def test_unlocking_is_offered_to_who_is_locked_alone(world, browser):
    """An account that works has nothing to unlock: no button, a clear page, no mail."""
    lock(world, "marc")
    at_desk(world, browser)
    find(browser, "marc")
    page = verify(browser)
    browser.submit("unlock")
    world.keep_up()
    before = len(world.mailbox)
    browser.back()
    page = browser.post(f"{page.url}/unlocking", form_token(page))

    assert page.status == 409
    assert "n'est pas bloqué" in page.element("refused").text
    world.keep_up()
    assert len(world.mailbox) == before


def form_token(page):
    """What a form of this page sends at least."""
    token = next(e.get("value") for e in page.root.all("input") if e.get("name") == "csrf_token")
    return f"csrf_token={token}".encode()


def test_nothing_is_changed_for_a_caller_nobody_verified(world, browser):
    """Rows: S97, S99. No act is offered, and a form sent all the same is refused in words."""
    at_desk(world, browser)
    page = find(browser, "marc", reason="contact_changed")
    offered = ("email-send", "mobile-send", "unlock", "post-code-send", "replacement-send")
    assert [testid for testid in offered if page.has(testid)] == []
    for act, said in (
        ("email", "email-email=a@exemple.fr"),
        ("mobile", "mobile-mobile=0639980048"),
        ("unlocking", ""),
        ("post-code", ""),
        ("replacement", "replacement-sure=y"),
    ):
        answer = browser.post(f"{page.url}/{act}", form_token(page) + b"&" + said.encode())
        assert answer.status == 409, act
        assert "Vérifiez d'abord qui appelle" in answer.element("refused").text

    world.keep_up()
    assert len(world.mailbox) == 0


def test_two_answers_are_not_enough_to_know_who_calls(world, browser):
    """Three at least; what was ticked stays ticked, and what was typed stays typed."""
    at_desk(world, browser)
    page = find(browser, "marc")
    page.element("proof-questions-birthdate").attributes["checked"] = ""
    page = browser.submit("proof-send", **{"proof-nir": named("marc").line.nir})

    assert page.status == 422
    assert "au moins trois" in page.element("fault-proof-questions").text
    assert "checked" in page.element("proof-questions-birthdate").attributes
    assert "checked" not in page.element("proof-questions-postal_code").attributes
    assert page.element("proof-nir").attributes["value"] == named("marc").line.nir


def test_what_the_file_masks_is_typed_and_compared(world, browser):
    """The number and the address are never shown whole: the desk says whether they fit."""
    at_desk(world, browser)
    page = find(browser, "marc")
    page.element("proof-questions-birthdate").attributes["checked"] = ""
    wrong = {"proof-nir": named("claire").line.nir, "proof-contact": "personne@exemple.fr"}
    page = browser.submit("proof-send", **wrong)
    assert page.status == 422
    assert "pas le numéro de ce dossier" in page.element("fault-proof-nir").text

    page = browser.submit("proof-send", **{**wrong, "proof-nir": named("marc").line.nir})
    assert "Ni le compte ni le dossier" in page.element("fault-proof-contact").text

    marc = named("marc").line
    page = browser.submit("proof-send", **{"proof-nir": marc.nir, "proof-contact": marc.email})
    assert page.has("verified")


def test_contact_data_are_changed_on_the_telephone(world, browser):
    """Rows: S97. A wrong address is told beside its field; a good one is told to both mailboxes."""
    at_desk(world, browser)
    find(browser, "marc", reason="contact_changed")
    verify(browser)
    old = account_email(world, "marc")
    page = browser.submit("email-send", **{"email-email": "marc"})
    assert page.status == 422
    assert page.title.startswith("Erreur")
    assert "adresse e-mail" in page.element("fault-email-email").text
    assert page.value("email-email") == "marc"
    page = browser.submit("email-send", **{"email-email": "marc.neuf@exemple.fr"})
    assert "L'adresse e-mail est changée" in page.text
    browser.submit("mobile-send", **{"mobile-mobile": "06 39 98 00 48"})

    world.keep_up()
    assert world.mailbox.to(old)
    assert world.mailbox.to("marc.neuf@exemple.fr")
    assert world.mailbox.to("+33639980048")


def test_an_address_of_another_account_is_refused_beside_its_field(world, browser):
    """Rows: S81, S125. One address, one account; nothing is changed."""
    at_desk(world, browser)
    find(browser, "claire", reason="contact_changed")
    browser.open(f"{world.portal.url}/conseiller")
    find(browser, "marc", reason="contact_changed")
    verify(browser)
    taken = account_email(world, "bruno")
    page = browser.submit("email-send", **{"email-email": taken})
    assert page.status == 422
    assert "Un autre compte" in page.element("fault-email-email").text
    page = browser.submit(
        "replacement-send", **{"replacement-email": taken, "replacement-sure": True}
    )

    assert "Un autre compte" in page.element("fault-replacement-email").text
    assert 'data-status="replaced"' not in page.html


def account_email(world, persona):
    """The address of the account of a persona."""
    parts = world.broker.app.extensions["parts"]
    with parts.engines["insured"].connect() as connection:
        sealed = connection.exec_driver_sql(
            f"SELECT email_sealed FROM account WHERE person_id = {named(persona).line.number}"
        ).scalar_one()
    return parts.sealer.open(sealed, "account:email").decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("mobile-mobile", "01 42 68 53 00"), ("email-email", "x@")],
)
def test_what_cannot_be_read_is_told_beside_its_field(world, browser, field, typed):
    """A typing error costs nothing and changes nothing."""
    at_desk(world, browser)
    find(browser, "marc", reason="contact_changed")
    verify(browser)
    page = browser.submit(f"{field.partition('-')[0]}-send", **{field: typed})

    assert page.status == 422
    assert page.has(f"fault-{field}")


def test_an_act_that_does_not_exist_is_not_found(world, browser):
    """Only the acts of the list are addresses."""
    at_desk(world, browser)
    page = find(browser, "marc")

    assert browser.post(f"{page.url}/explode", form_token(page)).status == 404
    assert browser.post(f"{page.url}/iban", form_token(page)).status == 404


def test_closing_time_ends_the_work_of_who_is_not_on_call(make_world):
    """Rows: S165. Half an hour after closing, the next page is the door and says why."""
    advisor = {"on_call": False}
    world = make_world({"insured": {"desk": {"demonstration_advisor": advisor}}})
    browser = world.browser()
    world.clock.advance(seconds=7.9 * 3600)  # 17:24
    assert at_desk(world, browser).has("by-nir")
    world.clock.advance(seconds=1000)
    assert browser.open(f"{world.portal.url}/conseiller").has("by-nir")
    world.clock.advance(seconds=1190)
    page = browser.open(f"{world.portal.url}/conseiller")

    assert page.has("desk-sign-in")
    assert "Le bureau est fermé" in page.text


def test_signing_out_after_the_session_ended_is_signing_out(world, browser):
    """Nothing is left to end: the door, without a word of fault."""
    at_desk(world, browser)
    world.clock.advance(seconds=1200)
    page = browser.submit("desk-sign-out")

    assert page.has("desk-sign-in")
    assert browser.cookies.get("passerelle_desk") is None


@pytest.mark.parametrize("persona", ["marc", "claire"])
def test_an_iban_is_told_by_its_end_and_asked_of_nobody(world, browser, persona):
    """Rows: S124, S133. With an account or without; the person compares, and reads nothing out."""
    at_desk(world, browser)
    page = find(browser, persona, reason="bank_details")
    assert not page.has("iban-end")
    page = verify(browser)
    iban = named(persona).line.iban

    assert f"se termine : {iban[-4:]}" in page.element("iban-end").text.replace("\xa0", " ")
    assert iban not in page.html
    fields = [e.get("name") or "" for e in page.root.all("input")]
    assert [name for name in fields if "iban" in name.lower()] == []


def test_an_account_is_replaced_and_the_old_one_told(world, browser):
    """Rows: S177, S178 (X2). Only with the box ticked; the old account is shown as replaced."""
    at_desk(world, browser)
    find(browser, "marc", reason="fraud")
    verify(browser)
    page = browser.submit("replacement-send")
    assert page.status == 422
    assert page.has("fault-replacement-sure")
    page = browser.submit("replacement-send", **{"replacement-sure": True})

    assert "Le compte est remplacé" in page.text
    assert 'data-status="replaced"' in page.html
    world.keep_up()
    assert any("remplacé" in letter.subject for letter in world.mailbox)
    assert code_of(world)


def test_a_secure_message_is_answered(world, browser):
    """Rows: S167-S168. The person writes, the advisor reads it in the file and answers."""
    person = world.browser()
    person.login(world.portal, as_="claire").accept()
    parts = world.broker.app.extensions["parts"]
    with parts.engines["insured"].begin() as tx:
        account = tx.exec_driver_sql("SELECT id FROM account WHERE person_id = 1").scalar_one()
        send(tx, advisor_desk(parts).space, Tenant(account, 1, "r", "s"), "rights", "Bonjour ?")
    at_desk(world, browser)
    number = next(t for t in browser.page.testids if t.startswith("message-open-")).split("-")[-1]
    page = browser.submit(f"message-open-{number}", **{f"message-{number}-reason": ""})
    assert page.status == 422
    assert page.title.startswith("Erreur")
    assert page.has(f"fault-message-{number}-reason")
    browser.open(f"{world.portal.url}/conseiller")
    page = browser.submit(f"message-open-{number}")
    assert "Motif : La réponse à un message." in page.text.replace("\xa0", " ")
    assert page.element("message-text").text == "Bonjour ?"
    answer = {f"answer-{number}-text": "Bonjour, oui."}
    page = browser.submit(f"answer-{number}", **answer)

    assert "La réponse est envoyée" in page.text
    world.keep_up()
    assert any("répondu" in letter.subject for letter in world.mailbox)


def test_no_consultation_without_a_reason(world, browser):
    """The field is named, what was typed is kept, nothing was looked at."""
    at_desk(world, browser)
    page = browser.submit("by-nir", nir=named("marc").line.nir)

    assert page.status == 422
    assert page.has("fault-reason")
    assert page.value("nir") == named("marc").line.nir
    assert not page.has("candidate")


def test_the_enter_key_searches_what_was_filled(world, browser):
    """The first button of the form is pressed, whatever part was written in."""
    at_desk(world, browser)
    said = {"family_name": "Martin", "given_names": "Marc", "birthdate": "08 11 1979"}
    page = browser.submit("family_name", reason="other", note="vérification", **said)

    assert page.element("candidate").text.startswith("Marc MARTIN")


FAULTS = [
    ({"nir": "1 79 11 33 063 902 00"}, "nir"),
    ({"case_number": "ZZZZ-ZZZZ"}, "case_number"),
    ({"family_name": "Martin"}, "family_name"),
    ({"family_name": "Martin", "birthdate": "31/02/1979"}, "birthdate"),
    ({"family_name": "Martin", "birthplace": "Saint-Denis"}, "birthplace"),
    ({"family_name": "Martin", "birthcountry": "Atlantide"}, "birthcountry"),
    ({"family_name": "Мартин", "given_names": "Marc"}, "family_name"),
]


@pytest.mark.parametrize(("said", "field"), FAULTS)
def test_a_fault_stands_beside_its_field(world, browser, said, field):
    """Each mistake of the search is told where it was made, with what was typed."""
    at_desk(world, browser)
    page = browser.submit("by-nir", reason="fraud", **said)

    assert page.status == 422
    assert page.has(f"fault-{field}")
    assert page.value(field) == said[field]


def test_a_person_who_is_signed_in_is_not_at_the_desk(world, browser):
    """Row 19: the session of a person opens nothing, and the desk shows nobody's name."""
    browser.login(world.portal, as_="claire").accept()
    page = browser.open(f"{world.portal.url}/conseiller")
    assert page.has("desk-sign-in")
    assert "Claire" not in page.text
    for path in ("consultations/x", "consultations/" + "x" * 24):
        assert browser.open(f"{world.portal.url}/conseiller/{path}").has("desk-sign-in")

    at_desk(world, browser)
    assert browser.page.has("by-nir")
    assert "Claire" in browser.open(f"{world.portal.url}/mon-compte").h1


def test_an_advisor_is_not_signed_in_as_a_person(world, browser):
    """The cookie of the desk opens no personal space."""
    at_desk(world, browser)

    assert browser.open(f"{world.portal.url}/mon-compte").path == "/connexion"


def test_the_cookie_of_the_desk_is_for_the_desk_alone(world, browser):
    """Row 24: not readable by scripts, never sent from another site, new at each sign-in."""
    at_desk(world, browser)
    first = browser.cookies.get("passerelle_desk").value
    header = next(
        value
        for hop in browser.hops
        for name, value in hop.answer.headers
        if name.lower() == "set-cookie" and value.startswith("passerelle_desk=")
    )
    browser.submit("desk-sign-out")
    world.clock.advance(seconds=60)
    at_desk(world, browser)

    assert "HttpOnly" in header
    assert "SameSite=Strict" in header
    assert browser.cookies.get("passerelle_desk").value != first


@pytest.mark.parametrize("wrong", [{"name": "x"}, {"password": "x"}, {"code": "000000"}])
def test_a_refused_sign_in_says_nothing_more(world, browser, wrong):
    """One sentence, the name kept, neither password nor code."""
    page = at_desk(world, browser, **wrong)

    assert page.status == 403
    assert "ne convient pas" in page.element("refusal").text
    assert page.value("code") == ""
    assert page.value("password") == ""


def test_an_idle_advisor_signs_in_again(world, browser):
    """Twenty minutes without activity, and the next page is the door."""
    at_desk(world, browser)
    find(browser, "marc")
    world.clock.advance(seconds=20 * 60)
    page = browser.submit("proof-send")

    assert page.has("desk-sign-in")
    assert "session est terminée" in page.text


def test_the_closed_desk_lets_only_staff_on_call_in(make_world):
    """Rows: S98, S165. On Sunday an advisor who is not on call reads when the desk opens."""
    advisor = {"on_call": False}
    world = make_world({"insured": {"desk": {"demonstration_advisor": advisor}}})
    world.clock.advance(seconds=SUNDAY_LATER)
    page = at_desk(world, world.browser())

    assert page.status == 403
    assert "du lundi au vendredi" in page.element("refusal").text.replace("\xa0", " ")
    assert not page.has("by-nir")


def test_an_advisor_on_call_reads_that_the_desk_is_closed(world, browser):
    """The advisor of the demonstration is on call."""
    world.clock.advance(seconds=SUNDAY_LATER)
    page = at_desk(world, browser)

    assert "d'astreinte" in page.element("desk-open").text


def test_the_desk_speaks_english_too(world, browser):
    """No French sentence is left on its pages."""
    browser.open(f"{world.portal.url}/conseiller?lang=en")
    at_desk(world, browser)
    page = find(browser, "marc")

    assert page.language == "en"
    assert page.h1 == "File of Marc MARTIN"
    for french in ("Dossier", "Compte", "Droits", "Motif"):
        assert french not in page.text


def test_the_broker_being_away_loses_nothing(world, browser):
    """The page says so, and the same button works later."""
    at_desk(world, browser)
    lock(world, "marc")
    find(browser, "marc")
    verify(browser)
    world.network.take_down(world.broker.url)
    page = browser.submit("unlock")
    assert page.status == 503
    assert page.has("away")
    world.network.restore(world.broker.url)
    browser.back()

    assert "débloqué" in browser.submit("unlock").text


def test_a_double_click_posts_one_code(world, browser):
    """The same form twice: one letter."""
    at_desk(world, browser)
    find(browser, "marc")
    verify(browser)
    browser.double_click("post-code-send")
    world.keep_up()

    assert len(world.mailbox.to("courrier@ameli.fr")) == 1


WRONG = [
    ({"nir": "123"}, "fault-nir", 422),
    ({"code": "12"}, "fault-code", 422),
    ({"password": "court"}, "fault-password", 422),
    ({}, "wrong-code", 403),
]


@pytest.mark.parametrize(("changes", "shown", "status"), WRONG)
def test_a_code_by_post_that_is_refused_says_what_to_do(world, browser, changes, shown, status):
    """Rows: S111-S117. The field or the code, the number kept, neither code nor password."""
    browser.open(f"{world.portal.url}/code-par-courrier")
    said = {
        "nir": named("marc").line.nir,
        "code": "22222 22222",
        "password": "Tulipe-Orage-27",
        **changes,
    }
    page = browser.submit("redeem", **said)

    assert page.status == status
    assert page.title.startswith("Erreur")
    assert page.has(shown)
    assert page.value("nir") == said["nir"]
    assert (page.value("code"), page.value("password")) == ("", "")


def test_the_page_of_the_code_is_found_from_the_ways_of_signing_in(world, browser):
    """Whoever holds the letter starts where everybody starts."""
    for path in ("/connexion", "/code-personnel-oublie"):
        browser.open(f"{world.portal.url}{path}")
        assert browser.click("by-post").path == "/code-par-courrier"


def test_nothing_that_the_desk_handles_is_logged(world, browser, no_secret_in_logs):
    """Row 44: after a search, a file and a code by post, the logs hold no number, name or code."""
    marc = named("marc").line
    no_secret_in_logs.never(marc.nir, marc.nir[:13], "n'arrive plus", marc.iban)
    at_desk(world, browser)
    find(browser, "marc", note="n'arrive plus à se connecter")
    verify(browser)
    browser.submit("post-code-send")
    no_secret_in_logs.never(code_of(world), browser.cookies.get("passerelle_desk").value)
