"""How each server wants the bot: read from the store once, then known by heart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.advice.advisor import STORE_SECONDS
from bot.errors import StoreError
from bot.store.model import GuildSettings, Store

UNSAID = GuildSettings()  # of a server that never said anything, and outside of servers

log = logging.getLogger(__name__)


class GuildBook:
    """The settings of servers, in memory after the first look: a message costs no reading.

    It is the only writer of settings, so what it knows is what is stored. While a server's cannot
    be read, mentions are answered as where nothing was set, and commands in private: a mention
    asks for an answer there, but a channel that is to be silent must not fill with cards.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[int, GuildSettings] = {}
        self._forgotten = 0  # how often; what was read before such a moment may be gone
        self._one_at_a_time = asyncio.Lock()

    def known(self, guild: int | None) -> GuildSettings:
        """Return what is known by heart; `of` looks first."""
        return self._known.get(guild, UNSAID) if guild else UNSAID

    def knows(self, guild: int) -> bool:
        """Whether a server's settings are known; after `of`, whether they could be read."""
        return guild in self._known

    async def of(self, guild: int | None) -> GuildSettings:
        """Return how a server wants the bot; a store in trouble must not silence the bot."""
        if guild and guild not in self._known:
            forgotten = self._forgotten
            try:
                async with asyncio.timeout(STORE_SECONDS):
                    read = await self._store.guild_settings(guild)
            except (StoreError, TimeoutError):
                log.exception("A server's settings could not be read; the defaults hold for now.")
                return self.known(guild)
            if forgotten == self._forgotten:
                self._known.setdefault(guild, read)  # saved meanwhile: that is newer
            return self._known.get(guild, read)
        return self.known(guild)

    async def change(
        self, guild: int, edit: Callable[[GuildSettings], GuildSettings]
    ) -> GuildSettings:
        """Store what `edit` makes of a server's settings and return it; StoreError on trouble.

        Changes come one after the other, so that none is lost.
        """
        async with self._one_at_a_time:
            present = self._known.get(guild) or await self._store.guild_settings(guild)
            changed = edit(present)
            await self._store.save_guild_settings(guild, changed)
            self._known[guild] = changed
            return changed

    async def forget(self, guild: int) -> None:
        """Forget a server that the bot left, in the store too."""
        async with self._one_at_a_time:
            try:
                await self._store.forget_guild(guild)
            finally:
                self._forgotten += 1
                self._known.pop(guild, None)
