"""Noticing when the event loop stands still: the log gets the code that holds it up.

While one callback computes or blocks, nobody is answered. A thread of its own looks whether
the loop still turns, since the loop cannot notice by itself.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from bot.counts import Counts

LIMIT = 1.0  # seconds; half of what a click may take before it is deferred
TURNS = 5  # looks within the limit
FRAMES = 12  # of the stack: the innermost ones

log = logging.getLogger(__name__)


@contextmanager
def stalls_noticed(counts: Counts, *, limit: float = LIMIT) -> Iterator[None]:
    """Watch the running loop inside the block; log and count each stall beyond `limit` seconds."""
    watch = _Watch(asyncio.get_running_loop(), counts, limit)
    watch.beat()
    thread = threading.Thread(target=watch.run, name="stalls", daemon=True)
    thread.start()
    try:
        yield
    finally:
        watch.stop()
        thread.join()


class _Watch:
    """Both sides: the loop counts its beats, the thread looks whether the count grows."""

    def __init__(self, loop: asyncio.AbstractEventLoop, counts: Counts, limit: float) -> None:
        self._loop = loop
        self._loop_thread = threading.get_ident()
        self._counts = counts
        self._limit = limit
        self._pause = limit / TURNS
        self._beats = 0
        self._next: asyncio.TimerHandle | None = None
        self._ended = threading.Event()

    def beat(self) -> None:
        self._beats += 1
        self._next = self._loop.call_later(self._pause, self.beat)

    def stop(self) -> None:
        self._ended.set()
        if self._next is not None:
            self._next.cancel()

    def run(self) -> None:
        # Counts looks rather than reads a clock: a machine that sleeps stops both sides.
        seen, missed = 0, 0
        while not self._ended.wait(self._pause):
            if self._beats != seen:
                if missed >= TURNS:
                    log.warning("The event loop goes on after %.1f s.", missed * self._pause)
                seen, missed = self._beats, 0
                continue
            missed += 1
            if missed == TURNS:
                self._counts.stalls += 1
                log.warning(
                    "The event loop has stood still for %.1f s, and nobody is answered:\n%s",
                    self._limit,
                    self._stack(),
                )

    def _stack(self) -> str:
        frame = sys._current_frames().get(self._loop_thread)  # noqa: SLF001  the documented way
        return "".join(traceback.format_stack(frame)[-FRAMES:]).rstrip()
