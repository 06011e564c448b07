"""Presses: made again before the first is answered, a press is done once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.discord_app.pacing.presses import Presses
from bot.errors import StoreBusy


def act(done: list[str], name: str) -> Callable[[], Coroutine[Any, Any, bool]]:
    async def acting() -> bool:
        await asyncio.sleep(0)
        done.append(name)
        return True

    return acting


async def test_the_same_is_done_once_and_again_when_it_has_been_answered() -> None:
    presses, done = Presses(), list[str]()
    with (
        presses.one("a", act(done, "first")) as first,
        presses.one("a", act(done, "second")) as second,
        presses.one("b", act(done, "another")) as another,
    ):
        assert [await first, await second, await another] == [True] * 3
    assert sorted(done) == ["another", "first"]
    with presses.one("a", act(done, "later")) as later:
        await later
    assert done[-1] == "later"


async def test_who_gives_up_waiting_takes_nothing_from_others() -> None:
    presses, done = Presses(), list[str]()
    with (
        presses.one("a", act(done, "first")) as first,
        presses.one("a", act(done, "second")) as second,
        presses.one("a", act(done, "third")) as third,
    ):
        giving_up = asyncio.ensure_future(second)
        giving_up.cancel()
        assert await first
        assert await third
    assert done == ["first"]


async def test_who_waits_for_a_press_that_is_given_up_is_told() -> None:
    presses = Presses()
    with (
        presses.one("a", asyncio.Event().wait) as first,
        presses.one("a", asyncio.Event().wait) as second,
    ):
        hanging = asyncio.ensure_future(first)
        await asyncio.sleep(0)
        hanging.cancel()
        with pytest.raises(TimeoutError):
            await second


async def test_all_are_told_of_trouble() -> None:
    async def busy() -> bool:
        raise StoreBusy("the database is busy")

    presses = Presses()
    with presses.one("a", busy) as first, presses.one("a", busy) as second:
        for outcome in (first, second):
            with pytest.raises(StoreBusy):
                await outcome
