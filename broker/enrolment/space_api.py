"""
The personal space over the back channel: /api/insured/v1/accounts/{account_id}/...

Reading changes nothing but the mark that an answer was read; every writing bears an
`Idempotency-Key` and is done once for each. docs/back-channel.openapi.json describes them all.
"""

from flask import Blueprint, Response
from sqlalchemy import Connection

from broker.audit.events import Event
from broker.database import reading
from broker.enrolment.classic_bodies import PasswordBody
from broker.enrolment.classic_desk import ClassicDesk
from broker.enrolment.space_account_api import ACCOUNT_PARTS
from broker.enrolment.space_bodies import (
    CardOrder,
    Nothing,
    OrderOutcome,
    PaymentQuery,
    read_body,
    read_query,
)
from broker.enrolment.space_desk import SpaceDesk, answered
from broker.errors import StatementNotFoundError
from broker.insured.credentials.proving import Proving
from broker.insured.space import certificates
from broker.insured.space import orders as cards
from broker.insured.space import payments as paid
from broker.insured.space.dashboard import rights
from broker.insured.space.household import household
from broker.insured.space.leaves import leaves
from broker.insured.space.place import Tenant

_ACCOUNT = "/accounts/<account_id>"


def space_api(desk: SpaceDesk, classic: ClassicDesk) -> Blueprint:
    """The addresses of the personal space; `classic` looks at passwords."""
    blueprint = Blueprint("space", __name__, url_prefix="/api/insured/v1")
    for mount in (_reading, _money, _cards, _certificates, *ACCOUNT_PARTS):
        mount(blueprint, desk)
    _proof(blueprint, desk, classic)
    return blueprint


def _reading(api: Blueprint, desk: SpaceDesk) -> None:
    @api.get(f"{_ACCOUNT}/dashboard")
    def read_dashboard(account_id: str) -> Response:
        return desk.dashboard(account_id)

    @api.get(f"{_ACCOUNT}/rights")
    def read_rights(account_id: str) -> Response:
        return answered(rights(desk.space, desk.tenant(account_id)))

    @api.get(f"{_ACCOUNT}/leaves")
    def read_leaves(account_id: str) -> Response:
        today = desk.space.today
        return desk.read(account_id, lambda c, t: {"leaves": leaves(c, t.person_id, today)})


def _money(api: Blueprint, desk: SpaceDesk) -> None:
    @api.get(f"{_ACCOUNT}/payments")
    def read_payments(account_id: str) -> Response:
        wanted = paid.Wanted(**read_query(PaymentQuery).model_dump())
        return desk.read(
            account_id,
            lambda c, t: paid.payments(c, household(c, t.person_id), desk.space.today, wanted),
        )

    @api.get(f"{_ACCOUNT}/statements")
    def read_statements(account_id: str) -> Response:
        return desk.read(
            account_id, lambda c, t: paid.months(c, household(c, t.person_id), desk.space.today)
        )

    @api.get(f"{_ACCOUNT}/statements/<month>")
    def read_statement(account_id: str, month: str) -> Response:
        def read(connection: Connection, tenant: Tenant) -> dict[str, object]:
            members = household(connection, tenant.person_id)
            found = paid.statement(connection, members, desk.space.today, month)
            if found is None:
                raise StatementNotFoundError
            return found

        return desk.read(account_id, read)


def _cards(api: Blueprint, desk: SpaceDesk) -> None:
    @api.get(f"{_ACCOUNT}/orders")
    def read_orders(account_id: str) -> Response:
        today = desk.space.today
        return desk.read(account_id, lambda c, t: {"orders": cards.orders(c, t.person_id, today)})

    @api.post(f"{_ACCOUNT}/orders")
    def order(account_id: str) -> Response:
        body = read_body(CardOrder)
        return desk.write(
            account_id,
            "order",
            body,
            Event.CARD_ORDERED,
            lambda tx, t: cards.order_card(tx, desk.space, t, body.reason),
        )

    @api.post(f"{_ACCOUNT}/orders/open")
    def close_order(account_id: str) -> Response:
        body = read_body(OrderOutcome)
        return desk.write(
            account_id,
            "close-order",
            body,
            Event.CARD_ORDER_CLOSED,
            lambda tx, t: cards.close_order(tx, desk.space, t, body.outcome),
        )


def _certificates(api: Blueprint, desk: SpaceDesk) -> None:
    @api.post(f"{_ACCOUNT}/certificates")
    def issue(account_id: str) -> Response:
        return desk.write(
            account_id,
            "certificate",
            read_body(Nothing),
            Event.CERTIFICATE_ISSUED,
            lambda tx, t: certificates.issue(tx, desk.space, t),
        )

    @api.get("/certificates/<code>")
    def verify(code: str) -> Response:
        desk.channel.caller()
        with reading(desk.space.engine) as connection:
            return answered(certificates.verify(connection, desk.space, code))


def _proof(api: Blueprint, desk: SpaceDesk, classic: ClassicDesk) -> None:
    @api.post(f"{_ACCOUNT}/password-checks")
    def check_password(account_id: str) -> Response:
        tenant, body = desk.tenant(account_id), read_body(PasswordBody)
        typed = body.password, body.origin
        proving = Proving(classic.ground)
        return classic.carry_out(body, lambda: proving.by_password(tenant.account_id, *typed))
