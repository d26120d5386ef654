"""From claims to the pivot identity: names, dates, sexes, places as real providers send them."""

from datetime import date

import pytest

from providers.claims import ClaimsMapping, pivot_identity
from providers.identity import Gender, PartialDate
from providers.token_faults import TraitInvalid
from tests.providers.upstream import CLAIRE

STANDARD = ClaimsMapping()
ABSENT = object()
WRONG_TYPES = [7, 1985.5, True, ["DURAND"], {"value": "DURAND"}]
MANDATORY = ("given_name", "family_name", "birthdate", "gender", "birthcountry")


def _identity(mapping=STANDARD, **changes):
    """The identity in Claire's claims with these changes; her list of first names is left out."""
    claims = {**CLAIRE, "given_name_array": ABSENT, **changes}
    told = {name: value for name, value in claims.items() if value is not ABSENT}
    return pivot_identity(told, mapping)


def _refused(mapping=STANDARD, **changes):
    with pytest.raises(TraitInvalid) as refused:
        _identity(mapping, **changes)
    return refused.value


@pytest.mark.parametrize("value", [ABSENT, None, "", "   ", *WRONG_TYPES])
@pytest.mark.parametrize("trait", MANDATORY)
def test_a_mandatory_trait_is_a_text_or_refused_by_name(trait, value):
    """A mandatory trait that is absent, empty or of another type is named, its value never."""
    refused = _refused(**{trait: value})

    assert refused.trait == trait
    assert refused.private["trait"] == trait
    assert "DURAND" not in repr(refused)
    assert not refused.blames_upstream


@pytest.mark.parametrize("value", WRONG_TYPES)
@pytest.mark.parametrize("trait", ["birthplace", "preferred_username", "email"])
def test_an_optional_trait_of_another_type_is_refused_by_name(trait, value):
    """An optional trait may be absent, not a number or a list."""
    assert _refused(**{trait: value}).trait == trait


@pytest.mark.parametrize(
    ("given_name", "array", "expected"),
    [
        ("Claire Anne", ABSENT, (("Claire", "Anne"), False)),
        ("  Claire   Anne ", ABSENT, (("Claire", "Anne"), False)),
        ("Claire Anne", [], (("Claire", "Anne"), False)),
        ("Claire Anne", None, (("Claire", "Anne"), False)),
        ("Claire Anne", ["Claire", "Anne"], (("Claire", "Anne"), True)),
        ("Claire Anne", ["Claire Anne"], (("Claire Anne",), True)),
        ("JEAN PIERRE", ["Jean-Pierre"], (("Jean-Pierre",), True)),
        ("Noël", ["NOEL"], (("NOEL",), True)),
        ("Cœur", ["Coeur"], (("Coeur",), True)),
        (ABSENT, ["Claire", "Anne"], (("Claire", "Anne"), True)),
    ],
)
def test_first_names_keep_the_limits_the_provider_gave(given_name, array, expected):
    """With a list each first name is known; without one, words are first names."""
    identity = _identity(given_name=given_name, given_name_array=array)

    assert (identity.given_names, identity.tokens_given) == expected


