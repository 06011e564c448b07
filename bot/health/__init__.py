"""Whether the bot is well: its connection, its database, its knowledge, as facts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import StoreError
from bot.store.model import Store

DATABASE_SECONDS = 2.0  # a write takes milliseconds
KEPT_SECONDS = 5.0  # a result is asked for again no sooner: each costs the disk a flush
HEARTBEATS_MISSED = 2.5  # Discord acknowledges each; discord.py itself gives up a little later
PROVED = "last_health_check"
WRITABLE = "writable"


@dataclass(frozen=True)
class Pulse:
    """The connection to Discord. Times in seconds; None: not yet."""

    connected: bool
    heartbeat_age: float | None = None  # since Discord acknowledged one, of the slowest shard
    heartbeat_interval: float | None = None

    @property
    def alive(self) -> bool:
        """Whether it is connected, and Discord has been heard of lately."""
        if not self.connected or self.heartbeat_age is None or self.heartbeat_interval is None:
            return self.connected
        return self.heartbeat_age < HEARTBEATS_MISSED * self.heartbeat_interval


@dataclass(frozen=True)
class Health:
    """What `/healthz` says, `warmstart health` asks, and `/knowledge status` shows."""

    gateway: str  # "connected", "silent" (no heartbeat is acknowledged) or "disconnected"
    heartbeat_age: float | None  # seconds
    database: str  # "writable", or what is wrong with it
    knowledge: str  # the version of the base that answers

    @property
    def well(self) -> bool:
        """Whether people are answered and votes are stored."""
        return self.gateway == "connected" and self.database == WRITABLE


class Examiner:
    """Examines the parts; remembers the database's state for a moment."""

    def __init__(
        self,
        pulse: Callable[[], Pulse],
        store: Store,
        knowledge: Callable[[], str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pulse = pulse
        self._store = store
        self._knowledge = knowledge
        self._clock = clock
        self._database = ""
        self._examined = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self) -> Health:
        """Return how everything is now."""
        pulse = self._pulse()
        age = pulse.heartbeat_age
        gateway = "connected" if pulse.alive else "silent" if pulse.connected else "disconnected"
        return Health(
            gateway,
            None if age is None else round(age, 1),
            await self._examined_database(),
            self._knowledge(),
        )

    async def _examined_database(self) -> str:
        async with self._one_at_a_time:
            if self._clock() - self._examined >= KEPT_SECONDS:
                self._database = await self._examine_database()
                self._examined = self._clock()
        return self._database

    async def _examine_database(self) -> str:
        """Write a value: only that tells a full disk or a lost file."""
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                await self._store.set_value(PROVED, str(int(time.time())))
        except StoreError as error:
            return str(error)
        except TimeoutError:
            return f"did not take a write within {DATABASE_SECONDS:.0f} s"
        return WRITABLE
