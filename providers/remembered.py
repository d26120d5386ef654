"""A document of an upstream, remembered for a while: loaded by one thread, served by all."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from providers.faults import ProviderFault

Document = TypeVar("Document")


class Remembered(Generic[Document]):
    """
    One document with a lifetime in seconds.

    Past its lifetime it is loaded again by the first who asks, while others are still served the
    old one; when that fails the old one serves for one lifetime more. Whoever waited for a first
    load shares its outcome, so that a dead upstream holds nobody longer than one call.
    """

    def __init__(self, lifetime: float) -> None:
        self._lifetime = lifetime
        self._lock = Lock()
        self._document: Document | None = None
        self._loaded_at = 0.0
        self._attempts = 0
        self._failure: ProviderFault | None = None

    @property
    def current(self) -> Document | None:
        """What is remembered, however old."""
        return self._document

    def get(self, now: float, load: Callable[[], Document]) -> Document:
        """The document at `now`; raises the fault of `load` when there is none to serve."""
        document, age = self._document, abs(now - self._loaded_at)
        if document is not None and age < self._lifetime:
            return document
        usable = document if age < 2 * self._lifetime else None
        if usable is not None and self._lock.locked():
            return usable
        try:
            return self.reload(now, load)
        except ProviderFault:
            if usable is None:
                raise
            return usable

    def reload(self, now: float, load: Callable[[], Document]) -> Document:
        """Load at once, unless another thread does: then share what it gets."""
        seen = self._attempts
        with self._lock:
            if self._attempts != seen:
                return self._shared()
            try:
                self._document, self._loaded_at, self._failure = load(), now, None
            except ProviderFault as failure:
                self._failure = failure
                raise
            finally:
                self._attempts += 1
            return self._document

    def _shared(self) -> Document:
        if self._failure is not None:
            raise self._failure
        assert self._document is not None  # noqa: S101 - an attempt without failure left one
        return self._document