@pytest.mark.parametrize(
    ("given_name", "array", "trait"),
    [
        ("Claire Anne", ["Claire"], "given_name"),
        ("Claire", ["Claire", "Anne"], "given_name"),
        ("Anne Claire", ["Claire", "Anne"], "given_name"),
        ("Claire", ["Paul"], "given_name"),
        ("Claire", "Claire", "given_name_array"),
        ("Claire", {"0": "Claire"}, "given_name_array"),
        ("Claire", ["Claire", 7], "given_name_array"),
        ("Claire", ["Claire", None], "given_name_array"),
        ("Claire", ["Claire", ""], "given_name_array"),
        ("Claire", ["Claire", " "], "given_name_array"),
        ("Claire", ["C"] * 101, "given_name_array"),
        (7, ["Claire"], "given_name"),
    ],
)
def test_first_names_that_disagree_are_refused(given_name, array, trait):
    """The text and the list must tell the same names; a list of anything else is refused."""
    assert _refused(given_name=given_name, given_name_array=array).trait == trait


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("YYYY-MM-DD", "1985-03-27", (1985, 3, 27)),
        ("YYYY-MM-DD", " 1985-03-27 ", (1985, 3, 27)),
        ("YYYY-MM-DD", "1985-03-00", (1985, 3, 0)),
        ("YYYY-MM-DD", "1985-00-00", (1985, 0, 0)),
        ("YYYY-MM-DD", "2000-02-29", (2000, 2, 29)),
        ("DD/MM/YYYY", "27/03/1985", (1985, 3, 27)),
        ("DD/MM/YYYY", "00/03/1985", (1985, 3, 0)),
        ("DD/MM/YYYY", "00/00/1985", (1985, 0, 0)),
        ("YYYYMMDD", "19850327", (1985, 3, 27)),
        ("YYYYMMDD", "19850000", (1985, 0, 0)),
    ],
)
def test_a_date_is_read_in_its_declared_order(form, text, expected):
    """The order of the digits is a setting; 00 stays what is unknown."""
    mapping = ClaimsMapping(date_format=form)

    assert _identity(mapping, birthdate=text).birthdate == PartialDate(*expected)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("YYYY-MM-DD", "27/03/1985"),
        ("YYYY-MM-DD", "1985-3-27"),
        ("YYYY-MM-DD", "1985"),
        ("YYYY-MM-DD", "1985-03"),
        ("YYYY-MM-DD", "1985-13-01"),
        ("YYYY-MM-DD", "1985-02-30"),
        ("YYYY-MM-DD", "1985-00-27"),
        ("YYYY-MM-DD", "0000-03-27"),
        ("YYYY-MM-DD", "1985-03-27T00:00:00Z"),
        ("YYYY-MM-DD", "1985-03-27\n1"),
        ("YYYY-MM-DD", "१९८५-०३-२७"),
        ("DD/MM/YYYY", "1985-03-27"),
        ("DD/MM/YYYY", "27/00/1985"),
        ("DD/MM/YYYY", "31/04/1985"),
        ("YYYYMMDD", "27031985"),
    ],
)
def test_a_date_of_another_form_or_of_no_calendar_is_refused(form, text):
    """No date is guessed: the rule is told, the date is not."""
    refused = _refused(ClaimsMapping(date_format=form), birthdate=text)

    assert refused.trait == "birthdate"
    assert text not in refused.rule


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-03-01", True),
        ("2026-03-00", True),
        ("2026-00-00", True),
        ("2026-03-02", False),
        ("2026-04-00", False),
        ("2099-00-00", False),
    ],
)
def test_nobody_is_born_after_the_day_of_the_sign_in(text, read):
    """A date in the future is no date of birth; one that is partly unknown may still be past."""
    told = CLAIRE | {"birthdate": text}
    if read:
        assert str(pivot_identity(told, ClaimsMapping(), date(2026, 3, 1)).birthdate) == text
        return
    with pytest.raises(TraitInvalid) as refused:
        pivot_identity(told, ClaimsMapping(), date(2026, 3, 1))
    assert (refused.value.trait, refused.value.rule) == ("birthdate", "lies in the future")


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (None, "female", Gender.FEMALE),
        (None, "unspecified", Gender.UNSPECIFIED),
        ({"M": "male", "F": "female"}, "F", Gender.FEMALE),
        ({"1": "male", "2": "female"}, "1", Gender.MALE),
        (None, "F", None),
        (None, "Female", None),
        (None, "other", None),
        ({"M": "male", "F": "female"}, "female", None),
    ],
)
def test_a_sex_is_one_of_the_declared_words(words, text, expected):
    """The provider's words for the sexes are a setting; any other word is refused."""
    mapping = ClaimsMapping(gender_values=words) if words else STANDARD
    if expected is None:
        assert _refused(mapping, gender=text).trait == "gender"
    else:
        assert _identity(mapping, gender=text).gender is expected


@pytest.mark.parametrize(
    ("country", "place", "expected"),
    [
        ("99100", "69383", "69383"),
        ("99100", "2A004", "2A004"),
        ("99100", "2b033", "2B033"),
        ("99100", "97411", "97411"),
        ("99352", "", None),
        ("99352", "  ", None),
        ("99352", None, None),
        ("99352", ABSENT, None),
    ],
)
def test_a_place_is_a_code_in_france_and_nothing_abroad(country, place, expected):
    """Born abroad, the place is absent, null or empty, as real providers send it."""
    assert _identity(birthcountry=country, birthplace=place).birthplace == expected


