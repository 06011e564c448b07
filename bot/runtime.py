"""The composition root: opens and closes what a running bot needs, in one place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.advice import Advisor, Base
from bot.knowledge.load import load
from bot.settings import Settings
from bot.store import Store, Voter, check_key, load_key, open_sqlite, voter


@dataclass(frozen=True)
class Runtime:
    """What front ends are given."""

    advisor: Advisor
    store: Store
    voter: Callable[[int], Voter]


@asynccontextmanager
async def open_runtime(settings: Settings, database: Path) -> AsyncIterator[Runtime]:
    """Open the knowledge base and the store; close the store at the end.

    Raises KnowledgeError, or StoreError when the database or its key cannot be used.
    """
    base = Base.of(load(settings.knowledge))
    key = load_key(database)
    async with open_sqlite(database) as store:
        await check_key(store, key)
        await store.adopt(
            {old: new for old, new in base.knowledge.current_id.items() if old != new}
        )
        yield Runtime(Advisor(base, store), store, partial(voter, key))
