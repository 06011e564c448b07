"""What `/settings` does: shows an admin where the bot may speak, and stores what they choose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.discord_app import ids, respond
from bot.discord_app.cards import Panel, render
from bot.discord_app.cards.panel import COOLDOWNS
from bot.discord_app.clicks import forms
from bot.discord_app.clicks.buttons import Button
from bot.discord_app.clicks.live import Live
from bot.discord_app.desk import Desk
from bot.discord_app.respond import Interaction
from bot.frame import Frame
from bot.store.model import DAY, Duty, GuildSettings, ShadowCount

SHADOW_SECONDS = 6 * DAY  # today and the six days before: the store counts by day
LABEL_LENGTH, ADDRESS_LENGTH = 40, 200  # characters of a server's own link
LABEL, ADDRESS = "label", "address"  # the custom_ids of the form's fields
HTTPS = re.compile(r"https://[^\s<>()\[\]\\]+\Z")
SPEAKING = {Duty.QUESTION, Duty.WATCH, Duty.SUGGEST}
NEEDED = ("view_channel", "send_messages", "read_message_history")
NEEDED_IN_POSTS = ("view_channel", "send_messages_in_threads", "read_message_history")
POSTS = (discord.ChannelType.forum, discord.ChannelType.media)


async def show(desk: Desk, interaction: Interaction) -> None:
    """Show the panel, privately, to somebody who may."""
    if await _refused(desk, interaction):
        return
    await respond.send(interaction, _drawn(desk, interaction), private=True)


async def _refused(desk: Desk, interaction: Interaction) -> bool:
    """Tell who may not change the settings; Discord only hides the command from them."""
    frame = desk.frame_for(interaction)
    if respond.home_of(interaction) is None:
        await respond.say(interaction, frame("settings_no_member"))
        return True
    if not interaction.permissions.manage_guild:
        await respond.say(interaction, frame("settings_admins_only"))
        return True
    return False


async def _changed(
    desk: Desk, interaction: Interaction, edit: Callable[[GuildSettings], GuildSettings]
) -> None:
    """Store a change, and show the panel as it is now."""

    async def work() -> ui.LayoutView:
        await desk.guilds.change(interaction.guild_id or 0, edit)
        return await _drawn(desk, interaction)

    await respond.replace(interaction, work())


async def _drawn(desk: Desk, interaction: Interaction) -> ui.LayoutView:
    guild = interaction.client.get_guild(interaction.guild_id or 0)
    assert guild is not None, "those who are elsewhere were refused"
    server = await desk.guilds.of(guild.id)
    since = int(interaction.created_at.timestamp()) - SHADOW_SECONDS
    counts = await desk.store.shadow_counts(guild.id, since)
    panel = Panel(
        server,
        reads=interaction.client.intents.message_content,
        known=frozenset(channel.id for channel in guild.channels),
        lacking=dict(_lacking(server, guild)),
        shadow=_by_title(counts, desk),
    )
    return render(panel, desk.pen_for(interaction, private=True))


def _lacking(server: GuildSettings, guild: discord.Guild) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the channels in which the bot may not do its duty, each with the rights it lacks."""
    for id, duty in server.duties.items():
        channel = guild.get_channel(id)
        if channel is None or duty is Duty.SILENT:
            continue
        needed = NEEDED_IN_POSTS if channel.type in POSTS else NEEDED
        rights = channel.permissions_for(guild.me)
        wanted = needed if duty in SPEAKING else needed[:1]
        if lacks := tuple(right for right in wanted if not getattr(rights, right)):
            yield id, lacks


def _by_title(counts: Iterable[ShadowCount], desk: Desk) -> Mapping[str, int]:
    """Return how often each topic would have been shown, by its title; "" is silence."""
    times: Counter[str] = Counter()
    for one in counts:
        topic = desk.advisor.topic(one.topic) if one.topic else None
        times[topic.title if topic else ""] += one.times
    return dict(times.most_common())


