"""The room's host: opens the bot on SimCord, furnishes the room, serves it until told to stop."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import discord
import simcord

from bot.discord_app.cards import render
from bot.discord_app.client import COMMANDS_VALUE, WarmstartClient
from bot.discord_app.desk import Desk
from bot.discord_app.run import watched
from bot.errors import UsageError
from bot.health import Pulse
from bot.interruption import interruption
from bot.room.door import Stage, open_door
from bot.runtime import Runtime, open_runtime
from bot.settings import ROOM_DATABASE, Settings
from bot.store.model import Duty, GuildSettings

HOST = "127.0.0.1"  # whoever reaches the page acts as the people in it: this machine only
GUILD = "Warmstart"
CHANNEL = "beginners"
ADMIN = "Admin"
PEOPLE = ("Robin", "Sam")  # the second one shows that private answers are private
TOPIC = "Votes and unanswered questions are kept in {database}."  # a phone shows two lines
WELCOME = """\
Warmstart's local room is open: {address}
Try there:
{examples}
  /resources bottom-up, or /start for a plan
  /settings, as Robin, who is the admin here; Sam is a guest
  Helpful, under a suggestion: votes and unanswered questions stay in {database}.
Ctrl-C ends it."""
EXAMPLES = 2  # questions to try: enough to begin, the page shows more


def announce(text: str) -> None:
    """Print at once, a pipe included."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def serve(settings: Settings, *, ready: Callable[[str], None] = announce) -> None:
    """Serve the room until SIGINT, SIGTERM or cancellation.

    `ready` is given what to tell the person once the page can be opened. Raises UsageError
    when the port is taken, KnowledgeError or StoreError when the bot cannot start.
    """
    database = settings.database_or(ROOM_DATABASE)
    if isinstance(database, str):
        raise UsageError(
            "The local room keeps its votes in a file: give one with --database, or unset "
            "WARMSTART_DATABASE."
        )
    with interruption() as interrupted, listen(settings.port) as listening:
        async with open_runtime(settings, database) as runtime:
            # Each start has a Discord of its own, which knows no commands yet.
            await runtime.store.set_value(COMMANDS_VALUE, "")
            desk = Desk.of(runtime)
            client = WarmstartClient(desk, message_content=True)
            # Errors of the bot are its own to log: they must not fail the room at its end.
            async with (
                simcord.run(client, check_errors=False) as env,
                watched(lambda: Pulse(connected=client.is_ready()), desk, settings.health_port),
            ):
                room = await furnish(env, client, TOPIC.format(database=database.name))
                await open_for_questions(desk, room)
                client.messages.watcher.start(quiet=True)  # the room was empty
                desk.maintainers = frozenset({room.people[0].id})  # the second one is a guest
                async with room.preview() as preview:
                    stage = Stage(env, preview)
                    await stage.catch_up()
                    await greet(client, room)
                    async with open_door(listening, stage):
                        ready(welcome(runtime, listening, database))
                        await interrupted.wait()


@dataclass(frozen=True)
class Room:
    """A guild with a channel and its people."""

    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    people: tuple[simcord.MemberActor, ...]

    def preview(self) -> simcord.Preview:
        """Return the page, to be entered: a conversation in this machine's time zone."""
        return self.env.preview(
            self.channel, viewers=self.people, layout="channel", timezone=time_zone()
        )


async def furnish(env: simcord.Env, client: WarmstartClient, topic: str) -> Room:
    """Create the guild, its channel and its people, before the clock moves.

    SimCord makes ids from its clock: at the clock's start they are the same in every run, so
    that a vote is found again as the same person's.
    """
    assert client.user is not None, "the client is logged in"
    await client.user.edit(username=GUILD)
    guild = env.create_guild(GUILD)
    channel = guild.create_text_channel(CHANNEL, topic=topic)
    users = [env.create_user(name.lower(), global_name=name) for name in PEOPLE]
    admin = guild.create_role(ADMIN, permissions=discord.Permissions(manage_guild=True))
    roles = ((admin,), ())  # the first one may use /settings
    people = tuple(guild.add_member(user, roles=r) for user, r in zip(users, roles, strict=True))
    return Room(env, guild, channel, people)


async def open_for_questions(desk: Desk, room: Room) -> None:
    """Let the room's channel take every message as a question, until its admin says otherwise."""

    def opened(settings: GuildSettings) -> GuildSettings:
        return replace(settings, duties=settings.duties or {room.channel.id: Duty.QUESTION})

    await desk.guilds.change(room.guild.id, opened)


async def greet(client: WarmstartClient, room: Room) -> None:
    """Let the bot say hello, as it does when it is mentioned without a question."""
    channel = client.get_partial_messageable(room.channel.id)
    await channel.send(view=render(client.desk.advisor.greeting(), client.desk.pen()))


def welcome(runtime: Runtime, listening: socket.socket, database: Path) -> str:
    """Return what to tell the person at the terminal."""
    examples = runtime.advisor.knowledge.about.examples[:EXAMPLES]
    return WELCOME.format(
        address="http://{}:{}/".format(*listening.getsockname()),
        examples="\n".join(f"  {example}" for example in examples),
        database=database,
    )


def listen(port: int) -> socket.socket:
    """Return a socket that listens on a port of this machine; 0 takes any free one.

    Raises UsageError when the port cannot be had.
    """
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = (
            "is in use, perhaps by another room" if taken else f"cannot be used ({error.strerror})"
        )
        raise UsageError(
            f"Port {port} on {HOST} {why}: stop what uses it, "
            "or choose another with --port or WARMSTART_PORT (0: any free one)."
        ) from error


def time_zone() -> str:
    """Return the name of this machine's time zone; UTC where it cannot be told."""
    linked = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")[2]
    for name in (os.environ.get("TZ", "").lstrip(":"), linked):
        with suppress(ValueError, OSError, LookupError):  # not a zone's name; not installed
            return ZoneInfo(name).key
    return "UTC"
