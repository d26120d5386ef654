"""Names fold to one form whatever the keyboard they were typed on, and to no more than that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.insured.matching.normalise import is_missing, is_unknown_marker, k0, k1

SAME_K0 = [
    ("Lefèvre", "LEFEVRE"),
    ("Œuvrard", "OEUVRARD"),
    ("Ærø", "AERO"),
    ("Łukasz", "LUKASZ"),
    ("Đặng", "DANG"),
    ("Weiß", "WEISS"),
    ("D\u2019Ormesson", "D'ORMESSON"),
    ("D`Ormesson", "D ORMESSON"),
    ("Jean\u2010Pierre", "JEAN PIERRE"),
    ("Dupont--Martin", "DUPONT MARTIN"),
    ("Dupont - Martin", "DUPONT-MARTIN"),
    ("  le   gall ", "LE GALL"),
    ("\uff2d\uff21\uff32\uff34\uff29\uff2e", "MARTIN"),
    ("Re\u0301my", "RÉMY"),
    ("Mar\u00adtin", "MARTIN"),
    ("Mar\u200btin", "MARTIN"),
    ("O'Connor", "O CONNOR"),
    ("ÿ", "Y"),
]
SAME_K1_OTHER_K0 = [
    ("Le Roy", "LEROY"),
    ("Saint-Martin", "St Martin"),
    ("SAINT MARTIN", "SAINTMARTIN"),
    ("Sainte-Marie", "STE MARIE"),
    ("De La Tour", "DELATOUR"),
    ("Jean-Pierre", "JEANPIERRE"),
]
OTHER_K1 = [
    ("De Gaulle", "Gaulle"),
    ("El Idrissi", "Idrissi"),
    ("Ben Ali", "Ali"),
    ("Saint-Martin", "Sainte-Martin"),
    ("StMartin", "SaintMartin"),
    ("Dupond", "Dupont"),
    ("Muller", "Mueller"),
    ("A", "B"),
    ("Du Pont", "De Pont"),
]


@pytest.mark.parametrize(("one", "other"), SAME_K0)
def test_case_accents_ligatures_and_separators_are_one_form(one, other):
    """k0 is equality: nothing a keyboard or a form could change separates two names."""
    assert k0(one) == k0(other) != ""


@pytest.mark.parametrize(("one", "other"), SAME_K1_OTHER_K0)
def test_a_separator_against_none_and_saint_are_equivalent_only(one, other):
    """k1 is equal where k0 is not: the journal will name the equivalence."""
    assert k1(one) == k1(other)
    assert k0(one) != k0(other)


@pytest.mark.parametrize(("one", "other"), OTHER_K1)
def test_particles_and_letters_are_never_forgotten(one, other):
    """DE, EL, BEN are part of the name; stripping them would merge families."""
    assert k1(one) != k1(other)


@pytest.mark.parametrize(
    "text",
    [
        "\u041c\u0410\u0420\u0422\u0418\u041d",
        "M\u0410RTIN",
        "\u039cARTIN",
        "マルタン",
        "MAR\x00TIN",
        "MAR\nTIN",
        "MART\u093fN",
        "\U0001f17cARTIN",
        "MARTIN \U0001f600",
        "MARTIN \u0661",
    ],
)
def test_another_script_or_a_control_character_names_nobody(text):
    """A look-alike letter makes the name empty, and an empty name equals nothing."""
    assert k0(text) == ""
    assert is_missing(text)


@pytest.mark.parametrize(
    "text",
    [
        "INCONNU",
        "inconnue",
        "Sans prénom",
        "SANS-NOM",
        "SP",
        "S.P.",
        "SN",
        "X",
        "XX",
        "X...",
        "xxx",
        "INCONNU INCONNU",
        "Nom inconnu",
        "prénom inconnu",
        "SNP",
        "S.N.P.",
        "non connue",
        "Prénom non renseigné",
    ],
)
def test_an_unknown_marker_is_a_missing_name(text):
    """Two unknown persons are not the same person."""
    assert is_unknown_marker(text)
    assert is_missing(text)


@pytest.mark.parametrize(
    "text",
    ["A", "O", "Xavier", "Inconnu-Martin", "Y", "Sanson", "Spa", "Ng", "Nom", "Sans", "Nonon"],
)
def test_a_short_or_similar_name_is_a_name(text):
    """One-letter surnames exist."""
    assert not is_unknown_marker(text)
    assert not is_missing(text)


@pytest.mark.parametrize("text", ["", " ", "-", "...", "'"])
def test_nothing_is_missing_but_no_marker(text):
    """An empty name is missing too."""
    assert is_missing(text)
    assert not is_unknown_marker(text)


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text):
    """Both forms are fixed points, and k1 sees no more than k0 does."""
    assert k0(k0(text)) == k0(text)
    assert k1(k1(text)) == k1(text)
    assert k1(k0(text)) == k1(text)


@given(st.text(max_size=40))
def test_a_normalised_name_is_plain(text):
    """Upper-case letters, digits and single blanks only."""
    folded = k0(text)
    assert folded.isascii()
    assert folded == " ".join(folded.split())
    assert all(part.isalnum() and part == part.upper() for part in folded.split())
    assert " " not in k1(text)


@given(st.lists(st.text(alphabet="ABCDEÉÈ", min_size=1, max_size=6), min_size=1, max_size=4))
def test_any_separator_is_any_other(words):
    """Hyphen, blank, double hyphen and both apostrophes fold to one form."""
    forms = {k0(separator.join(words)) for separator in (" ", "-", "--", "'", "\u2019", " - ")}
    assert len(forms) == 1
