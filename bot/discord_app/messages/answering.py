"""Messages: which are put to the bot, what they ask, and the reply that follows them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, assert_never

import aiohttp
import discord

from bot import limits
from bot.advice.reply import Answer, NoMatch
from bot.discord_app.cards import BY_ITSELF, Card, HelpCard, Notice, Pen, render
from bot.discord_app.cards.pieces import safe
from bot.discord_app.desk import Desk
from bot.discord_app.messages.asked import Asked, by_person, put_to, question
from bot.discord_app.messages.watch import Verdict
from bot.discord_app.messages.watching import Watcher
from bot.discord_app.pacing.flood import Turn
from bot.frame import Frame

EDIT_SECONDS = 300.0  # an edit within five minutes replaces the card, once
REMEMBERED = 1000  # answered messages kept in memory, newest last
COMMAND = re.compile(r"/([a-z][a-z-]{0,31})(?:\s+(.*))?\Z", re.DOTALL)

log = logging.getLogger(__name__)
T = TypeVar("T")
V = TypeVar("V")


@dataclass
class Answered:
    """A card that answers a message."""

    card: discord.PartialMessage
    asked: Asked
    at: float
    replaced: bool = False


class Messages:
    """The bot's side of ordinary messages; remembers what it answered for a while."""

    def __init__(
        self,
        client: discord.Client,
        tree: discord.app_commands.CommandTree[Any],
        desk: Desk,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._tree = tree
        self._desk = desk
        self._clock = clock
        self._answered: OrderedDict[int, Answered] = OrderedDict()
        self.watcher = Watcher(desk, clock)

    async def arrived(self, message: discord.Message) -> None:
        """Answer a message that is put to the bot, or where a server wants it; leave others."""
        if not by_person(message):
            return
        asked, text = self._put_to_me(message), self.text(message)
        found = await self.watcher.verdict(message, text, put_to_bot=asked is not None)
        match found:
            case Verdict.ASKED:
                async with self._desk.work.one("message"):
                    asked = asked or Asked(text, message, unasked=True)
                    if await self._serves(message, asked):
                        await self._answer(asked)
            case Verdict.OFFER:
                async with self._unasked():
                    asked = Asked(text, message, by_author=False, unasked=True, helper=BY_ITSELF)
                    await self._offer(asked)
            case Verdict.SHADOW:
                async with self._unasked():
                    await self.watcher.count(message, text)
            case Verdict.LEAVE:
                pass
            case _:
                assert_never(found)

    async def _serves(self, message: discord.Message, asked: Asked) -> bool:
        """Whether a question is answered now: nobody concerned has opted out or floods."""
        author, asker, opt_outs = asked.target.author, message.author, self._desk.opt_outs
        if await opt_outs.silenced(author.id, asker.id):
            return False
        if author != asker and await opt_outs.declined(author.id):
            return False  # it is for them, who did not ask
        turn = self._desk.flood.message(asker.id, message.channel.id)
        told = {Turn.TELL_PERSON: "flood_person", Turn.TELL_CHANNEL: "flood_channel"}.get(turn)
        if told:
            quiet = replace(asked, target=message, by_author=False)
            pen = self.pen(quiet)
            await self.send(quiet, Notice(pen.frame(told)), pen)
        return turn is Turn.SERVED

    @contextlib.asynccontextmanager
    async def _unasked(self) -> AsyncIterator[None]:
        """Whatever goes wrong with what nobody asked for stays between the bot and its log."""
        try:
            async with self._desk.work.one("watched"):
                yield
        except Exception:
            self._desk.work.counts.errors["went_wrong"] += 1
            log.exception("A message in a watched channel could not be judged.")

    async def _offer(self, asked: Asked) -> None:
        """Answer a message that was not put to the bot, if there is something worth saying."""
        reply = await self.watcher.reply(asked)
        if reply is not None:
            await self.send(asked, reply, self.pen(asked))

    async def _answer(self, asked: Asked) -> None:
        pen = self.pen(asked)
        failed = None if asked.follow_up else Notice(pen.frame("went_wrong"))
        card = await self._thought_of(asked, failed)
        if card is not None:
            await self.send(asked, card, pen)

    async def edited(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Replace the card of a question that its author edited soon after asking."""
        answered = self._answered.get(payload.message_id)
        if answered is None or answered.replaced:
            return
        text, before = self.text(payload.message), answered.asked
        if not text or text == before.text or self._clock() - answered.at > EDIT_SECONDS:
            return
        answered.replaced = True
        asked = replace(before, text=text, target=payload.message)
        async with self._desk.work.one("edit"):
            if await self.watcher.still_wanted(asked):
                await self._replace(answered, asked)

    async def _replace(self, answered: Answered, asked: Asked) -> None:
        """Show another answer on a card; where none is found, the card stays as it is."""
        card = await self._thought_of(asked, None)
        if card is None:
            return
        view = render(card, self.pen(asked))
        # discord.py adds the client's default to an edit only when it has content
        mentions = discord.AllowedMentions.none()
        edited = await self._quietly(answered.card.edit(view=view, allowed_mentions=mentions))
        if edited and asked.target.guild is None:
            self._desk.direct.shown(asked.target.channel.id, view)

    async def deleted(self, message_id: int) -> None:
        """Take the card back with its question."""
        answered = self._answered.pop(message_id, None)
        if answered is not None:
            await self._quietly(answered.card.delete())

    async def send(self, asked: Asked, card: Card, pen: Pen) -> bool:
        """Reply to a question with a card; a plain message where history cannot be read.

        Return whether Discord took it. The reply pings its own author at most.
        """
        view, target = render(card, pen), asked.target
        mentions = discord.AllowedMentions(
            everyone=False, users=False, roles=False, replied_user=asked.by_author
        )
        if _may_reply(target):
            sending = target.reply(view=view, allowed_mentions=mentions)
        else:
            sending = target.channel.send(view=view, allowed_mentions=mentions)
        sent = await self._quietly(sending)
        if not isinstance(sent, discord.Message):
            return False
        partial = discord.PartialMessage(channel=sent.channel, id=sent.id)
        _remember(self._answered, target.id, Answered(partial, asked, self._clock()))
        if target.guild is None:
            self._desk.direct.shown(target.channel.id, view)
        return True

    def text(self, message: discord.Message) -> str:
        """Return what a message says, without the mentions of the bot."""
        return question(message, self._me)

    @property
    def _me(self) -> discord.ClientUser:
        assert self._client.user is not None, "messages arrive after login"
        return self._client.user

    def _put_to_me(self, message: discord.Message) -> Asked | None:
        return put_to(message, self._me, self._desk.direct.about(message.channel.id))

    async def _thought_of(self, asked: Asked, failed: Card | None) -> Card | None:
        """Return the card that answers; `failed` when that goes wrong or takes too long."""
        try:
            async with asyncio.timeout(limits.THINKING_SECONDS):
                return await self._card(asked)
        except Exception:
            self._desk.work.counts.errors["went_wrong"] += 1
            log.exception("A question could not be answered.")
            return failed

    async def _card(self, asked: Asked) -> Card | None:
        """Return the card that answers; None leaves the message alone."""
        advisor = self._desk.advisor
        if asked.helper is not None:  # nobody asked: only an answer may take an answer's place
            reply = (await advisor.advise(asked.text, guild=asked.guild)).reply
            return reply if isinstance(reply, Answer) else None
        command = COMMAND.match(asked.text)
        frame = self._desk.frame_in(asked.target.guild)
        if command:
            return await self._typed(asked, command[1], (command[2] or "").strip(), frame)
        if not asked.text:
            return self._wordless(asked, frame)
        advice = await advisor.advise(
            asked.text, context=asked.context, keep=asked.by_author, guild=asked.guild
        )
        reply = advice.reply
        if asked.follow_up and isinstance(reply, NoMatch):  # one line for a question; no chatter
            unclear = advice.match.asks and not (reply.talk or reply.language)
            return NoMatch(lost=True) if unclear else None
        return reply

    def _wordless(self, asked: Asked, frame: Frame) -> Card | None:
        """Return what answers a message without readable text."""
        if asked.follow_up:
            return None
        if asked.about_another:
            return Notice(frame("no_text"))
        return self._desk.advisor.greeting()

    async def _typed(self, asked: Asked, name: str, rest: str, frame: Frame) -> Card:
        """Answer a command that was typed and sent as a message, as the command would be."""
        advisor = self._desk.advisor
        if name == "help":
            return HelpCard()
        if name == "ask" and rest:
            keep = asked.by_author
            return (await advisor.advise(rest, keep=keep, guild=asked.guild)).reply
        if name == "resources" and rest:
            return await advisor.find(rest[: limits.CHOICE_NAME], guild=asked.guild)
        key = "unknown_command" if self._tree.get_command(name) else "no_command"
        shown = f"/{safe(name, limits.CHOICE_NAME)}"
        return Notice(frame(key, command=shown))

    def pen(self, asked: Asked) -> Pen:
        """Return what drawing a card for the author of a message needs."""
        guild = asked.target.guild
        return self._desk.pen(
            self._desk.tag(asked.target.author.id),
            frame=self._desk.frame_in(guild),
            helper=asked.helper,
            guild=guild.id if guild else None,
        )

    async def _quietly(self, sending: Awaitable[T]) -> T | None:
        """Wait for Discord; a refusal is one log line, never a retry and never a crash."""
        try:
            return await sending
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            self._desk.work.counts.errors["not_sent"] += 1
            log.warning("Discord did not take an answer: %s", error)
            return None


def _may_reply(message: discord.Message) -> bool:
    """Whether a reply will be accepted: it needs the right to read the channel's history."""
    if message.guild is None:
        return True
    me = message.guild.me
    return message.channel.permissions_for(me).read_message_history


def _remember(kept: OrderedDict[int, V], key: int, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)
