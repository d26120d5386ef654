"""
The personal space at the other end of the back channel: one method for each thing a page needs.

InsurerAwayError when there is no usable answer, NoSuchAccountError when the account is gone or no
longer active, TooManyError when it must be asked later, RefusedError when the insurer says no.
"""

from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import requests
from pydantic import ValidationError

from relying_party_demo.backchannel import (
    Account,
    BackChannel,
    InsurerAwayError,
    NoSuchAccountError,
    Reply,
    TooManyError,
)
from relying_party_demo.pages.languages import language
from relying_party_demo.space import account_answers, answers

_GONE = "not_found"
_NO = {requests.codes.bad_request, requests.codes.not_found, requests.codes.conflict}
_SHORTEST_WAIT = 60

Kind = TypeVar("Kind", bound=Reply)


class RefusedError(Exception):
    """The insurer said no; `reason` is its name for why, `member` the member it blames, if any."""

    def __init__(self, reason: str, member: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.member = member


class _Done(Reply):
    """An answer of which nothing is read."""


class Insurer:
    """The personal spaces of one insurer."""

    def __init__(self, channel: BackChannel) -> None:
        self._channel = channel

    def account(self, account: str) -> Account:
        """The account alone."""
        return self._channel.account(account)

    def dashboard(self, account: str) -> answers.Dashboard:
        """Everything the first page shows."""
        found = self._read(account, "dashboard", answers.Dashboard)
        if found.account_id != account:
            raise InsurerAwayError("dashboard: of another person")
        return found

    def rights(self, account: str) -> account_answers.RightsPage:
        """Rights, doctor, complementary insurer, children."""
        return self._read(account, "rights", account_answers.RightsPage)

    def payments(self, account: str, wanted: dict[str, str]) -> answers.Payments:
        """A page of payments: since, until, kind, place, page."""
        return self._read(account, f"payments?{urlencode(wanted)}", answers.Payments)

    def statements(self, account: str) -> answers.Statements:
        """The months that have a statement."""
        return self._read(account, "statements", answers.Statements)

    def statement(self, account: str, month: str) -> answers.Statement:
        """One month, `YYYY-MM`."""
        return self._read(account, f"statements/{quote(month, safe='')}", answers.Statement)

    def leaves(self, account: str) -> tuple[answers.Leave, ...]:
        """Sick leaves with their benefits."""
        return self._read(account, "leaves", answers.Leaves).leaves

    def orders(self, account: str) -> tuple[answers.Order, ...]:
        """Orders of a card."""
        return self._read(account, "orders", answers.Orders).orders

    def order_card(self, account: str, reason: str, key: str) -> None:
        """Order a card; RefusedError("order_open")."""
        self._write(account, "POST orders", {"reason": reason}, key, _Done)

    def close_order(self, account: str, outcome: str, key: str) -> None:
        """Say that the card came, or cancel; RefusedError("order_too_far")."""
        self._write(account, "POST orders/open", {"outcome": outcome}, key, _Done)

    def declarations(self, account: str) -> account_answers.Declarations:
        """What was declared, and the funds that may be."""
        return self._read(account, "declarations", account_answers.Declarations)

    def declare(self, account: str, change: dict[str, str], key: str) -> answers.Coming:
        """Declare a change; RefusedError("invalid_request") names the member."""
        return self._write(account, "POST declarations", {"change": change}, key, answers.Coming)

    def messages(self, account: str) -> tuple[account_answers.Message, ...]:
        """The last messages."""
        return self._read(account, "messages", account_answers.Messages).messages

    def message(self, account: str, number: int) -> account_answers.Message:
        """One of them, read; RefusedError("message_unknown")."""
        return self._read(account, f"messages/{number}", account_answers.Message)

    def send(self, account: str, topic: str, text: str, key: str) -> None:
        """Write to the fund."""
        self._write(account, "POST messages", {"topic": topic, "text": text}, key, _Done)

    def alerts(self, account: str) -> account_answers.Alerts:
        """The alerts that were asked for."""
        return self._read(account, "alerts", account_answers.Alerts)

    def choose_alerts(self, account: str, wanted: dict[str, Any], key: str) -> None:
        """login, contact, payment, and the language of the mails."""
        self._write(account, "PUT alerts", wanted, key, _Done)

    def put_off_reminder(self, account: str, key: str) -> None:
        """Speak of the password again in six months."""
        self._write(account, "POST reminder", {}, key, _Done)

    def visits(self, account: str) -> tuple[account_answers.Visit, ...]:
        """The last sign-ins."""
        return self._read(account, "visits", account_answers.Visits).visits

    def note_visit(self, account: str, visit: dict[str, Any], key: str) -> None:
        """Tell of a sign-in."""
        self._write(account, "POST visits", visit, key, _Done)

    def ways(self, account: str) -> account_answers.Ways:
        """Everything that opens the account."""
        return self._read(account, "ways", account_answers.Ways)

    def unlink(self, account: str, number: int, key: str) -> None:
        """Remove a link; RefusedError("last_way_in"), RefusedError("link_unknown")."""
        self._write(account, f"DELETE ways/{number}", None, key, _Done)

    def ask_email(self, account: str, email: str, language: str, key: str) -> answers.EmailChange:
        """Send a code to a new address."""
        body = {"email": email, "language": language}
        return self._write(account, "POST email", body, key, answers.EmailChange)

    def confirm_email(self, account: str, code: str, key: str) -> account_answers.Tried:
        """Try the code; RefusedError("email_taken")."""
        return self._write(account, "POST email/code", {"code": code}, key, account_answers.Tried)

    def close(self, account: str, key: str) -> None:
        """Close the account for good."""
        self._write(account, "POST close", {}, key, _Done)

    def prove(self, account: str, password: str, origin: str, key: str) -> account_answers.Proven:
        """Try the password of an account; `origin` is the network address it is typed at."""
        body = {"password": password, "origin": origin}
        return self._write(account, "POST password-checks", body, key, account_answers.Proven)

    def certificate(self, account: str, key: str) -> account_answers.Certificate:
        """Today's certificate; RefusedError("rights_closed")."""
        return self._write(account, "POST certificates", {}, key, account_answers.Certificate)

    def verify(self, code: str) -> account_answers.Verified:
        """What the public may know; RefusedError("certificate_unknown")."""
        path = f"/certificates/{quote(code, safe='')}"
        return _read_as(account_answers.Verified, self._channel.exchange("GET", path), path)

    def _read(self, account: str, what: str, kind: type[Kind]) -> Kind:
        path = f"/accounts/{quote(account, safe='')}/{what}"
        return _read_as(kind, self._channel.exchange("GET", path), what)

    def _write(
        self, account: str, what: str, body: dict[str, Any] | None, key: str, kind: type[Kind]
    ) -> Kind:
        method, _, where = what.partition(" ")
        path = f"/accounts/{quote(account, safe='')}/{where}"
        # The insurer writes its mails in the language that the person reads here and now.
        reads = {"Accept-Language": language()}
        return _read_as(kind, self._channel.exchange(method, path, body, key, reads), what)


def _read_as(kind: type[Kind], answer: requests.Response, what: str) -> Kind:
    what = what.partition("?")[0]
    if answer.status_code == requests.codes.too_many_requests:
        wait = answer.headers.get("Retry-After", "")
        raise TooManyError(int(wait) if wait.isascii() and wait.isdecimal() else _SHORTEST_WAIT)
    if answer.status_code in _NO:
        _refuse(answer, what)
    if answer.status_code != requests.codes.ok:
        raise InsurerAwayError(f"{what}: HTTP {answer.status_code}")
    try:
        return kind.model_validate_json(answer.content)
    except ValidationError as fault:
        raise InsurerAwayError(f"{what}: a member is missing or wrong") from fault


def _refuse(answer: requests.Response, what: str) -> None:
    try:
        told = answer.json()
        reason, rule = str(told["error"]), str(told.get("error_description", ""))
    except (ValueError, RecursionError, TypeError, KeyError) as fault:
        raise InsurerAwayError(f"{what}: HTTP {answer.status_code}") from fault
    if reason == _GONE:
        raise NoSuchAccountError
    raise RefusedError(reason, rule.partition(":")[0].rpartition(".")[2])
