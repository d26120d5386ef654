"""
What a person changes in their account: declarations, messages, alerts, ways in, address, its end.

The other half of `space_api.py`, which mounts it.
"""

from flask import Blueprint, Response
from sqlalchemy import Connection

from broker.audit.events import Event
from broker.enrolment.space_bodies import (
    Alerts,
    Declaration,
    EmailCode,
    Message,
    NewEmail,
    Nothing,
    Visit,
    read_body,
)
from broker.enrolment.space_desk import SpaceDesk, answered
from broker.insured.space import access, alerts, declarations, email, messages
from broker.insured.space.place import Tenant
from broker.insured.space.visits import note_visit, visits

_ACCOUNT = "/accounts/<account_id>"


def _changes(api: Blueprint, desk: SpaceDesk) -> None:
    @api.get(f"{_ACCOUNT}/declarations")
    def read_declarations(account_id: str) -> Response:
        return desk.read(
            account_id,
            lambda c, t: {
                "declared": declarations.declared(c, desk.space, t.person_id),
                "funds": declarations.funds(c),
            },
        )

    @api.post(f"{_ACCOUNT}/declarations")
    def declare(account_id: str) -> Response:
        body = read_body(Declaration)
        values = body.change.model_dump(exclude={"kind"})
        return desk.write(
            account_id,
            "declare",
            body,
            Event.CHANGE_DECLARED,
            lambda tx, t: declarations.declare(tx, desk.space, t, body.change.kind, values),
        )


def _messages(api: Blueprint, desk: SpaceDesk) -> None:
    @api.get(f"{_ACCOUNT}/messages")
    def read_messages(account_id: str) -> Response:
        return desk.read(account_id, lambda c, t: {"messages": messages.messages(c, t)})

    @api.get(f"{_ACCOUNT}/messages/<int:number>")
    def read_message(account_id: str, number: int) -> Response:
        return answered(messages.message(desk.space, desk.tenant(account_id), number))

    @api.post(f"{_ACCOUNT}/messages")
    def send(account_id: str) -> Response:
        body = read_body(Message)
        return desk.write(
            account_id,
            "message",
            body,
            Event.MESSAGE_SENT,
            lambda tx, t: messages.send(tx, desk.space, t, body.topic, body.text),
        )


def _alerts(api: Blueprint, desk: SpaceDesk) -> None:
    @api.get(f"{_ACCOUNT}/alerts")
    def read_alerts(account_id: str) -> Response:
        return desk.read(account_id, lambda c, t: alerts.preferences(c, t.account_id).asked())

    @api.put(f"{_ACCOUNT}/alerts")
    def choose(account_id: str) -> Response:
        body = read_body(Alerts)

        def write(tx: Connection, tenant: Tenant) -> dict[str, object]:
            wanted = {f"alert_{kind}": getattr(body, kind) for kind in alerts.KINDS}
            alerts.choose(tx, tenant.account_id, language=body.language, **wanted)
            return dict(alerts.preferences(tx, tenant.account_id).asked())

        return desk.write(account_id, "alerts", body, Event.ALERTS_CHOSEN, write)

    @api.post(f"{_ACCOUNT}/reminder")
    def put_off(account_id: str) -> Response:
        def write(tx: Connection, tenant: Tenant) -> dict[str, object]:
            alerts.choose(tx, tenant.account_id, reminded_at=desk.space.clock())
            return {}

        return desk.write(account_id, "reminder", read_body(Nothing), None, write)

    @api.get(f"{_ACCOUNT}/visits")
    def read_visits(account_id: str) -> Response:
        return desk.read(account_id, lambda c, t: {"visits": visits(c, t.account_id)})

    @api.post(f"{_ACCOUNT}/visits")
    def visit(account_id: str) -> Response:
        body = read_body(Visit)
        return desk.write(
            account_id,
            "visit",
            body,
            None,
            lambda tx, t: {"new": note_visit(tx, desk.space, t, body.model_dump())},
        )


def _ways(api: Blueprint, desk: SpaceDesk) -> None:
    @api.get(f"{_ACCOUNT}/ways")
    def read_ways(account_id: str) -> Response:
        return desk.read(
            account_id,
            lambda c, t: {
                **access.ways_in(c, desk.space, t),
                "email_change": email.pending(c, desk.space, t.account_id),
            },
        )

    @api.delete(f"{_ACCOUNT}/ways/<int:number>")
    def unlink(account_id: str, number: int) -> Response:
        return desk.write(
            account_id,
            f"unlink {number}",
            Nothing(),
            Event.ACCOUNT_UNLINKED,
            lambda tx, t: access.unlink(tx, desk.space, t, number),
        )


def _address(api: Blueprint, desk: SpaceDesk) -> None:
    @api.post(f"{_ACCOUNT}/email")
    def ask(account_id: str) -> Response:
        body = read_body(NewEmail)
        return desk.write(
            account_id,
            "email",
            body,
            None,
            lambda tx, t: email.ask(tx, desk.space, t, body.email, body.language),
        )

    @api.post(f"{_ACCOUNT}/email/code")
    def confirm(account_id: str) -> Response:
        body = read_body(EmailCode)
        return desk.write(
            account_id,
            "email-code",
            body,
            Event.EMAIL_CODE_TRIED,
            lambda tx, t: email.confirm(tx, desk.space, t, body.code),
        )

    @api.post(f"{_ACCOUNT}/close")
    def close(account_id: str) -> Response:
        return desk.write(
            account_id,
            "close",
            read_body(Nothing),
            Event.ACCOUNT_CLOSED,
            lambda tx, t: access.close(tx, desk.space, t),
        )


ACCOUNT_PARTS = (_changes, _messages, _alerts, _ways, _address)
"""Each puts some addresses on a blueprint."""
