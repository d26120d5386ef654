"""Bounded shelves in memory: what a mock remembers, for how long, and never more than so much."""

from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """
    Values by unguessable key, for `seconds` at most, the oldest thrown out beyond `size`.

    Every kind of thing has its own shelf, so that a key of one kind is never good for another.
    Safe between threads.
    """

    def __init__(self, clock: Callable[[], float], seconds: float, size: int = 5_000) -> None:
        self._clock = clock
        self._seconds = seconds
        self._size = size
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def put(self, key: str, value: T) -> None:
        """Keep `value` from now on."""
        with self._lock:
            self._insert(key, value)

    def claim(self, key: str, value: T) -> bool:
        """Keep `value`, unless the key is in use; whether it was kept."""
        with self._lock:
            if self._fresh(self._kept.get(key)) is not None:
                return False
            self._insert(key, value)
            return True

    def get(self, key: str | None) -> T | None:
        """The value kept under `key`, or None when unknown or too old."""
        with self._lock:
            return self._fresh(self._kept.get(key or ""))

    def late(self, key: str | None) -> T | None:
        """The value even when too old, as long as nothing newer took its room."""
        with self._lock:
            kept = self._kept.get(key or "")
            return kept[1] if kept else None

    def take(self, key: str | None) -> T | None:
        """The value, for the one caller who takes it first."""
        with self._lock:
            return self._fresh(self._kept.pop(key or "", None))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)

    def _insert(self, key: str, value: T) -> None:
        self._kept[key] = (self._clock() + self._seconds, value)
        self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def _fresh(self, kept: tuple[float, T] | None) -> T | None:
        return kept[1] if kept and kept[0] > self._clock() else None


class Tail(Generic[T]):
    """The last `size` things, oldest first. Safe between threads."""

    def __init__(self, size: int) -> None:
        self._lock = Lock()
        self._kept: deque[T] = deque(maxlen=size)

    def add(self, value: T) -> None:
        """Append, and forget the oldest when full."""
        with self._lock:
            self._kept.append(value)

    def pop(self, wanted: Callable[[T], bool] = lambda _: True) -> T | None:
        """Take out the oldest thing that is `wanted`, or None."""
        with self._lock:
            for value in self._kept:
                if wanted(value):
                    self._kept.remove(value)
                    return value
        return None

    def all(self) -> list[T]:
        """Everything kept, oldest first."""
        with self._lock:
            return list(self._kept)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
