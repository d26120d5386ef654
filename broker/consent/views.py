"""The addresses of the consent page."""

from flask import Blueprint

from broker.consent.page import ConsentDesk
from broker.login.desk import Desk, Hub, entering
from broker.login.steps import CONSENT


def consent_pages(desk: Desk, hub: Hub, consent: ConsentDesk) -> Blueprint:
    """Show the page, take the answer."""
    blueprint = Blueprint("consent", __name__)
    guard = entering(desk, hub, CONSENT)
    address = "/login/<attempt_id>/consent"
    blueprint.add_url_rule(address, "show", guard(consent.show), methods=["GET"])
    blueprint.add_url_rule(address, "answer", guard(consent.answer), methods=["POST"])
    return blueprint
