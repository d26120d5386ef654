"""The classic way attacked over its back channel: rows 2, 6, 29, 45 and 46."""

import pytest
from sqlalchemy import func, select, text

from broker.insured.demonstration import DEMONSTRATION_PASSWORD
from broker.insured.schema import ACCOUNT
from tests.backchannel import CHEAP_PASSWORDS, Portal, form_of, named
from tests.service import Service, body

CHANGES = {"insured": {"passwords": CHEAP_PASSWORDS, "demonstration_persons": 1}}
PASSWORD, ATTACKERS = "Un-mot-2-passe!", "Le-sien-3-alors!"
EMAIL = "claire@exemple.fr"
NOBODY = "2850369383012"


@pytest.fixture
def world(make_world):
    return make_world(CHANGES)


@pytest.fixture
def portal(world):
    return Portal(world)


def insured(world):
    return world.broker.app.extensions["parts"].engines["insured"]


def token_in(letter):
    return letter.links[0].rpartition("/")[2]


def sign_in(portal, password, nir, origin="198.51.100.7"):
    return portal.say("/sign-ins", {"nir": nir, "password": password, "origin": origin})


def begin(portal, email=EMAIL, password=PASSWORD):
    """Claire's account by the form, its password chosen; whoever holds `email` did it."""
    assert portal.create(named("claire"), email)["result"] == "mail_sent"
    chosen = {
        "token": token_in(portal.letters(email)[-1]),
        "password": password,
        "language": "fr",
    }
    assert portal.say("/activations", chosen) == {"result": "done"}


def opened(portal, email=EMAIL):
    begin(portal, email)
    challenge = sign_in(portal, PASSWORD, named("claire").line.nir)["challenge"]
    code = portal.letters(email)[-1].code
    return portal.say("/sign-ins/code", {"challenge": challenge, "code": code})["account_id"]


def recovery(portal, nir=None, birthdate=None, **changes):
    line = named("claire").line
    asked = {
        "nir": nir or line.nir,
        "birthdate": birthdate or line.birthdate,
        "channel": "email",
        "origin": "198.51.100.8",
        "language": "fr",
    }
    return portal.say("/recoveries", {**asked, **changes})


def status_of(world, person_id):
    with insured(world).connect() as connection:
        rows = connection.execute(
            select(ACCOUNT.c.status).where(ACCOUNT.c.person_id == person_id).order_by(ACCOUNT.c.id)
        )
        return list(rows.scalars())


def test_what_somebody_began_with_the_data_of_a_victim_is_dead_once_the_victim_signs_in(
    world, portal
):
    """Row 2 (CVE-2026-53516): link, password and code of the attacker open nothing afterwards."""
    email, nir = "attacker@exemple.fr", named("claire").line.nir
    begin(portal, email, ATTACKERS)
    challenge = sign_in(portal, ATTACKERS, nir)["challenge"]
    code = portal.letters(email)[-1].code
    portal.create(named("claire"), email)
    link = token_in(portal.letters(email)[-1])

    page = world.browser().login(world.portal, as_="claire").accept()

    assert page.status == 200
    assert status_of(world, 1) == ["replaced", "active"]
    assert sign_in(portal, ATTACKERS, nir) == {"result": "refused"}
    assert portal.say("/sign-ins/code", {"challenge": challenge, "code": code}) == {
        "result": "dead"
    }
    assert portal.say("/activations/read", {"token": link}) == {"result": "unknown"}
    assert portal.say("/sign-ins/code/again", {"challenge": challenge}) == {"result": "dead"}
    assert [one.to for one in portal.letters(email)][-1] == email


def test_the_form_takes_no_account_that_was_proven(world, portal):
    """Row 6 (CVE-2022-46145): six right fields and another mailbox change nothing of it (X2)."""
    world.browser().login(world.portal, as_="claire").accept()
    with insured(world).connect() as connection:
        before = connection.execute(select(func.count()).select_from(ACCOUNT)).scalar()

    answer = portal.create(named("claire"), "attacker@exemple.fr")

    assert answer == {"result": "refused", "reason": "not_matching"}
    assert status_of(world, 1) == ["active"]
    assert portal.letters("attacker@exemple.fr") == []
    with insured(world).connect() as connection:
        after = connection.execute(select(func.count()).select_from(ACCOUNT)).scalar()
    assert before == after


