"""Running on Discord, until told to stop."""

from __future__ import annotations

import asyncio
import signal

import discord

from bot.discord_app.client import WarmstartClient
from bot.errors import UsageError
from bot.runtime import open_runtime
from bot.settings import DISCORD_DATABASE, Settings


async def serve(settings: Settings) -> None:
    """Run the bot on Discord until SIGINT or SIGTERM.

    Raises UsageError when there is no token, or Discord refuses it or an intent.
    """
    if settings.token is None:
        raise UsageError(
            "No Discord token: set DISCORD_TOKEN (or DISCORD_TOKEN_FILE), "
            "or run the local room with: warmstart run --on room."
        )
    database = settings.database_or(DISCORD_DATABASE)
    async with open_runtime(settings, database) as runtime:
        client = WarmstartClient(
            runtime.advisor,
            runtime.store,
            runtime.voter,
            reloader=runtime.reloader,
            maintainers=settings.maintainers,
        )
        async with client:
            await _until_stopped(client, settings.token)


async def _until_stopped(client: discord.Client, token: str) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stopping.set)
    running = asyncio.create_task(client.start(token))
    stopped = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            _translate(running)
    finally:
        stopped.cancel()
        await client.close()
        if not running.done():
            running.cancel()
        await asyncio.gather(running, stopped, return_exceptions=True)


def _translate(running: asyncio.Task[None]) -> None:
    """Raise why the client ended, as a sentence where a person can mend it."""
    try:
        running.result()
    except discord.LoginFailure as error:
        raise UsageError(
            "Discord refused the token: copy it again from the Bot page of your application "
            "in Discord's developer portal into DISCORD_TOKEN."
        ) from error
    except discord.PrivilegedIntentsRequired as error:
        raise UsageError(
            "Discord refused a privileged intent: switch on Message Content Intent on the Bot "
            "page of your application in Discord's developer portal, or stop watching channels."
        ) from error
