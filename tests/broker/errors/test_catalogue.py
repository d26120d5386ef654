"""The error catalogue is whole, unambiguous and silent about the inside of the house."""

import re
from pathlib import Path

import pytest

from broker.errors import Fate, MatchingRefusedError, PasserelleError, numbered
from broker.errors.catalogue import CHAPTERS, kinds, markdown
from broker.errors.lookup import declared

KINDS = list(kinds())
BY_NAME = {kind.__name__: kind for kind in KINDS}
every_error = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.number)

# The paragraph "Error numbers" of the contract: each event, and the number FranceConnect has.
ALIASES = {
    "Y030007": "InvalidParameterError MissingParameterError UnknownParameterError",
    "Y04EA6EF": "UnknownClientError",
    "Y04C013C": "RedirectUriError",
    "Y0434A7B": "InvalidClientError",
    "Y049E20B": "CodeNotFoundError",
    "Y0416228": "CodeReusedError",
    "Y020017": "ProviderDisabledError",
    "Y020019": "ProviderUnknownError",
    "Y020021": "CallbackStateMissingError",
    "Y020022": "CallbackStateError",
    "Y020023": "ProviderNotAllowedError",
    "Y020025": "AnswerWithoutCodeError",
    "Y020026": "TokenCallError",
    "Y020027": "UserinfoCallError",
    "Y020029": "UserinfoContentError UserinfoSubjectError",
    "Y020030": "UnsafeAnswerError UpstreamSignatureError UpstreamNonceError",
    "Y030030": "AbandonedError ConsentRefusedError",
    "Y030032": "InvalidIdpHintError",
    "Y100001": "LevelTooLowError",
    "Y100009": "AmrNotGrantedError",
    "Y180001": "AccountDeactivatedError SubjectInactiveError",
    "Y190001": "AttemptUnknownError",
    "Y330001": "DataProviderUnknownError",
    "Y330002": "DataProviderSecretError",
    "Y420001": "StepProofError",
    "Y470001": "FormTokenError",
    "Y470002": "FormTokenMissingError",
    "Y470003": "FormSessionMissingError",
    "Y470004": "FormExpiredError",
    "Y600006": "IdentityUnusableError UpstreamIdentityError",
}

PROTOCOL_WORDS = re.compile(
    r"(?i)\b(token|jeton|scope|claim|callback|nonce|state|redirect|client|issuer|endpoint|OpenID|"
    r"OAuth|eIDAS|acr|jwt|provider|fournisseur|veuillez|please)\b"
)
FRENCH_WORDS = re.compile(r"(?i)\b(le|la|les|des|une|vous|votre|est|pas|avec|pour|nous|ce|cette)\b")
ENGLISH_WORDS = re.compile(r"(?i)\b(the|you|your|is|not|with|for|we|this|and|of|to|that)\b")
CATALOGUE_CODE = re.compile(r"B0[1-6]\d\d")


def texts(kind: type[PasserelleError], language: str) -> list[str]:
    causes = kind.causes(language) if issubclass(kind, MatchingRefusedError) else ()
    return [kind.title(language), kind.public(language), *kind.following(language), *causes]


def test_no_number_serves_twice():
    """Two errors with one number could not be told apart at the telephone."""
    numbers = [kind.number for kind in KINDS]

    assert sorted(set(numbers)) == sorted(numbers)


def test_every_numbered_class_is_raised_or_mapped_somewhere(root):
    """A number that nobody can ever see does not belong in a manual."""
    rooms = [p for room in ("broker", "providers") for p in (root / room).rglob("*.py")]
    imports = re.compile(r"^(from .* import .*|    \w+,|from .* import \($)$", re.MULTILINE)
    used = imports.sub("", "\n".join(path.read_text() for path in rooms))
    never = [
        kind.__name__ for kind in KINDS if not re.search(rf"(?<!class )\b{kind.__name__}\b", used)
    ]

    assert never == []


def test_every_numbered_class_is_documented():
    """A class outside the chapters would be raised and never documented."""
    ours = {kind for kind in declared() if kind.__module__.startswith("broker.")}

    assert ours == set(KINDS)


def test_every_public_class_has_its_own_number():
    """Inheriting a number by forgetting one's own would make two events one."""
    for chapter, _title in CHAPTERS:
        for name, kind in vars(chapter).items():
            if isinstance(kind, type) and issubclass(kind, PasserelleError):
                if name.startswith("_") or kind in {PasserelleError, MatchingRefusedError}:
                    continue
                assert "number" in vars(kind), name


@every_error
def test_an_error_is_complete(kind):
    """Number, status, fate, title, sentence, next step and operator note in both languages."""
    assert CATALOGUE_CODE.fullmatch(kind.number)
    assert 400 <= kind.status <= 504
    assert kind.fate in Fate
    assert kind.__doc__
    assert kind.operator
    for language in ("fr", "en"):
        assert kind.title(language)
        assert kind.public(language)
        assert 1 <= len(kind.following(language)) <= 3


@every_error
def test_both_languages_say_as_much(kind):
    """A next step missing in one language would leave half of the people without it."""
    assert len(kind.next_fr) == len(kind.next_en)
    assert all(f != e for f, e in zip(texts(kind, "fr"), texts(kind, "en"), strict=True))


@every_error
def test_each_language_is_itself(kind):
    """No English in a French text, no French in an English one."""
    for text in texts(kind, "fr"):
        assert not ENGLISH_WORDS.search(text), text
    for text in texts(kind, "en"):
        assert not FRENCH_WORDS.search(text), text