def test_a_password_leads_to_its_own_account_and_not_to_another_link(world, portal):
    """Row 6 (CVE-2026-105207): a confirmed account is linked only by the whole pivot identity."""
    reference = opened(portal)

    ameli = Service(world, "ameli")
    answer = ameli.login(world.browser(), "claire")

    claims = body(ameli.userinfo(ameli.tokens(answer["code"])["access_token"]))
    assert (claims["account_id"], claims["account_status"]) == (reference, "linked")
    assert sign_in(portal, PASSWORD, named("claire").line.nir)["account_id"] == reference


@pytest.mark.parametrize("broken", ["credential", "lockout", "answered"])
def test_a_password_that_could_not_be_stored_is_not_said_to_be(world, portal, broken):
    """Row 29 (CVE-2020-15223): an error, the old password still works, the code still serves."""
    opened(portal)
    asked = recovery(portal)["recovery"]
    code = portal.letters(EMAIL)[-1].text
    code = next(word for word in code.split() if len(word) == 8 and word.isupper())
    redeemed = {"recovery": asked, "code": code, "password": "Encore-1-autre!"}
    with insured(world).begin() as tx:
        tx.execute(text(f"ALTER TABLE {broken} RENAME TO away"))
    answer = portal.post("/recoveries/code", redeemed)
    with insured(world).begin() as tx:
        tx.execute(text(f"ALTER TABLE away RENAME TO {broken}"))

    assert answer.status >= 500
    assert b"Traceback" not in answer.body
    assert sign_in(portal, PASSWORD, named("claire").line.nir)["result"] == "signed_in"
    assert portal.say("/recoveries/code", redeemed) == {"result": "done"}


def test_an_account_closed_by_an_advisor_stays_closed_after_a_restart(world, portal):
    """Row 29 (CVE-2026-1035): neither password nor recovery opens it, on a fresh node either."""
    opened(portal)
    with insured(world).begin() as tx:
        tx.execute(text("UPDATE account SET status = 'deactivated' WHERE person_id = 1"))
    world.broker.restart()
    fresh = Portal(world)

    assert sign_in(fresh, PASSWORD, named("claire").line.nir) == {"result": "refused"}
    letters = len(fresh.letters(EMAIL))
    recovery(fresh)
    assert len(fresh.letters(EMAIL)) == letters


def test_what_proves_one_step_proves_no_other(world, portal):
    """Row 45 (CVE-2026-18963): every identifier given, put into every step that takes one."""
    nir = named("claire").line.nir
    begin(portal)
    challenge = sign_in(portal, PASSWORD, nir)["challenge"]
    code = portal.letters(EMAIL)[-1].code
    portal.create(named("claire"), EMAIL)
    link = token_in(portal.letters(EMAIL)[-1])
    marc = named("marc").line
    asked = recovery(portal, marc.nir, marc.birthdate)
    given = {"link": link, "challenge": challenge, "recovery": asked["recovery"], "code": code}
    before = status_of(world, 1)

    for kind, value in given.items():
        if kind != "link":
            chosen = {"token": value, "password": ATTACKERS, "language": "fr"}
            assert portal.say("/activations", chosen) == {"result": "unknown"}
        if kind != "challenge":
            answer = portal.say("/sign-ins/code", {"challenge": value, "code": code})
            assert answer == {"result": "dead"}
            again = portal.say("/sign-ins/code/again", {"challenge": value})
            assert again == {"result": "dead"}
        if kind != "recovery":
            redeemed = {"recovery": value, "code": code, "password": ATTACKERS}
            assert portal.say("/recoveries/code", redeemed) == {"result": "wrong"}
        assert portal.call("GET", f"/accounts/{value}").status == 404

    assert status_of(world, 1) == before == ["pending"]
    assert sign_in(portal, ATTACKERS, nir) == {"result": "refused"}