class Setting(Live[ui.ChannelSelect[Any]], template=r"\Z"):
    """A select of the panel."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Store the choice, if it is an admin's; what was not offered is left out."""
        if await _refused(desk, interaction):
            return
        guild = interaction.client.get_guild(interaction.guild_id or 0)
        assert guild is not None, "those who are elsewhere were refused"
        offered = self.offered(guild)
        values = [str(getattr(one, "id", one)) for one in self.item.values]
        chosen = [offered[value] for value in values if value in offered]
        await _changed(desk, interaction, lambda now: self.edit(now, chosen))

    def offered(self, guild: discord.Guild, /) -> Mapping[str, int]:
        """Return what can be chosen, by the values that Discord sends."""
        raise NotImplementedError

    def edit(self, now: GuildSettings, chosen: list[int]) -> GuildSettings:
        """Return the settings with what was chosen."""
        raise NotImplementedError


class SetDuty(Setting, template=ids.SET_DUTY):
    """Gives channels a duty; a channel has one, so it leaves another."""

    def offered(self, guild: discord.Guild, /) -> Mapping[str, int]:
        """Return the server's channels."""
        return {str(channel.id): channel.id for channel in guild.channels}

    def edit(self, now: GuildSettings, chosen: list[int]) -> GuildSettings:
        """Replace the channels of this duty."""
        duty = Duty(self.state["duty"])
        others = {id: kept for id, kept in now.duties.items() if kept is not duty}
        return replace(now, duties=others | dict.fromkeys(chosen, duty))


class SetCooldown(Setting, template=ids.SET_COOLDOWN):
    """Sets how often one person is answered unasked."""

    def offered(self, _: discord.Guild, /) -> Mapping[str, int]:
        """Return the seconds to choose from."""
        return {str(seconds): seconds for seconds in COOLDOWNS}

    def edit(self, now: GuildSettings, chosen: list[int]) -> GuildSettings:
        """Replace the cooldown."""
        return replace(now, cooldown=chosen[0]) if chosen else now


class SetPause(Button, template=ids.SET_PAUSE):
    """Pauses everything that nobody asks for, or goes on."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Turn it over."""
        if not await _refused(desk, interaction):
            await _changed(desk, interaction, lambda now: replace(now, paused=not now.paused))


class SetLink(Button, template=ids.SET_LINK):
    """Asks for the server's own link."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Open the form, with what is there; a form cannot be deferred, nor be shown without."""
        if await _refused(desk, interaction):
            return
        server = await desk.guilds.of(interaction.guild_id)
        if desk.guilds.knows(interaction.guild_id or 0):
            await interaction.response.send_modal(_form(server, desk.frame_for(interaction)))
        else:
            await desk.apologise(interaction, "went_wrong")


ALL: tuple[Any, ...] = (SetDuty, SetCooldown, SetPause, SetLink)


def _form(server: GuildSettings, frame: Frame) -> ui.Modal:
    """Return the form for the server's own link, with what is there."""
    label = forms.field(
        frame("link_label"),
        frame("link_label_hint"),
        custom_id=LABEL,
        required=False,
        max_length=LABEL_LENGTH,
        default=server.link_label,
    )
    address = forms.field(
        frame("link_address"),
        frame("link_address_hint"),
        custom_id=ADDRESS,
        required=False,
        max_length=ADDRESS_LENGTH,
        default=server.link,
    )
    return forms.form(frame("link_title"), ids.LINK_FORM, label, address)


async def submitted(desk: Desk, interaction: Interaction) -> None:
    """Take the server's own link that an admin sent in; leave other forms alone."""
    data: Any = interaction.data
    sent = interaction.type is discord.InteractionType.modal_submit
    if not sent or data["custom_id"] != ids.LINK_FORM or not await desk.admits(interaction):
        return
    async with desk.apologising(interaction):
        if await _refused(desk, interaction):
            return
        said = forms.filled(interaction)
        label, address = said.get(LABEL, ""), said.get(ADDRESS, "")
        if address and not is_address(address):
            await respond.say(interaction, desk.frame_for(interaction)("link_wrong"))
            return
        name = (" ".join(label.split()) or urlsplit(address).netloc) if address else ""
        await _changed(desk, interaction, lambda now: replace(now, link=address, link_label=name))


def is_address(text: str) -> bool:
    """Whether a text is an https address of a site, without a name or password in it."""
    try:
        parts = urlsplit(text)
        host, user = parts.hostname or "", parts.username
    except ValueError:
        return False
    named = bool(HTTPS.match(text)) and "." in host.strip(".")
    return named and user is None and len(text) <= ADDRESS_LENGTH
