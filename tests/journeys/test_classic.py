"""The classic way across the whole world: creation, first sign-in, refusals, recovery, time."""

import re
from dataclasses import dataclass

import pytest

from broker.insured.registry.demonstration import personas
from sandbox.world import START

MINE, NEW = "Bleu!Tulipe42", "Vert!Muguet77"
FILES = {persona.key: persona.line for persona in personas(START.date())}
OLD_CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{8}\b")


def written(birthdate):
    """1985-03-27 -> 27/03/1985."""
    year, month, day = birthdate.split("-")
    return f"{day}/{month}/{year}"


@dataclass
class Person:
    """Somebody at a browser, who types what stands in their file."""

    world: object
    key: str = "claire"
    address: str = "moi@exemple.fr"

    def __post_init__(self):
        self.file = FILES[self.key]
        self.browser = self.world.browser()

    @property
    def page(self):
        return self.browser.page

    def go(self, path):
        return self.browser.open(f"{self.world.portal.url}{path}")

    def fill(self, button, **fields):
        for name, value in fields.items():
            self.browser.fill(name, value)
        return self.browser.click(button)

    def create(self, **changes):
        """Fill the six fields and send them."""
        self.go("/creer-un-compte")
        return self.fill(
            "creation-send",
            **{
                "birth_name": self.file.family_name,
                "nir": self.file.nir,
                "birthdate": written(self.file.birthdate),
                "postal_code": self.file.postal_code,
                "iban": self.file.iban,
                "email": self.address,
                **changes,
            },
        )

    def mail(self, address=None):
        """The latest letter to this person, once the outbox was emptied."""
        self.world.keep_up()
        return self.world.mailbox.last(address or self.address)

    def link(self):
        return self.mail().links[0]

    def choose(self, link, password=MINE):
        self.browser.open(link)
        return self.fill("password-send", password=password)

    def sign_in(self, password=MINE, nir=None):
        self.go("/connexion")
        return self.fill("sign-in", nir=nir or self.file.nir, password=password)

    def type_code(self, code):
        return self.fill("code-send", code=code)

    def has_account(self):
        """From nothing to a signed-in first time."""
        self.create()
        self.choose(self.link())
        self.sign_in()
        page = self.type_code(self.mail().code)
        assert page.path == "/mon-compte", page
        return self

    def ask_recovery(self, channel="email"):
        self.go("/code-personnel-oublie")
        self.browser.click(f"channel-{channel}")
        born = written(self.file.birthdate)
        return self.fill("recovery-send", nir=self.file.nir, birthdate=born)

    def provisional_code(self, address=None):
        return OLD_CODE.search(self.mail(address).text)[0]

    def recover(self, code, password=NEW):
        return self.fill("password-send", code=code, password=password)


@pytest.fixture
def claire(world):
    """Claire, who has no account yet."""
    world.clock.freeze()
    return Person(world)


def test_from_the_form_to_the_personal_space(world, claire):
    """
    Six fields, a mail, a password, a number and a code: the account is active.

    Rows: S36, S38-S50, S56-S60, X1, X8.
    """
    page = claire.go("/")
    page = page.click("mon-compte")
    page = page.click("create")
    assert (page.path, page.h1) == ("/creer-un-compte", "Créer un compte sans Passerelle")
    page = claire.create()
    assert page.path == "/creer-un-compte/e-mail-envoye"
    letter = claire.mail()
    assert (letter.sender, letter.subject) == ("no-reply@ameli.fr", "Activez votre compte Ameli")
    assert "48 heures" in letter.text

    page = claire.choose(claire.link())
    assert page.h1 == "Votre mot de passe est enregistré"
    page = page.click("go-sign-in")
    page = claire.fill("sign-in", nir=claire.file.nir[:13], password=MINE)
    assert page.path == "/connexion/code"
    letter = claire.mail()
    assert re.fullmatch(r"\d{6}", letter.code)
    assert "10 minutes" in letter.text
    page = claire.type_code(letter.code)

    assert page.path == "/mon-compte"
    assert "Claire" in page.h1
    assert "Votre compte est créé" in page.text
    assert "mot de passe" in page.value("identified-by")
    assert "Vos droits sont ouverts." in page.text


