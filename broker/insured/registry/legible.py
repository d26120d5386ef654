"""Whether a name of the file can be read and compared, and its key."""

from broker.insured.matching.keys import name_key
from broker.insured.registry.fields import FieldError
from broker.insured.registry.packing import BAR
from providers.identity import MalformedTraitError, folded_name


def key(text: str) -> int:
    """The key of one name; FieldError when it is none."""
    legible(text)
    return name_key(text)


def legible(text: str) -> str:
    """The name, when it can be read and compared; else FieldError."""
    if BAR in text:
        raise FieldError("holds a vertical bar")
    try:
        folded = folded_name(text, "")
    except MalformedTraitError as fault:
        raise FieldError(fault.rule) from fault
    if not any(map(str.isalpha, folded)):
        raise FieldError("is missing")
    return text


def first_key(text: str) -> int:
    """The key of the first of some names, all of which are judged."""
    first, *_ = map(key, text.split(BAR))
    return first
