"""What is read once in a process, however many worlds need it: templates, routes, catalogues."""

from collections.abc import Callable
from typing import Any

from babel.support import Translations
from werkzeug.routing import Rule

from broker.look.compiled import CompiledTemplates

COMPILED = CompiledTemplates()
"""Shared by every application of the process."""

_compile: Callable[[Rule, bool], Any] = Rule._compile_builder  # noqa: SLF001 - there is no other way in
_parse: Callable[[Rule, str], Any] = Rule._parse_rule  # noqa: SLF001 - nor here
_routes: dict[tuple[Any, ...], Any] = {}
_parts: dict[str, tuple[list[Any], list[tuple[bool, str]]]] = {}


_load: Callable[..., Any] = Translations.load
_catalogues: dict[tuple[str, ...], Any] = {}


def share_catalogues() -> None:
    """From now on, read each catalogue of sentences once, not once for each application."""
    setattr(Translations, "load", _read_once)  # noqa: B010 - mypy knows it as a method


def _read_once(folder: Any = None, locales: Any = None, domain: str | None = None) -> Any:
    key = str(folder), str(locales), str(domain)
    if key not in _catalogues:
        _catalogues[key] = _load(folder, locales, domain)
    return _catalogues[key]


def share_routes() -> None:
    """
    From now on, compile each route once, not once for each application that has it.

    Werkzeug compiles two functions for each route, which take longer than the rest of an
    application; they are handed the route when they are called, and so serve any that is alike.
    """
    setattr(Rule, "_compile_builder", _shared)  # noqa: B010 - mypy knows it as a method
    setattr(Rule, "_parse_rule", _taken_apart)  # noqa: B010 - same


def _taken_apart(rule: Rule, path: str) -> list[Any]:
    trace = rule._trace  # noqa: SLF001 - what it leaves in the route
    if "<" in path:
        return list(_parse(rule, path))
    if path not in _parts:
        before = len(trace)
        _parts[path] = list(_parse(rule, path)), trace[before:]
        del trace[before:]
    parts, left = _parts[path]
    trace.extend(left)
    return parts


def _shared(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002 - werkzeug's own
    if rule.defaults:
        return _compile(rule, append_unknown)
    key = rule.rule, *rule._trace, append_unknown  # noqa: SLF001 - all that the functions depend on
    if key not in _routes:
        _routes[key] = _compile(rule, append_unknown)
    return _routes[key]