@pytest.mark.parametrize("length", [13, 15])
def test_the_next_sign_ins_need_no_code(world, claire, length):
    """Rows: S56, S57. The code is for the first time; 13 and 15 digits both serve."""
    claire.has_account()
    other = Person(world)
    page = other.sign_in(nir=claire.file.nir[:length])

    assert page.path == "/mon-compte"
    assert "Votre compte est créé" not in page.text


def test_the_same_space_opens_through_the_broker_afterwards(world, claire):
    """Rows: S78, S177. Both ways lead to one account: it is linked, not doubled."""
    claire.has_account()
    page = world.browser().login(world.portal, as_="claire", via="tax").accept()

    assert page.path == "/mon-compte"
    assert page.element("account-status").get("data-status") == "linked"


def test_signing_out_leaves_nothing_open(claire):
    """Rows: S134. The page says so, and the space is closed to whoever comes next."""
    claire.has_account()
    page = claire.browser.click("logout")

    assert page.has("signed-out")
    assert claire.go("/mon-compte").path == "/connexion"


# --- the refusals ---------------------------------------------------------------------------------

E1 = "Votre situation ne permet pas la création d'un compte"
E3 = "RIB non reconnu par le système"
MISMATCHES = {
    "name": {"birth_name": "Durant-Smith"},
    "usage name": {"birth_name": "Martin"},
    "birth date": {"birthdate": "28/03/1985"},
    "postcode": {"postal_code": "69001"},
    "somebody else's number": {"nir": FILES["paul"].nir},
    "several": {"birth_name": "Petit", "postal_code": "75001", "birthdate": "01/01/1990"},
}


def test_every_mismatch_reads_the_same(world):
    """
    Rows: S102-S110, S128, X10. Whichever detail differs, the page is the same to the letter.

    A number that has an account already, or that nobody has, reads the same too (X2); only the
    holder of that account is written to.
    """
    world.clock.freeze()
    texts = set()
    for changes in (*MISMATCHES.values(), "marc"):
        person = Person(world, "marc") if changes == "marc" else Person(world)
        page = person.create(**({} if changes == "marc" else changes))
        assert (page.status, page.h1) == (403, E1)
        texts.add(page.text)
        world.clock.advance(hours=1, seconds=1)

    world.keep_up()

    assert len(texts) == 1
    assert [letter.to for letter in world.mailbox] == ["compte.marc@courriel.exemple.fr"]


REFUSALS = {
    "henri": "Nous avons besoin de vous parler",
    "leo": "Un compte personnel s'ouvre à partir de 16 ans",
    "gerard": "Vos droits ne sont pas ouverts chez nous",
    "oksana": "Votre numéro de sécurité sociale est encore provisoire",
    "emma": E3,
}


def test_each_situation_has_its_own_refusal_once_the_person_is_known(world):
    """Rows: S83-S85, S118-S122. Told only to whoever typed the five details of the file."""
    world.clock.freeze()
    for key, title in REFUSALS.items():
        page = Person(world, key).create()
        assert (page.status, page.h1) == (403, title), key
        page = Person(world, key).create(postal_code="99999")
        assert page.h1 == E1, key
        world.clock.advance(hours=1, seconds=1)
    assert len(world.mailbox) == 0


def test_a_child_is_told_when(world):
    """Rows: S83-S85. The very day of the sixteenth birthday: that day the account is opened."""
    page = Person(world, "leo").create()
    assert "2 mars 2027, le jour même de l'anniversaire" in page.value("allowed-from")

    page = Person(world, "alix").create()

    assert page.path == "/creer-un-compte/e-mail-envoye"


def test_another_iban_is_not_recognised(claire):
    """Rows: S23, S118-S124. Identity first: it is told only to whoever is recognised."""
    page = claire.create(iban=FILES["paul"].iban)

    assert (page.status, page.h1) == (403, E3)
    assert "36 46 pour savoir quel RIB figure dans votre dossier" in page.text.replace("\xa0", " ")


