"""The rules of storage are constraints of the database, on both engines."""

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from broker.insured.schema import ACCOUNT, CASE, LINK, OUTBOX, REFERENCE

ACCOUNT_ROW = {
    "person_id": 1,
    "status": "active",
    "origin": "federation",
    "nir_sealed": b"sealed",
    "nir_index": "nir-1",
    "email_index": "email-1",
    "email_sealed": b"sealed",
    "created_at": 1.0,
}
LINK_ROW = {
    "account_id": 1,
    "issuer": "https://tax.exemple",
    "subject": "s",
    "person": "p",
    "provider": "tax",
    "match": "exact",
    "linked_at": 1.0,
    "used_at": 1.0,
}
OTHER = {"person_id": 2, "nir_index": "nir-2", "email_index": "email-2"}


@pytest.fixture
def put(engine):
    """Insert one row."""

    def put_one(table, row):
        with engine.begin() as tx:
            tx.execute(insert(table), row)

    return put_one


@pytest.mark.parametrize("standing", ["pending", "active", "locked", "deactivated"])
@pytest.mark.parametrize("shared", ["person_id", "nir_index", "email_index"])
def test_two_standing_accounts_never_share_a_person_nir_or_email(put, standing, shared):
    """Rows S80, S81, S177: one account for a person, a NIR, an e-mail address."""
    put(ACCOUNT, ACCOUNT_ROW)
    second = {**ACCOUNT_ROW, **OTHER, shared: ACCOUNT_ROW[shared], "status": standing}

    with pytest.raises(IntegrityError):
        put(ACCOUNT, second)


@pytest.mark.parametrize("gone", ["closed", "replaced"])
def test_an_account_that_was_let_go_frees_its_person_nir_and_email(put, gone):
    """Any number of closed accounts may lie under the standing one."""
    put(ACCOUNT, {**ACCOUNT_ROW, "status": gone})
    put(ACCOUNT, {**ACCOUNT_ROW, "status": gone})
    put(ACCOUNT, ACCOUNT_ROW)


def test_accounts_without_email_are_not_one_another(put):
    """No address is not an address two accounts share."""
    put(ACCOUNT, {**ACCOUNT_ROW, "email_index": None})
    put(ACCOUNT, {**ACCOUNT_ROW, **OTHER, "email_index": None})


def test_reopening_a_closed_account_beside_a_standing_one_is_refused(put, engine):
    """The constraint holds for updates as for insertions."""
    put(ACCOUNT, {**ACCOUNT_ROW, "status": "closed"})
    put(ACCOUNT, ACCOUNT_ROW)

    with pytest.raises(IntegrityError), engine.begin() as tx:
        tx.execute(update(ACCOUNT).where(ACCOUNT.c.status == "closed").values(status="active"))


def test_an_upstream_subject_has_one_link(put):
    """(issuer, subject) leads to one account, whoever inserts first."""
    put(ACCOUNT, ACCOUNT_ROW)
    put(ACCOUNT, {**ACCOUNT_ROW, **OTHER})
    put(LINK, LINK_ROW)
    put(LINK, {**LINK_ROW, "subject": "S"})
    put(LINK, {**LINK_ROW, "issuer": "https://postal.exemple"})

    with pytest.raises(IntegrityError):
        put(LINK, {**LINK_ROW, "account_id": 2, "person": "q"})


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (LINK, {**LINK_ROW, "account_id": 404}),
        (REFERENCE, {"reference": "r", "account_id": 404, "sector": "s"}),
        (ACCOUNT, {**ACCOUNT_ROW, "status": "open"}),
        (ACCOUNT, {**ACCOUNT_ROW, "origin": "unknown"}),
        (
            OUTBOX,
            {
                "channel": "pigeon",
                "message": "m",
                "sealed": b"",
                "created_at": 1.0,
                "due_at": 1.0,
                "attempts": 0,
            },
        ),
    ],
)
def test_rows_that_mean_nothing_are_refused(put, table, row):
    """A link without account, a status or a channel nobody knows."""
    with pytest.raises(IntegrityError):
        put(table, row)


def test_a_sector_has_one_reference_for_an_account(put):
    """The portal never sees two names of one account."""
    put(ACCOUNT, ACCOUNT_ROW)
    put(REFERENCE, {"reference": "a", "account_id": 1, "sector": "ameli"})

    with pytest.raises(IntegrityError):
        put(REFERENCE, {"reference": "b", "account_id": 1, "sector": "ameli"})


def test_a_person_has_one_open_case_for_one_reason(put):
    """Calling again does not open another; a closed case does not count."""
    case = {
        "number": "AAAA-2222",
        "person": "p",
        "outcome": "none",
        "provider": "tax",
        "explanation": "{}",
        "opened_at": 1.0,
    }
    put(CASE, {**case, "closed_at": 2.0})
    put(CASE, {**case, "number": "BBBB-2222"})
    put(CASE, {**case, "number": "CCCC-2222", "outcome": "ambiguous"})

    with pytest.raises(IntegrityError):
        put(CASE, {**case, "number": "DDDD-2222"})
