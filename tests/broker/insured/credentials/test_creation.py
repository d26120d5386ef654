"""Six fields lead to a link, or to one of the refusals of the portal, in their order."""

import pytest
from sqlalchemy import text

from broker.errors import BackChannelLimitError
from broker.insured.registry.lives import french_iban

HOUR, DAY = 3600, 86_400
OTHER_IBAN = french_iban(37, 12)


def test_six_right_fields_send_a_link_to_the_mailbox(classic, count):
    """S47, S49: a pending account, and one mail that leads to the portal for 48 hours."""
    answer = classic.create()

    assert answer == {"result": "mail_sent", "email": "claire.d@exemple.fr"}
    assert count("account WHERE status = 'pending' AND origin = 'classic'") == 1
    [(name, channel, to, values)] = classic.letters()
    assert (name, channel, to) == ("activation_link", "mail", "claire.d@exemple.fr")
    assert (values["hours"], values["language"]) == ("48", "fr")
    assert len(classic.link()) == 43
    assert classic.events() == ["creation:asked"]


WRITTEN_OTHERWISE = {
    "the NIR without its key": {"nir": "thirteen"},
    "the NIR with blanks": {"nir": "spaced"},
    "the name in lower case": {"birth_name": "durand"},
    "an IBAN in lower case with blanks": {"iban": "spaced"},
    "an address with capitals and blanks": {"email": " Claire.D@Exemple.FR "},
}


@pytest.mark.parametrize("changes", WRITTEN_OTHERWISE.values(), ids=WRITTEN_OTHERWISE)
def test_what_is_written_otherwise_is_the_same(lite, changes):
    """Blanks, case and the key of the NIR make no difference."""
    nir, iban = lite.nir, lite.fields["iban"]
    forms = {
        "thirteen": nir[:13],
        "spaced": " ".join(nir) if "nir" in changes else " ".join(iban.lower()),
    }
    written = {name: forms.get(value, value) for name, value in changes.items()}

    assert lite.create(**written)["result"] == "mail_sent"


MISMATCHES = {
    "another name": {"birth_name": "DUPONT"},
    "no name": {"birth_name": ""},
    "a name in another script": {"birth_name": "ДЮРАН"},
    "another day": {"birthdate": "1985-03-28"},
    "another postal code": {"postal_code": "69004"},
    "a NIR of nobody": {"nir": "285036938301219"[:13]},
}


@pytest.mark.parametrize("changes", MISMATCHES.values(), ids=MISMATCHES)
def test_one_trait_that_differs_is_a_mismatch(lite, changes, lite_count):
    """E1 (S102): one text whatever differs, and nothing is written."""
    assert lite.create(**changes) == {"result": "refused", "reason": "not_matching"}
    assert [lite_count("account"), lite_count("outbox")] == [0, 0]


def test_the_usage_name_never_serves(person):
    """S27, S40: the birth name, even for somebody who uses another."""
    married = person(usage_name="MARTIN")

    assert married.create(birth_name="MARTIN")["reason"] == "not_matching"
    assert married.create()["result"] == "mail_sent"


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("LE ROY", "leroy"),
        ("SAINT-MARTIN", "St Martin"),
        ("D'OEUVRECAY", "D\N{RIGHT SINGLE QUOTATION MARK}Œuvreçay"),
    ],
)
def test_particles_hyphens_and_accents_are_no_mismatch(person, kept, typed):
    """S104: the equivalences of the matching hold for the form."""
    assert person(family_name=kept).create(birth_name=typed)["result"] == "mail_sent"


FAULTS = [
    ("nir", "2850369383", "nir_form"),
    ("nir", "", "nir_form"),
    ("nir", "key", "nir_key"),
    ("birthdate", "27/03/1985", "birthdate"),
    ("birthdate", "2026-03-02", "birthdate"),
    ("birthdate", "1885-03-27", "birthdate"),
    ("birthdate", "1985-02-30", "birthdate"),
    ("postal_code", "6900", "postal_code"),
    ("postal_code", "", "postal_code"),
    ("iban", "FR76 1234", "iban_form"),
    ("iban", OTHER_IBAN[:-1] + "9", "iban_form"),
    ("iban", "#00000000000000000000000000000000ABCD", "iban_form"),
    ("email", "claire", "email_form"),
    ("email", "a@b@c.fr", "email_form"),
    ("email", "", "email_form"),
]


