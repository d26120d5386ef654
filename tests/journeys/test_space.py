"""The personal space, lived through all applications: portal, back channel, insurer, mails."""

import re

import pytest

from tests.backchannel import named
from tests.space_answers import EMAIL_CHANGE

HUGO = {
    "family_name": "GARNIER",
    "given_name": "Hugo",
    "given_name_array": "Hugo",
    "birthdate": "1975-05-05",
    "gender": "male",
    "birthplace": "69123",
    "birthcountry": "99100",
    "email": "hugo@courriel.exemple.fr",
}
DAY = 86_400
MARC = "Compte-demo-2026!"


@pytest.fixture
def claire(world, browser):
    """Claire, signed in for the first time."""
    browser.login(world.portal, as_="claire").accept()
    return browser


@pytest.fixture
def at(world):
    """`at(browser, path)`: a page of the portal in that browser."""
    return lambda browser, path: browser.open(world.portal.url + path)


def letters(world, address="claire@courriel.exemple.fr"):
    """What the mailbox holds, after a round of the post."""
    world.keep_up()
    return world.mailbox.to(address)


def test_the_first_page_has_the_three_blocks_with_real_content(claire):
    """
    A year of care, open rights and something to do, minutes after the account was created.

    Rows: S3, S10, S13, S20, S60, S154.
    """
    page = claire.page

    assert page.has("block-payments")
    assert page.has("block-rights")
    assert page.has("block-things")
    assert re.search(r"\d+,\d\d", page.element("year-total").text)
    assert "En arrêt jusqu'au" in page.text


def test_a_student_takes_the_certificate_and_the_university_checks_it(world, claire, at):
    """
    A press gives the document; anyone may check its code, without an account, and learns little.

    Rows: S3, S11, S14, S153, S162.
    """
    at(claire, "/mon-compte/droits")
    claire.click("certificate")
    assert claire.page.response.body.startswith(b"%PDF-")
    at(claire, "/mon-compte/droits")
    code = claire.click("certificate-page").element("certificate-code").text

    other = world.browser()
    at(other, "/verifier")
    other.fill("code", code.lower().replace("-", " "))
    told = other.click("verify")
    assert "C. D." in told.element("verified").text
    assert "DURAND" not in told.text
    other.fill("code", "7K4M-2QXP-9HTR")
    assert "Aucune attestation ne porte ce code" in other.click("verify").text


def test_a_parent_sees_the_care_of_the_children(world, browser, at):
    """
    Hugo has three children: those under 16 are in his list, by their first names, and on his
    certificate; care given from the 16th birthday on is not.

    Rows: S84, S85, S149.
    """
    browser.start(world.portal)
    browser.click("provider-tax")
    for name, value in HUGO.items():
        browser.fill(f"custom-{name}", value)
    browser.click("submit-custom").accept()
    payments = at(browser, "/mon-compte/remboursements").text
    rights = at(browser, "/mon-compte/droits").text

    for child in ("Léo", "Ève", "Alix"):
        assert child in payments
        assert f"{child} GARNIER" in rights
    assert "Pourra ouvrir son propre compte à partir du" in rights
    certificate = browser.click("certificate-page").text
    assert "Léo GARNIER" in certificate
    assert "Alix GARNIER" not in certificate


def test_a_senior_downloads_the_year_for_the_tax_return(claire, at):
    """
    Filtered on the screen, whole in the spreadsheet, month by month on paper.

    Rows: S18, S20, S157, S159.
    """
    page = at(claire, "/mon-compte/remboursements")
    count = int(re.match(r"\d+", page.element("total").text)[0])
    file = claire.click("spreadsheet").response.body.decode("utf-8-sig")
    assert len(file.splitlines()) == 1 + count

    page = at(claire, "/mon-compte/remboursements")
    month = next(link for link in page.links().values() if "/releves/" in link)
    assert claire.open(month).has("total")


def test_a_lost_card_is_ordered_followed_and_received(world, claire, at):
    """
    One order at a time, from the loss to the letter box, as the working days pass.

    Rows: S16, S158.
    """
    at(claire, "/mon-compte/carte")
    claire.click("reason-loss")
    page = claire.double_click("order-card")
    assert page.element("order").get("data-stage") == "prepared"
    assert "en préparation" in at(claire, "/mon-compte").text

    world.clock.advance(days=20)
    claire.login(world.portal, as_="claire")
    page = at(claire, "/mon-compte/carte")
    assert page.element("order").get("data-stage") == "posted"
    assert claire.click("received").has("order-card")


