"""Opt-outs, asked for with every message and therefore kept in memory for a moment."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Set

from bot.advice.advisor import STORE_SECONDS
from bot.errors import StoreBusy, StoreError
from bot.store.model import OptOut, Store, Voter

FRESH_SECONDS = 60.0  # another process on the same database may be told meanwhile
KEPT = 10_000  # people

log = logging.getLogger(__name__)


class OptOuts:
    """What people do not want; `clock` is in seconds."""

    def __init__(
        self,
        store: Store,
        voter: Callable[[int], Voter],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._voter = voter
        self._clock = clock
        self._known: dict[int, tuple[float, Set[OptOut]]] = {}
        self._changes = 0  # how often; what was read before one may be old

    async def of(self, user_id: int) -> Set[OptOut]:
        """Return what a person does not want. Raises StoreError when it cannot be read."""
        read, found = self._known.get(user_id, (float("-inf"), frozenset()))
        if self._clock() - read < FRESH_SECONDS:
            return found
        changes = self._changes
        try:
            async with asyncio.timeout(STORE_SECONDS):
                found = await self._store.opted_out(self._voter(user_id))
        except TimeoutError as error:
            late = f"the database did not answer within {STORE_SECONDS:.0f} s"
            raise StoreBusy(late) from error
        if changes != self._changes:
            return found
        self._known.pop(user_id, None)
        self._known[user_id] = (self._clock(), found)
        while len(self._known) > KEPT:
            del self._known[next(iter(self._known))]
        return found

    async def silenced(self, *user_ids: int) -> bool:
        """Whether one of these people wants no answer to their messages.

        A store in trouble silences nobody: it cannot tell who would be glad of an answer.
        """
        try:
            return any([OptOut.EVERYTHING in await self.of(one) for one in set(user_ids)])
        except StoreError as error:
            log.error("Opt-outs could not be read: %s", error)  # noqa: TRY400
            return False

    async def declined(self, user_id: int) -> bool:
        """Whether a person wants no answer but to what they put to the bot themselves.

        A store in trouble keeps such an answer back: nobody misses what they did not ask for.
        """
        try:
            return bool(await self.of(user_id))
        except StoreError as error:
            log.error("Opt-outs could not be read: %s", error)  # noqa: TRY400
            return True

    async def set(self, user_id: int, kind: OptOut, *, out: bool) -> None:
        """Remember, or forget, that a person does not want something; true from now on."""
        await self._store.set_opt_out(self._voter(user_id), kind, out=out)
        self.forget(user_id)

    def forget(self, user_id: int) -> None:
        """Ask the store again the next time."""
        self._changes += 1
        self._known.pop(user_id, None)
