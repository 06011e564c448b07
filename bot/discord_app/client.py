"""The Discord client: no privileged intent, commands synced once, everything else handed on."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.discord_app.clicks import admin, buttons, forms, guide, helping, unasked
from bot.discord_app.commands import install
from bot.discord_app.desk import Desk, desk_of
from bot.discord_app.messages.answering import Messages
from bot.discord_app.translation import Translator
from bot.errors import StoreError

log = logging.getLogger(__name__)
LIVE = (*buttons.ALL, *guide.ALL, *helping.ALL, *unasked.ALL, *admin.ALL)  # outlive restarts
COMMANDS_VALUE = "synced_commands"
APPLICATION_VALUE = "application"
FOREIGN = (
    "This database belongs to another application (%s): what it keeps of servers that this one is"
    " not in stays. If you did not mean to share it, set WARMSTART_DATABASE to another."
)


class Tree(app_commands.CommandTree[discord.Client]):
    """The commands; who calls them without end is slowed."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Whether a command is served now. What is offered while somebody types always is."""
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        return await desk_of(interaction).admits(interaction)

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Apologise for a command that could not begin, as when Discord has those of another
        version. What the error says may quote the person.
        """
        log.error("A command could not begin: %s", type(error).__name__)
        if interaction.type is not discord.InteractionType.autocomplete:
            await desk_of(interaction).apologise(interaction, "went_wrong")


class WarmstartClient(discord.Client):
    """Warmstart on Discord; what it knows and remembers is handed in and owned by others."""

    def __init__(
        self,
        desk: Desk,
        *,
        message_content: bool = False,
        clock: Callable[[], float] = time.monotonic,
        **options: Any,
    ) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, dm_messages=True, message_content=message_content
        )
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,  # nothing here reads discord.py's memory of the last thousand
            member_cache_flags=discord.MemberCacheFlags.none(),
            **options,
        )
        self.desk = desk
        self.leads = True  # of several processes one does what has to be done once
        self.tree = Tree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self.messages = Messages(self, self.tree, desk, clock)
        install(self.tree, desk)
        self.add_dynamic_items(*LIVE)

    async def setup_hook(self) -> None:
        """Translate and sync the commands; a login that is tried again comes here again."""
        await self.tree.set_translator(Translator())
        if self.leads:
            await self._sync_commands()

    async def _sync_commands(self) -> None:
        """Send the commands to Discord only when they, or translations, differ from the last."""
        translator = self.tree.translator
        assert translator is not None, "set when the client starts"
        payload = [
            await command.get_translated_payload(self.tree, translator)
            for command in self.tree.get_commands()
        ]
        text = json.dumps([self.application_id, payload], sort_keys=True, default=str)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        try:
            if await self.desk.store.value(COMMANDS_VALUE) == fingerprint:
                return
            await self.tree.sync()
            await self.desk.store.set_value(COMMANDS_VALUE, fingerprint)
        except (discord.HTTPException, aiohttp.ClientError, OSError, StoreError) as error:
            # mentions and messages work without
            log.error("The commands could not be synced; the next start tries again: %s", error)  # noqa: TRY400
            return
        log.info("Synced %d commands.", len(payload))

    async def on_ready(self) -> None:
        """Say that the bot is there; what happened before is not known."""
        self.messages.watcher.start()
        log.info("Connected as %s, in %d servers.", self.user, len(self.guilds))
        try:
            await self._forget_left()
        except StoreError:
            log.exception("Servers that the bot left while it was away could not be forgotten.")

    async def _forget_left(self) -> None:
        """Forget servers that removed the bot while it was away; not those in an outage.

        Only the application whose database it is can tell: another one is in other servers.
        """
        own = str(self.application_id)
        if (owner := await self.desk.store.remember_once(APPLICATION_VALUE, own)) != own:
            log.warning(FOREIGN, owner)
            return
        for guild in await self.desk.store.known_guilds():
            if self.holds(guild) and self.get_guild(guild) is None:
                await self.desk.guilds.forget(guild)
                log.info("Forgot the settings of a server that the bot left while it was away.")

    def holds(self, guild: int) -> bool:  # noqa: ARG002  of shards it makes a difference
        """Return whether a server is on a shard of this process, if the bot is in it."""
        return True

    async def on_message(self, message: discord.Message) -> None:
        """Answer what is put to the bot."""
        await self.messages.arrived(message)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take forms; discord.py hands commands and buttons on by itself."""
        await forms.submitted(self.desk, interaction)
        await admin.submitted(self.desk, interaction)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited question anew."""
        await self.messages.edited(payload)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that the bot left."""
        try:
            await self.desk.guilds.forget(guild.id)
        except StoreError:
            log.exception("The settings of a server that the bot left could not be deleted.")

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Take answers back with their questions after a moderator's purge."""
        for message_id in payload.message_ids:
            await self.messages.deleted(message_id)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take an answer back with its question."""
        await self.messages.deleted(payload.message_id)
