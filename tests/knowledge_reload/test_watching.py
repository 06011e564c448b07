"""The watcher: edits take effect by themselves, whatever way the editor saves them."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.knowledge import reload
from bot.knowledge.files import Snapshot
from bot.knowledge.reload import edits
from bot.runtime import open_runtime
from bot.settings import Settings
from tests.knowledge_reload.conftest import Running
from tests.small import write_small

NEW = "id: cats\ntitle: Cats\nanswer: Feed them.\nphrasings: [how do I feed my cat, cat food]\n"


def topics(running: Running) -> set[str]:
    return set(running.runtime.advisor.knowledge.topics)


async def test_a_new_file_answers(watched: Running) -> None:
    watched.write("topics/cats.yaml", NEW)
    await watched.until(lambda: "cats" in topics(watched))
    assert await watched.answer("how do I feed my cat") == "Feed them."
    assert str(watched.runtime.reloader.status.changed) == "1 topic added (cats)"


async def test_an_edit_in_place_answers(watched: Running) -> None:
    before = watched.runtime.advisor.base
    watched.edit("topics/cost.yaml", "Nothing at all", "Not one cent..")  # of the same length
    await watched.until(lambda: watched.runtime.advisor.base is not before)
    assert await watched.answer("what does it cost") == "Not one cent..."


async def test_a_file_put_in_the_place_of_another_answers(watched: Running) -> None:
    draft = watched.folder / "topics" / ".cost.yaml.swp"
    before = watched.runtime.advisor.base
    text = (watched.folder / "topics/cost.yaml").read_text("utf-8")
    draft.write_text(text.replace("Nothing at all", "A little"), "utf-8")
    draft.replace(watched.folder / "topics" / "cost.yaml")
    await watched.until(lambda: watched.runtime.advisor.base is not before)
    assert await watched.answer("what does it cost") == "A little."


async def test_a_deleted_file_is_forgotten(watched: Running) -> None:
    (watched.folder / "topics/gpu.yaml").unlink()
    await watched.until(lambda: "gpu" not in topics(watched))


async def test_a_folder_that_goes_and_comes_back_is_picked_up(watched: Running) -> None:
    shutil.move(watched.folder, watched.folder.with_name("elsewhere"))
    await watched.until(lambda: watched.runtime.reloader.status.refused is not None)
    assert await watched.answer("what does it cost") == "Nothing at all."
    write_small(watched.folder)
    watched.write("topics/cats.yaml", NEW)
    await watched.until(lambda: "cats" in topics(watched))
    assert watched.runtime.reloader.status.refused is None


async def test_a_broken_edit_changes_nothing_and_mending_it_does(
    watched: Running, caplog: pytest.LogCaptureFixture
) -> None:
    before = watched.runtime.advisor.base
    watched.write("topics/cats.yaml", NEW.replace("phrasings:", "phrasing:"))
    await watched.until(lambda: watched.runtime.reloader.status.refused is not None)
    assert watched.runtime.advisor.base is before
    problems = [str(problem) for problem in watched.runtime.reloader.status.problems]
    place = f"{watched.folder}/topics/cats.yaml:4:1"
    assert any(text.startswith(place) and "phrasings" in text for text in problems)
    assert place in caplog.text
    watched.write("topics/cats.yaml", NEW)
    await watched.until(lambda: "cats" in topics(watched))
    assert watched.runtime.reloader.status.problems == ()


async def test_a_reload_by_hand_leaves_the_watcher_nothing_to_do(watched: Running) -> None:
    watched.write("topics/cats.yaml", NEW)
    status = await watched.runtime.reloader.reload()
    assert "cats" in str(status.changed)
    await asyncio.sleep(0.1)
    assert watched.runtime.reloader.status is status


async def test_an_edit_answers_within_two_seconds(tmp_path: Path, database: Path) -> None:
    settings = Settings(knowledge=write_small(tmp_path / "knowledge"))
    async with open_runtime(settings, database) as runtime:
        running = Running(runtime, settings.knowledge)
        started = time.monotonic()
        running.write("topics/cats.yaml", NEW)
        await running.until(lambda: "cats" in topics(running))
        assert time.monotonic() - started < 2
    assert asyncio.all_tasks() == {asyncio.current_task()}, "the watcher ends with the bot"


async def collected(found: AsyncIterator[Snapshot], count: int) -> list[Snapshot]:
    return [await anext(found) for _ in range(count)]


async def test_a_half_written_file_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    states = ("old", "half", "more", "whole", "whole", "whole", "next", "next")
    looks: Iterator[Snapshot] = ({state: ()} for state in states)
    monkeypatch.setattr(reload, "snapshot", lambda _: next(looks))
    known: list[Snapshot] = [{"old": ()}]
    found = edits(Path(), lambda: known[-1], interval=0)
    for expected in ("whole", "next"):
        known.append(await anext(found))
        assert known[-1] == {expected: ()}
    await found.aclose()


async def test_files_that_are_no_knowledge_are_left_alone(watched: Running) -> None:
    status = watched.runtime.reloader.status
    for name in ("topics/.#cost.yaml", "topics/_template.yaml", "topics/cost.yaml~", "notes.md"):
        watched.write(name, "{ broken")
    await asyncio.sleep(0.1)
    assert watched.runtime.reloader.status is status
