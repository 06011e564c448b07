"""What is being done for people right now: timed, bounded, and finished before the end."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import CoroutineType
from typing import Any

from bot.counts import Counts

LONGEST = 120.0  # seconds: longer than an answer waits for a Discord in trouble


def place(task: asyncio.Future[Any]) -> str:
    """Return where a task waits, as a traceback shows it: its innermost call last."""
    frames = []
    waiting = task.get_coro() if isinstance(task, asyncio.Task) else None
    while isinstance(waiting, CoroutineType) and waiting.cr_frame is not None:
        frames.append((waiting.cr_frame, waiting.cr_frame.f_lineno))
        waiting = waiting.cr_await
    return "".join(traceback.StackSummary.extract(iter(frames)).format()).rstrip()


class Work:
    """Pieces of work, each bounded in time; knows when there are none."""

    def __init__(
        self, counts: Counts | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.counts = counts or Counts()
        self.longest = LONGEST
        self._clock = clock
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def one(self, kind: str) -> AsyncIterator[None]:
        """Do one piece of work of a kind: "mention", "interaction", …

        Raises TimeoutError, from where it stands, when it takes longer than `longest` seconds.
        """
        begun = self._clock()
        self._running += 1
        self._idle.clear()
        try:
            async with asyncio.timeout(self.longest):
                yield
        finally:
            self.counts.took[kind].add(self._clock() - begun)
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def finish(self, within: float) -> int:
        """Wait until all is done, at most `within` seconds; return how many pieces are not."""
        await asyncio.sleep(0)  # what just came in begins
        try:
            await asyncio.wait_for(self._idle.wait(), within)
        except TimeoutError:
            return self._running
        return 0
