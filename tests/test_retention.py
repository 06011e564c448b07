"""Retention: what is kept for a time only goes when its time is over, day after day."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import retention
from bot.errors import StoreError, UsageError
from bot.retention import retain
from bot.runtime import open_runtime
from bot.settings import KEPT_DAYS, load_settings
from bot.store import Store, Voter, open_sqlite
from bot.store.model import DAY
from tests.small import write_small

BOB = Voter(b"b" * 16)


class Days:
    """A clock, and a sleep that moves it, until enough days have passed."""

    def __init__(self, days: int) -> None:
        self.now = 2_000_000_000.0
        self._left = days
        self.seen: list[int] = []
        self.store: Store | None = None

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert self.store is not None
        self.seen.append(len(await self.store.gaps()))
        self._left -= 1
        if not self._left:
            raise asyncio.CancelledError
        self.now += seconds


async def test_a_question_is_kept_its_days_and_no_longer(database: Path) -> None:
    days = Days(6)
    async with open_sqlite(database, clock=days) as store:
        days.store = store
        await store.record_gap("how do I feed my cat?", "none", [])
        await store.claim_unasked(7, BOB, 600)
        await store.count_shadow(7, "cost", "answer")
        await store.toggle_helpful("cost", "fast-ai", BOB, 7)
        await store.save_plan(BOB, "{}")
        with pytest.raises(asyncio.CancelledError):
            await retain(store, 3, clock=days, sleep=days.sleep)
        assert days.seen == [1, 1, 1, 1, 0, 0]
        kept = await store.personal_data(BOB)
        assert (len(kept.votes), kept.plan, kept.unasked) == (1, "{}", {})
        assert await store.shadow_counts(7, 0) == []


async def test_what_was_kept_from_before_an_update_goes_in_its_time(database: Path) -> None:
    """People's votes are in it, and nothing that they delete reaches it."""
    now = 2_000_000_000
    ages = {"schema-1": 4, "schema-2": 2, "schema-1.00ff": 4}
    for name, age in ages.items():
        kept = database.with_name(f"{database.name}.{name}")
        kept.write_text("votes")
        os.utime(kept, (now - age * DAY,) * 2)
    other = database.with_name("another.db.schema-1")
    other.touch()
    os.utime(other, (0, 0))
    async with open_sqlite(database) as store:
        await store.expire(now - 3 * DAY)
    assert {path.name for path in database.parent.glob("*schema*")} == {
        f"{database.name}.schema-2",
        other.name,
    }


async def test_a_store_in_trouble_is_asked_again_the_next_day(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked = []

    async def expire(before: int) -> int:
        asked.append(before)
        raise StoreError("the disk is full; free some space")

    async def sleep(seconds: float) -> None:
        if len(asked) == 2:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await retain(SimpleNamespace(expire=expire), 90, clock=lambda: 100 * DAY, sleep=sleep)
    assert asked == [10 * DAY] * 2
    assert "could not be deleted: the disk is full" in caplog.text


async def test_a_running_bot_deletes_at_its_start(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = retention.time.time() - 31 * DAY
    async with open_sqlite(database, clock=lambda: long_ago) as store:
        await store.record_gap("how do I feed my cat?", "none", [])
    settings = load_settings(
        {"WARMSTART_RETENTION_DAYS": "30", "WARMSTART_CACHE": ""},
        knowledge=write_small(tmp_path / "knowledge"),
    )
    async with open_runtime(settings, database, watch=False) as runtime:
        assert runtime.kept_days == 30
        await asyncio.sleep(0)  # the job begins; what it writes stands before this reading
        await runtime.store.set_value("after", "it")
        assert await runtime.store.gaps() == []


def test_the_days_come_from_the_environment() -> None:
    assert load_settings({}).kept_days == KEPT_DAYS == 90
    assert load_settings({"WARMSTART_RETENTION_DAYS": " 7 "}).kept_days == 7
    for wrong in ("0", "-1", "1.5", "soon", "٣", "99999999999999"):
        with pytest.raises(UsageError, match="WARMSTART_RETENTION_DAYS"):
            load_settings({"WARMSTART_RETENTION_DAYS": wrong})
