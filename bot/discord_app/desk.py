"""The desk: what every command, button and message handler works with."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import discord
from discord import ui

from bot.advice import Advisor
from bot.discord_app import respond
from bot.discord_app.cards import NOBODY, Card, Pen, frame_of, render
from bot.discord_app.connection.work import Work
from bot.discord_app.direct import DirectTalks
from bot.discord_app.guilds import GuildBook
from bot.discord_app.opt_outs import OptOuts
from bot.discord_app.pacing.burst import Bursts
from bot.discord_app.pacing.flood import Flood, Turn
from bot.discord_app.pacing.pace import Pace
from bot.discord_app.pacing.presses import Presses
from bot.discord_app.respond import Interaction, home_of
from bot.discord_app.shown import brought_by, view_of
from bot.errors import StoreError
from bot.frame import Frame, frame
from bot.health import Health
from bot.runtime import Reloader, Runtime
from bot.settings import KEPT_DAYS
from bot.store.model import NO_GUILD, Store, Voter

OUT_OF_REACH = (discord.Forbidden, discord.DiscordServerError, aiohttp.ClientError, ConnectionError)

log = logging.getLogger(__name__)


class Desk:
    """Advice, votes and the frame, with the ways to show a card to whom it concerns."""

    def __init__(
        self,
        advisor: Advisor,
        store: Store,
        voter: Callable[[int], Voter],
        tag: Callable[[int], str],
        *,
        reloader: Reloader | None = None,
        maintainers: frozenset[int] = frozenset(),
        work: Work | None = None,
        flood: Flood | None = None,
        kept_days: int = KEPT_DAYS,
    ) -> None:
        self.advisor = advisor
        self.store = store
        self.voter = voter
        self.tag = tag  # what marks a person as the asker on a card's buttons
        self.guilds = GuildBook(store)
        self.reloader = reloader  # without one there is no /knowledge
        self.maintainers = maintainers
        self.work = work or Work()
        self.bursts = Bursts()
        self.presses = Presses()
        self.recounts = Pace()  # of the cards that the bot itself brings up to date
        self.flood = flood or Flood()
        self.opt_outs = OptOuts(store, voter)
        self.direct = DirectTalks()
        self.kept_days = kept_days
        self.examine: Callable[[], Awaitable[Health]] | None = None  # set where somebody watches
        self.frame: Frame = frame()  # where no reader's language is known

    @classmethod
    def of(
        cls,
        runtime: Runtime,
        maintainers: frozenset[int] = frozenset(),
        work: Work | None = None,
    ) -> Desk:
        """Return a desk on an open runtime."""
        return cls(
            runtime.advisor,
            runtime.store,
            runtime.voter,
            runtime.asker,
            reloader=runtime.reloader,
            maintainers=maintainers,
            work=work,
            kept_days=runtime.kept_days,
        )

    def frame_for(self, interaction: Interaction) -> Frame:
        """Return the frame in the language in which the person uses Discord."""
        return frame(str(interaction.locale))

    def frame_in(self, guild: discord.Guild | None) -> Frame:
        """Return the frame for messages in a server: its own language, which admins choose."""
        return frame(str(guild.preferred_locale)) if guild else self.frame

    def pen(
        self,
        asker: str = NOBODY,
        *,
        link: str | None = None,
        frame: Frame | None = None,
        replies: bool = True,
        helper: int | None = None,
        guild: int | None = None,
    ) -> Pen:
        """Return what drawing a card needs now."""
        return Pen(
            self.advisor.knowledge,
            frame or self.frame,
            asker,
            link=link,
            replies=replies,
            helper=helper,
            server=self.guilds.known(guild),
        )

    def pen_for(
        self,
        interaction: Interaction,
        *,
        private: bool = False,
        frame: Frame | None = None,
        link: str | None = None,
        helper: int | None = None,
    ) -> Pen:
        """Return what drawing a card for a person needs now; a private one takes no replies."""
        private = private or respond.known_silent(interaction)
        return self.pen(
            self.tag(interaction.user.id),
            link=link,
            frame=frame or self.frame_for(interaction),
            replies=not private and is_here(interaction),
            helper=helper,
            guild=home_of(interaction),
        )

    def noted(self, interaction: Interaction, card: ui.LayoutView) -> ui.LayoutView:
        """Return a card that is about to be shown; in direct messages, later ones refer to it."""
        if interaction.guild_id is None and interaction.channel_id is not None:
            self.direct.shown(interaction.channel_id, card)
        return card

    async def show_privately(self, interaction: Interaction, card: Card) -> None:
        """Answer an interaction with a card that only the person sees."""
        view = self.noted(interaction, render(card, self.pen_for(interaction, private=True)))
        await interaction.response.send_message(view=view, ephemeral=True)

    async def show_in_place(self, interaction: Interaction, card: Card) -> None:
        """Replace the clicked card; its asker is who clicked; language and helper stay."""
        assert interaction.message is not None, "buttons sit on messages"
        await self.guilds.of(home_of(interaction))
        before = clicked(interaction)
        pen = self.pen_for(
            interaction,
            private=interaction.message.flags.ephemeral,
            frame=frame_of(before),
            helper=brought_by(before),
        )
        view = self.noted(interaction, render(card, pen))
        if interaction.response.is_done():
            await interaction.edit_original_response(view=view)
        else:
            await interaction.response.edit_message(view=view)

    async def show_to(self, interaction: Interaction, card: Card, asker: str) -> None:
        """Replace the card for the asker; show others a private one."""
        if asker and asker == self.tag(interaction.user.id):
            await self.show_in_place(interaction, card)
        else:
            await self.show_privately(interaction, card)

    async def admits(self, interaction: Interaction) -> bool:
        """Whether a command or click is served now; who floods is told so once, in private."""
        if interaction.user.bot:
            return False
        turn = self.flood.press(interaction.user.id)
        if turn is Turn.SERVED:
            return True
        async with self.apologising(interaction):
            if turn is Turn.SLOWED and interaction.type is discord.InteractionType.component:
                await interaction.response.defer()  # the card stays as it is
            else:
                await respond.say(interaction, self.frame_for(interaction)("flood_person"))
        return False

    @contextlib.asynccontextmanager
    async def apologising(self, interaction: Interaction) -> AsyncIterator[None]:
        """Turn whatever goes wrong into one private sentence; the log gets the rest."""
        try:
            async with self.work.one("interaction"):
                yield
        except StoreError as error:
            log.error("The database did not serve an interaction: %s", error)  # noqa: TRY400
            await self.apologise(interaction, "not_saved")
        except discord.NotFound as error:
            log.warning("An interaction was answered too late or its message is gone: %s", error)
        except OUT_OF_REACH as error:
            log.warning("Discord did not take an interaction's answer: %s", error)
            await self.apologise(interaction, "went_wrong")
        except Exception:
            log.exception("An interaction failed.")
            await self.apologise(interaction, "went_wrong")

    async def apologise(self, interaction: Interaction, key: str) -> None:
        """Count what went wrong, and say so in private where Discord takes that."""
        self.work.counts.errors[key] += 1
        with contextlib.suppress(discord.DiscordException, aiohttp.ClientError, OSError):
            await respond.say(interaction, self.frame_for(interaction)(key))


def clicked(interaction: Interaction) -> ui.LayoutView:
    """Return the clicked card as a view that nobody listens to."""
    assert interaction.message is not None, "buttons sit on messages"
    return view_of(interaction.message)


def is_here(interaction: Interaction) -> bool:
    """Whether the bot hears replies here: a member of the server, or in its own conversation."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    return interaction.client.get_guild(interaction.guild_id) is not None


def guild_of(interaction: Interaction) -> int:
    """Return the server in which a person acts; NO_GUILD where the bot is no member of one."""
    return home_of(interaction) or NO_GUILD


def desk_of(interaction: discord.Interaction[Any]) -> Desk:
    """Return the desk of the client that an interaction came to."""
    desk = interaction.client.desk
    assert isinstance(desk, Desk), "buttons are registered by Warmstart's own client only"
    return desk
