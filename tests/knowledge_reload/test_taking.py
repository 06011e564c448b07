"""Taking a new base: all at once, in the background, with the votes of renamed ids."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import Any

import pytest

import bot.runtime
from bot.advice.reply import Answer
from bot.errors import StoreError
from bot.prepared import prepare
from bot.store import Tally
from tests.knowledge_reload.conftest import Running


async def test_nothing_changed_is_said_and_nothing_is_built(running: Running) -> None:
    before = running.runtime.advisor.base
    running.edit("topics/cost.yaml", "id: cost", "id: cost  # no news")
    status = await running.runtime.reloader.reload()
    assert str(status.changed) == "nothing changed"
    assert running.runtime.advisor.base is before


async def test_the_former_base_answers_while_the_next_is_loaded(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(*arguments: Any, **options: Any) -> Any:
        go_on.wait()
        return prepare(*arguments, **options)

    monkeypatch.setattr(bot.runtime, "prepare", slow)
    running.edit("topics/cost.yaml", "Nothing", "Little")
    loading = asyncio.create_task(running.runtime.reloader.reload())
    await asyncio.sleep(0.01)
    assert await running.answer("what does it cost") == "Nothing at all."
    assert not loading.done()
    go_on.set()
    await loading
    assert await running.answer("what does it cost") == "Little at all."


async def test_reloads_at_once_take_turns(running: Running) -> None:
    running.edit("topics/cost.yaml", "Nothing", "Little")
    first, second = await asyncio.gather(
        running.runtime.reloader.reload(), running.runtime.reloader.reload()
    )
    assert str(first.changed) == "1 topic reworded (cost)"
    assert str(second.changed) == "nothing changed"


@pytest.mark.parametrize("ask", ["topic", "list"])
async def test_an_answer_under_way_keeps_its_base(
    running: Running, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: str) -> Mapping[str, Tally]:
        reached.set()
        await go_on.wait()
        return {}

    monkeypatch.setattr(running.runtime.store, "tallies", slow)
    advisor = running.runtime.advisor
    work: asyncio.Task[Any] = asyncio.create_task(
        advisor.advise("what does it cost") if ask == "topic" else advisor.find("free")
    )
    await reached.wait()
    running.edit("resources/courses.yaml", "id: first-course", "id: other-course")
    for name in ("topics/cost.yaml", "topics/start.yaml"):
        running.edit(name, "suggestions: [first-course]", "suggestions: []")
    status = await running.runtime.reloader.reload()
    assert status.refused is None
    go_on.set()
    found = await work
    shown = found.reply.suggestions if ask == "topic" else found.suggestions
    assert "first-course" in {suggestion.resource.id for suggestion in shown}
    assert "first-course" not in advisor.knowledge.resources


async def test_votes_follow_renamed_ids(running: Running) -> None:
    store, voter = running.runtime.store, running.runtime.voter(1)
    await store.record_vote("cost", ["first-course"], voter, 0, helpful=True)
    running.edit("topics/cost.yaml", "id: cost", "id: price\nwas: [cost]")
    running.edit("about.yaml", "[cost]", "[price]")
    running.edit(
        "resources/courses.yaml", "id: first-course", "id: primer\n    was: [first-course]"
    )
    for name in ("topics/cost.yaml", "topics/start.yaml"):
        running.edit(name, "[first-course]", "[primer]")
    status = await running.runtime.reloader.reload()
    assert "1 topic renamed (cost → price)" in str(status.changed)
    assert await store.tallies("price") == {"primer": Tally(helpful=1)}
    assert status.homeless == ()


async def test_votes_whose_ids_are_gone_are_told_until_they_have_a_home(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    store, reloader = running.runtime.store, running.runtime.reloader
    await store.record_vote("gpu", ["first-course"], running.runtime.voter(1), 0, helpful=True)
    running.edit("topics/gpu.yaml", "id: gpu", "id: graphics")
    status = await reloader.reload()
    assert reloader.status.homeless == ("gpu",)
    assert "was: [old-id]" in caplog.text
    assert status.homeless == ("gpu",)
    caplog.clear()
    running.edit("topics/cost.yaml", "Nothing", "Little")
    assert (await reloader.reload()).homeless == ("gpu",)
    assert "was:" not in caplog.text, "said once"
    running.edit("topics/gpu.yaml", "id: graphics", "id: graphics\nwas: [gpu]")
    assert (await reloader.reload()).homeless == ()
    assert await store.tallies("graphics") == {"first-course": Tally(helpful=1)}


async def test_a_store_in_trouble_does_not_keep_the_new_base_from_answering(
    running: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def busy(_: Mapping[str, str]) -> None:
        raise StoreError("the database is held by another process")

    monkeypatch.setattr(running.runtime.store, "adopt", busy)
    running.edit("topics/cost.yaml", "Nothing", "Little")
    await running.runtime.reloader.reload()
    assert await running.answer("what does it cost") == "Little at all."
    assert "held by another process" in caplog.text


async def test_a_fault_of_the_loader_is_logged_and_survived(
    running: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def faulty(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a fault")

    monkeypatch.setattr(bot.runtime, "prepare", faulty)
    status = await running.runtime.reloader.reload()
    assert status.refused is not None
    assert "see the log" in str(status.problems[0])
    assert "a fault" in caplog.text
    advice = await running.runtime.advisor.advise("what does it cost")
    assert isinstance(advice.reply, Answer)
