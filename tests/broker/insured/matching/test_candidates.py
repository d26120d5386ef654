"""The advisor sees the likeliest persons first, and what differs; nothing here ever links."""

import pytest
from rapidfuzz.distance import OSA

from broker.insured.matching.candidates import distance, rank
from broker.insured.matching.traits import Trait

CROWD = [
    {"person_id": 11, "given": "LUCIE"},
    {"person_id": 12, "family": "DURAND"},
    {"person_id": 13, "place": "75056"},
    {"person_id": 14, "born": "1991-11-27"},
    {"person_id": 15, "family": "MOREAU", "given": "LUCIE"},
    {"person_id": 16, "given": "LUCIE", "gender": "male"},
    {"person_id": 17, "born": "1985-11-27", "place": "75056"},
]
SLIPS = [
    ({"family": "LE GAL"}, ["family_name"]),
    ({"family": "LE GLAL"}, ["family_name"]),
    ({"given": "Ane"}, ["given_name"]),
    ({"given": "Anna|Marie"}, ["given_name"]),
    ({"born": "1985-03-20"}, ["birthdate"]),
    ({"born": "1985-08-02"}, ["birthdate"]),
    ({"gender": "male"}, ["gender"]),
    ({"place": "69132"}, ["birthplace"]),
    ({"family": "LE GAL", "given": "Ann"}, ["family_name", "given_name"]),
    ({"family": "LE GAL", "born": "1985-03-03"}, ["family_name", "birthdate"]),
    ({"given": "Ann", "gender": "male"}, ["given_name", "gender"]),
    ({"born": "1985-03-03", "place": "69132"}, ["birthdate", "birthplace"]),
]


@pytest.mark.parametrize(("sent", "differing"), SLIPS)
def test_the_person_meant_comes_before_twins_and_namesakes(identity, record, sent, differing):
    """One or two slips stand before somebody who differs in one trait, but wholly."""
    crowd = [record(**other) for other in CROWD]
    ranked = rank(identity(**sent), [*crowd, record()])
    assert ranked[0].person_id == 1
    assert [str(trait) for trait in ranked[0].differing] == differing


def test_the_desk_sees_five_at_most_and_each_person_once(identity, record):
    """In an order that does not depend on the order of the rows."""
    crowd = [record(**other) for other in CROWD]
    ranked = rank(identity(), [*crowd, *crowd])
    assert len(ranked) == 5
    assert len({one.person_id for one in ranked}) == 5
    assert ranked == rank(identity(), crowd[::-1])


def test_fewer_are_shown_when_fewer_are_asked(identity, record):
    """The number is the caller's."""
    assert len(rank(identity(), [record(**other) for other in CROWD], top=2)) == 2


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"family": "DURAND"}, {"usage_name": "Durand"}),
        ({"family": "DURAND", "usage_name": "Le Gall"}, {}),
        ({"family": "DURAND"}, {"former_names": ("DUPONT", "DURAND")}),
    ],
)
def test_a_usage_or_former_name_brings_its_bearer_to_the_top(identity, record, sent, kept):
    """Before the person whose birth name is merely near."""
    bearer = record(**kept)
    near = record(family="DURANDO", person_id=2)
    assert [one.person_id for one in rank(identity(**sent), [near, bearer])] == [1, 2]


@pytest.mark.parametrize(
    ("trait", "sent", "expected"),
    [
        (Trait.FAMILY_NAME, {"family": "LE GALL"}, 0),
        (Trait.FAMILY_NAME, {"family": "LEGLAL"}, 1),
        (Trait.FAMILY_NAME, {"family": "DURAND"}, 5),
        (Trait.GIVEN_NAMES, {"given": "Anne"}, 0),
        (Trait.GIVEN_NAMES, {"given": "Annie"}, 1),
        (Trait.GIVEN_NAMES, {"given": "Anne-Marie"}, 0),
        (Trait.GIVEN_NAMES, {"given": "Anna|Maria"}, 2),
        (Trait.BIRTHDATE, {"born": "1985-03-20"}, 1),
        (Trait.BIRTHDATE, {"born": "1985-00-00"}, 2),
        (Trait.GENDER, {"gender": "male"}, 1),
        (Trait.BIRTHPLACE, {"place": "69132"}, 1),
        (Trait.BIRTHPLACE, {"place": None}, 3),
    ],
)
def test_the_distance_of_a_trait_counts_edits(identity, record, trait, sent, expected):
    """Letters of k1, digits of the date, characters of the code; a sex is one away."""
    assert distance(trait, identity(**sent), record()) == expected


def test_a_transposition_counts_once():
    """Optimal string alignment, as the rules say."""
    assert OSA.distance("MARTIN", "MATRIN") == 1
