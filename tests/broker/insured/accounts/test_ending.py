"""The end of an account: nothing of it opens again, whoever ends it."""

import pytest
from sqlalchemy import insert

from broker.insured.accounts.ending import close_account, replace_account
from broker.insured.accounts.protected import email_of
from broker.insured.accounts.rows import MovedError
from broker.insured.schema import CREDENTIAL, LINK, PROOF, STANDING_STATUSES

BELONGINGS = ("link", "proof", "credential")


@pytest.fixture
def opened(engine, classic):
    """Open an account with a link, a password and a code that waits; its number."""

    def open_one(status="active", email="claire@exemple.fr"):
        number = classic(status, email=email)
        with engine.begin() as tx:
            of = {"account_id": number}
            tx.execute(insert(CREDENTIAL), {**of, "password_hash": "a hash", "set_at": 1.0})
            tx.execute(insert(PROOF), {**of, **A_CODE})
            tx.execute(insert(LINK), {**of, **A_LINK})
        return number

    return open_one


A_CODE = {
    "handle": "a handle",
    "kind": "recovery",
    "language": "fr",
    "tries": 0,
    "asked_at": 1.0,
    "expires_at": 2.0,
}
A_LINK = {
    "issuer": "https://tax.exemple",
    "subject": "claire",
    "person": "person",
    "provider": "tax",
    "match": "exact",
    "linked_at": 1.0,
    "used_at": 1.0,
}


@pytest.mark.parametrize(
    ("end", "status"), [(close_account, "closed"), (replace_account, "replaced")]
)
def test_nothing_that_opened_an_account_outlives_it(engine, opened, count, end, status):
    """Its links, its password and the code that waits go with it; the row stays, and when."""
    number = opened()
    with engine.begin() as tx:
        end(tx, number, 5.0)

    assert count(f"account WHERE id = {number} AND status = '{status}' AND ended_at = 5.0") == 1
    assert [count(table) for table in BELONGINGS] == [0, 0, 0]


@pytest.mark.parametrize("email", ["claire@exemple.fr", None])
def test_whoever_had_a_replaced_account_can_be_told(engine, opened, sealer, email):
    """Its address comes back sealed, when it had one."""
    number = opened(email=email)
    with engine.begin() as tx:
        sealed = replace_account(tx, number, 5.0)

    assert (sealed and email_of(sealer).open(sealed)) == email


@pytest.mark.parametrize("status", [*STANDING_STATUSES, "closed", "replaced"])
@pytest.mark.parametrize(
    ("end", "from_statuses"),
    [
        (close_account, {"active"}),
        (replace_account, {*STANDING_STATUSES}),
        (lambda *call: replace_account(*call, ("pending",)), {"pending"}),
    ],
)
def test_what_moved_meanwhile_is_left_alone(engine, opened, count, status, end, from_statuses):
    """An account of any other status than those that were read keeps all it has."""
    number = opened(status)
    if status in from_statuses:
        with engine.begin() as tx:
            end(tx, number, 5.0)
        return

    with pytest.raises(MovedError), engine.begin() as tx:
        end(tx, number, 5.0)
    assert count(f"account WHERE status = '{status}' AND ended_at IS NULL") == 1
    assert [count(table) for table in BELONGINGS] == [1, 1, 1]
