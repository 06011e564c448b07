"""A shard's websocket: what it cannot read ends that connection, never the process.

And as with a plain client, an outage does not end the session: what was asked meanwhile arrives.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Self, TypeVar

import aiohttp
import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

T = TypeVar("T")
# what discord.py's shards wait out or hand on; anything else ends its sharded client for good
UNDERSTOOD = (
    ReconnectWebSocket,
    discord.HTTPException,
    discord.GatewayNotFound,
    discord.ConnectionClosed,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
)


class Unreadable(aiohttp.ClientError):
    """Something unforeseen on a connection: it is begun anew, after a wait that grows."""


class ShardSocket(DiscordWebSocket):
    """The websocket of one of several shards."""

    @classmethod
    async def from_client(cls, client: discord.AutoShardedClient, **options: Any) -> Self:  # type: ignore[override]
        """Connect, and resume the shard's session if it had one, as the plain client does.

        Raises Unreadable for what nobody foresaw.
        """
        former = client.get_shard(options["shard_id"])
        if former is not None and "resume" not in options:  # discord.py would identify anew
            options |= _session(former._parent.ws)  # noqa: SLF001  ShardInfo shows no session
        return await _foreseen(super().from_client(client, **options))

    async def received_message(self, msg: Any, /) -> None:
        """Take a frame; one that cannot be read closes the connection and raises Unreadable."""
        try:
            await _foreseen(super().received_message(msg))
        except Unreadable:
            await self.close()
            self.session_id = None  # nothing can be built upon it
            raise


def _session(socket: DiscordWebSocket) -> dict[str, Any]:
    if socket.session_id is None:
        return {}
    return {
        "resume": True,
        "gateway": socket.gateway,
        "session": socket.session_id,
        "sequence": socket.sequence,
    }


async def _foreseen(work: Awaitable[T]) -> T:
    try:
        return await work
    except UNDERSTOOD:
        raise
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error
