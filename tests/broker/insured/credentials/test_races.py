"""Many at once: the constraints of the database decide, and everybody gets an answer."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from broker.errors import BackChannelLimitError
from broker.insured.accounts.facts import Result
from broker.insured.credentials.rules import Limit
from tests.broker.insured.credentials.conftest import Classic, form_of

MANY = 20


@pytest.fixture
def unlimited(classic):
    """The same without limits on creations."""
    free = Limit("creation:free", 10_000, 3600)
    rules = replace(classic.ground.rules, creation_by_origin=free, creation_by_nir=free)
    classic.ground = replace(classic.ground, rules=rules)
    return classic


def together(steps):
    """Run the steps at the same moment, each in a thread."""
    barrier = Barrier(len(steps))

    def run(step):
        barrier.wait()
        try:
            return step()
        except BackChannelLimitError as refusal:
            return {"result": "too_many", "retry_after": refusal.retry_after}

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(run, steps))


def test_twenty_creations_of_one_number_give_one_account(unlimited, count):
    """Each gets its mail, and the newest link is the one that works."""
    answers = together([unlimited.create] * MANY)

    assert {one["result"] for one in answers} == {"mail_sent"}
    assert [count("account"), count("proof"), count("outbox")] == [1, 1, MANY]
    states = {unlimited.steps.activation.read(token) for token in tokens(unlimited)}
    assert states == {"valid", "unknown"}


def tokens(classic):
    links = [one[3]["link"] for one in classic.letters("activation_link")]
    return [link.rpartition("/")[2] for link in links]


def test_twenty_creations_with_twenty_addresses_give_one_standing_account(unlimited, count):
    """The others were replaced, and only one link works."""
    steps = [lambda n=n: unlimited.create(email=f"n{n}@exemple.fr") for n in range(MANY)]
    answers = together(steps)

    assert {one["result"] for one in answers} == {"mail_sent"}
    assert count("account WHERE status = 'pending'") == 1
    read = unlimited.steps.activation.read
    assert sorted(read(token) for token in tokens(unlimited)).count("valid") == 1


def test_of_many_persons_asking_for_one_address_one_gets_it(
    unlimited, engine, population, registered, with_iban
):
    """E4 in a race: the unique index decides."""
    names = [f"NOM{letter}" for letter in "ABCDEFGH"]
    iban = {"iban": with_iban.iban, "iban_since": "2015-01-01"}
    lines = [population.other(family_name=name, **iban) for name in names]
    registered(engine, *lines)
    forms = [form_of(line, "shared@exemple.fr") for line in lines]
    answers = together([lambda f=form: unlimited.create(**f) for form in forms])

    said = sorted(one.get("reason", one["result"]) for one in answers)
    assert said == ["email_used"] * 7 + ["mail_sent"]


def test_five_an_hour_holds_for_twenty_at_once(classic):
    """The limit of an address is counted in the database."""
    answers = together([classic.create] * MANY)

    said = sorted(one["result"] for one in answers)
    assert said == ["mail_sent"] * 5 + ["too_many"] * 15


def test_five_passwords_are_looked_at_of_twenty_at_once(classic, opened, database, make_ground):
    """On two nodes: no more than the rule allows, and none of the rest is looked at."""
    classic.opened()
    other = Classic(make_ground(opened(database)), classic.nir)
    counts = [classic.count_hashes(), other.count_hashes()]
    steps = [lambda node=node: node.sign_in("wrong") for node in (classic, other)] * 10
    answers = together(steps)
    other.ground.engine.dispose()

    assert sum(one.count for one in counts) == 5
    assert sorted(one["result"] for one in answers) == ["refused"] * 4 + ["wait"] * 16


def test_a_code_is_tried_three_times_of_twenty_at_once(classic):
    """However many guesses come together, three are compared."""
    classic.create()
    classic.activate()
    challenge, code = classic.sign_in()["challenge"], classic.code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    answers = together([lambda: classic.confirm(challenge, wrong)] * MANY)

    said = sorted((one["result"], one.get("left", 0)) for one in answers)
    assert said == [("dead", 0)] * 18 + [("wrong", 1), ("wrong", 2)]
    assert classic.confirm(challenge, code) == {"result": "dead"}


def test_one_of_many_right_codes_signs_in(classic, count):
    """Single use in a race: at most the three tries of a code, and one of them wins."""
    classic.create()
    classic.activate()
    challenge, code = classic.sign_in()["challenge"], classic.code()
    answers = together([lambda: classic.confirm(challenge, code)] * MANY)

    assert sorted(one["result"] for one in answers) == ["dead"] * 19 + ["signed_in"]
    assert count("account_reference") == 1


def test_one_of_many_uses_of_a_link_chooses_the_password(classic, count):
    """Single use in a race."""
    classic.create()
    token = classic.link()
    chosen = [f"Un-mot-{n}-passe!" for n in range(MANY)]
    answers = together([lambda p=p: classic.activate(token, p) for p in chosen])

    assert sorted(one["result"] for one in answers) == ["done"] + ["unknown"] * 19
    assert count("credential") == 1


def test_one_of_many_uses_of_a_provisional_code_chooses_the_password(classic, count):
    """Single use in a race, within its three tries."""
    classic.opened()
    handle, code = classic.recover()["recovery"], classic.code("recovery_code")
    chosen = [f"Un-mot-{n}-passe!" for n in range(MANY)]
    answers = together([lambda p=p: classic.redeem(handle, code, p) for p in chosen])

    assert sorted(one["result"] for one in answers) == ["done"] + ["wrong"] * 19
    assert count("outbox WHERE message = 'password_changed'") == count("credential") == 1


def test_a_login_by_a_provider_and_the_form_at_once_give_one_account(
    unlimited, accounts, arriving, count
):
    """CVE-2026-53516 in a race: whatever comes first, the provider's account stands at the end."""
    steps = [lambda: accounts.settle(arriving(), "ameli.exemple"), unlimited.create] * 5
    answers = together(steps)

    settled = [one for one in answers if not isinstance(one, dict)]
    assert {one.result for one in settled} <= {Result.CREATED, Result.EXISTING}
    assert count("account WHERE status = 'active' AND origin = 'federation'") == 1
    assert count("account WHERE status = 'pending'") == 0
