"""The addresses of the page of providers and of the arrival."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from broker.errors import CallbackStateError
from broker.federation.arrival import ArrivalDesk
from broker.federation.page import LEAVE, ChoosingDesk
from broker.login.desk import Desk, Hub, entering
from broker.login.steps import CHOOSE


def federation_pages(
    desk: Desk, hub: Hub, choosing: ChoosingDesk, arrival: ArrivalDesk
) -> Blueprint:
    """Show the providers, leave for one, come back from it."""
    blueprint = Blueprint("federation", __name__)
    show = entering(desk, hub, CHOOSE)(choosing.show)
    leave = entering(desk, hub, CHOOSE, LEAVE)(choosing.leave)
    blueprint.add_url_rule("/login/<attempt_id>/providers", "show", show, methods=["GET"])
    blueprint.add_url_rule(f"/login/<attempt_id>/{LEAVE}", "leave", leave, methods=["POST"])

    @blueprint.get("/callback/<provider>")
    def callback(provider: str) -> Response:
        for name in request.args:
            if len(request.args.getlist(name)) > 1:
                raise CallbackStateError(parameter=name[:40], detail="must come once")
        return arrival.receive(provider, request.args.to_dict())

    return blueprint
