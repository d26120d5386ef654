"""Finding who calls: by number, by what is said, by the case of a refused login."""

import pytest

from broker.errors import CaseUnknownError, DeskFieldError
from broker.insured.desk.asking import asked_of
from broker.insured.desk.desk import why_of
from broker.insured.desk.finding import case_number_form
from broker.insured.desk.words import Reason
from providers.identity import Gender, PartialDate
from tests.broker.insured.desk.conftest import WHY


@pytest.fixture
def shown(desk, staff):
    """The persons that a search shows."""

    def search(**said):
        return desk.read(staff, desk.search(staff, said, WHY))["persons"]

    return search


def test_a_number_finds_its_person(shown, registered):
    """15 or 13 characters, blanks or not; the number itself is shown masked."""
    claire = registered()

    for typed in (claire.nir, claire.nir[:13], f"{claire.nir[:1]} {claire.nir[1:]}"):
        (found,) = shown(nir=typed)
        assert found["family_name"] == "DURAND"
        assert found["nir_masked"] == "2 85 03 •• ••• ••• ••"
        assert claire.nir[:13] not in str(found)


def test_an_earlier_number_finds_its_person_and_says_so(shown, registered, population):
    """A corrected number is no refusal: the advisor sees that it is an old one."""
    old = population.other().nir
    registered(population.other(family_name="PETIT", former_nirs=old))

    (found,) = shown(nir=old)

    assert found["family_name"] == "PETIT"
    assert found["former_number"]


def test_a_number_that_is_nobodys_finds_nobody(shown, registered, population):
    """Nothing is shown, and the search is a consultation all the same."""
    registered()

    assert shown(nir=population.other().nir) == []


@pytest.mark.parametrize(
    ("nir", "fault"), [("2850369383", "length"), ("285036938301199", "key"), ("zz", "length")]
)
def test_a_typing_error_in_a_number_is_named(desk, staff, registered, nir, fault):
    """S46, X11: a key that is wrong is a typing error, not a stranger."""
    registered()

    with pytest.raises(DeskFieldError) as refusal:
        desk.search(staff, {"nir": nir}, WHY)
    assert (refusal.value.parameter, refusal.value.detail) == ("nir", fault)


def test_the_nearest_person_comes_first_with_the_trait_that_differs(shown, registered, population):
    """The caller spelt the name with one letter too many."""
    registered(population.other(family_name="DURANTON", given_names="Claire"))

    found = shown(
        family_name="Durrand",
        given_names="Claire, Anne",
        birthdate="1985-03-27",
        birthplace="69383",
    )

    assert found[0]["family_name"] == "DURAND"
    assert found[0]["differing"] == ["family_name"]


def test_five_persons_at_most_are_shown(shown, registered, population):
    """Namesakes do not make a directory of the desk."""
    registered(*(population.other(given_names="Claire") for _ in range(9)))

    assert len(shown(family_name="DURAND", given_names="Claire")) == 5


def test_a_usage_name_is_no_obstacle(shown, registered, population):
    """Married persons give the name they use; date and place find them."""
    registered(population.other(family_name="LEROY", usage_name="MOREL", given_names="Ada"))

    found = shown(family_name="Morel", given_names="Ada", birthdate="1985-03-27")

    assert found[0]["family_name"] == "LEROY"
    assert found[0]["usage_name"] == "MOREL"


def test_a_former_name_is_shown_as_such(shown, registered, population):
    """A name that was changed is a flag for the advisor."""
    registered(population.other(family_name="PETIT", former_names="GRAND", given_names="Zoé"))

    found = shown(family_name="Grand", given_names="Zoé", birthdate="1985-03-27")

    assert (found[0]["family_name"], found[0]["former_names"]) == ("PETIT", [])
    assert found[0]["differing"] == ["family_name"]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"family_name": "Durand"},
        {"given_names": "Claire", "birthplace": "69383"},
        {"gender": "female"},
    ],
)
def test_too_little_is_refused(desk, staff, registered, said):
    """One trait alone would find thousands of persons."""
    registered()

    with pytest.raises(DeskFieldError, match="too_little"):
        desk.search(staff, said, WHY)


@pytest.mark.parametrize(
    ("said", "parameter"),
    [
        ({"birthdate": "27/03/1985"}, "birthdate"),
        ({"birthdate": "1985-13-01"}, "birthdate"),
        ({"gender": "f"}, "gender"),
        ({"birthplace": "99999"}, "birthplace"),
        ({"birthplace": "Nulle-Part-sur-Rien"}, "birthplace"),
        ({"birthcountry": "Atlantide"}, "birthcountry"),
        ({"family_name": "Дюран"}, "family_name"),
    ],
)
def test_what_cannot_be_read_is_named(desk, staff, registered, said, parameter):
    """The field and the fault, never a search on something else."""
    registered()
    whole = {"family_name": "Durand", "given_names": "Claire", **said}

    with pytest.raises(DeskFieldError) as refusal:
        desk.search(staff, whole, WHY)
    assert refusal.value.parameter == parameter


