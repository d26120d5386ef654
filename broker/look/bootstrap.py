"""
Bootstrap, cut down to what our templates use: some 20 kB of its 230.

The file is the one Bootstrap-Flask installs. A rule stays when every class and every element of
one of its selectors occurs in a template; a variable stays when a rule that stays reads it.
"""

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files

_LICENCE = re.compile(r"/\*!.*?\*/", re.DOTALL)
_BLOCK = re.compile(
    r"(?P<media>@media[^{]+)\{(?P<inside>(?:[^{}]+\{[^{}]*\})*)\}"
    r"|(?P<skipped>@[^{]+)\{(?:[^{}]+\{[^{}]*\})*\}"
    r"|(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}"
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS = re.compile(r"\.([\w-]+)")
_ELEMENT = re.compile(r"(?<![\w.:#-])([a-z][a-z0-9]*)")
_EXCEPTION = re.compile(r":not\([^)]*\)")
_NOT_OURS = re.compile(r"[\[#]|::-|:-|:root")
_USED_CLASS = re.compile(r'class="([^"]*)"')
_USED_ELEMENT = re.compile(r"<([a-z][a-z0-9]*)")
_VARIABLE = re.compile(r"var\((--bs-[\w-]+)")


def bootstrap_css() -> str:
    """The text of Bootstrap as its package installs it."""
    folder = files("flask_bootstrap") / "static" / "bootstrap5" / "css"
    return (folder / "bootstrap.min.css").read_text(encoding="utf-8")


def trimmed(css: str, pages: Iterable[str]) -> str:
    """The part of `css` that the HTML of `pages` uses, licence included."""
    text = "\n".join(pages)
    classes = {name for found in _USED_CLASS.findall(text) for name in found.split()}
    elements = set(_USED_ELEMENT.findall(text)) | {"html", "body"}
    licence = _LICENCE.search(css)
    rules = "".join(_kept(_LICENCE.sub("", css), classes, elements))
    head = licence[0] if licence else ""
    return f"{head}\n:root{{{_variables(css, rules)}}}{rules}"


def _kept(css: str, classes: set[str], elements: set[str]) -> Iterator[str]:
    for block in _BLOCK.finditer(css):
        if block["media"]:
            inside = "".join(
                _rule(selectors, body, classes, elements)
                for selectors, body in _RULE.findall(block["inside"])
            )
            if inside:
                yield f"{block['media']}{{{inside}}}"
        elif block["selectors"]:
            yield _rule(block["selectors"], block["body"], classes, elements)


def _rule(selectors: str, body: str, classes: set[str], elements: set[str]) -> str:
    wanted = [
        selector
        for selector in selectors.split(",")
        if _occurs(_EXCEPTION.sub("", selector), classes, elements)
    ]
    # A picture inside a stylesheet is a `data:` address, which our policy for pictures refuses.
    return f"{','.join(wanted)}{{{body}}}" if wanted and "url(" not in body else ""


def _occurs(selector: str, classes: set[str], elements: set[str]) -> bool:
    return (
        not _NOT_OURS.search(selector)
        and classes.issuperset(_CLASS.findall(selector))
        and elements.issuperset(_ELEMENT.findall(_CLASS.sub("", selector)))
    )


def _variables(css: str, rules: str) -> str:
    root = _RULE.search(_LICENCE.sub("", css))
    values = dict(
        line.split(":", 1) for line in (root[2].split(";") if root else ()) if line[:2] == "--"
    )
    wanted: list[str] = []
    waiting = _VARIABLE.findall(rules)
    while waiting:
        name = waiting.pop()
        if name in values and name not in wanted:
            wanted.append(name)
            waiting += _VARIABLE.findall(values[name])
    return ";".join(f"{name}:{values[name]}" for name in sorted(wanted))
