"""The readings of the rules that once linked strangers; each stands here so that it stays wrong."""

import pytest

TWIN_DATE = "1994-07-11"


def test_jean_pierre_is_not_linked_to_his_twin_jean(identity, record, outcome):
    """With an array, JEAN-PIERRE absent and his twin JEAN, PIERRE present: nobody is found."""
    twin = record(given="JEAN|PIERRE", gender="male")
    sent = identity(given="Jean-Pierre", gender="male")
    assert outcome(sent, twin) == "near_miss"
    assert outcome(identity(given="Jean-Pierre", gender="male", tokens_given=False), twin) == (
        "near_miss"
    )


def test_jean_is_not_linked_to_his_twin_jean_pierre(identity, record, outcome):
    """JEAN, PIERRE sent as an array never equals the record JEAN-PIERRE."""
    twin = record(given="JEAN-PIERRE", gender="male")
    assert outcome(identity(given="Jean|Pierre", gender="male"), twin) == "near_miss"
    assert outcome(identity(given="Jean", gender="male"), twin) == "none"


def test_a_split_compound_with_both_twins_present_goes_to_a_human(identity, record, outcome):
    """Without array, JEAN PIERRE is exactly one twin and equivalently the other."""
    one = record(given="JEAN|PIERRE", gender="male")
    other = record(given="JEAN-PIERRE", gender="male", person_id=2)
    sent = identity(given="Jean|Pierre", gender="male", tokens_given=False)
    assert outcome(sent, one, other) == "ambiguous"
    assert outcome(sent, other) == "tolerant"


@pytest.mark.parametrize("sent", ["1950-01-01", "1950-12-31", "1950-05-01"])
@pytest.mark.parametrize("flagged", [True, False])
def test_a_presumed_form_never_reaches_a_complete_date(identity, record, outcome, sent, flagged):
    """A registry date with a day is a date, flagged or not."""
    kept = "1950-05-03"
    query = identity(born=sent)
    assert outcome(query, record(born=kept, presumed=flagged)) in ("near_miss", "none")


@pytest.mark.parametrize("kept", ["1950-00-00", "1950-05-00"])
@pytest.mark.parametrize("sent", ["1950-01-01", "1950-12-31", "1950-05-01"])
def test_an_incomplete_date_without_the_flag_is_not_presumed(identity, record, outcome, sent, kept):
    """Only the flag makes -01-01 a way of writing an unknown day."""
    assert outcome(identity(born=sent), record(born=kept)) in ("near_miss", "none")


@pytest.mark.parametrize(
    ("sent", "kept", "expected"),
    [
        ("20004", "2A004", "tolerant"),
        ("2B033", "20033", "tolerant"),
        ("20004", "2B033", "none"),
        ("2A004", "2B004", "near_miss"),
        ("20237", "20294", "near_miss"),
        ("75111", "75112", "near_miss"),
        ("75112", "75056", "tolerant"),
        ("91182", "78228", "none"),
        ("78182", "78228", "near_miss"),
        ("78182", "91228", "tolerant"),
        ("75048", "93048", "tolerant"),
    ],
)
def test_old_corsica_sister_communes_and_sister_arrondissements(
    identity, record, outcome, sent, kept, expected
):
    """Upward only: what merged into one place was two, and sisters are strangers."""
    born = "1960-03-02"
    assert outcome(identity(place=sent, born=born), record(place=kept, born=born)) == expected


@pytest.mark.parametrize(
    ("kept", "country", "expected"),
    [("92350", "99352", "tolerant"), ("91228", "99352", "none"), ("95500", "99350", "none"),
     ("96101", "99351", "tolerant"), ("92350", "99350", "near_miss")],
)  # fmt: skip
def test_essonne_is_not_algeria(identity, record, outcome, kept, country, expected):
    """A code 91 to 95 that a commune of France bears is that commune."""
    born = "1955-03-02"
    query = identity(place=None, country=country, born=born)
    assert outcome(query, record(place=kept, born=born)) == expected


@pytest.mark.parametrize(
    "rival",
    [
        {"given": "ANNE"},
        {"place": "69381"},
        {"family": "LEGALL"},
        {"given": "ANNE|MARIE|LUCIE"},
    ],
)
def test_an_exact_match_does_not_win_over_an_equivalent_rival(identity, record, outcome, rival):
    """Who typed which form cannot be known: a human decides."""
    assert outcome(identity(), record(), record(person_id=2, **rival)) == "ambiguous"


def test_a_presumed_rival_of_an_exact_date_goes_to_a_human(identity, record, outcome):
    """Born on 1 January, and somebody of the same name born on an unknown day of that year."""
    born, unknown = record(born="1950-01-01"), record(born="1950-00-00", presumed=True, person_id=2)
    assert outcome(identity(born="1950-01-01"), born, unknown) == "ambiguous"


def test_parent_and_child_of_the_same_name_are_two_people(identity, record, outcome):
    """The date differs wholly, so the absent child is nobody."""
    parent = record(born="1958-09-14")
    assert outcome(identity(born="1985-03-02"), parent) == "none"


@pytest.mark.parametrize("kind", ["family", "given"])
@pytest.mark.parametrize(
    "marker",
    ["INCONNU", "SANS PRENOM", "SP", "SN", "X", "X" * 3, "SANS NOM", "INCONNU INCONNU", "SNP"],
)
def test_two_unknown_persons_are_not_one(identity, record, outcome, kind, marker):
    """A marker is a missing trait on either side."""
    assert outcome(identity(**{kind: marker}), record(**{kind: marker})) == "invalid"
    assert outcome(identity(), record(**{kind: marker})) in ("near_miss", "none")


def test_an_email_is_never_a_key(identity, record, outcome):
    """The same e-mail with another birth name finds nobody."""
    assert outcome(identity(family="DURAND", email="anne@exemple.fr"), record()) == "none"


def test_former_names_rank_a_candidate_and_never_link(identity, record, outcome):
    """A corrected name is the advisor's business."""
    renamed = record(family="BERNARD", former_names=("LE GALL",))
    assert outcome(identity(), renamed) == "none"
