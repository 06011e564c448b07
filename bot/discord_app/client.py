"""The Discord client: no privileged intent, commands synced once, everything else handed on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import discord
from discord import app_commands

from bot.advice import Advisor
from bot.discord_app import buttons, respond
from bot.discord_app.cards import NOBODY, Card, Pen, render
from bot.discord_app.commands import install
from bot.discord_app.messages import Messages
from bot.discord_app.respond import Interaction
from bot.errors import StoreError
from bot.frame import Frame, frame
from bot.runtime import Reloader
from bot.store.model import Store, Voter

log = logging.getLogger(__name__)
COMMANDS_VALUE = "synced_commands"
TAG_DIGITS = 8  # hex digits of a voter that mark the asker on a button


class WarmstartClient(discord.Client):
    """Warmstart on Discord; what it knows and remembers is handed in and owned by others."""

    def __init__(
        self,
        advisor: Advisor,
        store: Store,
        voter: Callable[[int], Voter],
        *,
        is_question_channel: Callable[[int], bool] = lambda _: False,
        message_content: bool = False,
        reloader: Reloader | None = None,
        maintainers: frozenset[int] = frozenset(),
        **options: Any,
    ) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, dm_messages=True, message_content=message_content
        )
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            **options,
        )
        self.advisor = advisor
        self.store = store
        self.voter = voter
        self.reloader = reloader  # without one there is no /knowledge
        self.maintainers = maintainers
        self.frame: Frame = frame()
        self.tree = app_commands.CommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self.messages = Messages(self, is_question_channel)

    async def setup_hook(self) -> None:
        """Register buttons and commands, once per start."""
        install(self)
        self.add_dynamic_items(*buttons.ALL)
        await self._sync_commands()

    async def _sync_commands(self) -> None:
        """Send the commands to Discord only when they differ from those sent last."""
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([self.application_id, payload], sort_keys=True, default=str)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        if await self.store.value(COMMANDS_VALUE) == fingerprint:
            return
        await self.tree.sync()
        await self.store.set_value(COMMANDS_VALUE, fingerprint)
        log.info("Synced %d commands.", len(payload))

    async def on_ready(self) -> None:
        """Say that the bot is there."""
        log.info("Connected as %s, in %d servers.", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Answer what is put to the bot."""
        await self.messages.arrived(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer an edited question anew."""
        await self.messages.edited(payload)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take an answer back with its question."""
        await self.messages.deleted(payload.message_id)

    def tag(self, user_id: int) -> str:
        """Return the short tag that marks a person as the asker on a card's buttons."""
        return self.voter(user_id).hex()[:TAG_DIGITS]

    def pen(self, asker: str = NOBODY, *, link: str | None = None) -> Pen:
        """Return what drawing a card needs now."""
        return Pen(self.advisor.knowledge, self.frame, asker, link)

    async def show_privately(self, interaction: Interaction, card: Card) -> None:
        """Answer an interaction with a card that only the person sees."""
        view = render(card, self.pen(self.tag(interaction.user.id)))
        await interaction.response.send_message(view=view, ephemeral=True)

    async def show_in_place(self, interaction: Interaction, card: Card) -> None:
        """Replace the clicked card; its asker stays who clicked."""
        view = render(card, self.pen(self.tag(interaction.user.id)))
        await interaction.response.edit_message(view=view)

    async def show_to(self, interaction: Interaction, card: Card, asker: str) -> None:
        """Replace the card for the asker; show others a private one."""
        if asker and asker == self.tag(interaction.user.id):
            await self.show_in_place(interaction, card)
        else:
            await self.show_privately(interaction, card)

    @contextlib.asynccontextmanager
    async def apologising(self, interaction: Interaction) -> AsyncIterator[None]:
        """Turn whatever goes wrong into one private sentence; the log gets the rest."""
        try:
            yield
        except StoreError as error:
            log.error("A vote or note could not be saved: %s", error)  # noqa: TRY400
            await self._apologise(interaction, "not_saved")
        except discord.NotFound as error:
            log.warning("An interaction was answered too late or its message is gone: %s", error)
        except Exception:
            log.exception("An interaction failed.")
            await self._apologise(interaction, "went_wrong")

    async def _apologise(self, interaction: Interaction, key: str) -> None:
        with contextlib.suppress(discord.HTTPException):
            await respond.say(interaction, self.frame(key))
