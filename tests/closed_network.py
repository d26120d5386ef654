"""No test leaves this machine, whichever library opens the socket."""

import ipaddress
import socket
import sys
from contextlib import suppress


class OutsideNetworkError(BaseException):
    """A test tried to leave this machine; no `except Exception` of the product hides it."""


def on_this_machine(host: object) -> bool:
    """Whether an address or a name of a socket is one of this machine."""
    if host in {None, "", "localhost", b"localhost"}:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    with suppress(ValueError):
        return ipaddress.ip_address(name.split("%")[0]).is_loopback
    return False


def _keepon_this_machine(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"}:
        connection, address = arguments[0], arguments[1]
        if connection.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        host = address[0]
    else:
        return
    if not on_this_machine(host):
        raise OutsideNetworkError(f"{event} to {host!r}: tests stay on this machine")


# An audit hook sees every socket of the process, whichever library opened it (PEP 578).
sys.addaudithook(_keepon_this_machine)
