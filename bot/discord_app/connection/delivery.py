"""Sending that arrives once: what discord.py gives up on is tried again where that is safe.

discord.py 2.7.1 waits out a 429 that names a wait, and retries 500, 502, 504 and 524. It gives
up on 503 for the bot's own routes, on a 429 without Discord's headers, and on a connection that
is cut while a request runs. Trying those again could send twice, unless the request names
itself: discord.py gives every new message a random nonce and has it enforced, so that Discord
returns the message it already has. Changing and deleting are the same done twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.discord_app.connection.backoff import Backoff

TRIES = 6  # about a minute in all: Discord remembers a nonce for "a few minutes"
FIRST, LONGEST = 0.5, 20.0  # seconds
ASKED_LONGEST = 60.0  # seconds of a Retry-After that are waited; what takes longer is given up
ACKNOWLEDGED = 40060  # "Interaction has already been acknowledged"
FIRST_KNOCK = "/users/@me"  # the login: who connects waits by itself, and says so

log = logging.getLogger(__name__)
Sleep = Callable[[float], Awaitable[object]]
Request = Callable[[], Awaitable[Any]]


@contextmanager
def patient(client: discord.Client, sleep: Sleep = asyncio.sleep) -> Iterator[None]:
    """Give a client's requests, those of interactions too, the patience that discord.py lacks."""
    http: Any = client.http
    former = http.request
    http.request = _requests(http, sleep)
    token = async_context.set(Webhooks(sleep))
    try:
        yield
    finally:
        http.request = former
        async_context.reset(token)


def _requests(http: HTTPClient, sleep: Sleep) -> Callable[..., Awaitable[Any]]:
    former = http.request

    async def request(route: Route, **options: Any) -> Any:
        if route.path == FIRST_KNOCK or options.get("files"):  # a file is read only once
            return await former(route, **options)
        body = options.get("json")
        named = isinstance(body, dict) and bool(body.get("enforce_nonce"))
        repeatable = route.method != "POST" or named
        return await insist(lambda: former(route, **options), sleep, repeatable=repeatable)

    return request


class Webhooks(AsyncWebhookAdapter):
    """discord.py's way to answer interactions, with patience."""

    def __init__(self, sleep: Sleep) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._sleep = sleep

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:
        """Send; a first answer that Discord already has counts as sent."""
        request = partial(super().request, route, session, **options)
        if options.get("files"):  # a file is read only once
            return await request()
        answers = route.path.endswith("/callback")
        try:
            return await insist(request, self._sleep, repeatable=answers or route.method != "POST")
        except discord.HTTPException as error:
            if answers and error.code == ACKNOWLEDGED:
                # the first try arrived, and only what Discord said to it was lost
                return {"interaction": {"id": route.webhook_id}}
            raise


async def insist(request: Request, sleep: Sleep, *, repeatable: bool) -> Any:
    """Return what a request brings, tried again while that is safe and may help.

    `repeatable` says that doing it twice is the same as doing it once. Raises what the last try
    raised.
    """
    backoff = Backoff(FIRST, LONGEST)
    for _ in range(TRIES - 1):
        try:
            return await request()
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            pause = _pause(error, backoff, repeatable=repeatable)
            if pause is None:
                raise
            log.info("Discord did not take a request (%s): again in %.1f s.", error, pause)
        await sleep(pause)
    return await request()


def _pause(error: Exception, backoff: Backoff, *, repeatable: bool) -> float | None:
    """Return how long to wait before the next try; None when there must be none."""
    if isinstance(error, discord.HTTPException) and error.status == 429:
        return _asked_pause(error, backoff)  # refused before it was done: any may be repeated
    if isinstance(error, discord.DiscordServerError):
        return backoff.delay() if repeatable else None
    if isinstance(error, discord.HTTPException):
        return None  # refused for good: a permission, a limit, something deleted
    never_sent = isinstance(error, aiohttp.ClientConnectorError)
    return backoff.delay() if repeatable or never_sent else None


def _asked_pause(error: discord.HTTPException, backoff: Backoff) -> float | None:
    """Return the wait that a 429 asks for; its own where it names none."""
    pause = backoff.delay()
    try:
        asked = float(error.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return pause
    return max(pause, asked) if asked <= ASKED_LONGEST else None