def test_a_new_rib_waits_for_its_working_days(world, claire, at):
    """
    Typed with a fault, then rightly; used once the days have passed; told by mail. A new postal
    address is told to whoever asked.

    Rows: S17, S109, S141, S152, S161, S163, S176.
    """
    at(claire, "/mon-compte/alertes")
    claire.click("alert-contact")
    claire.click("save-alerts")
    at(claire, "/mon-compte/changements/rib")
    claire.fill("iban", "FR76 3000 6000 0112 3456 7890 188")
    assert claire.click("declare").has("faults")
    claire.fill("iban", "FR76 3000 6000 0112 3456 7890 189")
    assert claire.click("declare").has("coming-bank")
    assert at(claire, "/mon-compte").has("coming")
    assert "RIB" in letters(world)[-1].subject
    at(claire, "/mon-compte/changements/adresse")
    for name, value in (("street", "1 rue A"), ("postal_code", "69003"), ("city", "Lyon")):
        claire.fill(name, value)
    claire.click("declare")
    assert "coordonnées" in letters(world)[-1].subject

    world.clock.advance(days=6)
    claire.login(world.portal, as_="claire")
    page = at(claire, "/mon-compte/changements")
    assert not page.has("coming-bank")
    assert "IBAN qui se termine par 0189" in page.text


def test_bank_details_change_on_a_fresh_identification_alone(world, claire, at):
    """
    Minutes after the sign-in the person identifies themselves again, comes back to the form, and
    is told at the mailbox and on the mobile without having asked for any alert.

    Rows: S17, S143.
    """
    world.clock.advance(minutes=6)
    assert at(claire, "/mon-compte/changements/rib").path == "/mon-compte/confirmation"
    claire.click("prove-elsewhere")
    page = claire.sign_in("claire")
    assert page.path == "/mon-compte/changements/rib"
    claire.fill("iban", "FR76 3000 6000 0112 3456 7890 189")
    assert claire.click("declare").has("coming-bank")

    told = letters(world)[-1]
    assert told.subject == "Un nouveau RIB vient d'être déclaré"
    assert "se termine par 0189" in told.text
    assert "Si ce n'était pas vous" in told.text
    assert not re.search(r"\d{6}", told.text)
    assert "(fin 0189)" in letters(world, named("claire").line.mobile)[-1].text


def test_bank_details_change_on_the_password_of_a_classic_account(world, browser, at):
    """
    Signed in a moment ago, and asked again: a wrong password counts as one at the door.

    Rows: S17, S152.
    """
    marc = named("marc").line
    at(browser, "/connexion")
    browser.fill("nir", marc.nir)
    browser.fill("password", MARC)
    assert browser.click("sign-in").path == "/mon-compte"
    at(browser, "/mon-compte/changements/rib")
    browser.fill("password", "Un-mot-2-passe!")
    assert "Ce n'est pas le mot de passe de ce compte." in browser.click("prove").text
    browser.fill("password", MARC)
    page = browser.click("prove")

    assert page.path == "/mon-compte/changements/rib"
    assert page.has("declare")


def test_a_stranger_at_an_open_session_is_kept_out_like_at_the_door(world, browser, at):
    """
    Five wrong passwords and the sixth is not even looked at, here and at the door.

    Rows: S143, X9.
    """
    marc = named("marc").line
    at(browser, "/connexion")
    browser.fill("nir", marc.nir)
    browser.fill("password", MARC)
    browser.click("sign-in")
    at(browser, "/mon-compte/fermer")
    for _ in range(6):
        browser.fill("password", "Un-mot-2-passe!")
        page = browser.click("prove")
    assert page.has("proof-wait")

    other = world.browser()
    at(other, "/connexion")
    other.fill("nir", marc.nir)
    other.fill("password", MARC)
    assert other.click("sign-in").path == "/connexion"


def test_mails_speak_the_language_of_the_pages(world, browser, at):
    """The mail of the new account and those that follow, for whoever reads English."""
    at(browser, "/connexion")
    browser.click("lang-en")
    browser.login(world.portal, as_="claire").accept()
    assert letters(world)[-1].subject == "Your Ameli account is open"
    at(browser, "/mon-compte/carte")
    browser.click("reason-loss")
    browser.click("order-card")
    assert letters(world)[-1].subject == "A new carte Vitale is on order"

    at(browser, "/mon-compte")
    browser.click("lang-fr")
    at(browser, "/mon-compte/acces")
    other = world.browser()
    other.login(world.portal, as_="claire", via="postal")
    at(browser, "/mon-compte/acces")
    browser.click("unlink")
    assert letters(world)[-1].subject == "Une façon de vous connecter est retirée"


def test_a_message_is_promised_an_answer(claire, at):
    """
    Written once however often the button is pressed; the days of the answer are named.

    Rows: S167, S168, S169.
    """
    at(claire, "/mon-compte/messages")
    claire.click("topic-rights")
    claire.fill("text", "Mon attestation suffit-elle pour un séjour en Espagne ?")
    page = claire.double_click("send")
    assert page.text.count("réponse entre le") == 1

    page = claire.open(next(url for url in page.links().values() if re.search(r"messages/\d", url)))
    assert "séjour en Espagne" in page.text
    assert page.has("promise")


