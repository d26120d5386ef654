"""What holds for every identity and every registry, not only for the examples."""

from datetime import date
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.cog.places import equivalent
from broker.insured.matching.decision import decide
from broker.insured.matching.normalise import k1
from broker.insured.matching.traits import family_names, given_names

TODAY = date(2026, 3, 1)
FRANCE = "99100"

SURNAMES = st.sampled_from(["LE GALL", "LEGALL", "LE GAL", "SAINT PAUL", "ST PAUL", "LI", "DURAND"])
FIRST = st.lists(
    st.sampled_from(["ANNE", "ANNA", "ANNE-MARIE", "MARIE", "JEAN", "PIERRE", "JEAN-PIERRE"]),
    min_size=1,
    max_size=3,
).map(tuple)
DATES = st.sampled_from(
    ["1950-01-01", "1950-12-31", "1950-00-00", "1950-05-01", "1950-05-00", "1950-05-02"]
)
PLACES = st.sampled_from(["69123", "69381", "69382", "78182", "91182", "91228", "92350", "20004"])
SEX = st.sampled_from(["female", "male"])
WORDS = {"family": SURNAMES, "given": FIRST, "born": DATES, "place": PLACES, "gender": SEX}
PERSON = st.fixed_dictionaries({**WORDS, "presumed": st.booleans(), "deceased": st.booleans()})
SENT = st.fixed_dictionaries({**WORDS, "tokens_given": st.booleans()})


@given(SENT, st.lists(PERSON, min_size=1, max_size=4))
@settings(max_examples=100)
def test_the_decision_does_not_depend_on_the_order_of_rows(identity, record, sent, people):
    """A database may return them in any order, and some of them twice."""
    rows = [record(person_id=n, **person) for n, person in enumerate(people)]
    first = decide(identity(**sent), rows, TODAY)
    for order in permutations(rows):
        assert decide(identity(**sent), [*order, order[0]], TODAY) == first


@given(SENT, st.lists(PERSON, min_size=1, max_size=4), PERSON)
@settings(max_examples=100)
def test_one_more_person_never_moves_a_link_to_somebody_else(
    identity, record, sent, people, newcomer
):
    """A newcomer may make a link doubtful; never turn it to another person of the registry."""
    rows = [record(person_id=n, **person) for n, person in enumerate(people)]
    before = decide(identity(**sent), rows, TODAY)
    after = decide(identity(**sent), [*rows, record(person_id=99, **newcomer)], TODAY)
    if before.record and after.record:
        assert after.record == before.record


def _same_first_names(sent, kept, array):
    """The rule told again, by words instead of lists: independent of the code under test."""
    ours = [name.replace("-", " ") for name in sent]
    theirs = [name.replace("-", " ") for name in kept]
    shorter = min(len(ours), len(theirs))
    if ours[:shorter] == theirs[:shorter]:
        return True
    text = "|".join(theirs)
    return not array and " ".join(ours) == text.replace("|", " ") and _cut_finer(ours, text)


def _cut_finer(ours, text):
    cut = set()
    for name in ours:
        cut.add(len(name.replace(" ", "")) + max(cut, default=0))
    kept, limits = 0, set()
    for name in text.split("|"):
        kept += len(name.replace(" ", ""))
        limits.add(kept)
    return limits <= cut


def _same_date(sent, kept, presumed):
    year_only, month_only = kept.endswith("-00-00"), kept.endswith("-00")
    if sent == kept or not presumed or not month_only:
        return sent == kept
    if year_only:
        return sent in (f"{kept[:4]}-01-01", f"{kept[:4]}-12-31")
    return sent == f"{kept[:7]}-01"


@given(SENT, PERSON)
@settings(max_examples=400)
def test_nobody_is_linked_when_any_trait_differs_beyond_the_equivalences(
    identity, record, sent, person
):
    """One record, one identity: a link means that every trait fits the rules as written."""
    decision = decide(identity(**sent), [record(**person)], TODAY)
    fits = (
        k1(sent["family"]) == k1(person["family"])
        and _same_first_names(sent["given"], person["given"], sent["tokens_given"])
        and _same_date(sent["born"], person["born"], person["presumed"])
        and sent["gender"] == person["gender"]
        and equivalent(sent["place"], person["place"])
    )
    assert (decision.record is not None) == fits


@given(SURNAMES, SURNAMES)
def test_the_likeness_of_birth_names_is_symmetric(one, other):
    """Whoever writes with a separator, registry or provider, the answer is one."""
    assert family_names(one, other) == family_names(other, one)


@given(FIRST, FIRST)
def test_the_likeness_of_first_names_sent_as_a_list_is_symmetric(identity, one, other):
    """With an array nothing was split, so neither side has a privilege."""
    there, back = given_names(identity(given=one), other), given_names(identity(given=other), one)
    assert there == back


@given(SENT, st.text(max_size=12), st.text(max_size=12))
def test_any_names_in_the_registry_are_met_without_an_error(identity, record, sent, family, first):
    """Whatever an old file holds, a login gets a decision."""
    decision = decide(identity(**sent), [record(family=family, given=(first,))], TODAY)
    assert decision.explanation.rule.startswith("D")
