"""Migrations: from nothing, from every released schema, once each, whole or not at all."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store import Tally, Voter, open_sqlite
from bot.store.migrate import load_migrations, migrate

RELEASED = sorted(Path(__file__).with_name("databases").glob("*.sql"))
NEWEST = len(load_migrations())


def restore(dump: Path, database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.executescript(dump.read_text(encoding="utf-8"))


def schema(db: sqlite3.Connection) -> list[tuple[str, ...]]:
    return db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()


def contents(path: Path) -> bytes:
    return path.read_bytes()


def version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


@pytest.fixture
def db(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database, isolation_level=None)) as opened:
        yield opened


def test_migrations_are_numbered_from_one_without_a_hole() -> None:
    """The same steps in each dialect."""
    folders = {folder.name: folder for folder in (files("bot.store") / "migrations").iterdir()}
    assert set(folders) == {"sqlite", "postgres"}
    for folder in folders.values():
        names = sorted(file.name for file in folder.iterdir())
        assert [int(name[:4]) for name in names] == list(range(1, NEWEST + 1))
        assert all(re.fullmatch(r"\d{4}_[a-z_]+\.sql", name) for name in names)
        assert names == sorted(file.name for file in folders["sqlite"].iterdir())


def test_every_released_schema_has_a_stored_database() -> None:
    """Add the dump of a database with votes when a migration is released."""
    assert [dump.stem for dump in RELEASED] == [str(number) for number in range(1, NEWEST + 1)]


def test_a_new_file_gets_todays_schema_once(database: Path, db: sqlite3.Connection) -> None:
    migrate(db, database, load_migrations())
    first = schema(db)
    assert {name for kind, name, _ in first if kind == "table"} >= {"votes", "gaps", "picks"}
    assert version(db) == NEWEST
    migrate(db, database, load_migrations())
    assert (schema(db), version(db)) == (first, NEWEST)


@pytest.mark.parametrize("dump", RELEASED, ids=lambda dump: f"schema {dump.stem}")
async def test_a_released_database_opens_with_all_it_held(dump: Path, database: Path) -> None:
    restore(dump, database)
    async with open_sqlite(database) as store:
        assert await store.tallies("cost") == {"fast-ai": Tally(1, 0), "keras": Tally(1, 1)}
        assert await store.tallies("_resource") == {"edx": Tally(1, 0)}
        assert await store.value("voter_key") == "00ff"
        assert [(gap.question, gap.picked, gap.told) for gap in await store.gaps()] == [
            ("how do I bake bread", {"reading": 1}, True)
        ]
        assert not await store.toggle_helpful("cost", "keras", Voter(b"a" * 16), 0)
    with closing(sqlite3.connect(database)) as db, closing(sqlite3.connect(":memory:")) as new:
        migrate(new, database, load_migrations())
        assert (schema(db), version(db)) == (schema(new), NEWEST)


def test_a_later_migration_keeps_what_is_there(database: Path, db: sqlite3.Connection) -> None:
    """An ALTER, a trigger with semicolons of its own, and a statement over several lines."""
    later = """
        ALTER TABLE votes ADD COLUMN device TEXT NOT NULL DEFAULT 'phone; or so';
        CREATE TRIGGER count_votes AFTER INSERT ON votes BEGIN
            UPDATE remembered SET value = value + 1 WHERE name = 'votes';
            UPDATE remembered SET value = value WHERE name = 'votes';
        END;
        INSERT INTO remembered
        VALUES ('votes', '0');
    """
    restore(RELEASED[0], database)
    before = db.execute("SELECT * FROM votes").fetchall()
    migrate(db, database, [*load_migrations(), later])
    assert db.execute("SELECT * FROM votes").fetchall() == [
        (*row, "phone; or so") for row in before
    ]
    assert version(db) == NEWEST + 1


def test_a_failing_migration_leaves_the_one_before(database: Path, db: sqlite3.Connection) -> None:
    migrate(db, database, load_migrations())
    before = schema(db)
    with pytest.raises(sqlite3.OperationalError):
        migrate(db, database, [*load_migrations(), "CREATE TABLE a (x);\nBROKEN;"])
    assert (schema(db), version(db), db.in_transaction) == (before, NEWEST, False)


async def test_a_newer_database_is_refused_and_left_alone(database: Path) -> None:
    async with open_sqlite(database):
        pass
    with closing(sqlite3.connect(database)) as db:
        db.execute(f"PRAGMA user_version = {NEWEST + 1}")
    before = contents(database)
    with pytest.raises(StoreError) as caught:
        async with open_sqlite(database):
            pass
    assert str(caught.value) == (
        f"{database} was written by a newer Warmstart (schema {NEWEST + 1}, this one knows"
        f" {NEWEST}); update Warmstart, or go back to a backup from before the update."
    )
    assert contents(database) == before
