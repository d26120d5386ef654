"""IBANs are checked in full and kept as fingerprints."""

import pytest
import schwifty
from hypothesis import given
from hypothesis import strategies as st

from broker.insured.registry.fields import FieldError
from broker.insured.registry.iban import IbanPrinter, checks, exported, shown
from broker.insured.registry.lives import french_iban

PRINTER = IbanPrinter(b"k" * 32)
GOOD = "FR7630006000011234567890189"
FOREIGN = ["DE89370400440532013000", "GB82WEST12345698765432", "FR1420041010050500013M02606"]


def in_bulk(*ibans):
    """What a whole column of these leaves."""
    texts = [iban.encode() for iban in ibans]
    return PRINTER.block(texts, b"\n".join([*texts, b""]), bytes)


@pytest.mark.parametrize("iban", [GOOD, *FOREIGN])
def test_a_right_iban_leaves_a_fingerprint_and_its_end(iban):
    """Blanks and case do not matter; nothing of the rest remains."""
    spaced = " ".join(iban[i : i + 4] for i in range(0, len(iban), 4)).lower()
    kept = PRINTER.fingerprint(spaced)

    assert (len(kept), shown(kept)) == (20, iban[-4:])
    assert PRINTER.fingerprint(iban) == kept
    assert in_bulk(iban, "") == [kept, b""]
    assert iban[:-4].encode() not in kept


@pytest.mark.parametrize(
    "iban", [GOOD.replace("89", "98"), "FR76", "XX00", "é" * 20, GOOD + "0" * 9]
)
def test_a_wrong_iban_is_refused_without_being_repeated(iban):
    """The rule is told, the number is not."""
    with pytest.raises(FieldError) as fault:
        PRINTER.fingerprint(iban)
    assert iban not in str(fault.value)


@given(st.integers(0, 99_999), st.integers(0, 10**11 - 1))
def test_fictional_ibans_have_right_keys(branch, account):
    """An independent library agrees, national key included; the bank does not exist."""
    iban = french_iban(branch, account)

    assert checks(iban)
    assert schwifty.IBAN(iban, validate_bban=True).bank_code == "99999"


def test_two_secrets_give_two_fingerprints():
    """The key makes the fingerprint useless without the secret."""
    assert PRINTER.fingerprint(GOOD) != IbanPrinter(b"l" * 32).fingerprint(GOOD)


def test_an_exported_fingerprint_comes_back():
    """An IBAN that nobody knows any more is still compared."""
    kept = PRINTER.fingerprint(GOOD)

    assert exported(kept).endswith("0189")
    assert PRINTER.optional(exported(kept)) == kept
    assert PRINTER.optional("") == b""


def test_a_block_with_a_wrong_key_asks_for_a_closer_look():
    """The quick look never lets one through."""
    with pytest.raises(ValueError):
        in_bulk(GOOD, GOOD.replace("89", "98"))


def test_the_key_is_not_shown():
    """What is printed by mistake holds no secret."""
    assert "k" * 8 not in repr(PRINTER)
