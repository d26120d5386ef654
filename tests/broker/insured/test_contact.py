"""Addresses and numbers: compared in one form, shown masked."""

import pytest

from broker.insured.contact import KnownContact, email_form, masked_email, masked_mobile


@pytest.mark.parametrize(
    ("contact", "channel", "to"),
    [
        (KnownContact("a@exemple.fr", "+33612345678"), "mail", "a@exemple.fr"),
        (KnownContact(None, "+33612345678"), "sms", "+33612345678"),
    ],
)
def test_the_mailbox_comes_before_the_telephone(contact, channel, to):
    """One message, by the surest way that is known."""
    assert (contact.recipient.channel, contact.recipient.to) == (channel, to)


def test_who_cannot_be_reached_gets_no_message():
    """Nothing is known: nothing is sent."""
    assert KnownContact(None, None).recipient is None


@pytest.mark.parametrize(
    "address", ["Claire@Exemple.FR", " claire@exemple.fr ", "CLAIRE@EXEMPLE.FR"]
)
def test_one_mailbox_has_one_form(address):
    """Case and blanks do not make another address."""
    assert email_form(address) == "claire@exemple.fr"


def test_masks_tell_the_owner_and_nobody_else():
    """The first letter and the domain; the last two digits; never the length."""
    assert masked_email("claire.durand@exemple.fr") == "c•••••@exemple.fr"
    assert masked_email("c@exemple.fr") == "c•••••@exemple.fr"
    assert masked_mobile("+33612345678") == "•• •• •• •• 78"


def test_a_contact_does_not_show_itself_in_a_log():
    """What is printed by mistake holds no address."""
    assert "exemple" not in repr(KnownContact("a@exemple.fr", "+33612345678"))
    assert "exemple" not in repr(KnownContact("a@exemple.fr", None).recipient)
