"""Whom the desk tells, where, and in which language."""

import pytest

from broker.insured.desk.persons import traits
from broker.insured.matching.records import RegistryRecord
from broker.insured.registry.numbering import nir_of
from broker.insured.space.alerts import choose
from providers.identity import Gender, PartialDate

WAYS = [
    ("claire@courriel.fr", "+33639010077", "claire@courriel.fr"),
    (None, "+33639010077", "claire@exemple.fr"),
    ("claire@courriel.fr", None, "claire@courriel.fr"),
    (None, None, "claire@exemple.fr"),
]


@pytest.mark.parametrize(("email", "mobile", "place"), WAYS)
def test_the_holder_is_told_at_the_best_known_place(
    desk, staff, registered, holders, sure_of, key, post, email, mobile, place
):
    """The account's own mailbox, else the insurer's."""
    claire = registered()
    holders.open(claire, status="locked", email=email, mobile=mobile)
    desk.acts.unlock(staff, sure_of(claire), key())

    assert [message[0] for message in post().sent] == [place]


def test_who_has_a_telephone_alone_is_told_by_text(
    desk, staff, registered, population, holders, sure_of, key, post
):
    """No mailbox anywhere: the mobile of the insurer's file."""
    paul = population.other(given_names="Paul", mobile="+33639010055")
    registered(paul)
    holders.open(paul, status="locked", email=None, mobile=None)
    desk.acts.unlock(staff, sure_of(paul), key())

    assert [message[0] for message in post().sent] == ["+33639010055"]


def test_who_cannot_be_reached_is_helped_all_the_same(
    desk, staff, registered, population, holders, sure_of, key, post
):
    """Nothing is sent, and the account is open."""
    paul = population.other(given_names="Paul")
    registered(paul)
    holders.open(paul, status="locked", email=None, mobile=None)
    desk.acts.unlock(staff, sure_of(paul), key())

    assert post().sent == []
    assert [row.status for row in holders.rows()] == ["active"]


@pytest.mark.parametrize(
    ("language", "subject"),
    [("fr", "Votre compte Ameli est débloqué"), ("en", "Your Ameli account is unlocked")],
)
def test_a_letter_is_in_the_language_of_its_reader(
    desk, staff, registered, holders, sure_of, key, post, language, subject
):
    """As chosen in the personal space."""
    claire = registered()
    account = holders.open(claire, status="locked")
    with desk.ground.engine.begin() as tx:
        choose(tx, account, language=language)
    desk.acts.unlock(staff, sure_of(claire), key())

    assert post().sent[0][1] == subject


def test_an_act_that_fails_tells_nobody(
    desk, staff, registered, holders, sure_of, key, post, trail
):
    """The letter stands or falls with the act and its trace."""
    claire = registered()
    holders.open(claire, status="locked")
    number = sure_of(claire)
    trail.broken = True
    with pytest.raises(ConnectionError):
        desk.acts.unlock(staff, number, key())

    assert post().sent == []


@pytest.mark.parametrize(
    ("birthplace", "birthcountry", "name"),
    [
        ("69383", "99100", "Lyon 3e Arrondissement (Rhône)"),
        (None, "99352", "ALGERIE"),
        ("2A004", "99100", "Ajaccio (Corse-du-Sud)"),
    ],
)
def test_a_person_is_named_and_her_number_masked(birthplace, birthcountry, name):
    """Sex, year and month of the number, the rest hidden; the place by its name."""
    record = RegistryRecord(
        7,
        "DURAND",
        ("Claire",),
        PartialDate(1985, 3, 27),
        Gender.FEMALE,
        birthplace,
        birthcountry,
        nir=nir_of("F", "1985-03-27", "69383", 11),
        former_names=("PETIT",),
    )
    shown = traits(record)

    assert shown["birthplace_name"].casefold() == name.casefold().replace("algerie", "algérie")
    assert shown["former_names"] == ["PETIT"]
    assert shown["nir_masked"] == "2 85 03 •• ••• ••• ••"
    assert "69383011" not in str(shown)
