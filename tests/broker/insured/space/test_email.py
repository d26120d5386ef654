"""A new e-mail address: a code, ten minutes, three tries, no oracle."""

import itertools

import pytest
from sqlalchemy import select

from broker.errors import AddressTakenError, BackChannelLimitError
from broker.insured.accounts.protected import email_of
from broker.insured.schema import ACCOUNT
from broker.insured.space.email import DAILY, ask, confirm, pending

NEW = "nouvelle@exemple.fr"
MOBILE = "+33639010001"


@pytest.fixture
def address(engine, sealer, tenant):
    """The address of the account, as it is now."""

    def read():
        with engine.connect() as connection:
            sealed = connection.execute(
                select(ACCOUNT.c.email_sealed).where(ACCOUNT.c.id == tenant.account_id)
            ).scalar_one()
        return email_of(sealer).open(sealed)

    return read


def code_of(letters):
    return letters.last()["values"]["code"]


def test_the_address_changes_once_its_code_came_back(doing, space, tenant, letters, address):
    """The code goes to the new address, the news to the old one and to the mobile."""
    doing(ask, space, tenant, "Nouvelle@Exemple.fr", "fr")
    assert letters.last()["to"] == NEW
    assert address() == "claire@exemple.fr"
    answer = doing(confirm, space, tenant, code_of(letters))

    assert answer["outcome"] == "changed"
    assert address() == NEW
    told = [(name, content["to"]) for name, content in letters.all()[-2:]]
    assert told == [("email_changed", "claire@exemple.fr"), ("email_changed", MOBILE)]


@pytest.mark.parametrize(("seconds", "outcome"), [(599, "changed"), (600, "expired")])
def test_a_code_lives_for_ten_minutes(doing, space, tenant, letters, clock, seconds, outcome):
    """9 min 59, and not a second more than ten minutes."""
    doing(ask, space, tenant, NEW, "fr")
    clock.now += seconds

    assert doing(confirm, space, tenant, code_of(letters))["outcome"] == outcome


def test_a_code_dies_after_three_wrong_tries(doing, finding, space, tenant, letters, address):
    """Two wrong ones leave one try; after the third even the right one is worth nothing."""
    doing(ask, space, tenant, NEW, "fr")
    right = code_of(letters)
    wrong = f"{(int(right) + 1) % 10**6:06d}"

    left = [doing(confirm, space, tenant, wrong)["tries_left"] for _ in range(3)]
    assert left == [2, 1, 0]
    assert doing(confirm, space, tenant, right)["outcome"] == "expired"
    assert finding(pending, space, tenant.account_id) is None
    assert address() == "claire@exemple.fr"


def test_only_the_last_code_is_valid(doing, space, tenant, letters):
    """Asking again kills the code before."""
    doing(ask, space, tenant, NEW, "fr")
    first = code_of(letters)
    doing(ask, space, tenant, NEW, "fr")
    second = code_of(letters)

    if first != second:
        assert doing(confirm, space, tenant, first)["outcome"] == "wrong"
    assert doing(confirm, space, tenant, second)["outcome"] == "changed"
    assert doing(confirm, space, tenant, second)["outcome"] == "expired"


def test_what_waits_is_told_masked(doing, finding, space, tenant):
    """Which address, until when; nothing when nothing waits."""
    assert finding(pending, space, tenant.account_id) is None
    doing(ask, space, tenant, NEW, "fr")
    told = finding(pending, space, tenant.account_id)

    assert told["email_masked"] == "n•••••@exemple.fr"
    assert told["until"] == "2026-03-01T11:10:00+00:00"


def test_a_taken_address_is_told_to_its_reader_alone(
    doing, engine, space, population, claire, open_account, letters
):
    """S125: asking tells nothing; only whoever reads that mailbox learns that it is taken."""
    other = population.other()
    population.register(engine, claire, other)
    mine = space.tenant(open_account(claire), "portal.example")
    open_account(other, email=NEW)
    asked = doing(ask, space, mine, NEW, "fr")
    assert asked["email_masked"] == "n•••••@exemple.fr"

    with pytest.raises(AddressTakenError):
        doing(confirm, space, mine, code_of(letters))


def test_strangers_are_not_flooded_with_codes(doing, space, tenant, letters):
    """Five mails a day and account."""
    for _ in range(DAILY.most):
        doing(ask, space, tenant, NEW, "fr")
    with pytest.raises(BackChannelLimitError):
        doing(ask, space, tenant, NEW, "fr")

    assert letters.names() == ["email_code"] * DAILY.most


def test_codes_are_six_digits(doing, space, tenant, letters, clock):
    """Whatever the random bytes, zeroes in front included."""
    for byte in itertools.islice((0, 255, 17), 3):
        fixed = type(space)(
            space.engine, space.sealing, clock, lambda n, b=byte: bytes([b]) * n, space.passwords
        )
        doing(ask, fixed, tenant, NEW, "fr")
        assert len(code_of(letters)) == 6
        assert code_of(letters).isdecimal()
