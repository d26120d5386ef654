"""What an advisor does: change contact data, unlock, replace, close a case."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from broker.errors import (
    AccountNotLockedError,
    ConsultationUnknownError,
    DeskConflictError,
    DeskEmailTakenError,
    DeskFieldError,
)
from broker.insured.accounts.settle import Accounts
from broker.insured.contact import masked_mobile
from broker.insured.credentials.lockout import lockout_key, take_turn
from broker.insured.desk.contact_data import email_typed, mobile_typed
from tests.broker.insured.desk.conftest import ASKED, IBAN, POST_ROOM, PROOF, WHY


@pytest.fixture
def claire_file(registered, holders, sure_of):
    """Claire has an account, her file is open and she is known; (line, consultation)."""
    claire = registered()
    holders.open(claire)
    return claire, sure_of(claire)


# --- the file ------------------------------------------------------------------------------------


def test_an_account_of_somebody_else_is_not_in_the_file(
    desk, staff, registered, holders, sure_of, population, key
):
    """The number named another when it was opened: neither shown nor touched from here."""
    claire = registered()
    holders.open(population.other()._replace(number=claire.number))
    number = sure_of(claire)

    assert desk.read(staff, number)["accounts"] == []
    with pytest.raises(DeskConflictError):
        desk.acts.change_email(staff, number, key(), "nouvelle@exemple.fr")


def test_a_file_is_masked(desk, staff, claire_file):
    """Contact, number and IBAN are recognised by the caller, not read by the advisor (S124)."""
    claire, number = claire_file

    read = desk.read(staff, number)

    assert read["known"]["iban_masked"] == "•••• 2606"
    assert read["known"]["postal_code"] == "69003"
    assert read["accounts"][0]["email_masked"] == "c•••••@exemple.fr"
    assert read["accounts"][0]["mobile_masked"] == masked_mobile("+33639010001")
    assert read["rights"] == {
        "open": True,
        "scheme": "general",
        "fund": "CPAM du Rhône",
        "deceased": False,
    }
    for secret in (claire.nir[:13], IBAN, "claire@exemple.fr", "639010001"):
        assert secret not in str(read)


def test_a_file_without_account_is_readable(desk, staff, registered, file_of):
    """Somebody who calls to be helped with a creation has none."""
    read = desk.read(staff, file_of(registered()))

    assert read["accounts"] == []
    assert read["holder"]["birthplace_name"] == "Lyon 3e Arrondissement (Rhône)"


def test_no_answer_of_the_desk_holds_a_password(desk, staff, claire_file):
    """S129: neither shown nor asked; nothing under that name exists."""
    assert "password" not in str(desk.read(staff, claire_file[1])).lower()


def fail(desk, locked, clock, times):
    """So many wrong passwords, each as soon as it is looked at."""
    for _ in range(times):
        with desk.ground.engine.begin() as tx:
            while not take_turn(tx, locked, clock.now).allowed:
                clock.now += 60


# --- contact data --------------------------------------------------------------------------------


def test_a_new_email_is_told_to_both_addresses(desk, staff, claire_file, holders, key, post):
    """S97: the account has the new address; neither place learns it from the other's silence."""
    desk.acts.change_email(staff, claire_file[1], key(), " Claire.Neuve@Exemple.FR ")

    assert holders.email(holders.rows()[0]) == "claire.neuve@exemple.fr"
    sent = post()
    for address in ("claire@exemple.fr", "claire.neuve@exemple.fr"):
        assert "adresse e-mail" in sent.to(address)[0][1]


def test_the_same_email_changes_and_tells_nothing(desk, staff, claire_file, key, post):
    """Nobody is alarmed for nothing, and the advisor is not told that it was changed."""
    for change, typed in (
        (desk.acts.change_email, "CLAIRE@exemple.fr"),
        (desk.acts.change_mobile, "06 39 01 00 01"),
    ):
        with pytest.raises(DeskFieldError, match="unchanged"):
            change(staff, claire_file[1], key(), typed)

    assert post().sent == []


