"""Nothing of an account is touched before the advisor has written down how they know who calls."""

import pytest

from broker.errors import CallerUnverifiedError, ConsultationUnknownError, DeskFieldError
from broker.insured.desk.proof import COMPARED, LASTS_SECONDS
from broker.insured.desk.words import Question
from tests.broker.insured.desk.conftest import ASKED, PASSWORD, PROOF, WHY

ACTS = {
    "email": ("change_email", "neuve@exemple.fr"),
    "mobile": ("change_mobile", "06 39 01 00 99"),
    "unlocking": ("unlock",),
    "post-code": ("post_code",),
    "replacement": ("replace", ""),
}
EVERY = pytest.mark.parametrize("act", ACTS)


@pytest.fixture
def opened(registered, holders, file_of):
    """Claire's account is locked and her file open; (line, consultation)."""
    claire = registered()
    holders.open(claire, status="locked")
    return claire, file_of(claire)


@pytest.fixture
def do(desk, staff):
    """One of the acts that touch an account."""

    def act(name, number, key="the-key-of-one-form", by=staff):
        method, *said = ACTS[name]
        getattr(desk.acts, method)(by, number, key, *said)

    return act


@EVERY
def test_an_account_is_not_touched_for_a_caller_nobody_verified(
    do, act, opened, desk, staff, holders, post, trail
):
    """Neither changed, nor told, nor journalled."""
    before, told = holders.rows(), len(trail.told)

    with pytest.raises(CallerUnverifiedError):
        do(act, opened[1])

    assert holders.rows() == before
    assert post().sent == []
    assert len(trail.told) == told
    assert desk.read(staff, opened[1])["history"][0]["acts"] == []


@EVERY
def test_a_verified_caller_is_helped_and_told(do, act, opened, desk, staff, key, post, trail):
    """The journal names the questions before the act; the holder hears of each act."""
    desk.acts.verify_caller(staff, opened[1], key(), ASKED)
    do(act, opened[1])

    acts = [facts for event, facts in trail.told if event == "desk:acted"]
    assert acts[0]["act"] == "caller_verified"
    assert acts[0]["questions"] == "given_names,birthdate,postal_code"
    assert acts[0]["record"] == 11
    assert acts[1]["questions"] is None
    assert post().to("claire@exemple.fr")


def test_the_history_names_the_questions_and_no_answer(opened, desk, staff, key):
    """A colleague sees what was asked; what the person said is kept nowhere."""
    said = {"nir": opened[0].nir, "contact": "claire@exemple.fr"}
    desk.acts.verify_caller(staff, opened[1], key(), ["nir", "birthplace", "contact", "nir"], said)

    (look,) = desk.read(staff, opened[1])["history"]
    assert look["acts"] == ["caller_verified:birthplace,nir,contact"]


TYPED = ["nir", "birthdate", "contact"]


@pytest.mark.parametrize(
    ("nir", "contact", "blamed"),
    [
        ("", "claire@exemple.fr", ("nir", "missing")),
        ("2 85 03", "claire@exemple.fr", ("nir", "length")),
        ("1 55 02 80 021 123", "claire@exemple.fr", ("nir", "different")),
        (None, "", ("contact", "missing")),
        (None, "autre@exemple.fr", ("contact", "different")),
        (None, "06 39 98 00 99", ("contact", "different")),
        (None, "n'importe quoi", ("contact", "different")),
    ],
)
def test_an_answer_that_the_file_masks_is_compared(opened, desk, staff, key, nir, contact, blamed):
    """Neither the number nor the address is shown whole: what the caller says must fit."""
    claire, number = opened
    said = {"nir": claire.nir if nir is None else nir, "contact": contact}
    with pytest.raises(DeskFieldError) as refusal:
        desk.acts.verify_caller(staff, number, key(), TYPED, said)

    assert (refusal.value.parameter, refusal.value.detail) == blamed
    assert desk.read(staff, number)["verified_until"] is None


