"""The characters: who shows what, with what they type, ready to copy."""

from datetime import date

from flask import Blueprint, current_app, render_template

from broker.insured.registry.store import about
from mock_idps.personas import Persona
from sandbox.room.parts import broker
from sandbox.room.sheets import AT_THE_FORM, NEWCOMER, WITH_NUMBER, only, sheets

views = Blueprint("people", __name__, url_prefix="/people")

_SIX = ("birth_name", "nir", "birthdate", "postal_code", "iban", "email")
_THREE = ("nir", "birthdate", "password")
_DEMONSTRATION = "demonstration"


@views.get("")
def show() -> str:
    """Every situation of the portal, and the person who is in it."""
    today = _day_of_the_registry()
    form = [only(one, *_SIX) for one in sheets(AT_THE_FORM, today)] if today else []
    number = [only(one, *_THREE) for one in sheets(WITH_NUMBER, today)] if today else []
    return render_template(
        "people.html", form=form, number=number, newcomer=NEWCOMER, groups=_at_providers()
    )


def _day_of_the_registry() -> date | None:
    """The day for which the demonstration was built: somebody is 16 on it. None without one."""
    engine = broker().engines.get("insured")
    facts = about(engine) if engine else {}
    if not facts.get("source", "").startswith(_DEMONSTRATION):
        return None
    return date.fromisoformat(facts["built_at"])


def _at_providers() -> list[tuple[str, list[Persona]]]:
    for site in current_app.extensions["room"].sites:
        issuer = site.app.extensions.get("mock_issuer")
        if issuer:
            groups: list[tuple[str, list[Persona]]] = issuer.cast.by_group()
            return groups
    return []
