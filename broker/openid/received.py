"""
An authorization request as it came: by GET in the address, by POST in the form.

Whatever a form repeats from its own address came twice. A parameter without a value counts as
left out (RFC 6749 §3.1). Bytes that are no UTF-8 become U+FFFD, which the checks refuse by name.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote_to_bytes

from flask import request
from werkzeug.datastructures import CombinedMultiDict, MultiDict

Received = tuple[dict[str, str], frozenset[str]]
"""The parameters of a request, and the names of those that came more than once."""

Values = MultiDict[str, str]

NOT_TEXT = "\ufffd"
_BEYOND_ASCII = re.compile(rb"%[89A-Fa-f]|[\x80-\xff]")
# An empty challenge is no forgotten one: it would take the proof of possession away.
_NEVER_LEFT_OUT = frozenset({"code_challenge", "code_challenge_method"})


def received() -> Received:
    """What the current request brought."""
    return read(sent())


def sent() -> Values:
    """The same, with everything that came twice."""
    address = _text(request.query_string, request.args)
    if request.method != "POST":
        return address
    raw = request.get_data()  # kept for the form, which is read from it
    form = _text(raw, request.form)
    return CombinedMultiDict([form, address]) if address else form


def read(values: Values) -> Received:
    """Parameters, and the names of those that came more than once."""
    repeated = frozenset(name for name in values if len(values.getlist(name)) > 1)
    return values.to_dict(), repeated


def given(params: Mapping[str, str]) -> dict[str, str]:
    """The parameters that have a value."""
    return {name: value for name, value in params.items() if value or name in _NEVER_LEFT_OUT}


def _text(raw: bytes, values: Values) -> Values:
    if not _BEYOND_ASCII.search(raw):
        return values
    try:
        unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        text = raw.decode("ascii", "replace")
        return MultiDict(parse_qsl(text, keep_blank_values=True, errors="replace"))
    return values
