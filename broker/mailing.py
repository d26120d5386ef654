"""Sending mails for real: through the SMTP server of the settings."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid

import structlog

from broker.settings import MailTable

_TIMEOUT_SECONDS = 10
_LOG = structlog.get_logger("broker.mailing")


class NoTextGatewayError(RuntimeError):
    """There is no gateway for text messages in the settings."""


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands plain-text mails to an SMTP server; any exception means: not sent, try again."""

    settings: MailTable

    def mail(self, to: str, subject: str, body: str) -> None:
        """Send one mail."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.settings.sender, to, subject
        message["Message-ID"] = make_msgid(domain=self.settings.sender.rpartition("@")[2])
        message.set_content(body)
        host, _, port = self.settings.smtp.partition(":")
        with smtplib.SMTP(host, int(port or 25), timeout=_TIMEOUT_SECONDS) as server:
            server.send_message(message)

    def sms(self, to: str, body: str) -> None:
        """Refuse: text messages need a gateway that these settings do not name."""
        del to, body
        raise NoTextGatewayError
