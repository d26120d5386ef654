"""Which network addresses a provider may be called at, so that it cannot point us at ourselves."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = IPv6Network("::/96")
_LOW_BITS = 0xFFFFFFFF


def is_public(text: str) -> bool:
    """
    Whether `text` is an address of the public Internet.

    Loopback, private, link-local, shared, reserved and multicast addresses are not, however they
    are wrapped: an IPv6 address that carries an IPv4 one is judged by both.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    inner = _carried(address) if isinstance(address, IPv6Address) else None
    if inner is not None and not is_public(str(inner)):
        return False
    mapped = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
    return (address.is_global or mapped) and not address.is_multicast


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside: mapped, 6to4, Teredo, NAT64 or compatible."""
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        return IPv4Address(int(address) & _LOW_BITS)
    return address.ipv4_mapped or address.sixtofour
