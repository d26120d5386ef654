"""The controls of a form: which ones there are, what they hold, how a person changes them."""

from sandbox.browser.markup import Element

BUTTON_TYPES = {"submit", "button", "image", "reset"}

Change = str | bool
"""A text is written, or names the box to tick; a boolean ticks or unticks."""


class NoSuchChoiceError(AssertionError):
    """The list has no such entry."""


def field_names(form: Element) -> list[str]:
    """The names of the fields that a person can change or that are hidden, sorted."""
    return sorted({control.get("name") for control in fields_of(form)})


def all_controls(form: Element) -> list[Element]:
    """Every control of a form, wherever it stands on the page."""
    name = form.get("id")
    return [
        control
        for control in form.top().all("input", "select", "textarea", "button")
        if (control.get("form") == name if control.get("form") else control.around("form") is form)
    ]


def fields_of(form: Element) -> list[Element]:
    """The controls that may be sent, buttons of the kind `<button>` aside."""
    return [
        control
        for control in all_controls(form)
        if control.tag != "button" and control.get("name") and not control.has("disabled")
    ]


def form_of(root: Element, control: Element) -> Element | None:
    """The form a control belongs to."""
    if control.get("form"):
        return next((f for f in root.all("form") if f.get("id") == control.get("form")), None)
    return control if control.tag == "form" else control.around("form")


def default_button(form: Element) -> Element | None:
    """The button that the Enter key presses: the first one that submits."""
    return next((control for control in all_controls(form) if is_submit(control)), None)


def is_submit(control: Element) -> bool:
    """Whether pressing this control sends its form."""
    if control.has("disabled"):
        return False
    if control.tag == "button":
        return control.get("type", "submit").lower() == "submit"
    return control.tag == "input" and control.get("type").lower() in {"submit", "image"}


def value_of(control: Element) -> str:
    """What a control holds."""
    if control.tag == "textarea":
        return "".join(child for child in control.children if isinstance(child, str))
    if control.tag == "select":
        options = control.all("option")
        chosen = next((o for o in options if o.has("selected")), options[0] if options else None)
        return chosen.get("value", chosen.text) if chosen else ""
    return control.get("value", "on" if is_box(control) else "")


def is_box(control: Element) -> bool:
    """Whether a control is ticked rather than written in."""
    return control.tag == "input" and control.get("type").lower() in {"checkbox", "radio"}


def write(control: Element, value: str) -> None:
    """Write into a field or choose in a list; NoSuchChoiceError when it has no such entry."""
    if control.tag == "textarea":
        control.children = [value]
    elif control.tag == "select":
        _choose(control, value)
    else:
        control.attributes["value"] = value


def tick(control: Element, *, on: bool) -> None:
    """Tick or untick a box; ticking one of several radio buttons unticks the others."""
    if on and control.get("type").lower() == "radio":
        for other in control.top().all("input"):
            if other.get("name") == control.get("name"):
                other.attributes.pop("checked", None)
    if on:
        control.attributes["checked"] = ""
    else:
        control.attributes.pop("checked", None)


def change(form: Element, name: str, value: Change) -> None:
    """Fill every control of that name; NoSuchChoiceError when a list has no such entry."""
    for control in fields_of(form):
        if control.get("name") != name:
            continue
        if is_box(control):
            tick(control, on=value if isinstance(value, bool) else value == value_of(control))
        else:
            write(control, str(value))


def _choose(control: Element, value: str) -> None:
    options = {option.get("value", option.text): option for option in control.all("option")}
    if value not in options:
        raise NoSuchChoiceError(f"{value!r} is not in {control.get('name')!r}: {[*options]}")
    for option in options.values():
        option.attributes.pop("selected", None)
    options[value].attributes["selected"] = ""
