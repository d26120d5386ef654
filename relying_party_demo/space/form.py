"""
Forms of the personal space: all faults told at once, each beside its field; nothing done twice.

A form draws a request key. What is sent to the insurer bears a key made of that one and of what was
typed: a double click has the same key, a corrected form another.
"""

import hashlib
import hmac
import json
from typing import Any

from flask import current_app, g, request
from flask_wtf import FlaskForm
from wtforms import Field

from relying_party_demo.door.door import here
from relying_party_demo.pages.questions import Needed, Questions


class Trimmed(Needed):
    """A field that must be filled; the spaces around what was typed are left out."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Stop at the first fault."""
        field.data = (field.data or "").strip()
        super().__call__(form, field)


class SpaceForm(Questions):
    """A form with a request key; a form without fields is a single button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request_key.data:
            self.request_key.data = fresh_key()

    def key_for(self, *said: Any) -> str:
        """The request key of this form with what it says."""
        return request_key(self.request_key.data or "", request.path, *said)


def request_key(*parts: Any) -> str:
    """A key of 64 hexadecimal digits for a request made of these parts (JSON)."""
    secret = str(current_app.secret_key).encode()
    text = json.dumps(parts, sort_keys=True).encode()
    return hmac.new(secret, b"space:" + text, hashlib.sha256).hexdigest()


def fresh_key() -> str:
    """A key for the forms of a page that is drawn now."""
    if "space_key" not in g:
        g.space_key = here().outside.random(16).hex()
    return str(g.space_key)
