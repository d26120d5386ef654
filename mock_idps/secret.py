"""A secret of the settings: a text, or where to find it."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field


def _found(value: object) -> object:
    """A secret may be a text, `{ env = "NAME" }` or `{ file = "path" }`."""
    match value:
        case {"env": str(name)}:
            if name not in os.environ:
                raise ValueError(f"the environment has no variable {name}")
            return os.environ[name]
        case {"file": str(path)}:
            if not Path(path).is_file():
                raise ValueError(f"there is no file {path}")
            return Path(path).read_text(encoding="utf-8").strip()
    return value


Secret = Annotated[str, BeforeValidator(_found), Field(min_length=32, repr=False)]