@every_error
def test_people_read_plain_words(kind):
    """No word of the protocol, no order in disguise, no blame, one sentence each."""
    for language in ("fr", "en"):
        for text in texts(kind, language):
            assert not PROTOCOL_WORDS.search(text), text
            assert text[0].isupper(), text
        assert kind.public(language).endswith(".")
        assert not kind.title(language).endswith(".")
        assert all(line.endswith(".") for line in kind.following(language))


@every_error
def test_sentences_are_short(kind):
    """A tired person reads 30 words at most before a full stop."""
    for language in ("fr", "en"):
        for text in texts(kind, language):
            for sentence in re.split(r"[.:;]\s", text):
                assert len(sentence.split()) <= 30, sentence


@every_error
def test_an_oauth_error_travels(kind):
    """The codes sent to services are made of the characters RFC 6749 allows."""
    assert kind.oauth is None or re.fullmatch(r"[a-z_]+", kind.oauth)
    if kind.fate is Fate.REDIRECTED:
        assert kind.oauth


@every_error
def test_no_french_line_begins_with_a_sign(kind):
    """The space before a colon or a question mark does not break; English has none."""
    for text in texts(kind, "fr"):
        assert not re.search(r" [:;?!»]|« ", text), text
    for text in texts(kind, "en"):
        assert "\N{NO-BREAK SPACE}" not in text


@every_error
def test_the_operator_note_is_no_public_text(kind):
    """What helps the operator may help an attacker: it stands in no sentence people read."""
    for language in ("fr", "en"):
        assert all(kind.operator not in text for text in texts(kind, language))


@pytest.mark.parametrize(("alias", "names"), ALIASES.items())
def test_france_connect_has_a_number_for_it(alias, names):
    """A service that handles a number of FranceConnect meets it here for the same event."""
    for name in names.split():
        assert BY_NAME[name].alias == alias


def test_refusals_that_would_tell_whether_a_file_exists_are_one():
    """D3, D4, D5 and D6 are one class; D0 reads the same, with the same status."""
    none, unusable = BY_NAME["NoAccountPossibleError"], BY_NAME["IdentityUnusableError"]

    assert texts(none, "fr") == texts(unusable, "fr")
    assert texts(none, "en") == texts(unusable, "en")
    assert none.status == unusable.status


def test_the_refusal_is_worded_as_in_the_guide():
    """S102: the exact sentence of the guide, with S103-S110 as causes and remedies."""
    refusal = BY_NAME["NoAccountPossibleError"]
    told = " ".join(texts(refusal, "fr"))

    assert refusal.title_fr == "Votre situation ne permet pas la création d'un compte"
    for word in ("CPAM", "nom de naissance", "trait d'union", "accent", "particule"):
        assert word in told
    for word in ("acte de naissance", "code postal", "RIB", "2 à 3 jours ouvrés"):
        assert word in told


def test_a_deceased_holder_is_met_with_soft_words():
    """D7 never says what the file says."""
    told = " ".join(texts(BY_NAME["HolderDeceasedError"], "fr")).lower()

    assert not re.search(r"décé|mort|défunt", told)


def test_nobody_claims_strong_authentication():
    """Ruling X5: plain eIDAS low is not strong authentication."""
    for kind in KINDS:
        told = " ".join(texts(kind, "fr") + texts(kind, "en")).lower()
        assert "authentification forte" not in told
        assert "strong authentication" not in told


def test_a_refused_parameter_is_named_with_its_rule():
    """The developer reads which parameter broke which rule."""
    error = BY_NAME["InvalidParameterError"]("must be S256", parameter="code_challenge_method")

    assert error.explanation == "code_challenge_method: must be S256"
    assert "B0110" in str(error)


@pytest.mark.parametrize(
    ("error", "explanation"),
    [
        (BY_NAME["PkceError"]("only S256"), "only S256"),
        (BY_NAME["PkceError"](), BY_NAME["PkceError"].public_en),
        (
            BY_NAME["PkceError"](parameter="code_challenge"),
            f"code_challenge: {BY_NAME['PkceError'].public_en}",
        ),
    ],
)
def test_an_explanation_needs_nothing(error, explanation):
    """Without a parameter or a rule the event itself is told."""
    assert error.explanation == explanation


def test_private_facts_stay_private():
    """What is meant for the log is in neither the text nor the explanation of an error."""
    error = BY_NAME["InvalidClientError"](log={"tried": "hunter2"})

    assert error.log == {"tried": "hunter2"}
    assert "hunter2" not in f"{error} {error.explanation} {error.args}"


def test_an_error_is_found_by_its_number():
    """A banner or a document keeps only the number."""
    assert all(numbered(kind.number) is kind for kind in KINDS)


def test_an_unknown_number_finds_the_root():
    """A number of an older release shows nothing rather than failing."""
    assert numbered("B9999") is PasserelleError


def test_the_document_is_up_to_date(root: Path):
    """docs/errors.md says what the classes say; `python -m broker.errors.catalogue` remakes it."""
    assert (root / "docs" / "errors.md").read_text(encoding="utf-8") == markdown()


def test_the_document_names_every_error():
    """One row a number, in a table that no cell breaks."""
    rows = [line for line in markdown().splitlines() if line.startswith("| B")]

    assert len(rows) == len(KINDS)
    assert all(row.count("|") == 8 for row in rows)