def test_a_new_iban_serves_after_three_working_days(world):
    """Rows: S109, S121, S122, S176, X3. Monday 2 March: from Thursday 5, with the same details."""
    world.clock.freeze()
    emma = Person(world, "emma")
    page = emma.create()
    assert "jeudi 5 mars 2026" in page.value("usable-on")

    world.clock.advance(days=2)
    assert emma.create().h1 == E3
    world.clock.advance(days=1)

    assert emma.create().path == "/creer-un-compte/e-mail-envoye"


def test_an_address_that_serves_already_is_refused(world, claire):
    """Rows: S81, S125-S127. Only after the identity matched, and the remedies lead somewhere."""
    claire.has_account()
    paul = Person(world, "paul", claire.address)
    page = paul.create()
    assert (page.status, page.h1) == (403, "Adresse e-mail déjà utilisée")
    assert paul.create(postal_code="69001").h1 == E1

    page = paul.create(email="paul@exemple.fr")

    assert page.path == "/creer-un-compte/e-mail-envoye"


def test_an_account_in_force_is_never_touched_by_the_form(world, claire):
    """Rows: S177, S178, X2. Everything typed right: E1, no mail to the thief, nothing changes."""
    claire.has_account()
    thief = Person(world, address="voleur@exemple.fr")
    page = thief.create()
    world.keep_up()

    assert page.h1 == E1
    assert world.mailbox.to("voleur@exemple.fr") == []
    assert Person(world).sign_in().path == "/mon-compte"


def test_whoever_forgot_that_they_have_an_account_is_told_how_to_open_it(world, claire):
    """
    Rows: S30, S177, X2, X10. By a mail to the address of the account, once a day, whoever typed.

    The page stays that of a wrong detail, and its advice leads to the mailbox.
    """
    claire.has_account()
    for _ in range(3):
        page = Person(world, address="autre@exemple.fr").create()
        world.keep_up()
    letters = [one for one in world.mailbox.to(claire.address) if "déjà un compte" in one.subject]

    assert "nous écrivons à l'adresse e-mail de ce compte" in page.text
    assert [one.subject for one in letters] == ["Vous avez déjà un compte Ameli"]
    assert "« J'ai oublié mon code personnel »" in letters[0].text.replace("\xa0", " ")
    assert "Si ce n'était pas vous, personne n'est entré dans votre compte" in letters[0].text
    assert not letters[0].links


def test_relatives_share_an_iban_but_no_address(world, claire):
    """Rows: S79-S82. Each has an address of their own; which IBAN serves, the file decides."""
    claire.has_account()
    paul = Person(world, "paul", "paul@exemple.fr")

    assert paul.create(iban=claire.file.iban).h1 == E3
    assert paul.create().path == "/creer-un-compte/e-mail-envoye"


# --- how long things live -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "title"),
    [(-1, "Choisissez votre mot de passe"), (1, "Ce lien n'est plus valable")],
)
def test_the_link_lives_forty_eight_hours(world, claire, minutes, title):
    """Rows: S49. 47 h 59: it serves; 48 h 01: the page says so and leads to the form."""
    claire.create()
    link = claire.link()
    world.clock.advance(hours=48, minutes=minutes)

    assert claire.browser.open(link).h1 == title


def test_the_last_link_alone_serves_and_only_once(world, claire):
    """Rows: S49, S50. A second request makes the first link void; a used one is unknown."""
    claire.create()
    first = claire.link()
    claire.create()
    last = claire.link()
    assert first != last

    assert claire.browser.open(first).h1 == "Ce lien n'est pas connu"
    claire.choose(last)
    assert claire.browser.open(last).h1 == "Ce lien n'est pas connu"


def test_a_scanner_that_reads_the_mail_first_does_no_harm(world, claire):
    """Rows: S49. Whoever follows the link without sending the form spends nothing."""
    claire.create()
    link = claire.link()
    for _ in range(5):
        world.browser().open(link)

    assert claire.choose(link).h1 == "Votre mot de passe est enregistré"


@pytest.mark.parametrize(("seconds", "inside"), [(599, True), (601, False)])
def test_the_code_lives_ten_minutes(world, claire, seconds, inside):
    """Rows: S57, S58. 9 min 59: in; 10 min 01: the page says so, and another code is sent."""
    claire.create()
    claire.choose(claire.link())
    claire.sign_in()
    code = claire.mail().code
    world.clock.advance(seconds)
    page = claire.type_code(code)
    assert (page.path == "/mon-compte") is inside
    if inside:
        return
    assert page.has("dead")
    page = claire.browser.click("code-ask-again")
    assert page.has("code-again")

    assert claire.type_code(claire.mail().code).path == "/mon-compte"


