"""
Carrying messages for real: mails to an SMTP server, text messages to an HTTP gateway.

Any exception means: not sent, try again. Certificates are verified, nothing is redirected.
"""

import json
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from broker.settings.mail import MailTable
from providers.http import Http

_TIMEOUT_SECONDS = 10
_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_TAKEN = range(200, 300)


class NoTextGatewayError(RuntimeError):
    """There is no gateway for text messages in the settings."""


class TextRefusedError(RuntimeError):
    """The gateway did not take a text message."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries messages with the servers of the settings; the clock dates the mails."""

    settings: MailTable
    http: Http
    clock: Callable[[], float]

    def mail(self, to: str, subject: str, body: str, html: str) -> None:
        """Send one mail, plain and formatted (multipart/alternative, RFC 2046 §5.1.4)."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.settings.sender, to, subject
        message["Date"] = format_datetime(datetime.fromtimestamp(self.clock(), UTC))
        message["Message-ID"] = make_msgid(domain=self.settings.sender.rpartition("@")[2])
        # Nobody's holiday answer comes back (RFC 3834 §5).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body)
        message.add_alternative(html, subtype="html")
        with self._server() as server:
            if self.settings.smtp_user and self.settings.smtp_password:
                server.login(self.settings.smtp_user, self.settings.smtp_password)
            server.send_message(message)

    def sms(self, to: str, body: str) -> None:
        """Hand one text message to the gateway; `to` is a number in E.164 form."""
        if self.settings.sms_url is None:
            raise NoTextGatewayError
        message = {"to": to, "text": body, "from": self.settings.sms_sender}
        headers = {
            "Authorization": f"Bearer {self.settings.sms_token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        body_sent = json.dumps(message).encode()
        reply = self.http.send("POST", self.settings.sms_url, headers=headers, body=body_sent)
        if reply.status not in _TAKEN:
            raise TextRefusedError(f"HTTP {reply.status}")

    def _server(self) -> smtplib.SMTP:
        security = self.settings.smtp_security
        host, _, given = self.settings.smtp.partition(":")
        port = int(given or _PORTS[security])
        if security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(host, port, timeout=_TIMEOUT_SECONDS)
        if security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server
