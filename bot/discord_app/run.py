"""Running on Discord, until told to stop."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import discord

from bot.discord_app.client import WarmstartClient
from bot.discord_app.desk import Desk
from bot.errors import UsageError, WarmstartError
from bot.interruption import interruption
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
    logging.getLogger("discord.client").setLevel(logging.ERROR)  # it warns that voice is missing
    database = settings.database_or(DISCORD_DATABASE)
    async with open_runtime(settings, database) as runtime:
        client = WarmstartClient(Desk.of(runtime, settings.maintainers))
        async with client:
            await _until_stopped(client, settings.token)


async def _until_stopped(client: discord.Client, token: str) -> None:
    with interruption() as interrupted:
        running = asyncio.create_task(client.start(token))
        stopped = asyncio.create_task(interrupted.wait())
        try:
            await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                _translate(running)
        finally:
            await client.close()
            for task in (running, stopped):
                task.cancel()
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
    except (aiohttp.ClientError, discord.HTTPException, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WarmstartError(
            f"Discord cannot be reached ({reason}): check the network and start again."
        ) from error
    except AttributeError as error:
        # discord.py 2.7.1 ends so when the gateway is unreachable at the first connect
        raise WarmstartError(
            "Discord's gateway cannot be reached: check the network and start again."
        ) from error
