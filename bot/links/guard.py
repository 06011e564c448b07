"""Which addresses may be connected to: none of this machine's or a private network's.

A knowledge base comes from pull requests. Without a guard, an address in it could make the
machine that checks it send requests to its own services.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

Address = IPv4Address | IPv6Address
Allow = Callable[[Address], bool]


class Forbidden(OSError):
    """The address may not be connected to."""


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, an IPv4 one inside it included."""
    if isinstance(address, IPv6Address):
        # https://www.rfc-editor.org/rfc/rfc6052: the last 32 bits of 64:ff9b::/96
        translated = IPv4Address(int(address) & 0xFFFFFFFF) if _is_translated(address) else None
        inner = address.ipv4_mapped or address.sixtofour or translated
        if inner is not None:
            return is_public(inner)
        if address.teredo or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def _is_translated(address: IPv6Address) -> bool:
    return int(address) >> 32 == int(IPv6Address("64:ff9b::")) >> 32


def check_literal(host: str, allow: Allow) -> None:
    """Raise Forbidden for a host that is an address, in any notation, and may not be used.

    aiohttp connects to such a host without asking a resolver.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        if ":" in host or host.replace(".", "").isdigit():
            raise Forbidden(f"{host} is no address in its usual notation") from None
        return  # a name: the resolver sees it
    if not allow(address):
        raise Forbidden(f"{host} is a private address")


class GuardedResolver(AbstractResolver):
    """Resolves names to the addresses that may be used.

    aiohttp connects to exactly what `resolve` returns, so a name that means something else a
    moment later (DNS rebinding) changes nothing.
    """

    def __init__(self, inner: AbstractResolver, allow: Allow) -> None:
        self._inner = inner
        self._allow = allow

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a name; raises Forbidden when none may be used."""
        found = await self._inner.resolve(host, port, family)
        allowed = [one for one in found if self._allow(ip_address(one["host"].partition("%")[0]))]
        if not allowed:
            raise Forbidden(f"{host} has a private address") if found else OSError("no address")
        return allowed

    async def close(self) -> None:
        """Close the resolver behind."""
        await self._inner.close()
