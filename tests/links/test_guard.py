"""Which addresses belong to the public internet."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from bot.links.guard import Forbidden, check_literal, is_public

PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
NOT_PUBLIC = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public(text: str) -> None:
    assert is_public(ip_address(text))
    check_literal(text, is_public)


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_not_public(text: str) -> None:
    assert not is_public(ip_address(text))
    with pytest.raises(Forbidden):
        check_literal(text, is_public)


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0177.0.0.1", "1.2.3.4.5", "fe80::1%eth0"])
def test_odd_notations_are_refused(host: str) -> None:
    with pytest.raises(Forbidden):
        check_literal(host, is_public)


@pytest.mark.parametrize("host", ["example.org", "localhost", "0x7f.1", "3com.com", "a.1"])
def test_names_are_left_to_the_resolver(host: str) -> None:
    check_literal(host, is_public)
