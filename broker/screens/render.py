"""Draw a screen in the language of the request."""

from urllib.parse import quote

from flask import g, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from broker.look.headers import page_policy
from broker.look.language import current_language, place, safe_place, switch_link
from broker.look.mounting import current_look
from broker.screens.screen import Screen


def render(screen: Screen) -> Response:
    """The page of a screen, never stored by anyone, with the policy that its form needs."""
    language = current_language()
    here = quote(screen.place or place(), safe="/")
    back = safe_place(request.args.get("back", "")) if screen.is_reading else None
    html = (
        current_look()
        .templates[language]
        .get(screen.template)
        .render(
            screen=screen,
            switch=switch_link("en" if language == "fr" else "fr", here),
            back=back,
            back_quoted=here if back is None else quote(back, safe="/"),
            csrf_token=g.get("form_token", generate_csrf),
        )
    )
    g.policy = page_policy(screen.form_targets, script=screen.script is not None)
    answer = Response(html, screen.status, content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
