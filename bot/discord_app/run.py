"""Running on Discord, until told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import discord

from bot.counts import Counts
from bot.discord_app.client import WarmstartClient
from bot.discord_app.connection.link import Link
from bot.discord_app.connection.work import Work
from bot.discord_app.desk import Desk
from bot.discord_app.shards import ShardedClient
from bot.errors import UsageError
from bot.health import Examiner, Pulse
from bot.interruption import interruption
from bot.knowledge.changes import fingerprint
from bot.metrics import exposition
from bot.runtime import open_runtime
from bot.settings import DISCORD_DATABASE, Settings
from bot.stalls import stalls_noticed

FINISHING_SECONDS = 5.0  # for what is running when told to stop; containers are killed after 10
COPY_AGAIN = (
    "Discord refused the token: copy it again from the Bot page of your application "
    "in Discord's developer portal into DISCORD_TOKEN."
)
SWITCH_ON = (
    "Discord refused a privileged intent: switch on Message Content Intent on the Bot "
    "page of your application in Discord's developer portal, or start without "
    "--message-content (WARMSTART_MESSAGE_CONTENT)."
)
UPDATE = (
    "Discord closed the connection for good (code {}): update Warmstart. If this is "
    "the newest already, please report it with the code."
)
# https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
CURES = {
    4004: COPY_AGAIN,
    4010: "Discord knows no such shards: correct --shards (WARMSTART_SHARDS). Shards are counted "
    "from 0, and every process names the same count: 0-1/4 here, 2-3/4 there.",
    4011: "The bot is in too many servers for one connection, or for so few shards: set "
    "WARMSTART_SHARDS (--shards) to auto, for as many as Discord recommends, or to more than now.",
    4014: SWITCH_ON,
}

log = logging.getLogger(__name__)


async def serve(settings: Settings) -> None:
    """Run the bot on Discord until SIGINT or SIGTERM.

    Raises UsageError when there is no token, or Discord refuses it or an intent.
    """
    if settings.token is None:
        raise UsageError(
            "No Discord token: set DISCORD_TOKEN (or DISCORD_TOKEN_FILE), "
            "or run the local room with: warmstart run --on room."
        )
    logging.getLogger("discord.client").setLevel(logging.ERROR)  # it warns that voice is missing
    database = settings.database_or(DISCORD_DATABASE)
    with interruption() as interrupted:
        async with open_runtime(settings, database) as runtime:
            counts = Counts()
            desk = Desk.of(runtime, settings.maintainers, Work(counts))
            async with client_for(settings, desk) as client:
                link = Link(client, counts)
                with stalls_noticed(counts):
                    async with watched(link.pulse, desk, settings.health_port):
                        await _until_stopped(link, desk.work, settings.token, interrupted)


def client_for(settings: Settings, desk: Desk) -> WarmstartClient:
    """Return the client for the shards that this process takes."""
    reads = settings.message_content
    if settings.shards is None:
        return WarmstartClient(desk, message_content=reads)
    return ShardedClient(desk, settings.shards, message_content=reads)


@asynccontextmanager
async def watched(pulse: Callable[[], Pulse], desk: Desk, port: int | None) -> AsyncIterator[None]:
    """Let people, and machines on this one, see how the bot is, inside the block."""
    advisor = desk.advisor
    desk.examine = Examiner(pulse, desk.store, lambda: fingerprint(advisor.knowledge))
    if port is None:
        yield
        return
    from bot.health.page import health_served  # noqa: PLC0415  a web server, off by default

    metrics = exposition(desk.work.counts, advisor.decisions, pulse)
    async with health_served(port, desk.examine, metrics):
        yield


async def _until_stopped(link: Link, work: Work, token: str, interrupted: asyncio.Event) -> None:
    """Hold the connection until told to stop; then finish what is running, and close."""
    holding = asyncio.create_task(link.hold(token))
    stopped = asyncio.create_task(interrupted.wait())
    try:
        await asyncio.wait({holding, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if holding.done():
            _translate(holding)
    finally:
        holding.cancel()  # nothing more comes in
        if unfinished := await work.finish(within=FINISHING_SECONDS):
            log.warning("Stopping with %d answers unfinished.", unfinished)
        await link.client.close()
        stopped.cancel()
        await asyncio.gather(holding, stopped, return_exceptions=True)


def _translate(holding: asyncio.Task[None]) -> None:
    """Raise why the connection ended, as a sentence where a person can mend it."""
    try:
        holding.result()
    except discord.PrivilegedIntentsRequired as error:
        raise UsageError(SWITCH_ON) from error
    except discord.LoginFailure as error:
        raise UsageError(COPY_AGAIN) from error
    except discord.ConnectionClosed as error:
        raise UsageError(CURES.get(error.code, UPDATE.format(error.code))) from error