def test_each_sign_in_is_told_to_whoever_asked(world, claire, at):
    """
    Opt-in, then a mail for each sign-in with the device; the history shows them all, and another
    device is signed out from here.

    Rows: S134, S140, S143.
    """
    before = len(letters(world))
    other = world.browser()
    other.login(world.portal, as_="claire", via="postal")
    assert len(letters(world)) == before + 1  # the new way in, told always
    at(claire, "/mon-compte/alertes")
    claire.click("alert-login")
    claire.click("save-alerts")
    third = world.browser()
    third.login(world.portal, as_="claire", via="tax")
    assert "connexion" in letters(world)[-1].text

    page = at(claire, "/mon-compte/connexions")
    assert page.text.count("celui-ci") == 1
    claire.click("close-device")
    ended = [at(one, "/mon-compte").path for one in (other, third)]
    assert sorted(ended) == ["/connexion/suite/session-terminee", "/mon-compte"]
    assert at(claire, "/mon-compte").has("dashboard-name")


def test_each_reimbursement_is_told_to_whoever_asked(world, claire, at):
    """
    Months later, new payments have come: one mail each, and the list has them.

    Rows: S19, S142, S156.
    """
    at(claire, "/mon-compte/alertes")
    claire.click("alert-payment")
    claire.click("save-alerts")
    assert not [one for one in letters(world) if "remboursement" in one.subject.lower()]
    world.clock.advance(days=100)
    claire.login(world.portal, as_="claire")

    told = [one for one in letters(world) if "remboursement" in one.subject.lower()]
    assert told
    assert all("€" in one.text for one in told)
    assert not any(one.links for one in told)


def test_a_new_address_is_proven_before_it_counts(world, claire, at):
    """
    The code goes to the new address, the news to the old one, and no mail asks for bank details.

    Rows: S26, S133, S141.
    """
    at(claire, "/mon-compte/email")
    claire.fill("email", "claire.nouvelle@exemple.fr")
    claire.click("send-code")
    code = letters(world, "claire.nouvelle@exemple.fr")[-1].code
    claire.fill("code", code)
    assert claire.click("confirm-code").path == "/mon-compte"

    assert "c•••••@exemple.fr" in claire.page.text
    old = letters(world, "claire@courriel.exemple.fr")[-1]
    assert "adresse" in old.subject.lower()
    assert "RIB" not in old.text


def test_the_last_way_in_cannot_be_removed_but_one_of_two_can(world, claire, at):
    """An account without a password keeps one link; the removed one comes back by signing in."""
    at(claire, "/mon-compte/acces")
    assert claire.click("unlink").has("last-way-in")
    world.browser().login(world.portal, as_="claire", via="msa")
    at(claire, "/mon-compte/acces")
    page = claire.click("unlink")

    assert not page.has("last-way-in")
    assert "retirée" in page.text


def test_a_closed_account_is_closed_everywhere_and_may_be_opened_anew(world, claire, at):
    """
    Asked once more, then every device is out, a mail confirms it, and the next sign-in creates a
    new account.

    Rows: S80, S177.
    """
    other = world.browser()
    other.login(world.portal, as_="claire")
    at(claire, "/mon-compte/fermer")
    assert claire.click("close-account").has("faults")
    claire.click("sure")
    assert claire.click("close-account").has("closed")

    for one in (claire, other):
        assert at(one, "/mon-compte").path.startswith("/connexion")
    assert "fermé" in letters(world)[-1].subject
    page = world.browser().login(world.portal, as_="claire")
    assert "Votre compte est créé" in page.text


def test_the_insurer_away_loses_nothing_anywhere(world, claire, at):
    """Every page says so, and works again as soon as it is back."""
    network = world.portal.app.extensions["space_insurer"]._channel
    address, network._address = network._address, "http://localhost:1"
    for path in ("", "/remboursements", "/droits", "/messages", "/carte"):
        assert at(claire, f"/mon-compte{path}").status == 503
    network._address = address

    assert at(claire, "/mon-compte").has("block-payments")


def test_the_fake_insurer_of_the_page_tests_speaks_as_the_real_one(world, claire):
    """Members that the pages are tested with are members that the insurer sends."""
    insurer = world.portal.app.extensions["space_insurer"]
    ref = world.portal.app.extensions["door"].devices
    with ref._engine.connect() as connection:
        account = connection.exec_driver_sql("SELECT account FROM device").scalar_one()
    sent = insurer._channel.exchange(
        "POST",
        f"/accounts/{account}/email",
        {"email": "a@exemple.fr", "language": "fr"},
        "k" * 32,
    ).json()

    assert sent.keys() <= EMAIL_CHANGE.keys()
