"""The people, places and messages of the loopback Discord, as the JSON that Discord sends."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests import planted
from tests.wire.shown import Json, allowed_ids, numbered, texts

TEXT, DM, THREAD, FORUM = 0, 1, 11, 15  # channel types
REPLY = 19  # message type
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15  # message flags
MESSAGE_CONTENT_INTENT = 1 << 15
PRIVILEGED_INTENTS = MESSAGE_CONTENT_INTENT | 1 << 1 | 1 << 8  # and members, presences

EVERYTHING = (1 << 53) - 1
MANAGE_SERVER = 1 << 5
USUAL = (  # view, send, in threads, history, attach files, embed links, external apps
    1 << 10 | 1 << 11 | 1 << 38 | 1 << 16 | 1 << 15 | 1 << 14 | 1 << 50
)

DISCORD_EPOCH_MS = 1_420_070_400_000


class ApiError(Exception):
    """An answer other than success, with Discord's own error code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"code": code, "message": message}


@dataclass(frozen=True)
class User:
    """Somebody with an account, the bot too."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }


@dataclass
class Guild:
    """A server; `has_bot` is False where people only use the app they installed for themselves."""

    id: int
    name: str
    owner: User
    bot_role: int
    has_bot: bool = True
    everyone: int = USUAL
    granted: dict[int, int] = field(default_factory=dict)  # user id → all their permissions
    channels: list[Channel] = field(default_factory=list)
    locale: str = "en-US"

    def permissions(self, user: User) -> int:
        return EVERYTHING if user == self.owner else self.granted.get(user.id, self.everyone)

    def member(self, user: User) -> Json:
        return {
            "roles": [str(self.bot_role)] if user.bot else [],
            "joined_at": "2024-01-01T00:00:00+00:00",
            "premium_since": None,
            "nick": None,
            "avatar": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "communication_disabled_until": None,
        }

    def _roles(self, bot: User) -> list[Json]:
        common = {"color": 0, "hoist": False, "mentionable": False, "flags": 0, "colors": {}}
        return [
            common
            | {"id": str(self.id), "name": "@everyone", "permissions": str(self.everyone)}
            | {"position": 0, "managed": False},
            common
            | {"id": str(self.bot_role), "name": bot.name, "permissions": "0"}
            | {"position": 1, "managed": True, "tags": {"bot_id": str(bot.id)}},
        ]

    def payload(self, bot: User) -> Json:
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "owner_id": str(self.owner.id),
            "preferred_locale": self.locale,
            "verification_level": 0,
            "features": [],
            "emojis": [],
            "stickers": [],
            "roles": self._roles(bot),
            "channels": [channel.payload() for channel in self.channels],
            "threads": [],
            "members": [self.member(bot) | {"user": bot.payload()}] if self.has_bot else [],
            "member_count": 100,
            "large": False,
            "joined_at": "2024-01-01T00:00:00+00:00",
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
        }


@dataclass
class Channel:
    """A channel of a guild, with `recipient` a direct conversation, with `parent` a thread."""

    id: int
    name: str
    guild: Guild | None = None
    type: int = TEXT
    recipient: User | None = None
    parent: Channel | None = None
    owner: User | None = None  # of a thread
    overwrites: list[Json] = field(default_factory=list)

    def payload(self) -> Json:
        base: Json = {"id": str(self.id), "type": self.type, "last_message_id": None, "flags": 0}
        if self.recipient is not None:
            return base | {"recipients": [self.recipient.payload()]}
        assert self.guild is not None
        if self.parent is not None:
            assert self.owner is not None
            return base | {
                "guild_id": str(self.guild.id),
                "name": self.name,
                "parent_id": str(self.parent.id),
                "owner_id": str(self.owner.id),
                "message_count": 0,
                "member_count": 1,
                "total_message_sent": 0,
                "rate_limit_per_user": 0,
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": datetime.now(UTC).isoformat(),
                    "locked": False,
                },
            }
        return base | {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": 0,
            "topic": None,
            "nsfw": False,
            "parent_id": None,
            "permission_overwrites": self.overwrites,
        }


class World:
    """What exists: users, guilds, channels, messages and commands. Knows of no socket."""

    def __init__(self, *, privileged: int = 0, max_messages: int = 20_000) -> None:
        self._last_id = 0
        self.token = planted.TOKEN
        self.privileged = privileged  # intents granted in the developer portal
        self.max_messages = max_messages
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Json] = {}
        self.files: dict[str, bytes] = {}  # attachment id → content
        self.commands: list[Json] = []
        self.bot = self.add_user("Warmstart", bot=True)
        self.owner = self.add_user("Owner")

    @property
    def application_flags(self) -> int:
        return 1 << 19 if self.privileged & MESSAGE_CONTENT_INTENT else 0

    def new_id(self) -> int:
        """Return a snowflake: unique, increasing, and carrying the time."""
        now = (int(time.time() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last_id = max(self._last_id + 1, now)
        return self._last_id

    def add_user(self, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        user = User(self.new_id(), name, bot, locale)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, has_bot: bool = True, owner: User | None = None) -> Guild:
        guild = Guild(self.new_id(), name, owner or self.owner, self.new_id(), has_bot)
        self.guilds[guild.id] = guild
        return guild

    def add_channel(self, guild: Guild, name: str, *, type: int = TEXT) -> Channel:
        channel = Channel(self.new_id(), name, guild, type)
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        return channel

    def add_post(self, forum: Channel, author: User, title: str) -> Channel:
        """Open a forum's post; its first message has its id, and does not exist yet."""
        post = Channel(self.new_id(), title, forum.guild, THREAD, parent=forum, owner=author)
        self.channels[post.id] = post
        return post

    def dm(self, user: User) -> Channel:
        """Return the direct conversation between the bot and somebody."""
        for channel in self.channels.values():
            if channel.recipient == user:
                return channel
        channel = Channel(self.new_id(), "", type=DM, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def channel(self, id: int | str) -> Channel:
        if (channel := self.channels.get(int(id))) is None:
            raise ApiError(404, 10003, "Unknown Channel")
        return channel

    def message(self, id: int | str, channel: Channel | None = None) -> Json:
        """Return a message; with a channel only if it is there and public, as routes see it."""
        message = self.messages.get(int(id))
        hidden = channel is not None and message is not None and message["flags"] & EPHEMERAL
        if message is None or hidden or (channel and message["channel_id"] != str(channel.id)):
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def channel_of(self, message: Json) -> Channel:
        return self.channel(message["channel_id"])

    def guild_of(self, message: Json) -> Guild | None:
        return self.channel_of(message).guild

    def post(self, channel: Channel, author: User, body: Json, **extra: Any) -> Json:
        """Keep a new message made from a request's body and return its payload."""
        message: Json = {
            "id": str(self.new_id()),
            "channel_id": str(channel.id),
            "author": author.payload(),
            "timestamp": datetime.now(UTC).isoformat(),
            "edited_timestamp": None,
            "tts": False,
            "pinned": False,
            "type": 0,
            "flags": 0,
            "content": "",
            "embeds": [],
            "attachments": [],
            "components": [],
            "reactions": [],
        }
        message |= self._reference(channel, body.get("message_reference")) | extra
        if channel.guild is not None:
            message["guild_id"] = str(channel.guild.id)
            message["member"] = channel.guild.member(author)
        self._fill(message, body)
        self.messages[int(message["id"])] = message
        if len(self.messages) > self.max_messages:
            del self.messages[next(iter(self.messages))]
        return message

    def edit(self, message: Json, body: Json) -> Json:
        """Change a message in place; once V2, it stays V2."""
        v2 = message["flags"] & COMPONENTS_V2
        if v2 and (body.get("content") or body.get("embeds")):
            raise ApiError(400, 50035, "content and embeds cannot be used with components V2")
        message["edited_timestamp"] = datetime.now(UTC).isoformat()
        self._fill(message, body)
        return message

    def _reference(self, channel: Channel, reference: Json | None) -> Json:
        if reference is None:
            return {}
        original = self.messages.get(int(reference["message_id"]))
        if original is None and reference.get("fail_if_not_exists", True):
            raise ApiError(400, 50035, "Invalid Form Body: message_reference: Unknown message")
        id = str(reference["message_id"])
        at: Json = {"type": 0, "message_id": id, "channel_id": str(channel.id)}
        if channel.guild is not None:
            at["guild_id"] = str(channel.guild.id)
        return {"type": REPLY, "message_reference": at}

    def replied_to(self, message: Json) -> Json | None:
        """Return the message that this one replies to, if it still exists."""
        reference = message.get("message_reference")
        return self.messages.get(int(reference["message_id"])) if reference else None

    def _fill(self, message: Json, body: Json) -> None:
        """Take over what a body says, and work out whom the message mentions."""
        for key in ("content", "embeds", "attachments"):
            if key in body:
                message[key] = body[key] or type(message[key])()
        if "components" in body:
            message["components"] = numbered(body["components"] or [])
        message["flags"] |= body.get("flags") or 0
        allowed = body.get("allowed_mentions")
        text = "\n".join(texts(message))
        users = allowed_ids(re.findall(r"<@!?(\d+)>", text), "users", allowed)
        replied = self.replied_to(message)
        if replied and (allowed is None or allowed.get("replied_user", False)):
            users.append(replied["author"]["id"])
        everyone = allowed is None or "everyone" in allowed.get("parse", ())
        message["mentions"] = [
            self.users[int(id)].payload() for id in dict.fromkeys(users) if int(id) in self.users
        ]
        message["mention_roles"] = allowed_ids(re.findall(r"<@&(\d+)>", text), "roles", allowed)
        message["mention_everyone"] = everyone and bool(re.search(r"@(everyone|here)\b", text))

    def as_seen(self, message: Json, *, content_intent: bool) -> Json:
        """Return the message as the bot gets it: others' words only where Discord shows them."""
        seen = self._veiled(message, content_intent=content_intent)
        if "message_reference" in message:
            replied = self.replied_to(message)
            seen["referenced_message"] = replied and self._veiled(
                replied, content_intent=content_intent
            )
        return seen

    def _veiled(self, message: Json, *, content_intent: bool) -> Json:
        if content_intent or self._speaks_to_bot(message):
            return dict(message)
        return message | {"content": "", "embeds": [], "attachments": [], "components": []}

    def _speaks_to_bot(self, message: Json) -> bool:
        guild = self.guild_of(message)
        if guild is None or message["author"]["id"] == str(self.bot.id):
            return True
        mentioned = str(self.bot.id) in [user["id"] for user in message["mentions"]]
        return mentioned or str(guild.bot_role) in message["mention_roles"]
