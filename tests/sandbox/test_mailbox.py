"""The mailbox catches what would have left."""

from email.message import EmailMessage

import pytest

from sandbox.mailbox import Mailbox


@pytest.fixture
def mailbox():
    return Mailbox(lambda: 1_000.0)


def a_mail(to="claire@exemple.fr", text="Bonjour.", html=None):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "no-reply@ameli.fr", to, "Votre compte"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_a_mail_is_kept_with_its_parts(mailbox):
    """Sender, subject, both texts and the hour of the world are there."""
    mailbox.send(a_mail(html="<p>Bonjour.</p>"))
    letter = mailbox.last()

    assert (letter.sender, letter.to, letter.subject) == (
        "no-reply@ameli.fr",
        "claire@exemple.fr",
        "Votre compte",
    )
    assert letter.text.strip() == "Bonjour."
    assert letter.html.strip() == "<p>Bonjour.</p>"
    assert letter.at == 1_000.0
    assert letter.channel == "mail"


def test_a_plain_mail_is_kept_as_written(mailbox):
    """Whoever has three texts needs no message object."""
    mailbox.mail("claire@exemple.fr", "Votre compte", "Il est relié.")
    letter = mailbox.last()

    assert (letter.channel, letter.to, letter.subject, letter.text) == (
        "mail",
        "claire@exemple.fr",
        "Votre compte",
        "Il est relié.",
    )
    assert letter.html == ""


def test_accents_survive(mailbox):
    """French is written with accents."""
    mailbox.send(a_mail(text="Votre espace a été créé à Besançon."))

    assert "été créé à Besançon" in mailbox.last().text


def test_a_text_message_is_kept_beside_the_mails(mailbox):
    """One list holds both, in the order of arrival."""
    mailbox.send(a_mail())
    mailbox.sms("+33639980001", "Votre code : 123456")

    assert [letter.channel for letter in mailbox] == ["mail", "sms"]
    assert mailbox.last("+33639980001").code == "123456"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Votre code de sécurité est 048213, valable 10 minutes.", "048213"),
        ("Appelez le 3646.", None),
        ("Né le 27/03/1985, dossier 1234567.", None),
        ("Code : 000001", "000001"),
        ("Montant 123456,50", None),
    ],
)
def test_the_code_of_a_letter_is_its_number_of_six_digits(mailbox, text, code):
    """A tester reads the code without parsing the sentence around it."""
    mailbox.sms("0639980001", text)

    assert mailbox.last().code == code


def test_the_links_of_a_letter_are_read_without_the_full_stop(mailbox):
    """The sentence ends, the address does not."""
    mailbox.send(a_mail(text="Allez sur http://localhost:8080/activer?jeton=abc.\nMerci"))

    assert mailbox.last().links == ("http://localhost:8080/activer?jeton=abc",)


def test_letters_are_found_by_address_and_by_number(mailbox):
    """Each person reads her own."""
    mailbox.send(a_mail(to="claire@exemple.fr"))
    mailbox.send(a_mail(to="marc@exemple.fr"))

    assert [letter.number for letter in mailbox.to("marc@exemple.fr")] == [2]
    assert mailbox.find(1).to == "claire@exemple.fr"
    assert mailbox.find(9) is None


def test_looking_for_a_letter_that_was_not_sent_says_to_whom(mailbox):
    """A test that expects a mail fails with a sentence."""
    with pytest.raises(LookupError, match=r"nothing was sent to nobody@exemple\.fr"):
        mailbox.last("nobody@exemple.fr")
    with pytest.raises(LookupError, match="to anybody"):
        mailbox.last()


def test_the_mailbox_is_bounded(mailbox):
    """A demonstration that runs for weeks keeps the latest letters only."""
    mailbox = Mailbox(lambda: 0.0, keep=3)
    for number in range(5):
        mailbox.sms("0639980001", str(number))

    assert [letter.text for letter in mailbox] == ["2", "3", "4"]
    assert len(mailbox) == 3


def test_a_cleared_mailbox_is_empty(mailbox):
    """Everything can be thrown away."""
    mailbox.send(a_mail())
    mailbox.clear()

    assert list(mailbox) == []


def test_an_empty_mailbox_is_a_mailbox(mailbox):
    """Whoever writes `mailbox or another` keeps this one."""
    assert mailbox
