"""The file config.toml: found and read, not yet judged. All that a node needs of this room."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from broker import settings as broker_settings

NAME = "config.toml"
TABLES = frozenset(
    (
        "mode",
        "brand",
        "broker",
        "insured",
        "mail",
        "providers",
        "clients",
        "data_providers",
        "mock_idps",
        "portal",
        "sample_service",
        "sandbox",
    )
)
"""Whatever a file may hold at its top, whoever reads it."""

Document = dict[str, Any]

_RELATIVE_FILE = re.compile(r"sqlite:///(?!/|:memory:)([^?]+)")


class ConfigurationError(ValueError):
    """
    The configuration is refused; `problems` holds one sentence for each fault.

    `in_file` tells whether each begins with a key of the file, whose name is then to be said.
    """

    def __init__(self, problems: list[str], *, in_file: bool = True) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
        self.in_file = in_file


def find(environ: Mapping[str, str] = os.environ, here: Path | None = None) -> Path:
    """
    The file to read: `PASSERELLE_CONFIG`; the one in the folder `here`, where one is given; else
    the working demonstration that comes with the code.

    ConfigurationError when the demonstration was not installed.
    """
    if "PASSERELLE_CONFIG" in environ:
        return Path(environ["PASSERELLE_CONFIG"])
    beside_the_code = Path(__file__).parent.parent
    for folder in filter(None, (here, beside_the_code, _installed())):
        if (folder / NAME).is_file():
            return folder / NAME
    problem = f"No {NAME} was found: name one in PASSERELLE_CONFIG."
    raise ConfigurationError([problem], in_file=False)


def read(path: Path) -> Document:
    """
    The document at `path`; ConfigurationError when it cannot be read or is no TOML.

    A SQLite file that it names by a relative path lies beside it, so that a command finds the same
    state from any folder. Beside the copy that comes with an installation nobody may write: there,
    such a path is one from the folder the command was typed in.
    """
    try:
        document = broker_settings.read_document(path)
    except broker_settings.SettingsError as refused:
        raise ConfigurationError(refused.problems, in_file=False) from refused
    folder = path.parent.absolute()
    return document if folder == _installed() else _anchored(document, folder)


def _installed() -> Path:
    return Path(sys.prefix, "share", "passerelle")


def _anchored(document: Document, folder: Path) -> Document:
    tables = {name: table for name, table in document.items() if isinstance(table, dict)}
    for name, table in tables.items():
        url = table.get("database")
        if isinstance(url, str) and (own := _RELATIVE_FILE.fullmatch(url)):
            document[name] = {**table, "database": f"sqlite:///{folder / own[1]}"}
    return document


def strangers(document: Mapping[str, Any]) -> list[str]:
    """A sentence for each key at the top that nobody reads: most likely a table misspelt."""
    return [f"{key}: is no table that is known here" for key in document if key not in TABLES]
