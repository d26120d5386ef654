"""Addresses a provider may be called at: the public Internet, however an address is wrapped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.addresses import is_public

NOT_PUBLIC = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:a00:1:0:0:80ff:fffe",
    "2001:db8::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "100::1",
    "",
    "localhost",
    "127.1",
    "0x7f.0.0.1",
    "2130706433",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_of_ours_is_refused(address):
    """Loopback, private, link-local, shared, reserved, multicast, and what is no address."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_an_address_of_the_internet_is_allowed(address):
    """Public addresses of both families, mapped and translated ones too."""
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_wrapping_changes_nothing(address):
    """An IPv4 address is judged the same inside the usual IPv6 wrappings."""
    inside = int(address)
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{inside >> 16:x}:{inside & 0xFFFF:x}"):
        assert is_public(wrapped) == is_public(str(address))


@given(st.text(max_size=40))
def test_no_text_is_mistaken_for_a_public_address(text):
    """Whatever a name service answers, the question is answered."""
    assert is_public(text) in {True, False}
