"""Backups: consistent while votes come in, with their key, never over another file."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.errors import StoreError
from bot.store import NO_GUILD, Store, Tally, Voter, check_key, load_key, open_sqlite
from bot.store.backup import copy, examine

DUMP = Path(__file__).with_name("databases") / "1.sql"


async def filled(database: Path, votes: int = 50) -> None:
    async with open_sqlite(database) as store:
        await check_key(store, load_key(database))
        await asyncio.gather(*(vote(store, number) for number in range(votes)))


async def vote(store: Store, number: int) -> None:
    await store.record_vote("cost", ["keras"], Voter(number.to_bytes(16)), NO_GUILD, helpful=True)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def damage(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[8192:20480] = b"\xff" * 12288
    database.write_bytes(content)


async def test_a_backup_made_while_votes_come_in_opens_with_its_key(
    database: Path, tmp_path: Path
) -> None:
    await filled(database)
    target = tmp_path / "monday.db"
    async with open_sqlite(database) as store:
        votes = [asyncio.create_task(vote(store, number)) for number in range(50, 150)]
        found = await asyncio.to_thread(copy, database, target)
        await asyncio.gather(*votes)
    assert 50 <= found.votes <= 150
    assert load_key(target).secret == load_key(database).secret
    async with open_sqlite(target) as store:
        await check_key(store, load_key(target))
        assert await store.tallies("cost") == {"keras": Tally(helpful=found.votes)}


async def test_nothing_is_overwritten_and_no_draft_is_left(database: Path, tmp_path: Path) -> None:
    await filled(database)
    target = tmp_path / "monday.db"
    target.write_text("mine")
    with pytest.raises(StoreError, match="is there already"):
        copy(database, target)
    assert target.read_text() == "mine"
    database.with_name("warmstart.db.key").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="belong together"):
        copy(database, tmp_path / "tuesday.db")
    assert names(tmp_path) == {"warmstart.db", "monday.db", "elsewhere"}


async def test_the_command_backs_up_checks_and_restores(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await filled(database)
    backup, restored = str(tmp_path / "b.db"), str(tmp_path / "r.db")
    run = asyncio.to_thread
    at = ["--database", str(database)]
    assert await run(main, ["database", "backup", backup, *at]) == 0
    assert await run(main, ["database", "restore", backup, "--database", restored]) == 0
    assert await run(main, ["database", "check", "--database", restored]) == 0
    assert "50 votes of 50 people" in capsys.readouterr().out.splitlines()[-1]
    assert await run(main, ["database", "restore", backup, *at]) == 1
    assert "is there already" in capsys.readouterr().err


async def test_damage_and_a_wrong_key_are_found(database: Path, tmp_path: Path) -> None:
    await filled(database, votes=2_000)
    key = database.with_name("warmstart.db.key")
    right = key.read_text()
    key.write_text("0" * 64)
    with pytest.raises(StoreError, match="is not the key"):
        examine(database)
    key.write_text(right)
    await asyncio.to_thread(damage, database)
    with pytest.raises(StoreError, match="damaged"):
        examine(database)


async def test_a_database_is_kept_as_it_was_before_a_migration(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.executescript(DUMP.read_text("utf-8"))
    for _ in range(2):
        async with open_sqlite(database):
            pass
    kept = database.with_name("warmstart.db.schema-1")
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM votes").fetchone() == (4,)
    assert [path.name for path in database.parent.glob("*schema*")] == [kept.name]