@pytest.mark.parametrize(("name", "value", "reason"), FAULTS)
def test_a_typing_error_is_told_apart_from_a_mismatch(lite, name, value, reason, lite_count):
    """X11: a malformed field is named, nothing is looked up and nothing counted."""
    if value == "key":
        value = lite.nir[:13] + f"{(int(lite.nir[13:]) % 97) + 1:02d}"

    assert lite.create(**{name: value}) == {"result": "refused", "reason": reason}
    assert lite_count("use_limit") == 0


@pytest.mark.parametrize("digit", range(15))
def test_one_wrong_digit_of_the_nir_blocks(lite, digit):
    """S46: any single wrong digit is refused, as a form or as a key."""
    wrong = str((int(lite.nir[digit]) + 1) % 10)
    nir = lite.nir[:digit] + wrong + lite.nir[digit + 1 :]

    assert lite.create(nir=nir)["reason"] in ("nir_form", "nir_key")


BARRED = {
    "deceased": ({"deceased": "1"}, "deceased"),
    "rights closed": ({"rights_open": "0"}, "no_rights"),
    "another scheme": ({"scheme": "agricultural"}, "no_rights"),
}


@pytest.mark.parametrize(("traits", "reason"), BARRED.values(), ids=BARRED)
def test_who_may_have_no_account_is_told_why_once_recognised(person, traits, reason):
    """Their own refusals, only after identity, and before anything is said of IBAN or e-mail."""
    barred = person(**traits)

    assert barred.create(birth_name="X Y")["reason"] == "not_matching"
    assert barred.create(iban=OTHER_IBAN)["reason"] == reason


def test_a_temporary_number_is_told(person):
    """A number that begins with 7 or 8 becomes final before an account."""
    someone = person(nir="885036938300112"[:13])

    assert someone.create()["reason"] == "temporary_number"


@pytest.mark.parametrize(
    ("born", "answer"),
    [
        ("2010-03-01", {"result": "mail_sent"}),
        ("2010-03-02", {"reason": "under_16", "from": "2026-03-02"}),
    ],
)
def test_the_sixteenth_birthday_opens_the_account(person, born, answer):
    """S83, S85: sixteen today is allowed, tomorrow is told with its day."""
    teenager = person(birthdate=born)

    assert answer.items() <= teenager.create().items()


@pytest.mark.parametrize("typed", ["1948-01-01", "1948-12-31", "1948-00-00"])
def test_a_presumed_birth_date_is_recognised(person, typed):
    """An incomplete date of the file fits what the papers of the person say."""
    someone = person(birthdate="1948-00-00", presumed="1")

    assert someone.create(birthdate=typed)["result"] == "mail_sent"


def test_another_iban_is_unknown(lite):
    """E3 (S118): strict equality with the one on file."""
    assert lite.create(iban=OTHER_IBAN) == {"result": "refused", "reason": "iban_unknown"}


def test_a_person_without_iban_on_file_is_told_so(person):
    """E3 as well: nothing is on file."""
    someone = person(iban="", iban_since="")

    assert someone.create(iban=OTHER_IBAN)["reason"] == "iban_unknown"


RECORDED = [
    ("2026-03-02", "2026-03-05"),  # Monday
    ("2026-03-05", "2026-03-10"),  # Thursday: the week-end does not count
    ("2026-04-02", "2026-04-08"),  # Thursday before Easter Monday
    ("2026-05-06", "2026-05-12"),  # the eighth of May is a Friday
    ("2026-12-23", "2026-12-29"),  # Christmas is a Friday
]


@pytest.mark.parametrize(("recorded", "usable"), RECORDED)
def test_a_recent_iban_serves_after_three_working_days(person, clock, at, recorded, usable):
    """S109, S122, X3: French holidays and week-ends do not count; the day itself is told."""
    someone = person(iban_since=recorded)
    clock.now = at(f"{recorded}T09:00")
    early = someone.create()
    clock.now = at(f"{usable}T00:30")

    assert early == {"result": "refused", "reason": "iban_pending", "usable_on": usable}
    assert someone.create()["result"] == "mail_sent"


def test_the_day_before_it_serves_is_still_too_early(person, clock, at):
    """The night before at 23:30 in Paris."""
    someone = person(iban_since="2026-03-02")
    clock.now = at("2026-03-04T23:30")

    assert someone.create()["reason"] == "iban_pending"


def test_an_iban_may_be_shared(classic, engine, population, registered, with_iban):
    """S82: a couple on one bank account gets two accounts."""
    other = population.other(family_name="MARTIN", iban=with_iban.iban, iban_since="2015-01-01")
    registered(engine, with_iban, other)
    classic.create()
    theirs = {"birth_name": "MARTIN", "nir": other.nir, "email": "other@exemple.fr"}

    assert classic.create(**theirs)["result"] == "mail_sent"


