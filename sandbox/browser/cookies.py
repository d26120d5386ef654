"""The cookies of a browser (RFC 6265): shared by its tabs, and by the ports of one host."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie; `expires` is in seconds of the world's clock, None until the browser ends."""

    name: str
    value: str
    host: str
    path: str = "/"
    expires: float | None = None
    http_only: bool = False
    secure: bool = False
    same_site: str = ""

    def goes_to(self, host: str, path: str, *, secure: bool) -> bool:
        """Whether a request to that place carries it (RFC 6265 §5.4)."""
        if host != self.host or (self.secure and not secure):
            return False
        inside = path.startswith(self.path)
        return inside and (self.path.endswith("/") or path[len(self.path) :][:1] in {"", "/"})


class CookieJar:
    """
    Keeps, sends and forgets cookies.

    As in every browser, a port is no boundary: applications on `localhost` see one another's
    cookies, and must name theirs apart.
    """

    def __init__(self, clock: Callable[[], float], wall: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._wall = wall
        self._kept: dict[tuple[str, str, str], Cookie] = {}

    def keep(self, url: str, headers: list[str]) -> None:
        """Take the `Set-Cookie` headers of an answer from that URL."""
        for header in headers:
            cookie = self._read(url, header)
            key = (cookie.host, cookie.path, cookie.name)
            self._kept.pop(key, None)
            if cookie.expires is None or cookie.expires > self._clock():
                self._kept[key] = cookie

    def header(self, url: str) -> str:
        """The `Cookie` header of a request to that URL, or nothing."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.sent_to(url))

    def sent_to(self, url: str) -> list[Cookie]:
        """The cookies of a request to that URL, longer paths first."""
        parts = urlsplit(url)
        host, path = parts.hostname or "", parts.path or "/"
        # Browsers treat this machine as secure.
        secure = parts.scheme == "https" or host == "localhost"
        found = [c for c in self if c.goes_to(host, path, secure=secure)]
        return sorted(found, key=lambda cookie: -len(cookie.path))

    def get(self, name: str) -> Cookie | None:
        """The cookie of that name."""
        return next((cookie for cookie in self if cookie.name == name), None)

    def put(self, cookie: Cookie) -> None:
        """Plant a cookie, as an attacker might."""
        self._kept[cookie.host, cookie.path, cookie.name] = cookie

    def clear(self) -> None:
        """Forget every cookie."""
        self._kept.clear()

    def __iter__(self) -> Iterator[Cookie]:
        now = self._clock()
        return iter([c for c in self._kept.values() if c.expires is None or c.expires > now])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _read(self, url: str, header: str) -> Cookie:
        parts = urlsplit(url)
        pair, *options = header.split(";")
        name, _, value = pair.strip().partition("=")
        told = {k.strip().lower(): v.strip() for k, _, v in (o.partition("=") for o in options)}
        return Cookie(
            name=name,
            value=value,
            host=parts.hostname or "",
            path=told.get("path") or "/",
            expires=self._expires(told),
            http_only="httponly" in told,
            secure="secure" in told,
            same_site=told.get("samesite", ""),
        )

    def _expires(self, told: dict[str, str]) -> float | None:
        if "max-age" in told:
            return self._clock() + int(told["max-age"])
        if "expires" in told:
            # Libraries write `Expires` from the machine's clock; the lifetime is what was meant.
            lifetime = parsedate_to_datetime(told["expires"]).timestamp() - self._wall()
            return self._clock() + lifetime
        return None
