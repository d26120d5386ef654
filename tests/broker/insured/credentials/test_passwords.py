"""The rules of a password, as a table, and what holds for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.insured.credentials.passwords import faults

NIR = "285036938301145"
EMAIL = "claire.durand@exemple.fr"

TABLE = [
    ("Un-mot-2-passe!", []),
    ("Zx9!kkvr", []),
    ("Zx9!kkv", ["length"]),
    ("zx9!kkvr", ["upper"]),
    ("ZX9!KKVR", ["lower"]),
    ("Zxx!kkvr", ["digit"]),
    ("Zx99kkvr", ["special"]),
    ("Élève-9-zèle", []),
    ("Zx9 kkvr", []),
    ("", ["length", "lower", "upper", "digit", "special"]),
    ("Zx9!" + "k" * 124, []),
    ("Zx9!" + "k" * 125, ["too_long"]),
    ("Azerty123!", ["known"]),
    ("P@ssw0rd2026!", ["known"]),
    ("MotDePasse1!", ["known"]),
    ("M0tdep@sse-36", ["known"]),
    ("Ameli-2026!", ["known"]),
    ("Soleil!2026", ["known"]),
    ("Passerelle-du-nord-7", []),
    (f"A{NIR}b!", ["personal"]),
    (f"A{NIR[:13]}b!", ["personal"]),
    ("Aa!2 85 03 69 383 011", ["personal"]),
    ("Claire.Durand@exemple.fr9", ["personal"]),
    ("Claire.Durand-9", ["personal"]),
]


@pytest.mark.parametrize(("password", "broken"), TABLE, ids=range(len(TABLE)))
def test_every_rule_that_is_broken_is_told_in_order(password, broken):
    """S51 to S54, X9: eight characters of four classes, neither personal nor common."""
    assert faults(password, (NIR, EMAIL)) == broken


def test_a_short_mailbox_name_is_no_secret_worth_refusing():
    """`jo@exemple.fr` forbids no password that holds `jo`; the whole address is refused."""
    assert faults("Jo-et-36-autres", ("jo@exemple.fr",)) == []
    assert faults("Jo@exemple.fr-9", ("jo@exemple.fr",)) == ["personal"]


def test_an_account_without_address_refuses_nothing_for_it():
    """An empty text is in every password, and tells nothing of it."""
    assert faults("Un-mot-2-passe!", (NIR, "")) == []


@given(st.text(max_size=200))
def test_any_text_is_judged_and_shape_is_what_it_says(password):
    """No text breaks the judge; whoever passes has the four classes and the lengths."""
    broken = faults(password, (NIR, EMAIL))

    assert len(broken) == len(set(broken))
    assert ("length" in broken) == (len(password) < 8)
    assert ("too_long" in broken) == (len(password) > 128)
    if not broken:
        assert any(c.islower() for c in password)
        assert any(c.isupper() for c in password)
        assert any(c.isdigit() for c in password)
        assert any(not c.isalnum() for c in password)


@given(st.text(min_size=1, max_size=20), st.text(max_size=20))
def test_a_password_around_the_number_is_always_personal(before, after):
    """Wherever the NIR stands in it."""
    assert "personal" in faults(before + NIR + after, (NIR, EMAIL))
