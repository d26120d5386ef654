"""What is compiled once in a process, however many worlds need it: templates, and routes."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

from broker.look.compiled import CompiledTemplates

COMPILED = CompiledTemplates()
"""Shared by every application of the process."""

_compile: Callable[[Rule, bool], Any] = Rule._compile_builder  # noqa: SLF001 - there is no other way in
_routes: dict[tuple[Any, ...], Any] = {}


def share_routes() -> None:
    """
    From now on, compile each route once, not once for each application that has it.

    Werkzeug compiles two functions for each route, which take longer than the rest of an
    application; they are handed the route when they are called, and so serve any that is alike.
    """
    setattr(Rule, "_compile_builder", _shared)  # noqa: B010 - mypy knows it as a method


def _shared(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002 - werkzeug's own
    if rule.defaults:
        return _compile(rule, append_unknown)
    key = rule.rule, *rule._trace, append_unknown  # noqa: SLF001 - all that the functions depend on
    if key not in _routes:
        _routes[key] = _compile(rule, append_unknown)
    return _routes[key]
