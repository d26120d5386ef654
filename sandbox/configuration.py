"""
One config.toml for every room: adapted to a sandbox, judged by each room.

Each room reads its own tables; what is wrong anywhere is in one ConfigurationError.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import make_url

from broker import settings as broker_settings
from broker.settings.mail import is_host_port
from mock_idps import settings as mock_settings
from relying_party_demo import settings as service_settings
from sandbox.document import ConfigurationError, Document, strangers

USUAL_BASE = 8000
_LOCAL_PORT = re.compile(r"\b(localhost|127\.0\.0\.1):(8\d{3})\b")
_STORED = {
    "broker": "broker.sqlite",
    "insured": "insured.sqlite",
    "portal": "portal.sqlite",
    "sample_service": "sample.sqlite",
}
"""The tables that name a database, and its file in a sandbox."""


class SandboxTable(BaseModel):
    """`[sandbox]`: where the mailbox and the control room listen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    listen: str = "127.0.0.1:8025"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What each room was told."""

    broker: broker_settings.Settings
    mocks: tuple[mock_settings.MockSettings, ...]
    services: service_settings.Settings
    sandbox: SandboxTable


def load(document: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> Configuration:
    """The settings of every room; ConfigurationError with the problems of all."""
    problems = strangers(document)
    parts: dict[str, Any] = {}
    readers: dict[str, Callable[[], Any]] = {
        "broker": lambda: broker_settings.load(document, environ),
        "mocks": lambda: mock_settings.load(document),
        "services": lambda: service_settings.load(document, environ),
        "sandbox": lambda: SandboxTable.model_validate(document.get("sandbox", {})),
    }
    for name, reader in readers.items():
        # Rooms share tables, and may complain of the same key.
        told = {_key(problem) for problem in problems}
        try:
            parts[name] = reader()
        except ValidationError as refused:
            problems.extend(_sentences(refused))
        except (
            broker_settings.SettingsError,
            mock_settings.SettingsError,
            service_settings.SettingsError,
        ) as refused:
            problems.extend(one for one in refused.problems if _key(one) not in told)
    problems.extend(_nowhere(document))
    if problems:
        raise ConfigurationError(problems)
    return Configuration(**parts)


def _nowhere(document: Mapping[str, Any]) -> Iterator[str]:
    """Where the portal, the second service or the control room would listen, and cannot."""
    for name in ("portal", "sample_service", "sandbox"):
        table = document.get(name)
        listen = table.get("listen") if isinstance(table, Mapping) else None
        if isinstance(listen, str) and not is_host_port(listen):
            yield f"{name}.listen: {listen!r} is not host:port"


def _key(problem: str) -> str:
    return problem.partition(":")[0]


def moved(document: Document, base: int) -> Document:
    """Every address of this machine moved from port 8000 + n to `base` + n."""
    result: Document = _each_text(document, lambda text: _LOCAL_PORT.sub(_moving(base), text))
    return result


def merged(document: Document, changes: Mapping[str, Any]) -> Document:
    """`document` with `changes` over it, table by table; a value of None removes its key."""
    result = dict(document)
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = deepcopy(value)
    return result


def stored(document: Document, folder: Path, urls: Mapping[str, str] | None = None) -> Document:
    """Every database as a file of `folder`, except those that `urls` names by their table."""
    given = urls or {}
    tables = {
        table: {"database": given.get(table) or f"sqlite:///{folder / name}"}
        for table, name in _STORED.items()
        if table in document
    }
    return merged(document, tables)


def files(document: Mapping[str, Any]) -> Iterator[Path]:
    """The SQLite files that the document names, companions included, whether they exist or not."""
    for table in _STORED:
        url = document.get(table, {}).get("database")
        parsed = make_url(url) if url else None
        if parsed is None or parsed.get_backend_name() != "sqlite" or not parsed.database:
            continue
        path = Path(parsed.database)
        for stem in (path.name, f"{path.stem}.registry{path.suffix}"):
            for ending in ("", "-wal", "-shm"):
                yield path.with_name(stem + ending)


def _moving(base: int) -> Any:
    return lambda found: f"{found[1]}:{base + int(found[2]) - USUAL_BASE}"


def _each_text(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _each_text(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [_each_text(inner, change) for inner in value]
    return value


def _sentences(refused: ValidationError) -> Iterator[str]:
    for error in refused.errors():
        yield f"{'.'.join(['sandbox', *map(str, error['loc'])])}: {error['msg'].lower()}"