def test_an_address_in_use_is_told_after_everything_else(
    classic, engine, population, registered, with_iban
):
    """E4 (S125), X10: only who was recognised and gave the right IBAN learns it."""
    other = population.other(family_name="MARTIN", iban=with_iban.iban, iban_since="2015-01-01")
    registered(engine, with_iban, other)
    classic.create()
    theirs = {"birth_name": "MARTIN", "nir": other.nir, "email": "CLAIRE.D@exemple.fr"}

    assert classic.create(**theirs)["reason"] == "email_used"
    assert classic.create(**{**theirs, "iban": OTHER_IBAN})["reason"] == "iban_unknown"
    assert classic.create(**{**theirs, "birth_name": "X"})["reason"] == "not_matching"


@pytest.mark.parametrize("status", ["active", "locked", "deactivated"])
def test_a_confirmed_account_is_never_touched_by_the_form(classic, engine, count, status):
    """X2 (S30, S177): the answer of a mismatch, no link, and the account is as it was."""
    classic.opened()
    with engine.begin() as tx:
        tx.execute(text(f"UPDATE account SET status = '{status}'"))
    before = classic.letters("activation_link")

    answer = classic.create(email="new@exemple.fr")

    assert answer == {"result": "refused", "reason": "not_matching"}
    assert classic.letters("activation_link") == before
    assert count(f"account WHERE status = '{status}'") == count("account") == 1


def test_the_same_form_again_sends_a_new_link_and_kills_the_first(classic, count):
    """A mail that was lost: one account still, and the newest link alone."""
    classic.create()
    first = classic.link()
    classic.create()

    assert classic.steps.activation.read(first) == "unknown"
    assert classic.steps.activation.read(classic.link()) == "valid"
    assert [count("account"), count("proof")] == [1, 1]


def test_another_address_takes_the_place_of_a_creation_never_confirmed(classic, count):
    """A mistyped address: the first account is replaced, its mailbox is told, its link is dead."""
    classic.create(email="clare@exemple.fr")
    first = classic.link()
    classic.create()

    assert count("account WHERE status = 'replaced'") == 1
    assert count("account WHERE status = 'pending'") == 1
    assert classic.steps.activation.read(first) == "unknown"
    assert [one[2] for one in classic.letters("creation_replaced")] == ["clare@exemple.fr"]


def test_the_password_of_a_replaced_creation_is_forgotten(classic, count):
    """With its codes: nothing of it is left to be tried."""
    classic.create(email="clare@exemple.fr")
    classic.activate()
    classic.sign_in()
    classic.create()

    assert [count("credential"), count("proof")] == [0, 1]
    assert classic.sign_in() == {"result": "refused"}


def test_the_sixth_form_of_an_address_within_an_hour_waits(classic, clock):
    """Five an hour from one network address, told with the time to wait."""
    for _ in range(5):
        classic.create()
        clock.now += 60
    with pytest.raises(BackChannelLimitError) as refusal:
        classic.create()
    clock.now += refusal.value.retry_after

    assert refusal.value.retry_after == HOUR - 300
    assert classic.create()["result"] == "mail_sent"


def test_the_eleventh_form_for_a_nir_within_a_day_waits(classic, clock):
    """Ten a day for one NIR, from wherever they come, whether right or wrong."""
    for number in range(10):
        classic.create(birth_name="X", origin=f"192.0.2.{number}")
    with pytest.raises(BackChannelLimitError) as refusal:
        classic.create(origin="198.51.100.1")
    clock.now += DAY

    assert refusal.value.retry_after == DAY
    assert classic.create()["result"] == "mail_sent"


def test_a_refused_form_counts_for_no_other_limit(lite, lite_count):
    """What one limit refuses, the other does not count."""
    for number in range(10):
        lite.create(birth_name="X", origin=f"192.0.2.{number}")
    with pytest.raises(BackChannelLimitError):
        lite.create(origin="198.51.100.1")

    assert lite_count("use_limit WHERE times <> '[]'") == 11


def test_the_database_keeps_no_field_in_clear(lite, sqlite_engine):
    """NIR, name, IBAN, address and network address are sealed, fingerprinted or nowhere."""
    lite.create()
    with sqlite_engine.connect() as connection:
        written = "\n".join(connection.connection.iterdump())

    fields = [lite.nir, lite.nir[:13], lite.fields["iban"], lite.fields["email"], lite.origin]
    assert [value for value in fields if value in written] == []
    assert lite.link() not in written
