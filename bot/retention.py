"""Retention: what is kept for a time only goes when its time is over, looked at once a day."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bot.errors import StoreError
from bot.store.model import DAY, Store

log = logging.getLogger(__name__)


async def retain(
    store: Store,
    days: int,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Delete now, and then every day, what is older than `days`; until cancelled.

    That is questions, shadow counts and times of unasked answers; see `Store.expire`. `clock`
    gives seconds since 1970, UTC. A store in trouble is asked again the next day.
    """
    while True:
        try:
            gone = await store.expire(int(clock()) - days * DAY)
        except StoreError as error:
            log.error("What is older than %d days could not be deleted: %s", days, error)  # noqa: TRY400
        else:
            if gone:
                log.info("Deleted %d kept questions older than %d days.", gone, days)
        await sleep(DAY)
