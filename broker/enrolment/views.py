"""The addresses of the ACCOUNT step."""

from flask import Blueprint

from broker.enrolment.step import REFUSED, EnrolmentDesk
from broker.login.desk import Desk, Hub, entering
from broker.login.steps import ACCOUNT


def enrolment_pages(desk: Desk, hub: Hub, step: EnrolmentDesk) -> Blueprint:
    """Say what became of the account, and go on."""
    blueprint = Blueprint("enrolment", __name__)
    guard = entering(desk, hub, ACCOUNT)
    address = "/login/<attempt_id>/account"
    blueprint.add_url_rule(address, "show", guard(step.show), methods=["GET"])
    blueprint.add_url_rule(address, "leave", guard(step.leave), methods=["POST"])
    refused = entering(desk, hub, ACCOUNT, REFUSED)(step.leave_refused)
    blueprint.add_url_rule(f"/login/<attempt_id>/{REFUSED}", "refused", refused, methods=["GET"])
    return blueprint
