"""Templates compiled once in a process, however many worlds draw them."""

from types import CodeType
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates in memory, by name, file and content."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the compiled template, if it was compiled before."""
        bucket.code = self._kept.get(_key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[_key(bucket)] = bucket.code


def _key(bucket: Any) -> tuple[str, str]:
    return bucket.key, bucket.checksum


COMPILED = CompiledTemplates()
"""Shared by every application of the process."""
