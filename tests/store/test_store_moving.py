"""From SQLite to PostgreSQL: everything, once, or nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.errors import StoreBusy
from bot.store import NO_GUILD, Store, Voter, open_sqlite
from bot.store.postgres import open_postgres
from bot.store.postgres.moving import TABLES, move
from tests.cluster import Cluster

DUMP = Path(__file__).with_name("databases") / "3.sql"
ANN, GUILD = Voter(b"a" * 16), 1_234_567_890_123_456_789


@pytest.fixture
async def url(cluster: Cluster) -> str:
    return await cluster.database()


@pytest.fixture
def filled(database: Path) -> Path:
    with closing(sqlite3.connect(database)) as db:
        db.executescript(DUMP.read_text("utf-8"))
    return database


async def everything(store: Store) -> tuple[object, ...]:
    return (
        await store.all_tallies(), await store.gaps(), await store.guild_settings(GUILD),
        await store.personal_data(ANN), await store.shadow_counts(GUILD, 0),
        await store.value("voter_key"),
    )  # fmt: skip


async def test_everything_is_there_afterwards_however_often(
    filled: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert await asyncio.to_thread(main, ["database", "copy", str(filled), url]) == 0
    assert "warmstart.db.key" in capsys.readouterr().out
    async with open_sqlite(filled) as before, open_postgres(url) as after:
        assert await everything(after) == await everything(before)
        number = (await before.gaps())[-1].number
        assert await after.record_gap("another", "none", []) == number + 1


async def test_a_target_with_other_votes_stays_as_it_is(
    filled: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_postgres(url) as store:
        await store.record_vote("cost", ["other"], ANN, NO_GUILD, helpful=True)
        before = await everything(store)
        assert await asyncio.to_thread(main, ["database", "copy", str(filled), url]) == 1
        assert "holds other rows in votes" in capsys.readouterr().err
        assert await everything(store) == before


async def test_a_bot_that_runs_is_not_moved(filled: Path, url: str) -> None:
    async with open_sqlite(filled) as store:
        await store.gaps()
        with pytest.raises(StoreBusy):
            await move(filled, url, lambda _done, _total: None)


def test_every_table_is_moved_with_all_its_columns(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as db:
        names = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        columns = {
            name: tuple(row[1] for row in db.execute(f"PRAGMA table_info({name})"))
            for (name,) in names
            if not name.startswith("sqlite_")
        }
    assert columns == TABLES
