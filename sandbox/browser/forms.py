"""Forms as a browser sends them (HTML §4.10.21): which controls count, and where they go."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

from sandbox.browser.markup import Element

FORM_TYPE = "application/x-www-form-urlencoded"
_BUTTONS = {"submit", "button", "image", "reset"}


class IncompleteFormError(AssertionError):
    """The browser would not send the form: a required control is empty."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A request that a form or a link makes."""

    method: str
    url: str
    body: bytes = b""


def submission(
    base: str, form: Element, button: Element | None, values: Mapping[str, str | bool]
) -> Sending:
    """
    What pressing `button` in `form`, on the page `base`, sends.

    `values` are what a person changed before, by the name of the control; a check box takes a
    boolean. IncompleteFormError when a required control is empty.
    """
    if not form.has("novalidate") and not (button and button.has("formnovalidate")):
        _refuse_incomplete(form, values)
    fields = [pair for control in _controls(form) for pair in _pairs(control, values)]
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
    inputs = [control for control in _controls(form) if control.get("type") not in _BUTTONS]
    elsewhere = (target.scheme, target.netloc) != (here.scheme, here.netloc)
    if elsewhere and inputs and all(control.get("type") == "hidden" for control in inputs):
        return submission(base, form, None, {})
    return None


def form_of(root: Element, control: Element) -> Element | None:
    """The form a control belongs to."""
    if control.get("form"):
        return next((f for f in root.all("form") if f.get("id") == control.get("form")), None)
    return control if control.tag == "form" else control.around("form")


def default_button(form: Element) -> Element | None:
    """The button that the Enter key presses: the first one that submits."""
    return next((control for control in _all_controls(form) if is_submit(control)), None)


def is_submit(control: Element) -> bool:
    """Whether pressing this control sends its form."""
    if control.has("disabled"):
        return False
    if control.tag == "button":
        return control.get("type", "submit").lower() == "submit"
    return control.tag == "input" and control.get("type").lower() in {"submit", "image"}


def value_of(control: Element) -> str:
    """What a control holds as the page came."""
    if control.tag == "textarea":
        return "".join(child for child in control.children if isinstance(child, str))
    if control.tag == "select":
        options = control.all("option")
        chosen = next((o for o in options if o.has("selected")), options[0] if options else None)
        return chosen.get("value", chosen.text) if chosen else ""
    return control.get("value", "on" if control.get("type") in {"checkbox", "radio"} else "")


def _all_controls(form: Element) -> list[Element]:
    inside = form.all("input", "select", "textarea", "button")
    root = form
    while root.parent is not None:
        root = root.parent
    name = form.get("id")
    outside = [
        control
        for control in root.all("input", "select", "textarea", "button")
        if name and control.get("form") == name and control not in inside
    ]
    return [c for c in [*inside, *outside] if c.get("form", name) == name]


def _controls(form: Element) -> list[Element]:
    return [
        control
        for control in _all_controls(form)
        if control.tag != "button" and control.get("name") and not control.has("disabled")
    ]


def _pairs(control: Element, values: Mapping[str, str | bool]) -> list[tuple[str, str]]:
    name, kind = control.get("name"), control.get("type").lower()
    if kind in _BUTTONS:
        return []
    given = values.get(name)
    if kind in {"checkbox", "radio"}:
        ticked = control.has("checked") if given is None else given in {True, value_of(control)}
        return [(name, value_of(control))] if ticked else []
    return [(name, value_of(control) if given is None else str(given))]


def _refuse_incomplete(form: Element, values: Mapping[str, str | bool]) -> None:
    for control in _controls(form):
        if control.has("required") and not any(value for _, value in _pairs(control, values)):
            raise IncompleteFormError(f"the control {control.get('name')!r} must be filled first")