def test_an_account_without_address_has_its_holder_told_where_the_insurer_knows(
    desk, staff, registered, holders, sure_of, key, post
):
    """A first address given by telephone is told to the mailbox of the insurer's file too."""
    claire = registered()
    holders.open(claire, email=None, mobile=None)
    number = sure_of(claire)
    desk.acts.change_email(staff, number, key(), "neuve@exemple.fr")
    desk.acts.change_mobile(staff, number, key(), "06 39 01 00 99")

    told = [(to, subject) for to, subject, _ in post().sent]
    assert ("claire@exemple.fr", "L'adresse e-mail de votre compte Ameli a changé") in told
    assert ("neuve@exemple.fr", "L'adresse e-mail de votre compte Ameli a changé") in told
    assert ("neuve@exemple.fr", "Le numéro de mobile de votre compte Ameli a changé") in told
    assert {to for to, subject in told if not subject} == {"+33639010001", "+33639010099"}


def test_an_email_of_another_account_is_refused(
    desk, staff, claire_file, holders, population, key, post
):
    """S81: one address, one account; nothing is changed and nobody told."""
    holders.open(population.other(), email="paul@exemple.fr", mobile=None)

    with pytest.raises(DeskEmailTakenError):
        desk.acts.change_email(staff, claire_file[1], key(), "paul@exemple.fr")
    assert holders.email(holders.rows()[0]) == "claire@exemple.fr"
    assert post().sent == []


@pytest.mark.parametrize("typed", ["", "claire", "claire@", "a b@exemple.fr", "x@" + "y" * 260])
def test_what_is_no_email_is_refused(typed):
    """The field is named, the value is not repeated."""
    with pytest.raises(DeskFieldError) as refusal:
        email_typed(typed)
    assert refusal.value.parameter == "email"
    assert "@" not in str(refusal.value)


def test_a_new_mobile_is_told_by_text_to_both_and_by_mail(
    desk, staff, claire_file, holders, key, post
):
    """S97: whoever has the old telephone learns that it no longer counts."""
    desk.acts.change_mobile(staff, claire_file[1], key(), "06 39 01 00 99")

    assert holders.mobile(holders.rows()[0]) == "+33639010099"
    sent = post()
    for place in ("+33639010001", "+33639010099"):
        assert "36 46" in sent.to(place)[0][2]
    assert "mobile" in sent.to("claire@exemple.fr")[0][1]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 39 01 00 48", "+33639010048"),
        ("+33 6 39 01 00 48", "+33639010048"),
        ("0033639010048", "+33639010048"),
        ("+262 692 00 12 34", "+262692001234"),
    ],
)
def test_a_mobile_is_read_as_it_is_said(typed, kept):
    """French unless a country is said; overseas numbers too."""
    assert mobile_typed(typed) == kept


@pytest.mark.parametrize("typed", ["", "12", "06 39 01 00", "01 42 68 53 00", "hello", "+9" * 100])
def test_what_is_no_mobile_is_refused(typed):
    """A landline receives no text message."""
    with pytest.raises(DeskFieldError) as refusal:
        mobile_typed(typed)
    assert refusal.value.parameter == "mobile"


def test_a_person_without_account_has_no_contact_to_change(desk, staff, registered, sure_of, key):
    """The registry is not the desk's to write."""
    with pytest.raises(DeskConflictError):
        desk.acts.change_email(staff, sure_of(registered()), key(), "new@exemple.fr")


@pytest.mark.parametrize("status", ["pending", "deactivated"])
def test_an_account_that_is_not_open_keeps_its_contact(
    desk, staff, registered, holders, sure_of, key, status
):
    """A request nobody confirmed, or a closed account, is not changed on the telephone."""
    claire = registered()
    holders.open(claire, status=status)

    with pytest.raises(DeskConflictError):
        desk.acts.change_email(staff, sure_of(claire), key(), "new@exemple.fr")


# --- unlocking -----------------------------------------------------------------------------------


