"""Secrets that the settings only point at: in the environment, or in a file of their own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from broker.settings.clients import MIN_SECRET


def resolved(value: Any, environ: Mapping[str, str], key: str, found: list[str]) -> Any:
    """Replace `{ env = "NAME" }` and `{ file = "path" }` by the secret they point at, anywhere."""
    if isinstance(value, list):
        return [resolved(one, environ, f"{key}.{n}", found) for n, one in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    if set(value) == {"env"}:
        if value["env"] not in environ:
            found.append(f"{key}: the environment has no {value['env']}")
        return environ.get(value["env"], "?" * MIN_SECRET)
    if set(value) == {"file"}:
        try:
            return Path(value["file"]).read_text(encoding="utf-8").strip()
        except OSError as fault:
            found.append(f"{key}: {value['file']} cannot be read ({fault.strerror})")
            return "?" * MIN_SECRET
    return {k: resolved(v, environ, f"{key}.{k}".lstrip("."), found) for k, v in value.items()}
