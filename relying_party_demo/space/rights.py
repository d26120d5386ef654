"""Rights, the certificate of rights in two forms, and the public page that checks one."""

import re

from flask import Response, current_app, render_template, request
from flask_babel import gettext

from relying_party_demo.door.door import members_only
from relying_party_demo.pages.languages import language
from relying_party_demo.space.certificate import printed
from relying_party_demo.space.form import SpaceForm
from relying_party_demo.space.insurer import RefusedError
from relying_party_demo.space.room import Page, account_id, insurer, views

_CODE = re.compile(r"[0-9A-Z]{12}")
_PDF = "application/pdf"


@views.get("/mon-compte/droits")
@members_only
def rights() -> str:
    """Rights, fund, doctor, complementary insurer, children."""
    found = insurer().rights(account_id())
    return render_template("space/rights.html", found=found, form=SpaceForm())


@views.post("/mon-compte/attestation")
@members_only
def certificate() -> Page | Response:
    """« Télécharger une attestation »: the document at once, or the same as a page."""
    try:
        found = insurer().certificate(account_id(), SpaceForm().key_for())
    except RefusedError as refusal:
        if refusal.reason != "rights_closed":
            raise
        return render_template("space/certificate_refused.html"), 409
    if request.form.get("forme") == "page":
        return render_template("space/certificate.html", found=found, form=SpaceForm()), 200
    site = current_app.extensions["space_site"][language()]
    response = Response(printed(found, language(), site), content_type=_PDF)
    name = f"attestation-{found.issued_on.isoformat()}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@views.route("/verifier", methods=["GET", "POST"])
def verify() -> Page:
    """Anyone may check the code of a certificate, and learns initials and dates alone."""
    typed = request.form.get("code", "")
    code = re.sub(r"[\s\-.]", "", typed).upper()
    found, fault = None, None
    if request.method == "POST":
        if not _CODE.fullmatch(code):
            fault = gettext("The code has 12 letters and digits, in three groups of four.")
        else:
            found, fault = _verified(code)
    page = render_template("space/verify.html", found=found, fault=fault, typed=typed[:40])
    return page, 200 if fault is None else 422


def _verified(code: str) -> tuple[object, str | None]:
    try:
        return insurer().verify(code), None
    except RefusedError as refusal:
        if refusal.reason != "certificate_unknown":
            raise
        return None, gettext("No certificate bears this code. Check each letter and digit.")