def test_a_locked_account_is_opened_and_its_failures_forgotten(
    desk, staff, registered, holders, sure_of, key, post, sealer, clock
):
    """S99, S166: the person may try again at once, and is told."""
    claire = registered()
    holders.open(claire, status="locked")
    locked = lockout_key(sealer, claire.nir)
    with desk.ground.engine.begin() as tx:
        for _ in range(5):
            take_turn(tx, locked, clock.now)

    desk.acts.unlock(staff, sure_of(claire), key())

    assert [row.status for row in holders.rows()] == ["active"]
    with desk.ground.engine.begin() as tx:
        assert take_turn(tx, locked, clock.now).allowed
    assert "débloqué" in post().to("claire@exemple.fr")[0][1]


@pytest.mark.parametrize(("failures", "lasts"), [(5, 900), (6, 1800), (10, None)])
def test_an_active_account_is_unlocked_for_its_failures(
    desk, staff, claire_file, key, holders, sealer, clock, post, failures, lasts
):
    """Wrong passwords lock the number and not the account: the file says until when."""
    claire, number = claire_file
    fail(desk, lockout_key(sealer, claire.nir), clock, failures)
    (account,) = desk.read(staff, number)["accounts"]
    assert account["status"] == "active"
    assert account["lock"] == {"until": lasts and clock.now + lasts}

    desk.acts.verify_caller(staff, number, key(), ASKED)
    desk.acts.unlock(staff, number, key())

    assert desk.read(staff, number)["accounts"][0]["lock"] is None
    assert "débloqué" in post().to("claire@exemple.fr")[0][1]


@pytest.mark.parametrize("failures", [0, 1, 4])
def test_an_account_that_is_not_locked_is_not_unlocked(
    desk, staff, claire_file, key, sealer, clock, post, trail, failures
):
    """Nothing to do is told as such: no mail, no act, no trace of one."""
    claire, number = claire_file
    fail(desk, lockout_key(sealer, claire.nir), clock, failures)
    assert desk.read(staff, number)["accounts"][0]["lock"] is None
    before = len(trail.told)

    with pytest.raises(AccountNotLockedError):
        desk.acts.unlock(staff, number, key())

    assert post().sent == []
    assert len(trail.told) == before
    assert desk.read(staff, number)["history"][0]["acts"] == [PROOF]


def test_a_lock_that_ran_out_is_none(desk, staff, claire_file, key, sealer, clock):
    """After its quarter of an hour there is nothing to unlock."""
    claire, number = claire_file
    fail(desk, lockout_key(sealer, claire.nir), clock, 5)
    clock.now += 901

    assert desk.read(staff, number)["accounts"][0]["lock"] is None
    desk.acts.verify_caller(staff, number, key(), ASKED)
    with pytest.raises(AccountNotLockedError):
        desk.acts.unlock(staff, number, key())


def test_a_deactivated_account_is_not_unlocked(desk, staff, registered, holders, sure_of, key):
    """Whoever was shut out stays out."""
    claire = registered()
    holders.open(claire, status="deactivated")

    with pytest.raises(DeskConflictError):
        desk.acts.unlock(staff, sure_of(claire), key())


# --- replacing -----------------------------------------------------------------------------------


def test_an_account_is_replaced_in_one_go(desk, staff, claire_file, holders, key, post):
    """X2, S178: the old one is replaced, the new one is the person's, the old address is told."""
    desk.acts.replace(staff, claire_file[1], key(), "neuve@exemple.fr")

    old, new = holders.rows()
    assert (old.status, new.status, new.origin) == ("replaced", "active", "advisor")
    assert old.ended_at
    assert (old.person_id, old.nir_index) == (new.person_id, new.nir_index)
    assert holders.email(new) == "neuve@exemple.fr"
    sent = post()
    assert "remplacé" in sent.to("claire@exemple.fr")[0][1]
    assert "poster" in sent.to(POST_ROOM)[0][1]


def test_nothing_of_the_old_account_is_kept(desk, staff, registered, holders, sure_of, key):
    """It may have been somebody else's: the new one has the telephone of the insurer's file."""
    claire = registered()
    holders.open(claire, email="thief@exemple.fr", mobile="+33639010666")

    desk.acts.replace(staff, sure_of(claire), key(), "")

    new = holders.rows()[-1]
    assert holders.mobile(new) == "+33639010001"
    assert new.email_sealed is None


