"""The composition root: opens and closes what a running bot needs, in one place."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.advice import Advisor, Base
from bot.errors import KnowledgeError, Problem, StoreError
from bot.knowledge.changes import Changes, changes
from bot.knowledge.files import Snapshot, snapshot
from bot.knowledge.reload import INTERVAL, edits
from bot.prepared import prepare
from bot.retention import retain
from bot.settings import KEPT_DAYS, Settings
from bot.store import Place, Store, Voter, asker, check_key, key_for, open_store, voter

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Status:
    """What became of the last edits."""

    loaded: datetime  # since when the present base answers
    changed: Changes | None = None  # what the last edit that was taken changed
    refused: datetime | None = None  # when the last edit was refused; None when it was taken
    problems: tuple[Problem, ...] = ()  # why it was refused
    homeless: tuple[str, ...] = ()  # ids that votes refer to and the base does not know


class Reloader:
    """Replaces the advisor's base when the knowledge folder has changed; keeps the status.

    `seen` is the state of the folder from which the advisor's base was loaded.
    """

    def __init__(
        self,
        folder: Path,
        seen: Snapshot,
        advisor: Advisor,
        store: Store,
        cache: Path | None = None,
    ) -> None:
        self.status = Status(_now())
        self._folder = folder
        self._seen = seen
        self._advisor = advisor
        self._store = store
        self._cache = cache
        self._one_at_a_time = asyncio.Lock()

    async def watch(self, interval: float = INTERVAL) -> None:
        """Reload after every edit, until cancelled; `interval` is in seconds."""
        async for _ in edits(self._folder, lambda: self._seen, interval=interval):
            await self.reload()

    async def reload(self) -> Status:
        """Load the folder; a base that is not valid changes nothing. Return what came of it."""
        async with self._one_at_a_time:
            self._seen = await asyncio.to_thread(snapshot, self._folder)
            try:
                base = await asyncio.to_thread(self._changed_base)
            except KnowledgeError as error:
                self._refuse(error.problems)
            except Exception:
                log.exception("The knowledge base could not be loaded.")
                self._refuse((Problem(str(self._folder), 1, 1, "failed to load; see the log"),))
            else:
                await self._take(base)
            return self.status

    def _changed_base(self) -> Base:
        """Return the folder's base: the present one where it says the same."""
        return prepare(self._folder, self._cache, former=self._advisor.base)

    def _refuse(self, problems: tuple[Problem, ...]) -> None:
        self.status = replace(self.status, refused=_now(), problems=problems)
        told = "\n".join(map(str, problems))
        log.error("The edited knowledge base is not valid; the former one answers on.\n%s", told)

    async def _take(self, base: Base) -> None:
        """Let a base answer from now on."""
        changed = changes(self._advisor.knowledge, base.knowledge)
        loaded = _now() if base is not self._advisor.base else self.status.loaded
        self._advisor.base = base
        self.status = Status(loaded, changed, homeless=self.status.homeless)
        topics, resources = len(base.knowledge.topics), len(base.knowledge.resources)
        told = "Knowledge reloaded: %d topics, %d resources; %s."
        log.info(told, topics, resources, changed)
        try:
            await self.follow_ids()
        except StoreError:
            log.exception("Votes under former ids could not be moved; the next reload tries again.")

    async def follow_ids(self) -> None:
        """Move votes of renamed ids to today's, and note votes whose ids are gone.

        Raises StoreError when the store cannot be written or read.
        """
        current = self._advisor.knowledge.current_id
        await self._store.adopt({old: new for old, new in current.items() if old != new})
        homeless = tuple(sorted(await self._store.voted_ids() - current.keys()))
        if set(homeless) - set(self.status.homeless):
            log.warning(
                "Votes refer to ids that the knowledge base no longer has: %s. "
                "If they got other names, add `was: [old-id]` there.",
                ", ".join(homeless),
            )
        self.status = replace(self.status, homeless=homeless)


@dataclass(frozen=True)
class Runtime:
    """What front ends are given."""

    advisor: Advisor
    store: Store
    voter: Callable[[int], Voter]
    asker: Callable[[int], str]
    reloader: Reloader
    kept_days: int = KEPT_DAYS


@asynccontextmanager
async def open_runtime(
    settings: Settings, database: Place, *, watch: bool = True
) -> AsyncIterator[Runtime]:
    """Open the knowledge base and the store; close the store at the end.

    `watch` lets edits of the knowledge folder take effect meanwhile. Raises KnowledgeError,
    or StoreError when the database or its key cannot be used.
    """
    folder = settings.knowledge
    seen = snapshot(folder)  # before loading: an edit in between is noticed later
    base = prepare(folder, settings.cache)
    async with open_store(database) as store:
        key = key_for(database, settings.voter_key)  # none is made beside what is no database
        await check_key(store, key)
        advisor = Advisor(base, store)
        reloader = Reloader(folder, seen, advisor, store, settings.cache)
        await reloader.follow_ids()
        async with (
            _background(
                retain(store, settings.kept_days),
                "Nothing old is deleted any more",
                enabled=settings.leads,
            ),
            _background(reloader.watch(), "Edits are no longer noticed", enabled=watch),
        ):
            people = partial(voter, key), partial(asker, key)
            yield Runtime(advisor, store, *people, reloader, settings.kept_days)


@asynccontextmanager
async def _background(
    work: Coroutine[Any, Any, None], failed: str, *, enabled: bool = True
) -> AsyncIterator[None]:
    """Run work beside the block, and end it with the block; log `failed` when it ends by itself."""
    if not enabled:
        work.close()
        yield
        return
    task = asyncio.create_task(work)
    task.add_done_callback(partial(_log_failure, failed))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


def _log_failure(failed: str, task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception():
        log.error("%s; restart Warmstart.", failed, exc_info=task.exception())


def _now() -> datetime:
    return datetime.now(UTC)
