"""
What every form of this house shares: fields that must be filled, faults beside their field, and a
key by which a form sent twice does once what it asks.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, g
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField
from wtforms.validators import StopValidation

_LONGEST = 254


class Needed:
    """A field that must be filled, with its own sentences when it is not, or is too long."""

    field_flags: Mapping[str, bool] = {"required": True}

    def __init__(
        self, sentence: LazyString, most: int = _LONGEST, too_long: LazyString | None = None
    ) -> None:
        self._sentence = sentence
        self._most = most
        self._too_long = too_long or _("This is too long.")

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Stop at an empty field, and at one that nobody types."""
        if not (field.data or "").strip():
            raise StopValidation(self._sentence)
        if len(field.data) > self._most:
            raise StopValidation(self._too_long)


class OnceField(StringField):  # type: ignore[misc]  # WTForms publishes no types
    """A field whose content is never written into a page again."""

    def _value(self) -> str:
        return ""


class Questions(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """
    A form that may be sent twice and does once what it asks: `request_key` is drawn with it.

    `read` holds the fields as the insurer reads them.
    """

    request_key = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.read: dict[str, str] = {}
        super().__init__(*args, **kwargs)

    @property
    def faulty(self) -> list[Field]:
        """The fields with a fault, in the order of the page."""
        return [field for field in self if field.errors and field.name != "csrf_token"]

    def blame(self, name: str, sentence: LazyString | str) -> None:
        """Put a fault that the insurer found beside its field."""
        self[name].errors = [*self[name].errors, sentence]

    def key(self, body: Mapping[str, Any]) -> str:
        """
        The key of this request at the insurer: of this form and of what was typed into it.

        A form that is sent again unchanged, by a double click or after a fault of the line, has
        the same key; one that was corrected has another.
        """
        return request_key(self.request_key.data or "", body)

    def begin(self, random: Callable[[int], bytes]) -> None:
        """Draw a key, unless this form was sent and came back with its own."""
        if not self.request_key.data:
            self.renew(fresh_key(random))

    def renew(self, key: str) -> None:
        """What was asked is answered: sent again, this form asks anew."""
        self.request_key.data = key


def request_key(*parts: Any) -> str:
    """The key of a request made of these parts (JSON): 64 hexadecimal digits."""
    secret = str(current_app.secret_key).encode()
    said = json.dumps(parts, sort_keys=True).encode()
    return hmac.new(secret, b"request:" + said, hashlib.sha256).hexdigest()


def fresh_key(random: Callable[[int], bytes]) -> str:
    """A key for a form that is drawn now, the same for every form of one page."""
    if "request_key" not in g:
        g.request_key = random(16).hex()
    return str(g.request_key)