def test_the_ways_into_the_old_account_are_gone(
    desk, staff, registered, sure_of, key, accounts_of, arriving
):
    """A link left behind would lead the next login to a closed door: it opens the new account."""
    claire = registered()
    before = accounts_of.settle(arriving(), "sector")
    desk.acts.replace(staff, sure_of(claire), key(), "")

    after = accounts_of.settle(arriving(), "sector")

    assert (str(before.result), str(after.result)) == ("created", "linked")
    assert after.account_id != before.account_id


def test_the_address_of_the_old_account_may_serve_the_new(desk, staff, claire_file, holders, key):
    """The person keeps the mailbox."""
    desk.acts.replace(staff, claire_file[1], key(), "claire@exemple.fr")

    assert holders.email(holders.rows()[-1]) == "claire@exemple.fr"


def test_an_address_of_somebody_else_stops_the_replacement(
    desk, staff, claire_file, holders, population, key
):
    """All or nothing: the old account stands."""
    holders.open(population.other(), email="paul@exemple.fr", mobile=None)

    with pytest.raises(DeskEmailTakenError):
        desk.acts.replace(staff, claire_file[1], key(), "paul@exemple.fr")
    assert [row.status for row in holders.rows()] == ["active", "active"]


@pytest.mark.parametrize("trait", [{"deceased": "1"}, {"rights_open": "0"}])
def test_who_may_hold_no_account_gets_none(
    desk, staff, registered, population, holders, sure_of, key, trait
):
    """D7 and D9 hold at the desk too."""
    paul = population.other(given_names="Paul", **trait)
    registered(paul)
    holders.open(paul)

    with pytest.raises(DeskConflictError):
        desk.acts.replace(staff, sure_of(paul), key(), "")
    assert [row.status for row in holders.rows()] == ["active"]


def test_a_double_click_replaces_once(desk, staff, claire_file, holders):
    """The same form twice at once: one new account, no error."""
    number = claire_file[1]

    def press(_):
        desk.acts.replace(staff, number, "the-key-of-one-form", "neuve@exemple.fr")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(4)))

    assert [row.status for row in holders.rows()] == ["replaced", "active"]


def test_many_replacements_at_once_leave_one_account(desk, staff, registered, holders, sure_of):
    """Ten advisors, ten forms: one account stands, whoever was last."""
    claire = registered()
    holders.open(claire)
    numbers = [sure_of(claire) for _ in range(5)]

    def press(number):
        desk.acts.replace(staff, number, f"the-key-of-{number}", "")

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(press, numbers))

    statuses = [row.status for row in holders.rows()]
    assert statuses.count("active") == 1
    assert statuses.count("replaced") == 5


# --- cases ---------------------------------------------------------------------------------------


def test_a_case_is_closed_once(desk, staff, registered, refused_login, key):
    """The next refusal of this person opens a new one."""
    registered()
    number = refused_login(family_name="Durrand")
    consultation = desk.open_case(staff, number, WHY)
    desk.acts.close_case(staff, consultation, key())

    assert desk.read(staff, consultation)["case"]["closed_at"]
    with pytest.raises(DeskConflictError):
        desk.acts.close_case(staff, consultation, key())
    assert refused_login(family_name="Durrand") != number


def test_a_case_is_closed_from_the_file_it_led_to(desk, staff, registered, refused_login, key):
    """The file opened from a case remembers it."""
    claire = registered()
    source = desk.open_case(staff, refused_login(family_name="Durrand"), WHY)
    number = desk.open_shown(staff, source, int(claire.number))
    desk.acts.close_case(staff, number, key())

    assert desk.overview(staff)["cases"]["waiting"] == 0


def test_a_search_has_no_case_to_close(desk, staff, registered, key):
    """Nor has a file that was found otherwise."""
    claire = registered()
    source = desk.search(staff, {"nir": claire.nir}, WHY)
    for number in (source, desk.open_shown(staff, source, 11)):
        with pytest.raises(ConsultationUnknownError):
            desk.acts.close_case(staff, number, key())


@pytest.fixture
def accounts_of(desk, sealer, clock):
    """The accounts of the federation, on the desk's database."""
    return Accounts(desk.ground.engine, sealer, clock, secrets.token_bytes)
