"""Presses: a button that somebody presses again before it has answered is pressed once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterator
from contextlib import contextmanager
from typing import Any


class Presses:
    """What presses do, by key, until the first of each has been answered.

    Nobody takes back what they have not seen: two devices at once, and a second tap while the
    database is slow, mean the same press.
    """

    def __init__(self) -> None:
        self._unanswered: dict[Hashable, asyncio.Future[bool]] = {}

    @contextmanager
    def one(
        self, key: Hashable, act: Callable[[], Coroutine[Any, Any, bool]]
    ) -> Iterator[Awaitable[bool]]:
        """Do `act`, or share in what it is doing, inside the block, which answers the press.

        Yields its outcome, to be awaited.
        """
        if key in self._unanswered:
            yield asyncio.shield(self._unanswered[key])
            return
        self._unanswered[key] = outcome = asyncio.get_running_loop().create_future()
        try:
            yield _told(act(), outcome)
        finally:
            del self._unanswered[key]


async def _told(acting: Coroutine[Any, Any, bool], outcome: asyncio.Future[bool]) -> bool:
    """Await the first press, and tell the others what becomes of it."""
    try:
        done = await acting
    except BaseException as error:
        outcome.set_exception(error if isinstance(error, Exception) else TimeoutError())
        outcome.exception()  # seen, though nobody may wait for it
        raise
    outcome.set_result(done)
    return done
