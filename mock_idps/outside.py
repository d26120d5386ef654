"""The outside world of a mock provider, as arguments."""

from collections.abc import Callable
from dataclasses import dataclass

from mock_idps.accounts import CheckAccount, Checked
from mock_idps.keys import MakeKey, make_key


def _no_account(nir: str, password: str, origin: str) -> Checked:  # noqa: ARG001 - the shape of a check
    return Checked()


def _nowhere(url: str) -> str | None:  # noqa: ARG001 - the shape of a visit
    return None


@dataclass(frozen=True, slots=True)
class Outside:
    """
    What a mock needs of the world.

    `clock()` is Unix seconds; `random(n)` gives n unguessable bytes; `sleep(seconds)` waits, and
    may raise instead of waiting: a network without sockets turns a wait longer than the caller's
    limit into the caller's time-out, and nothing here catches it. `check_account` asks whoever
    keeps the accounts. `visit(url)` fetches a page without following redirects and gives its
    Location or None: only the attacker visits. `make_key(alg)` makes a signing key.
    """

    clock: Callable[[], float]
    random: Callable[[int], bytes]
    sleep: Callable[[float], None]
    check_account: CheckAccount = _no_account
    visit: Callable[[str], str | None] = _nowhere
    make_key: MakeKey = make_key

    def token(self) -> str:
        """An unguessable text of 64 hexadecimal digits."""
        return self.random(32).hex()
