"""Reads that many ask for at once: few of them, and never one that began too early."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.shared import SharedReads


class Counter:
    """Something that is read slowly."""

    def __init__(self) -> None:
        self.value = 0
        self.reads = 0
        self.may_end = asyncio.Event()
        self.shared = SharedReads(self.read)

    async def read(self, key: str) -> int:
        self.reads += 1
        found = self.value
        await self.may_end.wait()
        if key == "broken":
            raise ValueError(key)
        return found


async def test_who_asks_during_a_read_shares_the_next_one() -> None:
    counter = Counter()
    early = [asyncio.create_task(counter.shared.get("a")) for _ in range(3)]
    await asyncio.sleep(0.01)
    counter.value = 1
    late = [asyncio.create_task(counter.shared.get("a")) for _ in range(50)]
    other = asyncio.create_task(counter.shared.get("b"))
    await asyncio.sleep(0.01)
    counter.may_end.set()
    assert await asyncio.gather(*early) == [0, 0, 0]
    assert await asyncio.gather(*late) == [1] * 50
    assert await other == 1
    assert counter.reads == 3
    assert await counter.shared.get("a") == 1
    assert counter.reads == 4, "nothing is kept"


async def test_who_gives_up_takes_nothing_from_others() -> None:
    counter = Counter()
    waiting = [asyncio.create_task(counter.shared.get("a")) for _ in range(2)]
    await asyncio.sleep(0.01)
    waiting[0].cancel()
    counter.may_end.set()
    assert await waiting[1] == 0
    assert waiting[0].cancelled()


async def test_an_error_is_told_to_all_and_the_next_read_is_a_new_one() -> None:
    counter = Counter()
    counter.may_end.set()
    told = await asyncio.gather(
        *(counter.shared.get("broken") for _ in range(3)), return_exceptions=True
    )
    assert [str(error) for error in told] == ["broken"] * 3
    assert counter.reads == 1
    with pytest.raises(ValueError, match="broken"):
        await counter.shared.get("broken")
    assert counter.reads == 2
