"""Pace: at most one turn a second, and the last one is never lost."""

from __future__ import annotations

import asyncio

from bot.discord_app.pacing.pace import Pace


async def test_many_at_once_share_the_next_turn() -> None:
    now, slept = 0.0, []

    async def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        await asyncio.sleep(0)
        now += seconds

    pace = Pace(1.0, clock=lambda: now, sleep=sleep)
    assert await pace.turn(1)
    assert await asyncio.gather(*(pace.turn(1) for _ in range(5))) == [True, *[False] * 4]
    assert slept == [1.0]
    assert await pace.turn(2), "another message has turns of its own"
    assert slept == [1.0]


async def test_who_gives_up_waiting_leaves_the_turn_to_others() -> None:
    pace = Pace(60.0)
    assert await pace.turn(1)
    waiting = asyncio.create_task(pace.turn(1))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    another = asyncio.create_task(pace.turn(1))
    await asyncio.sleep(0)
    assert not another.done()
    another.cancel()
