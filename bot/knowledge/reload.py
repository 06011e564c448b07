"""Watching a knowledge folder: says when an edit has settled.

Plain polling, on purpose. Notifications of the operating system do not cross bind mounts from
another system or network folders, which is where containers keep their knowledge, and they need
special care for editors that replace a file instead of writing it. Looking at the some sixty
files of a base takes under a millisecond, needs no dependency, and finds every kind of edit.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bot.knowledge.files import Snapshot, snapshot

INTERVAL = 0.3  # seconds; an edit has settled when nothing moved for one interval


async def edits(
    folder: Path, known: Callable[[], Snapshot], *, interval: float = INTERVAL
) -> AsyncIterator[Snapshot]:
    """Yield the state of the folder whenever it has settled and is not the one that is known.

    Half-written files are waited for: a state counts when two looks in a row, `interval`
    seconds apart, find the same. `known` is asked at each look.
    """
    before = known()
    while True:
        await asyncio.sleep(interval)
        now = await asyncio.to_thread(snapshot, folder)  # a network folder may be slow
        if now == before and now != known():
            yield now
        before = now
