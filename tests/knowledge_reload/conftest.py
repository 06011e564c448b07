"""A running bot on a small knowledge base that tests edit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from bot.advice import Advisor, Base
from bot.advice.reply import Answer
from bot.knowledge.files import snapshot
from bot.runtime import Reloader, Runtime
from bot.store import asker, load_key, open_sqlite, voter
from tests.small import write_small

PATIENCE = 10.0  # seconds; only a failing test waits so long


@dataclass
class Running:
    """The bot and its knowledge folder."""

    runtime: Runtime
    folder: Path

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    async def answer(self, question: str) -> str:
        """Return the text of the topic that answers now."""
        advice = await self.runtime.advisor.advise(question)
        assert isinstance(advice.reply, Answer)
        return advice.reply.topic.answer[0].text

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():  # noqa: ASYNC110 - nothing tells that a file was noticed
                await asyncio.sleep(0.005)


@pytest.fixture
async def running(small_base: Base, tmp_path: Path, database: Path) -> AsyncIterator[Running]:
    """The bot without a watcher: tests reload by hand."""
    key, folder = load_key(database), write_small(tmp_path / "knowledge")
    async with open_sqlite(database) as store:
        advisor = Advisor(small_base, store)
        reloader = Reloader(folder, snapshot(folder), advisor, store)
        yield Running(
            Runtime(advisor, store, partial(voter, key), partial(asker, key), reloader), folder
        )


@pytest.fixture
async def watched(running: Running) -> AsyncIterator[Running]:
    """The bot with a watcher that looks often."""
    task = asyncio.create_task(running.runtime.reloader.watch(interval=0.01))
    yield running
    assert not task.done(), "the watcher must outlive whatever a test does to the folder"
    task.cancel()
