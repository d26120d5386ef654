"""The file config.toml: found and read, not yet judged. All that a node needs of this room."""

import os
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
    installed = Path(sys.prefix, "share", "passerelle")
    for folder in filter(None, (here, beside_the_code, installed)):
        if (folder / NAME).is_file():
            return folder / NAME
    problem = f"No {NAME} was found: name one in PASSERELLE_CONFIG."
    raise ConfigurationError([problem], in_file=False)


def read(path: Path) -> Document:
    """The document at `path`; ConfigurationError when it cannot be read or is no TOML."""
    try:
        return broker_settings.read_document(path)
    except broker_settings.SettingsError as refused:
        raise ConfigurationError(refused.problems, in_file=False) from refused


def strangers(document: Mapping[str, Any]) -> list[str]:
    """A sentence for each key at the top that nobody reads: most likely a table misspelt."""
    return [f"{key}: is no table that is known here" for key in document if key not in TABLES]
