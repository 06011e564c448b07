"""What the SQLite file holds, and how writes reach it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreBusy, StoreError
from bot.store import NO_GUILD, Tally, Voter, open_sqlite
from bot.store.connection import Connection, prepare_writer
from bot.store.group import GroupWriter

ANN = Voter(b"a" * 16)
GUILD = 1_234_567_890_123_456_789
NOON = 1_800_000_000


def rows(database: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(database)) as db:
        return db.execute(sql).fetchall()


async def test_a_vote_is_stored_with_voter_guild_and_time(database: Path, clock: Any) -> None:
    clock.now = NOON + 0.9
    async with open_sqlite(database, clock=clock) as store:
        await store.toggle_helpful("cost", "fast-ai", ANN, GUILD)
        await store.record_vote("_resource", ["keras"], ANN, NO_GUILD, helpful=False)
    assert rows(database, "SELECT * FROM votes ORDER BY topic DESC") == [
        ("cost", "fast-ai", ANN, 1, GUILD, NOON),
        ("_resource", "keras", ANN, 0, 0, NOON),
    ]


async def test_the_number_of_a_deleted_gap_is_never_given_again(database: Path) -> None:
    async with open_sqlite(database) as store:
        first = await store.record_gap("one", "none", [])
        with closing(sqlite3.connect(database)) as db, db:
            db.execute("DELETE FROM gaps")
        assert not await store.confirm_gap(first)
        assert await store.record_gap("two", "none", []) > first


async def test_no_column_of_a_key_takes_null(database: Path) -> None:
    async with open_sqlite(database):
        pass
    tables = [name for (name,) in rows(database, "SELECT name FROM pragma_table_list WHERE strict")]
    assert {"votes", "gaps", "picks", "remembered", "guilds", "plans"} <= set(tables)
    for table in tables:
        keys = rows(database, f'SELECT "notnull", type FROM pragma_table_info("{table}") WHERE pk')
        assert keys
        assert all(notnull or type == "INTEGER" for notnull, type in keys)


async def test_memory_is_a_file_name_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_sqlite(Path(":memory:")) as store:
        await store.toggle_helpful("cost", "keras", ANN, NO_GUILD)
    async with open_sqlite(Path(":memory:")) as store:
        assert await store.tallies("cost") == {"keras": Tally(1)}


async def test_closing_leaves_the_database_alone_in_its_folder(database: Path) -> None:
    async with open_sqlite(database) as store:
        await store.set_value("name", "value")
    assert [path.name for path in database.parent.iterdir()] == [database.name]


# Durable before it is acknowledged


async def test_an_acknowledged_vote_is_committed(database: Path) -> None:
    async with open_sqlite(database) as store:
        for number in range(5):
            await store.record_vote("cost", ["keras"], Voter(bytes([number]) * 16), 0, helpful=True)
            assert rows(database, "SELECT count(*) FROM votes") == [(number + 1,)]


@pytest.fixture
async def writing(database: Path) -> AsyncIterator[Connection]:
    async with Connection(database, 5.0) as connection:
        await connection.call(lambda db: prepare_writer(db, database, 5.0))
        await connection.call(lambda db: db.execute("CREATE TABLE t (x BLOB) STRICT"))
        yield connection


async def test_every_commit_is_flushed_to_the_disk(writing: Connection) -> None:
    for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
        sql = f"PRAGMA {pragma}"
        assert await writing.call(lambda db, sql=sql: db.execute(sql).fetchone()) == (value,)


def insert(db: sqlite3.Connection, value: object) -> int:
    db.execute("INSERT INTO t VALUES (?)", (value,))
    return db.total_changes


async def test_callers_that_wait_together_share_a_commit(writing: Connection) -> None:
    """Counted by SQLite itself: a commit hook is called once per transaction."""
    begun: list[str] = []
    await writing.set_trace_callback(begun.append)
    writer = GroupWriter(writing)
    await asyncio.gather(*(writer.run(lambda db: insert(db, b"x")) for _ in range(200)))
    assert begun.count("COMMIT") == begun.count("BEGIN IMMEDIATE") == 1
    await writer.run(lambda db: insert(db, b"y"))
    assert begun.count("COMMIT") == 2


async def test_an_operation_that_raises_is_undone_alone(writing: Connection) -> None:
    def insert_and_fail(db: sqlite3.Connection) -> None:
        insert(db, b"undone")
        raise LookupError("after writing")

    writer = GroupWriter(writing)
    outcomes = await asyncio.gather(
        writer.run(lambda db: insert(db, b"one")),
        writer.run(insert_and_fail),
        writer.run(lambda db: insert(db, "not a blob")),
        writer.run(lambda db: insert(db, b"two")),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [int, LookupError, StoreError, int]
    assert rows(writing.path, "SELECT x FROM t") == [(b"one",), (b"two",)]


async def test_a_full_disk_refuses_the_group_and_is_survived(writing: Connection) -> None:
    """SQLite itself runs out of pages here, and undoes the whole transaction."""
    pages = await writing.call(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    await writing.call(lambda db: db.execute(f"PRAGMA max_page_count = {pages + 2}").fetchone())
    writer = GroupWriter(writing)
    big = bytes(5000)
    attempts = (writer.run(lambda db: insert(db, big)) for _ in range(8))
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {StoreError}
    assert str(outcomes[0]).startswith("The disk that holds ")
    assert len(set(map(id, outcomes))) == 8  # an error each: tracebacks are not shared
    assert rows(writing.path, "SELECT count(*) FROM t") == [(0,)]
    await writer.run(lambda db: insert(db, b"small"))
    assert rows(writing.path, "SELECT x FROM t") == [(b"small",)]


async def test_finishing_settles_what_was_taken_and_takes_no_more(writing: Connection) -> None:
    writer = GroupWriter(writing)
    taken = asyncio.create_task(writer.run(lambda db: insert(db, b"taken")))
    await asyncio.sleep(0)
    await writer.finish()
    assert await taken
    with pytest.raises(StoreError, match="is closed"):
        await writer.run(lambda db: insert(db, b"late"))


# Another process in the way


@pytest.fixture
def holder(database: Path) -> Any:
    """Another connection to the file, as another process would have it."""
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        yield db


async def test_a_held_file_refuses_votes_and_serves_reads(database: Path, holder: Any) -> None:
    async with open_sqlite(database, busy_timeout=0.05) as store:
        await store.toggle_helpful("cost", "keras", ANN, GUILD)
        holder.execute("BEGIN IMMEDIATE")
        votes = (store.toggle_helpful("cost", "edx", ANN, GUILD) for _ in range(3))
        refused = await asyncio.gather(*votes, return_exceptions=True)
        assert [type(error) for error in refused] == [StoreBusy] * 3
        assert str(refused[0]) == (
            f"{database} is held by another process; try again in a moment, or stop that process."
        )
        assert await store.tallies("cost") == {"keras": Tally(1)}
        holder.execute("ROLLBACK")
        assert await store.toggle_helpful("cost", "edx", ANN, GUILD)


async def test_reads_do_not_wait_for_a_vote_that_waits(database: Path, holder: Any) -> None:
    async with open_sqlite(database) as store:
        holder.execute("BEGIN IMMEDIATE")
        vote = asyncio.create_task(store.toggle_helpful("cost", "keras", ANN, GUILD))
        for _ in range(20):
            assert await store.tallies("cost") == {}
        assert not vote.done()
        holder.execute("ROLLBACK")
        assert await vote


async def test_opening_a_held_file_says_so(database: Path, holder: Any) -> None:
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreBusy, match="is held by another process"):
        async with open_sqlite(database, busy_timeout=0.05):
            pass


async def test_giving_up_while_others_are_committed_harms_none(
    database: Path, writing: Connection, holder: Any
) -> None:
    """The first is already in SQLite's hands, the third still waits for its turn."""
    writer = GroupWriter(writing)
    holder.execute("BEGIN IMMEDIATE")
    tasks = []
    for value in (b"begun", b"with it", b"waiting", b"after it"):
        tasks.append(asyncio.create_task(writer.run(lambda db, value=value: insert(db, value))))
        if value in (b"with it", b"after it"):
            await asyncio.sleep(0.02)  # lets the group go to the connection's thread
    tasks[0].cancel()
    tasks[2].cancel()
    await asyncio.sleep(0)
    holder.execute("ROLLBACK")
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    cancelled = [isinstance(outcome, asyncio.CancelledError) for outcome in outcomes]
    assert cancelled == [True, False, True, False]
    await writer.finish()
    assert rows(database, "SELECT x FROM t") == [(b"begun",), (b"with it",), (b"after it",)]


