"""What is wrong with a field of the file."""


class FieldError(ValueError):
    """The field breaks this rule; the field itself is never repeated."""
