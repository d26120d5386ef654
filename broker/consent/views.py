"""The addresses of the consent page."""

from flask import Blueprint

from broker.consent.page import CHANGE, ConsentDesk
from broker.login.desk import Desk, Hub, entering
from broker.login.steps import CONSENT


def consent_pages(desk: Desk, hub: Hub, consent: ConsentDesk) -> Blueprint:
    """Show the page, take the answer, or let whoever is signed in leave."""
    blueprint = Blueprint("consent", __name__)
    guard = entering(desk, hub, CONSENT)
    address = "/login/<attempt_id>/consent"
    blueprint.add_url_rule(address, "show", guard(consent.show), methods=["GET"])
    blueprint.add_url_rule(address, "answer", guard(consent.answer), methods=["POST"])
    change = entering(desk, hub, CONSENT, CHANGE)(consent.change)
    blueprint.add_url_rule(f"/login/<attempt_id>/{CHANGE}", "change", change, methods=["POST"])
    return blueprint
