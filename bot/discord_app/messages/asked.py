"""What a message asks: the question in it, to whom it is put, and what it refers to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import discord

from bot import limits
from bot.discord_app.shown import card_context, view_of
from bot.matching import Context
from bot.store.model import NO_GUILD


@dataclass(frozen=True)
class Asked:
    """A question put to the bot: the message to answer, and how it was asked."""

    text: str
    target: discord.Message
    by_author: bool = True
    context: Context | None = None
    follow_up: bool = False
    about_another: bool = False
    unasked: bool = False  # it was answered for its channel's duty, not put to the bot
    helper: int | None = None  # who brought it to the bot, as on a card's Pen

    @property
    def guild(self) -> int:
        """The server in which it was asked; NO_GUILD in a direct message."""
        return self.target.guild.id if self.target.guild else NO_GUILD


def by_person(message: discord.Message) -> bool:
    """Whether a person wrote the message, rather than a bot or Discord ("… joined")."""
    written = message.type in {discord.MessageType.default, discord.MessageType.reply}
    return written and not message.author.bot and not message.webhook_id


def question(message: discord.Message, me: discord.ClientUser) -> str:
    """Return what a message says, without the mentions of the bot, and without "@" and its name.

    A forum post is asked in two fields: its title goes before its body.
    """
    here = (message.guild and message.guild.me) or me
    typed = (rf"@{re.escape(name)}(?!\w)" for name in {me.name, here.display_name})
    names = "|".join((*map(re.escape, _own_mentions(message, me)), *typed))
    text = re.sub(names, " ", message.content, flags=re.IGNORECASE).strip()
    if opens_post(message) and text:
        assert isinstance(message.channel, discord.Thread)
        title = message.channel.name
        text = text if title.casefold() in text.casefold() else f"{title}\n{text}"
    return text[: limits.QUESTION]


def put_to(
    message: discord.Message, me: discord.ClientUser, direct: Context | None
) -> Asked | None:
    """Return the question that a message puts to the bot; None when it puts none.

    `direct` is what the last card of a direct conversation is about.
    """
    text, mentioned, replied = question(message, me), _mentions(message, me), replied_to(message)
    if replied is not None and replied.author == me:
        shown = card_context(view_of(replied))
        same = direct is not None and shown == replace(direct, listed=())
        return Asked(text, message, context=direct if same else shown, follow_up=True)
    if mentioned and message.reference is not None and replied is None and not text:
        return Asked("", message, by_author=False, about_another=True)
    if mentioned and replied is not None and not text:
        by_author = replied.author == message.author
        return Asked(question(replied, me), replied, by_author=by_author, about_another=True)
    # a message without a guild may also come from one that could not be read
    if mentioned or isinstance(message.channel, discord.DMChannel):
        return Asked(text, message, context=direct)
    return None


def replied_to(message: discord.Message) -> discord.Message | None:
    """Return the message that this one replies to, where Discord sent it along."""
    resolved = message.reference.resolved if message.reference else None
    return resolved if isinstance(resolved, discord.Message) else None


def to_others(message: discord.Message) -> bool:
    """Whether a message that is not put to the bot is put to somebody else by reply or mention.

    A reply whose original did not arrive counts: it may be anybody's.
    """
    replied = replied_to(message)
    replies = message.type is discord.MessageType.reply
    own = replied is not None and replied.author == message.author
    people = [user for user in message.mentions if user != message.author]
    return (replies and not own) or bool(people or message.role_mentions)


def parent_of(channel: object) -> int | None:
    """Return the channel of a thread; None for any other channel."""
    return channel.parent_id if isinstance(channel, discord.Thread) else None


def in_post(message: discord.Message) -> bool:
    """Whether a message stands in a post of a forum."""
    channel = message.channel
    return isinstance(channel, discord.Thread) and isinstance(channel.parent, discord.ForumChannel)


def opens_post(message: discord.Message) -> bool:
    """Whether a message is the first of a forum's post: only that one has the thread's id."""
    return in_post(message) and message.id == message.channel.id


def _own_mentions(message: discord.Message, me: discord.ClientUser) -> list[str]:
    found = [f"<@{me.id}>", f"<@!{me.id}>"]
    role = message.guild.self_role if message.guild else None
    return [*found, f"<@&{role.id}>"] if role else found


def _mentions(message: discord.Message, me: discord.ClientUser) -> bool:
    if me in message.mentions:
        return True
    role = message.guild.self_role if message.guild else None
    return role is not None and role in message.role_mentions
