"""Watching channels: what is said, or only counted, of messages that nobody put to the bot."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import discord

from bot.advice.reply import Reply
from bot.discord_app.desk import Desk
from bot.discord_app.messages.asked import Asked, in_post, opens_post, parent_of, to_others
from bot.discord_app.messages.watch import (
    Conversations,
    Facts,
    Verdict,
    duty_in,
    verdict,
    worth_saying,
)
from bot.store.model import Duty

SPEAKING = {Duty.QUESTION, Duty.WATCH, Duty.SUGGEST}
WATCHED = {Duty.WATCH, Duty.SUGGEST, Duty.SHADOW}


class Watcher:
    """Decides on messages by the settings of their server; remembers who wrote last."""

    def __init__(self, desk: Desk, clock: Callable[[], float]) -> None:
        self._desk = desk
        self._talk = Conversations(clock)

    def start(self, *, quiet: bool = False) -> None:
        """Begin anew after a time in which messages may have been missed, or nobody wrote."""
        self._talk.start(quiet=quiet)

    async def verdict(self, message: discord.Message, text: str, *, put_to_bot: bool) -> Verdict:
        """Return what becomes of a person's message; `text` is what it says."""
        channel, guild = message.channel, message.guild
        if guild is None:
            return Verdict.ASKED if put_to_bot else Verdict.LEAVE
        settings = await self._desk.guilds.of(guild.id)
        parent = parent_of(channel)
        watched = duty_in(settings, channel.id, parent) in WATCHED
        facts = Facts(
            channel=channel.id,
            parent=parent,
            words=len(text.split()),
            put_to_bot=put_to_bot,
            to_others=to_others(message),
            in_post=in_post(message),
            opens_post=opens_post(message),
            quiet=self._talk.heard(channel.id, message.author.id) if watched else inf,
        )
        found = verdict(facts, settings)
        unasked = found is Verdict.ASKED and not put_to_bot
        return (
            Verdict.LEAVE
            if unasked and await self._desk.opt_outs.declined(message.author.id)
            else found
        )

    async def reply(self, asked: Asked) -> Reply | None:
        """Return what to say unasked; None leaves the message alone.

        The last step claims the person's one answer of the cooldown, so it is taken only for
        what will be said.
        """
        message, guild = asked.target, asked.target.guild
        assert guild is not None, "only channels of servers are watched"
        advice = await self._desk.advisor.advise(asked.text, guild=guild.id)
        settings = self._desk.guilds.known(guild.id)
        duty = duty_in(settings, message.channel.id, parent_of(message.channel))
        if not worth_saying(advice.match.decision, duty) or not may_speak(message.channel, guild):
            return None
        if await self._desk.opt_outs.declined(message.author.id):
            return None
        person = self._desk.voter(message.author.id)
        claimed = await self._desk.store.claim_unasked(guild.id, person, settings.cooldown)
        return advice.reply if claimed else None

    async def still_wanted(self, asked: Asked) -> bool:
        """Whether an answer that was given may be replaced: since then the channel may have got
        another duty, and the author may have opted out.
        """
        author, channel, guild = asked.target.author.id, asked.target.channel, asked.target.guild
        settings = await self._desk.guilds.of(guild.id if guild else None)
        duty = duty_in(settings, channel.id, parent_of(channel))
        if duty is Duty.SILENT or (asked.unasked and (settings.paused or duty not in SPEAKING)):
            return False
        if asked.unasked or not asked.by_author:
            return not await self._desk.opt_outs.declined(author)
        return not await self._desk.opt_outs.silenced(author)

    async def count(self, message: discord.Message, text: str) -> None:
        """Count what would have been said, cooldowns aside; what was asked is not kept."""
        guild = message.guild
        assert guild is not None, "only channels of servers are watched"
        match = self._desk.advisor.base.matcher.match(text)
        best = match.candidates[0].topic if worth_saying(match.decision, Duty.SUGGEST) else ""
        if best and await self._desk.opt_outs.declined(message.author.id):
            return
        await self._desk.store.count_shadow(guild.id, best, match.decision)


def may_speak(channel: discord.abc.MessageableChannel, guild: discord.Guild) -> bool:
    """Whether the bot may send messages in a channel of a server."""
    rights = channel.permissions_for(guild.me)
    if isinstance(channel, discord.Thread):
        return rights.send_messages_in_threads
    return rights.send_messages
