"""Reads that many ask for at once, done once for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SharedReads(Generic[K, V]):
    """One read at a time for each key; who asks meanwhile shares the one after it.

    So whoever asks gets a read that began later, which holds all that was stored before: after a
    vote, the count with that vote. When a hundred people press one button within a second, the
    votes of its card are added up a few times, not a hundred.
    """

    def __init__(self, read: Callable[[K], Awaitable[V]]) -> None:
        self._read = read
        self._begun: dict[K, asyncio.Task[V]] = {}
        self._next: dict[K, asyncio.Task[V]] = {}

    async def get(self, key: K) -> V:
        """Return what a read finds that begins from now on. Raises what the read raises."""
        if key not in self._next:
            task = asyncio.create_task(self._after(self._begun.get(key), key))
            task.add_done_callback(_seen)
            self._next[key] = task
        return await asyncio.shield(self._next[key])  # others wait for it too

    async def _after(self, former: asyncio.Task[V] | None, key: K) -> V:
        if former is not None:
            await asyncio.wait({former})
        self._begun[key] = task = self._next.pop(key)
        try:
            return await self._read(key)
        finally:
            if self._begun.get(key) is task:
                del self._begun[key]


def _seen(task: asyncio.Task[object]) -> None:
    """Take note of an error that nobody waits for any more; asyncio would log it."""
    if not task.cancelled():
        task.exception()
