"""Several shards in one process, all or a range, each identified when it is its turn."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord

from bot.discord_app.client import WarmstartClient
from bot.discord_app.desk import Desk
from bot.errors import StoreError
from bot.settings import Shards

IDENTIFY_PAUSE = 5.0  # seconds

log = logging.getLogger(__name__)


class ShardedClient(WarmstartClient, discord.AutoShardedClient):
    """Warmstart on a range of shards, or on as many as Discord recommends."""

    def __init__(self, desk: Desk, shards: Shards, **options: Any) -> None:
        super().__init__(desk, shard_ids=shards.ids, shard_count=shards.count, **options)
        self.leads = shards.lead
        self._at_once = 0  # shards that may identify together; 0: not asked yet

    def holds(self, guild: int) -> bool:
        """Return whether a server is on a shard of this process, if the bot is in it.

        https://docs.discord.com/developers/events/gateway#sharding-sharding-formula
        """
        count = self.shard_count
        return count is not None and (guild >> 22) % count in (self.shard_ids or range(count))

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for this shard's turn among all processes that share the database.

        Of the shards with the same number modulo max_concurrency, one in five seconds:
        https://docs.discord.com/developers/events/gateway#sharding-max-concurrency
        """
        try:
            bucket = (shard_id or 0) % await self._max_concurrency()
            await self.desk.store.take_turn(f"identify {bucket}", IDENTIFY_PAUSE)
        except StoreError as error:
            log.warning("Other processes cannot be asked before identifying: %s", error)
            await asyncio.sleep(0 if initial else IDENTIFY_PAUSE)

    async def _max_concurrency(self) -> int:
        if not self._at_once:
            try:
                limits = await self.fetch_session_start_limits()
            except discord.DiscordException:
                log.warning("Discord did not say how many shards may identify together: one may.")
                return 1
            self._at_once = max(limits.max_concurrency, 1)
        return self._at_once
