"""An edit of the knowledge folder reaches Discord without a restart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from tests.discord_app.acting import Stage, text
from tests.small import write_small


@pytest.fixture
async def runtime(tmp_path: Path, database: Path) -> AsyncIterator[Runtime]:
    """The whole runtime, watcher included, opened before the client as in every front end."""
    settings = Settings(knowledge=write_small(tmp_path / "knowledge"))
    async with open_runtime(settings, database) as opened:
        yield opened


async def test_an_edit_reaches_discord_within_two_seconds(stage: Stage, tmp_path: Path) -> None:
    """The fastest of three edits: other tests may hold the processor meanwhile."""
    assert "Nothing at all." in text(await stage.asked("what does it cost"))
    path = tmp_path / "knowledge/topics/cost.yaml"
    took = []
    for old, new in (("Nothing", "Little"), ("Little", "Less"), ("Less", "Hardly anything")):
        before, started = stage.client.desk.advisor.base, time.monotonic()
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        while stage.client.desk.advisor.base is before:
            assert time.monotonic() - started < 20
            await asyncio.sleep(0.01)
        took.append(time.monotonic() - started)
        assert f"{new} at all." in text(await stage.asked("what does it cost"))
    assert min(took) < 2


async def test_the_watcher_does_not_slow_the_bot_down(stage: Stage) -> None:
    """SimCord waits up to five seconds for tasks that the client owns; the watcher is none."""
    started = time.monotonic()
    for _ in range(5):
        await stage.asked("what does it cost")
    assert time.monotonic() - started < 4
