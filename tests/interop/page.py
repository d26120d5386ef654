"""The examples of docs/integrating-a-service.md, taken out of the page itself."""

import re
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "integrating-a-service.md"
PLACE = "localhost:5000"
"""Where every example of the page listens."""

_NAMED = re.compile(r"^```\w+\n(?:#|//) ([\w.]+)\b[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELL = re.compile(r"^ *```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def examples(place: str = PLACE) -> dict[str, str]:
    """The named code blocks of the page by file name, listening at `place` instead."""
    found = _NAMED.findall(PAGE.read_text(encoding="utf-8"))
    port = place.rpartition(":")[2]
    return {name: re.sub(r"\b5000\b", port, code) for name, code in found}


def registration(place: str = PLACE) -> list[str]:
    """The words of the command that registers a service, after `passerelle`."""
    text = _SHELL.search(PAGE.read_text(encoding="utf-8"))[1].replace(PLACE, place)
    words = re.findall(r'"([^"]*)"|(\S+)', text.replace("\\\n", " "))
    return [quoted or plain for quoted, plain in words][1:]
