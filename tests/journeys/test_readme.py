"""The README, step by step, in one world and one browser: what a newcomer does first works."""

import re
from datetime import date
from pathlib import Path

import pytest

from broker.insured.registry.demonstration import personas
from sandbox.room.sheets import spaced_iban, spaced_nir

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "getting-started.md").read_text(encoding="utf-8")
PASSWORD = "Bleu!Tulipe42"
FIELDS = ("birth_name", "nir", "birthdate", "postal_code", "iban", "email")
DAY = date(2026, 3, 2)


class Newcomer:
    """Whoever follows the README with one browser."""

    def __init__(self, world):
        self.world, self.browser = world, world.browser()

    def a_first_login(self):
        """Claire, through Impots.gouv.fr: the account is created."""
        page = self.browser.login(self.world.portal, as_="claire", via="tax").accept()

        assert page.path == "/mon-compte"
        assert "Votre compte est créé" in page.text

    def another_service(self):
        """The same browser: the person is known, and agrees for this service."""
        page = self.browser.start(self.world.sample)
        assert page.has("consent-agree")

        assert page.click("consent-agree").click("consent-continue").has("claims")

    def a_refusal(self):
        """Victor and Michel read the same, and the control room tells the two apart."""
        self.browser.open(f"{self.world.portal.url}/mon-compte").click("logout")
        victor = self.browser.login(self.world.portal, as_="Victor", via="tax").accept()
        assert victor.status == 403
        assert "Refusée : B0401 (D6 none)" in self.told()
        assert victor.element("other-account").text == "Essayer avec un autre compte"
        victor.click("other-account")
        michel = self.browser.sign_in(as_="Michel", via="tax").accept()

        texts = {
            page.text.replace(page.element("case-number").text, "CASE") for page in (victor, michel)
        }
        assert len(texts) == 1
        assert "Refusée : B0401 (D3 ambiguous)" in self.told()

    def told(self):
        """The list of logins in the control room, read in another tab."""
        page = self.browser.tab().open(f"{self.world.sites['room'].url}/logins")
        assert "Pas terminée" not in page.text
        return page.text.replace("\N{NO-BREAK SPACE}", " ")

    def an_account_without_a_provider(self):
        """Hugo, with the six details that the README shows, up to his personal space."""
        browser = self.browser
        browser.open(self.world.portal.url).click("mon-compte")
        browser.click("create")
        page = self.send("creation-send", **shown())
        assert page.path == "/creer-un-compte/e-mail-envoye", page.text
        browser.open(self.newest_mail().links[0])
        self.send("password-send", password=PASSWORD)
        browser.click("go-sign-in")
        self.send("sign-in", nir=shown()["nir"], password=PASSWORD)
        page = self.send("code-send", code=self.newest_mail().code)

        assert page.path == "/mon-compte"
        assert "Hugo" in page.h1

    def send(self, button, **fields):
        for name, value in fields.items():
            self.browser.fill(name, value)
        return self.browser.click(button)

    def newest_mail(self):
        """What arrived in the control room for the address of the README."""
        self.world.keep_up()
        return self.world.mailbox.last(shown()["email"])


STEPS = {
    "A first login": Newcomer.a_first_login,
    "Another service": Newcomer.another_service,
    "A refusal": Newcomer.a_refusal,
    "An account without a provider": Newcomer.an_account_without_a_provider,
}


def shown():
    """The six details in the README, by the names of the form."""
    row = re.search(r"\| GARNIER \|.*", README)[0]
    return dict(zip(FIELDS, (cell.strip(" `") for cell in row.split("|")[1:-1]), strict=True))


def test_the_steps_of_the_readme_work_in_their_order(world):
    """One after the other as they are written; a step that is added needs its journey here."""
    written = re.findall(r"^\d\. \*\*(.+?)\.\*\*", README, re.MULTILINE)
    assert written == list(STEPS)
    newcomer = Newcomer(world)

    for step in written:
        STEPS[step](newcomer)


def test_the_sheet_of_the_control_room_is_that_of_the_readme(world, browser):
    """What is ready to copy there is what the README shows."""
    page = browser.open(world.sites["room"].url).click("to-people")

    assert {name: page.value(f"form-hugo-{name}") for name in FIELDS} == shown()


def test_a_newcomer_is_told_who_gives_which_outcome_and_what_the_ports_are():
    """Names rather than situations; the port of Ameli, and how to move them all."""
    steps = README[README.index("## Four things to try") : README.index("## One login")]

    for words in ("Claire", "Victor, whom", "Michel, whom", "Hugo, whom", "8005 is Ameli itself"):
        assert words in steps
    assert "`PORT_BASE=9000 make demo`" in steps


@pytest.mark.parametrize("key", ["hugo", "emma"])
def test_the_numbers_of_the_guide_are_those_of_the_registry(key):
    """Number and IBAN of whoever the guide invites to create an account with the form."""
    line = next(one.line for one in personas(DAY) if one.key == key)

    for value in (line.family_name, spaced_nir(line.nir), spaced_iban(line.iban)):
        assert value in GUIDE
    year, month, day = line.birthdate.split("-")
    assert f"{day}/{month}/{year}, {line.postal_code}" in GUIDE