def test_the_code_of_one_person_confirms_no_other(world, portal):
    """Row 45 (CVE-2026-18963): a code belongs to its challenge, and to no other."""
    begin(portal)
    other = named("paul")
    assert portal.create(other, "paul@exemple.fr")["result"] == "mail_sent"
    token = token_in(portal.letters("paul@exemple.fr")[-1])
    portal.say("/activations", {"token": token, "password": ATTACKERS, "language": "fr"})
    victim = sign_in(portal, PASSWORD, named("claire").line.nir)["challenge"]
    sign_in(portal, ATTACKERS, other.line.nir)
    own = portal.letters("paul@exemple.fr")[-1].code

    answer = portal.say("/sign-ins/code", {"challenge": victim, "code": own})

    assert answer["result"] == ("wrong" if own != portal.letters(EMAIL)[-1].code else "signed_in")


def test_a_first_sign_in_cannot_be_skipped(world, portal):
    """Row 45: with the password alone, an account never confirmed has no name for anybody."""
    begin(portal)
    answer = sign_in(portal, PASSWORD, named("claire").line.nir)

    assert answer.keys() == {"result", "challenge", "email_masked"}
    with insured(world).connect() as connection:
        named_rows = connection.execute(text("SELECT count(*) FROM account_reference")).scalar()
    assert named_rows == 0


def test_ten_wrong_passwords_read_alike_for_somebody_and_for_nobody(world, portal):
    """Row 46: the same answers in the same order, for an account, a person without one, nobody."""
    opened(portal)
    numbers = [named("claire").line.nir, named("thomas").line.nir, NOBODY]
    answers = []
    for number in numbers:
        said = []
        for _ in range(10):
            said.append(sign_in(Portal(world), "wrong", number, f"origin-{number}"))
            world.clock.advance(said[-1].get("retry_after", 0))
        answers.append(said)

    assert answers[0] == answers[1] == answers[2]
    assert answers[0][-1] == {"result": "locked"}


def test_recovery_reads_alike_for_somebody_and_for_nobody(world, portal):
    """Row 46: whether or not there is a person, an account, a mailbox or a mobile."""
    opened(portal)
    line = named("thomas").line
    answers = [
        recovery(portal),
        recovery(portal, channel="sms"),
        recovery(portal, birthdate="1985-03-28"),
        recovery(portal, line.nir, line.birthdate),
        recovery(portal, NOBODY),
    ]

    shapes = {(one["result"], len(one["recovery"]), tuple(one)) for one in answers}
    assert len(shapes) == 1
    tried = {"code": "AAAAAAAA", "password": PASSWORD}
    said = [portal.say("/recoveries/code", {"recovery": a["recovery"], **tried}) for a in answers]
    assert said == [{"result": "wrong"}] * 5


def test_a_mismatch_reads_alike_whatever_differs(world, portal):
    """Row 46: unknown number, wrong field, account that exists: one refusal (E1)."""
    claire, marc = named("claire"), named("marc")
    answers = [
        portal.create(claire, EMAIL, nir=NOBODY),
        portal.create(claire, EMAIL, birth_name="MARTIN"),
        portal.create(claire, EMAIL, birthdate="1985-03-28"),
        portal.create(claire, EMAIL, postal_code="75001"),
        portal.create(marc, EMAIL),
    ]

    assert answers == [{"result": "refused", "reason": "not_matching"}] * 5
    assert sign_in(portal, DEMONSTRATION_PASSWORD, marc.line.nir)["result"] == "signed_in"


def test_an_address_in_use_is_told_to_nobody_who_was_not_recognised(world, portal):
    """Row 46 (X10): the address of Odile's account is no news to whoever fails before it."""
    used = "famille.lambert@courriel.exemple.fr"
    form = form_of(named("thomas"), used)
    wrong = [{"birth_name": "X"}, {"postal_code": "75001"}, {"iban": named("paul").line.iban}]

    said = [portal.say("/creations", {**form, **change}).get("reason") for change in wrong]

    assert said == ["not_matching", "not_matching", "iban_unknown"]
    assert portal.say("/creations", form)["reason"] == "email_used"


def test_no_journey_of_passwords_leaves_a_secret_in_the_logs(world, no_secret_in_logs):
    """Row 44: creation, sign-in, wrong code, recovery; the logs name none of it."""
    portal, line = Portal(world), named("claire").line
    opened(portal)
    sign_in(portal, "wrong", line.nir)
    asked = recovery(portal)["recovery"]
    portal.post("/recoveries/code", {"recovery": asked, "code": "x"})

    no_secret_in_logs.never(PASSWORD, EMAIL, line.family_name, line.iban, asked, portal.token)
