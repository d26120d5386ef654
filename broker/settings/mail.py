"""The settings of mails and text messages."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from broker.settings.client_rules import scheme_problems

_PORTS = range(1, 65_536)
_HOST_PORT = re.compile(r"([^:\s]+|\[[0-9a-fA-F:.]+\]):([0-9]{1,5})")


def is_host_port(text: str) -> bool:
    """Whether this is host:port, as `localhost:25` or `[::1]:25`."""
    found = _HOST_PORT.fullmatch(text)
    return found is not None and int(found[2]) in _PORTS


class MailTable(BaseModel):
    """
    `[mail]`: who sends mails and text messages, and through which servers.

    `smtp` is host:port; with `smtp_security` "starttls" or "tls" its certificate is verified.
    Text messages are posted to `sms_url` (bearer `sms_token`) in the name of `sms_sender`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sender: str = "no-reply@localhost"
    smtp: str = "localhost:25"
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str | None = None
    smtp_password: str | None = Field(default=None, repr=False)
    sms_url: str | None = None
    sms_token: str | None = Field(default=None, repr=False)
    sms_sender: Annotated[str, Field(min_length=1, max_length=11)] = "Ameli"

    def problems(self, *, production: bool) -> Iterator[str]:
        """Every reason to refuse these servers."""
        if ":" in self.smtp and not is_host_port(self.smtp):
            yield f"mail.smtp: {self.smtp!r} is not host:port"
        if (self.smtp_user is None) is not (self.smtp_password is None):
            yield "mail: smtp_user and smtp_password go together"
        if production and self.smtp_user and self.smtp_security == "none":
            yield "mail.smtp_security: a password is not sent over a line that anybody can read"
        if (self.sms_url is None) is not (self.sms_token is None):
            yield "mail: sms_url and sms_token go together"
        if self.sms_url is not None:
            for problem in scheme_problems(self.sms_url, production=production):
                yield f"mail.sms_url: {problem}"
