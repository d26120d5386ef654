"""
Forms of the personal space: all faults told at once, each beside its field; nothing done twice.

A form draws a request key. What is sent to the insurer bears a key made of that one and of what was
typed: a double click has the same key, a corrected form another.
"""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field

from relying_party_demo.door.door import here
from relying_party_demo.pages.questions import Needed, Questions, request_key


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
        self.begin(here().outside.random)

    def key_for(self, *said: Any) -> str:
        """The request key of this form with what it says."""
        return request_key(self.request_key.data or "", request.path, *said)