@pytest.mark.parametrize(
    ("country", "place", "trait"),
    [
        ("99100", "", "birthplace"),
        ("99100", ABSENT, "birthplace"),
        ("99100", "Lyon", "birthplace"),
        ("99100", "6938", "birthplace"),
        ("99100", "2C004", "birthplace"),
        ("99100", "٦٩٣٨٣", "birthplace"),
        ("99352", "69383", "birthplace"),
        ("FR", "69383", "birthcountry"),
        ("00100", "69383", "birthcountry"),
        ("991000", "69383", "birthcountry"),
        ("France", "69383", "birthcountry"),
    ],
)
def test_a_place_or_country_that_is_no_code_is_refused(country, place, trait):
    """Names of towns, codes of another length, a French town with a foreign country: refused."""
    assert _refused(birthcountry=country, birthplace=place).trait == trait


@pytest.mark.parametrize(
    ("email", "kept"),
    [
        ("claire@exemple.fr", "claire@exemple.fr"),
        (" claire@exemple.fr ", "claire@exemple.fr"),
        (ABSENT, None),
        (None, None),
        ("", None),
        ("claire", None),
        ("claire@", None),
        ("@exemple.fr", None),
        ("claire@exemple", None),
        ("claire@exemple.fr\nBcc: all@exemple.fr", None),
        ("cl aire@exemple.fr", None),
        ("claire@@exemple.fr", None),
        ("a" * 250 + "@exemple.fr", None),
    ],
)
def test_an_address_that_cannot_be_written_to_is_left_out(email, kept):
    """The address is no trait to match by: a broken one is as good as none."""
    assert _identity(email=email).email == kept


def test_an_address_said_to_be_unverified_is_left_out():
    """What the provider itself does not vouch for is not taken over."""
    assert _identity(email_verified=False).email is None
    assert _identity(email_verified=True).email == "claire@exemple.fr"


def test_names_of_claims_are_a_setting():
    """Each trait may come under a name of its own."""
    names = {trait: f"their_{trait}" for trait in (*MANDATORY, "birthplace", "email")}
    claims = {f"their_{trait}": CLAIRE[trait] for trait in (*MANDATORY, "birthplace", "email")}

    assert pivot_identity(claims, ClaimsMapping(**names)) == _identity(preferred_username=ABSENT)


@pytest.mark.parametrize(
    ("trait", "text"),
    [
        ("family_name", "ДУПЛЯ"),
        ("family_name", "DUR\u0391ND"),
        ("family_name", "DUR\x07AND"),
        ("family_name", "D" * 256),
        ("family_name", "'-'"),
        ("family_name", "\ud800DURAND"),
        ("given_name", "Клер"),
        ("preferred_username", "M\u0410RTIN"),
        ("family_name", "MART\u093fN"),
        ("family_name", "MARTIN\u094d"),
        ("family_name", "\U0001f17cARTIN"),
        ("family_name", "MARTIN \U0001f600"),
        ("family_name", "MARTIN \u0661"),
        ("given_name", "\u24b8laire\u0326\u2de0"),
    ],
)
def test_a_name_a_reader_could_not_tell_apart_is_refused(trait, text):
    """Look-alike letters and signs of another script, controls and endless names are refused."""
    refused = _refused(**{trait: text})

    assert refused.trait == trait
    assert text not in str(refused)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("D\u2019ARTAGNAN", "D\u2019ARTAGNAN"),
        ("LE  ROY", "LE ROY"),
        ("DU\u200bRAND", "DURAND"),
        ("\uff24\uff35\uff32\uff21\uff2e\uff24", "DURAND"),
        ("LEFE\u0300VRE", "LEFÈVRE"),
        ("Œ", "Œ"),
        ("ß", "ß"),
        ("\u02bbOkina", "\u02bbOkina"),
        ("X", "X"),
        ("DURAND\tMARTIN", None),
    ],
)
def test_a_name_is_folded_without_being_changed(text, folded):
    """Composed form, no invisible characters, single blanks; letters stay as they are."""
    if folded is None:
        assert _refused(family_name=text).trait == "family_name"
    else:
        assert _identity(family_name=text).family_name == folded
