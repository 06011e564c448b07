"""Pace: what many people set off at once is done once a second at most, the last one included."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

EVERY = 1.0  # seconds between edits of one message; Discord takes about five in five


class Pace:
    """Turns by key, such as a message's id, each at least `every` seconds after the one before."""

    def __init__(
        self,
        every: float = EVERY,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._every = every
        self._clock = clock
        self._sleep = sleep
        self._next: dict[int, float] = {}  # key → when it may have its next turn
        self._waiting: set[int] = set()

    async def turn(self, key: int) -> bool:
        """Wait for the key's turn; False at once when somebody waits for it already.

        Who waits acts later than whoever is sent away, and so on their behalf too.
        """
        if key in self._waiting:
            return False
        self._waiting.add(key)
        try:
            while (pause := self._next.get(key, 0.0) - self._clock()) > 0:
                await self._sleep(pause)
        finally:
            self._waiting.discard(key)
        now = self._clock()
        self._next = {other: at for other, at in self._next.items() if at > now}
        self._next[key] = now + self._every
        return True
