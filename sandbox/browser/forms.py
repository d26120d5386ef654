"""Forms as a browser sends them (HTML §4.10.21): which controls count, and where they go."""

from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

from sandbox.browser.controls import BUTTON_TYPES, fields_of, is_box, value_of
from sandbox.browser.markup import Element

FORM_TYPE = "application/x-www-form-urlencoded"


class IncompleteFormError(AssertionError):
    """The browser would not send the form: a required control is empty."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A request that a form or a link makes."""

    method: str
    url: str
    body: bytes = b""


def submission(base: str, form: Element, button: Element | None) -> Sending:
    """
    What pressing `button` in `form`, on the page `base`, sends.

    IncompleteFormError when a required control is empty.
    """
    if not form.has("novalidate") and not (button and button.has("formnovalidate")):
        _refuse_incomplete(form)
    fields = [pair for control in fields_of(form) for pair in _pairs(control)]
    if button is not None and button.get("name"):
        fields.append((button.get("name"), button.get("value")))
    pressed = button or Element("button")
    target = urljoin(base, pressed.get("formaction") or form.get("action") or base)
    method = (pressed.get("formmethod") or form.get("method") or "get").upper()
    query = urlencode(fields)
    if method == "POST":
        return Sending("POST", target, query.encode())
    parts = urlsplit(target)
    return Sending("GET", parts._replace(query=query).geturl())


def leaves_by_itself(base: str, root: Element) -> Sending | None:
    """
    What a page sends that only carries hidden fields to another origin, or None.

    Such a page is an authorization response in `form_post` mode: in a browser with scripts it is
    gone before anybody reads it.
    """
    forms = root.all("form")
    if len(forms) != 1 or forms[0].get("method").lower() != "post":
        return None
    form, here = forms[0], urlsplit(base)
    target = urlsplit(urljoin(base, form.get("action")))
    inputs = [control for control in fields_of(form) if control.get("type") not in BUTTON_TYPES]
    elsewhere = (target.scheme, target.netloc) != (here.scheme, here.netloc)
    if elsewhere and inputs and all(control.get("type") == "hidden" for control in inputs):
        return submission(base, form, None)
    return None


def _pairs(control: Element) -> list[tuple[str, str]]:
    if control.get("type").lower() in BUTTON_TYPES or (
        is_box(control) and not control.has("checked")
    ):
        return []
    return [(control.get("name"), value_of(control))]


def _refuse_incomplete(form: Element) -> None:
    for control in fields_of(form):
        if control.has("required") and not any(value for _, value in _pairs(control)):
            raise IncompleteFormError(f"the control {control.get('name')!r} must be filled first")
