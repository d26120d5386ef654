"""The form of a call by a program: in the body alone, and each parameter once (RFC 6749 §3.2)."""

from flask import request

from broker.errors import ApiRequestError


def plain_form() -> None:
    """Refuse a call that says something twice, or in its address."""
    for name in request.form:
        if len(request.form.getlist(name)) > 1:
            raise ApiRequestError(parameter=name[:40], detail="must come once")
    if request.args:
        raise ApiRequestError(detail="parameters belong in the body, not in the address")