def test_a_code_dies_after_three_wrong_ones(claire):
    """Rows: S58. Two warnings, then another code is needed, and the right one no longer serves."""
    claire.create()
    claire.choose(claire.link())
    claire.sign_in()
    right = claire.mail().code
    wrong = "000000" if right != "000000" else "111111"
    assert "deux essais" in claire.type_code(wrong).text
    assert "un essai" in claire.type_code(wrong).text
    assert claire.type_code(wrong).has("dead")

    assert claire.type_code(right).has("dead")


# --- recovery -------------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_by_mail(world, claire):
    """Rows: S86-S89, S91-S94, S117, X6. The code pastes as it comes; the old password is void."""
    claire.has_account()
    forgetful = Person(world)
    page = forgetful.ask_recovery()
    assert page.path == "/code-personnel-oublie/code"
    assert "24 heures" in claire.mail().text
    page = forgetful.recover(f" {forgetful.provisional_code().lower()} ")
    assert page.h1 == "Votre mot de passe est enregistré"
    assert claire.mail().subject == "Votre mot de passe Ameli a changé"

    assert forgetful.sign_in(MINE).status == 422
    assert forgetful.sign_in(NEW).path == "/mon-compte"


def test_a_forgotten_password_is_replaced_by_text_message(world, claire):
    """Rows: S90, S98. The mobile number of the file, when there is one."""
    claire.has_account()
    forgetful = Person(world)
    forgetful.ask_recovery("sms")
    code = forgetful.provisional_code(claire.file.mobile)

    assert forgetful.recover(code).h1 == "Votre mot de passe est enregistré"


@pytest.mark.parametrize(("minutes", "inside"), [(-1, True), (1, False)])
def test_a_provisional_code_lives_a_day(world, claire, minutes, inside):
    """Rows: S93, S111, S113, S116. 23 h 59: it serves; 24 h 01: the message of the guide."""
    claire.has_account()
    forgetful = Person(world)
    forgetful.ask_recovery()
    code = forgetful.provisional_code()
    world.clock.advance(hours=24, minutes=minutes)
    page = forgetful.recover(code)

    expected = (
        "Votre mot de passe est enregistré" if inside else "Code provisoire invalide ou expiré"
    )
    assert page.h1 == expected


def test_only_the_last_code_serves(world, claire):
    """Rows: S94, S111, S112, S115, S174. The first of two is void, the second serves."""
    claire.has_account()
    forgetful = Person(world)
    forgetful.ask_recovery()
    first = forgetful.provisional_code()
    forgetful.ask_recovery()
    second = forgetful.provisional_code()
    assert forgetful.recover(first).h1 == "Code provisoire invalide ou expiré"

    assert forgetful.recover(second).h1 == "Votre mot de passe est enregistré"


def test_known_and_unknown_people_read_the_same_answer(world, claire):
    """Rows: X10. Same page to the letter; a mail leaves for the one who has an account alone."""
    claire.has_account()
    sent = len(world.mailbox)
    texts = {Person(world, key).ask_recovery().text for key in ("claire", "paul", "michel")}
    world.keep_up()

    assert len(texts) == 1
    assert len(world.mailbox) == sent + 1


def test_a_password_without_its_classes_is_refused_and_the_code_still_serves(world, claire):
    """Rows: S51-S54, S91. The rules that are broken are named; the right code is not lost."""
    claire.has_account()
    forgetful = Person(world)
    forgetful.ask_recovery()
    code = forgetful.provisional_code()
    page = forgetful.recover(code, "vertmuguet")
    assert "une majuscule, un chiffre, un caractère spécial" in page.text

    assert forgetful.recover(code).h1 == "Votre mot de passe est enregistré"


