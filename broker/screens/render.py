"""Draw a screen in the language of the request."""

from flask import g
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from broker.look.headers import page_policy
from broker.look.language import current_language, switch_links
from broker.look.mounting import current_look
from broker.screens.screen import Screen


def render(screen: Screen) -> Response:
    """The page of a screen, never stored by anyone, with the policy that its form needs."""
    template = current_look().templates[current_language()].get(screen.template)
    html = template.render(screen=screen, switch=switch_links(), csrf_token=generate_csrf)
    g.policy = page_policy(screen.form_targets, script=screen.script is not None)
    answer = Response(html, screen.status, content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