def test_a_person_is_shown_with_places_and_funds_by_name(shown, registered, population):
    """The department beside the commune, and no fund by the number of its department."""
    registered(
        population.other(
            family_name="PAYET", given_names="Anne", birthplace="97411", fund="CPAM 01"
        )
    )

    (found,) = shown(family_name="Payet", given_names="Anne", birthdate="1985-03-27")

    assert found["birthplace_name"] == "Saint-Denis (La Réunion)"
    assert found["rights"]["fund"] == "CPAM de l'Ain"


def test_what_was_searched_is_shown_again_by_name(desk, staff, registered):
    """The advisor typed codes: they are read again as places."""
    registered()
    said = {"family_name": "Durand", "given_names": "Claire", "birthplace": "69383"}
    abroad = {"family_name": "Durand", "given_names": "Claire", "birthcountry": "99352"}

    asked = [desk.read(staff, desk.search(staff, one, WHY))["asked"] for one in (said, abroad)]

    assert asked[0]["birthplace"] == "Lyon 3e Arrondissement (Rhône)"
    assert asked[1]["birthcountry"] == "Algérie"
    assert asked[0]["family_name"] == "Durand"


def test_a_commune_is_known_by_its_name_or_its_code():
    """The advisor types what the caller says."""
    assert asked_of({"birthplace": "lyon 3e arrondissement"}).birthplace == "69383"
    assert asked_of({"birthplace": "69383"}).birthcountry == "99100"
    assert asked_of({"birthplace": "2a004"}).birthplace == "2A004"


def test_a_name_borne_by_several_communes_lists_them():
    """The advisor asks for the department and types the code."""
    with pytest.raises(DeskFieldError, match=r"several: .*,") as refusal:
        asked_of({"birthplace": "Saint-Denis"})
    assert "93066 (Seine-Saint-Denis), 97411 (La Réunion)" in refusal.value.detail


def test_a_country_is_known_by_its_name_in_both_languages():
    """A birth abroad has no commune."""
    for typed in ("99352", "Algérie", "algeria"):
        asked = asked_of({"birthcountry": typed, "birthplace": "Oran"})
        assert (asked.birthcountry, asked.birthplace) == ("99352", None)


def test_everything_said_is_asked():
    """Each field of the form reaches the search."""
    asked = asked_of(
        {
            "family_name": "Durand",
            "given_names": "Claire, Anne",
            "birthdate": "1985-00-00",
            "gender": "female",
        }
    )

    assert asked.given_names == ("Claire", "Anne")
    assert asked.birthdate == PartialDate(1985, 0, 0)
    assert asked.gender is Gender.FEMALE
    assert asked.birthplace is None


def test_a_refused_login_is_found_by_its_number(desk, staff, registered, refused_login):
    """The rule, the trait that differs, the identity that came, and the person it is nearest to."""
    registered()
    number = refused_login(family_name="Durrand")

    read = desk.read(staff, desk.open_case(staff, number, WHY))

    assert read["case"]["explanation"]["rule"] == "D5"
    assert read["case"]["explanation"]["differing"] == "family_name"
    assert read["case"]["identity"]["family_name"] == "Durrand"
    assert read["persons"][0]["family_name"] == "DURAND"
    assert read["persons"][0]["differing"] == ["family_name"]


def test_equivalences_of_a_refused_login_are_told(
    desk, staff, registered, population, refused_login
):
    """An ambiguity after an equivalence names the equivalence and the rivals (D3)."""
    registered(population.other(family_name="DU RAND", given_names="Claire|Anne"))
    number = refused_login()

    explanation = desk.read(staff, desk.open_case(staff, number, WHY))["case"]["explanation"]

    assert explanation["rule"] == "D3"
    assert len(explanation["rivals"]) == 2


def test_a_case_number_is_read_as_it_is_spoken(desk, staff, registered, refused_login):
    """Small letters, blanks and hyphens do not matter."""
    registered()
    number = refused_login(family_name="Durrand")
    spoken = number.lower().replace("-", " ")

    assert desk.read(staff, desk.open_case(staff, spoken, WHY))["case"]["number"] == number
    assert case_number_form(" 7k4m 2qxp ") == "7K4M-2QXP"


def test_a_number_that_no_case_has_is_told(desk, staff, registered):
    """Nothing is opened."""
    registered()

    with pytest.raises(CaseUnknownError):
        desk.open_case(staff, "7K4M-2QXP", WHY)


def test_what_waits_is_told_without_names(desk, staff, registered, refused_login):
    """The first page of the desk shows numbers and dates, for it is no consultation."""
    registered()
    number = refused_login(family_name="Durrand")

    told = desk.overview(staff)

    assert told["cases"]["waiting"] == 1
    assert told["cases"]["latest"][0]["number"] == number
    assert "durrand" not in str(told).lower()


@pytest.mark.parametrize("reason", ["", "curiosity", "OTHER"])
def test_a_reason_of_the_list_is_required(reason):
    """Row S99: no file without a reason."""
    with pytest.raises(DeskFieldError) as refusal:
        why_of(reason, "a note")
    assert refusal.value.parameter == "reason"


def test_another_reason_needs_words():
    """`other` alone says nothing; a note is kept short."""
    for note in ("", "   ", "x" * 501):
        with pytest.raises(DeskFieldError) as refusal:
            why_of("other", note)
        assert refusal.value.parameter == "note"
    assert why_of("other", " asked by  the fund ").note == "asked by the fund"
    assert why_of("fraud", "").reason is Reason.FRAUD
