"""IBANs are checked in full and kept as fingerprints."""

from datetime import date

import pytest
import schwifty
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given
from hypothesis import strategies as st

from broker.insured.registry.fields import FieldError
from broker.insured.registry.generate import persons
from broker.insured.registry.iban import IbanPrinter, checks, exported, shown
from broker.insured.registry.ibans import Ibans
from broker.insured.registry.lives import french_iban
from broker.insured.registry.loading import cuts_of
from broker.insured.registry.spans import fields_of

PRINTER = IbanPrinter(b"k" * 32)
GOOD = "FR7630006000011234567890189"
PERSON = next(persons(1, 36, date(2026, 3, 1)))._replace(iban=GOOD)
FOREIGN = ["DE89370400440532013000", "GB82WEST12345698765432", "FR1420041010050500013M02606"]


def in_bulk(*ibans):
    """What a whole column of these leaves, and the faults by index."""
    (cut,) = cuts_of([PERSON._replace(iban=iban) for iban in ibans])
    read = Ibans(PRINTER).read(fields_of(cut)[0])
    return [bytes(kept) for kept in read.values], read.faults


@pytest.mark.parametrize("iban", [GOOD, *FOREIGN])
def test_a_right_iban_leaves_a_fingerprint_and_its_end(iban):
    """Blanks and case do not matter; nothing of the rest remains."""
    spaced = " ".join(iban[i : i + 4] for i in range(0, len(iban), 4)).lower()
    kept = PRINTER.fingerprint(spaced)

    assert (len(kept), shown(kept)) == (20, iban[-4:])
    assert PRINTER.fingerprint(iban) == kept
    assert in_bulk(iban, "") == ([kept, bytes(20)], {})
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


@given(st.integers(0, 99_999), st.integers(0, 10**11 - 1), st.integers(0, 99), st.integers(0, 30))
def test_a_column_is_judged_as_its_ibans_are_alone(branch, account, key, place):
    """Any key of the country, and any character put anywhere: right ones are kept, others told."""
    right = french_iban(branch, account)
    other = f"{right[:2]}{key:02d}{right[4:]}"
    texts = [right, other, other[:place] + "Z" + other[place + 1 :], "", other[:place], FOREIGN[0]]
    kept, faults = in_bulk(*texts)

    assert kept[0] == PRINTER.fingerprint(right)
    alone = [_alone(text) for text in texts]
    assert [faults.get(index) or one for index, one in enumerate(kept)] == alone


def _alone(text):
    try:
        return PRINTER.optional(text) or bytes(20)
    except FieldError as fault:
        return str(fault)


def test_a_fingerprint_is_that_of_the_standard():
    """AES-CMAC as RFC 4493 defines it, of the IBAN and zeros to 48 bytes."""
    key = bytes(range(32))
    padded = GOOD.encode().ljust(48, b"\0")

    def chained(data):
        return Cipher(AES(key), CBC(bytes(16))).encryptor().update(data)

    doubled = int.from_bytes(chained(bytes(16)), "big") << 1
    subkey = (doubled ^ (0x87 if doubled >> 128 else 0)) & (2**128 - 1)
    last = bytes(a ^ b for a, b in zip(padded[32:], subkey.to_bytes(16, "big"), strict=True))

    assert IbanPrinter(key).fingerprint(GOOD) == chained(padded[:32] + last)[32:] + b"0189"


@given(st.binary(min_size=32, max_size=32))
def test_a_column_is_printed_as_its_ibans_are_alone_under_any_key(key):
    """The subkey of half of all keys overflows when it is doubled."""
    (cut,) = cuts_of([PERSON])
    read = Ibans(IbanPrinter(key)).read(fields_of(cut)[0])

    assert bytes(read.values[0]) == IbanPrinter(key).fingerprint(GOOD)


def test_the_key_is_not_shown():
    """What is printed by mistake holds no secret."""
    assert "k" * 8 not in repr(PRINTER)
