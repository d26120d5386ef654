"""The handle of the browser session, in a cookie of its own."""

from broker.login.cookies import Cookies
from broker.outside import Random
from broker.sealing import b64
from broker.sessions.store import session_id

_NAME = "session"
_HANDLE_BYTES = 24


def current_id(cookies: Cookies) -> str | None:
    """The id of the session this browser claims to hold."""
    handle = cookies.get(_NAME)
    return session_id(handle) if handle else None


def new_handle(random: Random) -> str:
    """A handle no browser ever held."""
    return b64(random(_HANDLE_BYTES))


def give(cookies: Cookies, handle: str) -> None:
    """Let the browser hold the handle, until it closes; any other is worth nothing here."""
    cookies.put(_NAME, handle)


def drop(cookies: Cookies) -> None:
    """Take the handle back, at logout."""
    cookies.drop(_NAME)
