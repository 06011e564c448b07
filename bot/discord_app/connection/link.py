"""Staying connected: an outage is waited out, a broken event is survived, nothing comes twice.

discord.py 2.7.1 does most of it: it resumes after a cut connection, a close or a request to
reconnect, and identifies anew where that is refused. What it lacks is here: it dies when the
gateway is out of reach at the first connect, ends with an event that it cannot parse (and a
sharded client with any frame that it cannot read), waits up to 17 minutes, and logs a traceback
for each attempt.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import discord

from bot.counts import Counts
from bot.discord_app.connection.backoff import LONGEST, Backoff
from bot.discord_app.connection.delivery import patient
from bot.discord_app.connection.shard_socket import ShardSocket
from bot.health import Pulse

ONCE = frozenset({"MESSAGE_CREATE", "INTERACTION_CREATE"})  # acting on one twice would show
REMEMBERED = 2000  # events: what a RESUME may replay
STARTS_STATE = frozenset({"READY", "RESUMED"})  # unparsed, these leave nothing to live on
MENDED_BY_PEOPLE = frozenset({4004, 4010, 4011, 4012, 4013, 4014})  # close codes: never retried

log = logging.getLogger(__name__)
Sleep = Callable[[float], Awaitable[object]]


class Link:
    """The client's connection to Discord: held up, and watched."""

    def __init__(
        self,
        client: discord.Client,
        counts: Counts | None = None,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client = client
        self.lost_at: float | None = clock()  # None while connected
        self._counts = counts or Counts()
        self._sleep = sleep
        self._clock = clock
        self._told = False
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def hold(self, token: str) -> None:
        """Log in and stay connected until the client is closed; cancelled, hear nothing more.

        Raises discord.LoginFailure, discord.PrivilegedIntentsRequired or
        discord.ConnectionClosed for what only a person can mend.
        """
        backoff = Backoff()
        self._guard()
        with patient(self.client, self._sleep), _own_waits(self._lost):
            try:
                await self._insist(partial(self._login, token), backoff)
                await self._insist(self.client.connect, backoff)
            finally:
                _deafen(self.client)

    async def _insist(self, attempt: Callable[[], Awaitable[None]], backoff: Backoff) -> None:
        """Try until it works, or is not for us to mend."""
        while not self.client.is_closed():
            try:
                await attempt()
            except Exception as error:
                if self.client.is_closed() or _for_people(error):
                    raise
                self._lost(error)
                await self._drop_socket()
                await self._sleep(backoff.delay())
            else:
                return

    async def _login(self, token: str) -> None:
        try:
            await self.client.login(token)
        except Exception:
            # discord.py makes a session at each login and closes only the last
            await self.client.http.close()
            self.client.http.connector = discord.utils.MISSING
            raise

    async def _drop_socket(self) -> None:
        """Close what an unexpected error left open, so that the next attempt starts clean."""
        for socket in sockets(self.client):
            with suppress(aiohttp.ClientError, OSError, RuntimeError):
                await socket.close(4000)

    def pulse(self) -> Pulse:
        """Return how the connection is now; of several shards, how the worst one is."""
        connected = self.lost_at is None and self._whole()
        ends = sockets(self.client)
        beats = [end._keep_alive for end in ends if end._keep_alive]  # noqa: SLF001  no other way
        if not beats:
            return Pulse(connected)
        last = min(beat._last_ack for beat in beats)  # noqa: SLF001
        return Pulse(connected, time.perf_counter() - last, max(beat.interval for beat in beats))

    def _whole(self) -> bool:
        """Whether every shard of this process is there, its session begun."""
        ends = list(sockets(self.client))
        begun = all(end.open and end.session_id is not None for end in ends)
        return len(ends) == shards_in_all(self.client) and begun

    # What comes in

    def _guard(self) -> None:
        """Let no event end the connection, and none act twice."""
        parsers = self.client._connection.parsers  # noqa: SLF001  discord.py has no other seam
        for event, parse in parsers.items():
            parsers[event] = partial(self._parse, event, parse)

    def _parse(self, event: str, parse: Callable[[Any], None], data: Any) -> None:
        try:
            if event in ONCE and self._is_repeated((event, data["id"])):
                log.info("%s %s came twice; once is enough.", event, data["id"])
                return
            parse(data)
        except Exception:
            if event in STARTS_STATE:
                raise
            self._counts.errors["event"] += 1
            log.exception("An event from Discord could not be read and is left out: %s", event)
        else:
            if event in STARTS_STATE:
                self._back()

    def _is_repeated(self, event: tuple[str, str]) -> bool:
        if event in self._seen:
            return True
        self._seen[event] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return False

    # Lost and found: each said once

    def _lost(self, error: BaseException | None) -> None:
        if self.lost_at is None:
            self.lost_at = self._clock()
        if not self._told:
            self._told = True
            log.warning(
                "Discord is out of reach (%s). Trying again, at least every %d seconds; "
                "nothing needs to be done here.",
                reason(error),
                LONGEST,
            )

    def _back(self) -> None:
        """Note that a shard is there; it is over when all of them are."""
        if self._counts.connects >= shards_in_all(self.client):
            self._counts.reconnects += 1
        self._counts.connects += 1
        if not self._whole():
            return  # another shard is still out
        if self._told and self.lost_at is not None:
            away = timedelta(seconds=round(self._clock() - self.lost_at))
            log.warning("Discord is back after %s.", away)
        self._told, self.lost_at = False, None


def _for_people(error: Exception) -> bool:
    """Whether only a person can mend it: a token, an intent, a shard count."""
    if isinstance(error, discord.ConnectionClosed):
        return error.code in MENDED_BY_PEOPLE
    return isinstance(error, discord.LoginFailure | discord.PrivilegedIntentsRequired)


def reason(error: BaseException | None) -> str:
    """Return an error in a few words, on one line."""
    if isinstance(error, AttributeError) and error.__context__ is not None:
        # discord.py 2.7.1 stumbles so when the first connect fails; the cause is behind it
        error = error.__context__
    first = str(error).splitlines()[:1]
    return first[0] if first and first[0] else type(error).__name__


def sockets(client: discord.Client) -> Iterator[Any]:
    """Yield the gateway's websockets: one, or one a shard."""
    shards = getattr(client, "shards", None)
    if shards is None:
        if client.ws is not None:
            yield client.ws
        return
    for shard in shards.values():
        yield shard._parent.ws  # noqa: SLF001  ShardInfo shows no heartbeat


def _deafen(client: discord.Client) -> None:
    """Read nothing more from shards; a plain client's connection is read by who holds it."""
    for shard in getattr(client, "shards", {}).values():
        shard._parent._cancel_task()  # noqa: SLF001  each shard reads in a task of its own


def shards_in_all(client: discord.Client) -> int:
    """Return how many shards this process has to hold; a plain client's connection is one."""
    if not isinstance(client, discord.AutoShardedClient):
        return 1
    return len(client.shard_ids or range(client.shard_count or 1))


@contextmanager
def _own_waits(lost: Callable[[BaseException | None], None]) -> Iterator[None]:
    """Let discord.py reconnect with our waits and sockets, and say once what it says each time."""

    def once(record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith(("Attempting a reconnect", "Failed to connect")):
            return True
        lost(record.exc_info[1] if record.exc_info else None)
        return False

    modules = (discord.client, discord.shard)
    former = [module.ExponentialBackoff for module in modules]
    socket = discord.shard.DiscordWebSocket
    discord.shard.DiscordWebSocket = ShardSocket  # type: ignore[misc]
    for module in modules:
        module.ExponentialBackoff = Backoff  # type: ignore[attr-defined]
        logging.getLogger(module.__name__).addFilter(once)
    try:
        yield
    finally:
        discord.shard.DiscordWebSocket = socket  # type: ignore[misc]
        for module, backoff in zip(modules, former, strict=True):
            module.ExponentialBackoff = backoff  # type: ignore[attr-defined]
            logging.getLogger(module.__name__).removeFilter(once)
