"""The file config.toml: found and read, not yet judged. All that a node needs of this room."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from broker import settings as broker_settings

NAME = "config.toml"
Document = dict[str, Any]


class ConfigurationError(ValueError):
    """The configuration is refused; `problems` holds one sentence for each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


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
    raise ConfigurationError([f"no {NAME} was found: name one in PASSERELLE_CONFIG"])


def read(path: Path) -> Document:
    """The document at `path`; ConfigurationError when it cannot be read or is no TOML."""
    try:
        return broker_settings.read_document(path)
    except broker_settings.SettingsError as refused:
        raise ConfigurationError(refused.problems) from refused