async def test_two_starts_on_a_new_file_wait_for_each_other(database: Path, holder: Any) -> None:
    """SQLite does not always wait by itself here; with a timeout of 0 it never does."""
    holder.execute("CREATE TABLE t (x)")
    holder.execute("BEGIN")
    holder.execute("SELECT * FROM t").fetchall()
    async with Connection(database, 0.0) as connection:
        switch = asyncio.create_task(
            connection.call(lambda db: prepare_writer(db, database, busy_timeout=5.0))
        )
        await asyncio.sleep(0.05)
        assert not switch.done()
        holder.execute("ROLLBACK")
        await switch
    assert rows(database, "PRAGMA journal_mode") == [("wal",)]


def take_away(database: Path, *, replaced: bool) -> None:
    database.rename(database.with_name("elsewhere.db"))
    if replaced:
        database.touch()


@pytest.mark.parametrize("replaced", [True, False])
async def test_a_file_that_was_taken_away_is_noticed(database: Path, replaced: bool) -> None:
    async with open_sqlite(database) as store:
        await store.toggle_helpful("cost", "keras", ANN, GUILD)
        assert await store.tallies("cost") == {"keras": Tally(1)}
        take_away(database, replaced=replaced)
        with pytest.raises(StoreError, match="moved, deleted or replaced"):
            await store.toggle_helpful("cost", "edx", ANN, GUILD)
        assert await store.tallies("cost") == {"keras": Tally(1)}


async def test_what_was_deleted_is_not_in_the_file_either(database: Path) -> None:
    """A deletion overwrites: a copy of the file made later tells nothing."""
    plan = '{"secret": "PLANTED-IN-A-PLAN"}'
    async with open_sqlite(database) as store:
        await store.save_plan(Voter(b"p" * 16), plan)
        await store.record_gap("planted in a question", "none", [])
    assert b"PLANTED-IN-A-PLAN" in _all_bytes(database.parent)
    async with open_sqlite(database) as store:
        await store.forget(Voter(b"p" * 16))
        await store.expire(2**40)
    left = _all_bytes(database.parent)
    assert b"PLANTED-IN-A-PLAN" not in left
    assert b"planted in a question" not in left


def _all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())