def test_answers_are_not_compared_for_ever(opened, desk, staff, key, clock):
    """Ten times an hour for one file: nobody finds out a number by trying."""
    claire, number = opened
    for _ in range(COMPARED.most):
        with pytest.raises(DeskFieldError):
            desk.acts.verify_caller(staff, number, key(), TYPED, {"nir": claire.nir})
    right = {"nir": claire.nir, "contact": "claire@exemple.fr"}
    with pytest.raises(DeskFieldError, match="too_many"):
        desk.acts.verify_caller(staff, number, key(), TYPED, right)

    clock.now += COMPARED.seconds
    number = desk.open_shown(staff, desk.search(staff, {"nir": claire.nir}, WHY), 11)
    desk.acts.verify_caller(staff, number, key(), TYPED, right)


@pytest.mark.parametrize(
    ("codes", "rule"),
    [
        ([], "too_few"),
        (["nir", "birthdate"], "too_few"),
        (["nir"] * 5, "too_few"),
        (["nir", "birthdate", "password"], "unknown"),
        (["nir", "birthdate", "iban"], "unknown"),
        (["nir", "birthdate", ""], "unknown"),
    ],
)
def test_three_questions_of_the_list_are_needed(opened, desk, staff, key, codes, rule):
    """Two may be luck or a neighbour; a password or an IBAN is never asked (S129, S133)."""
    with pytest.raises(DeskFieldError) as refusal:
        desk.acts.verify_caller(staff, opened[1], key(), codes)
    assert (refusal.value.parameter, refusal.value.detail) == ("questions", rule)


def test_no_question_is_about_a_bank_a_password_or_a_code():
    """What every mail promises never to ask by telephone is not in the list."""
    for question in Question:
        for word in ("iban", "rib", "bank", "password", "code"):
            assert question == Question.POSTAL_CODE or word not in question


def test_a_proof_serves_one_call(opened, do, desk, staff, key, clock):
    """Half an hour in its own consultation, which the file says; then it is asked for again."""
    number = opened[1]
    assert desk.read(staff, number)["verified_until"] is None
    desk.acts.verify_caller(staff, number, key(), ASKED)
    assert desk.read(staff, number)["verified_until"] == clock.now + LASTS_SECONDS
    clock.now += LASTS_SECONDS
    assert desk.read(staff, number)["verified_until"] is None

    with pytest.raises(CallerUnverifiedError):
        do("unlocking", number)


def test_a_proof_of_one_call_serves_no_other(opened, do, desk, staff, key, file_of):
    """The same advisor and the same person, but another consultation: ask again."""
    desk.acts.verify_caller(staff, opened[1], key(), ASKED)

    with pytest.raises(CallerUnverifiedError):
        do("email", file_of(opened[0]))


def test_a_proof_of_a_colleague_is_nobodys(opened, do, desk, staff, key, file_of):
    """Row 4: a consultation is verified and acted in by the advisor who opened it, alone."""
    desk.directory.add("dominique", PASSWORD)
    colleague = next(one for one in desk.directory.everyone() if one.name == "dominique")

    with pytest.raises(ConsultationUnknownError):
        desk.acts.verify_caller(colleague, opened[1], key(), ASKED)
    desk.acts.verify_caller(staff, opened[1], key(), ASKED)
    with pytest.raises(ConsultationUnknownError):
        do("email", opened[1], by=colleague)


def test_a_search_verifies_nobody(desk, staff, registered, key):
    """A proof belongs to the file of one person."""
    source = desk.search(staff, {"nir": registered().nir}, WHY)

    with pytest.raises(ConsultationUnknownError):
        desk.acts.verify_caller(staff, source, key(), ASKED)


def test_a_proof_sent_twice_is_one(opened, desk, staff):
    """A double click is one line of the history."""
    for _ in range(2):
        desk.acts.verify_caller(staff, opened[1], "the-key-of-one-form", ASKED)

    assert desk.read(staff, opened[1])["history"][0]["acts"] == [PROOF]