def test_ten_wrong_passwords_lock_until_recovery(world, claire):
    """Rows: S173, X9. Five make one wait fifteen minutes, ten lock, a new password unlocks."""
    claire.has_account()
    guesser = Person(world)
    for _ in range(5):
        page = guesser.sign_in("Faux!Tulipe42")
    page = guesser.sign_in("Faux!Tulipe42")
    assert page.has("wait")
    assert "15 minutes" in page.value("wait").replace("\xa0", " ")
    assert guesser.sign_in(MINE).has("wait")
    for _ in range(20):
        if page.has("locked"):
            break
        world.clock.advance(hours=4)
        page = guesser.sign_in("Faux!Tulipe42")
    assert page.has("locked")
    assert guesser.sign_in(MINE).has("locked")

    guesser.ask_recovery()
    guesser.recover(guesser.provisional_code())

    assert guesser.sign_in(NEW).path == "/mon-compte"


def test_an_account_of_the_broker_may_be_given_a_password(world, claire):
    """Rows: S74, X13. Created without any e-mail step; recovery gives it a password afterwards."""
    world.browser().login(world.portal, as_="claire", via="tax").accept()
    claire.ask_recovery()
    world.keep_up()
    letters = [one for one in world.mailbox if one.subject == "Votre code provisoire Ameli"]
    code = OLD_CODE.search(letters[-1].text)[0]
    assert claire.recover(code).h1 == "Votre mot de passe est enregistré"

    assert claire.sign_in(NEW).path == "/mon-compte"


# --- hands that hurry -----------------------------------------------------------------------------


def test_back_refresh_and_double_click_create_once(world, claire):
    """The same form three times: one mail, one account."""
    claire.create()
    world.keep_up()
    claire.browser.back()
    claire.browser.click("creation-send")
    claire.browser.back()
    claire.browser.click("creation-send")
    world.keep_up()

    assert len(world.mailbox.to(claire.address)) == 1


def test_a_code_typed_in_another_tab_signs_in_there(claire):
    """The challenge belongs to the browser: any of its tabs may finish."""
    claire.create()
    claire.choose(claire.link())
    claire.sign_in()
    code = claire.mail().code
    tab = claire.browser.tab()
    tab.open(f"{claire.world.portal.url}/connexion/code")
    tab.fill("code", code)

    assert tab.click("code-send").path == "/mon-compte"


def test_too_many_creations_from_one_place_wait(world, claire):
    """Five an hour from one address: the sixth says how long."""
    for number in range(5):
        claire.create(postal_code=f"7500{number}")
    page = claire.create()
    assert page.status == 429
    assert "attendez" in page.value("wait")
    world.clock.advance(hours=1, seconds=1)

    assert claire.create().path == "/creer-un-compte/e-mail-envoye"


def test_the_letters_are_in_the_language_of_the_page(world, claire):
    """Who reads English is written to in English, to the end."""
    claire.go("/").click("lang-en")
    claire.create()
    assert claire.mail().subject == "Activate your Ameli account"
    claire.choose(claire.link())
    claire.sign_in()

    assert claire.mail().subject == "Your Ameli security code"


def test_the_mail_server_may_be_away(world, claire):
    """Nothing is lost: the link arrives once the server is back, once."""
    postman = world.broker.app.extensions["parts"].postman
    carry, world.mailbox.mail = world.mailbox.mail, lambda *_: 1 / 0
    claire.create()
    for _ in range(30):
        assert postman.deliver_due() == 0
        world.clock.advance(minutes=2)
    world.mailbox.mail = carry
    for _ in range(40):
        postman.deliver_due()
        world.clock.advance(minutes=2)

    assert len(world.mailbox.to(claire.address)) == 1
    assert claire.choose(claire.link()).h1 == "Votre mot de passe est enregistré"


def test_no_secret_reaches_the_logs(world, claire, no_secret_in_logs):
    """Neither name, number, IBAN, address, password, link nor code, from creation to recovery."""
    file = claire.file
    no_secret_in_logs.never(file.family_name, file.nir, file.iban, claire.address, MINE, NEW)
    claire.has_account()
    forgetful = Person(world)
    forgetful.sign_in("Faux!Tulipe42")
    forgetful.ask_recovery()
    code = forgetful.provisional_code()
    no_secret_in_logs.never(code)
    forgetful.recover("ABCD2345")
    forgetful.recover(code)
