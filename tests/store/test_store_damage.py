"""Files that are no database, or not one to write to: a sentence each, and nothing touched."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store import Voter, open_sqlite

ANN = Voter(bytes(16))


def vote(database: Path) -> None:
    """Leave a database with votes, enough for several pages."""
    with closing(sqlite3.connect(database)) as db, db:
        rows = [("cost", f"resource-{number}", ANN, 1, 0, 0) for number in range(500)]
        db.executemany("INSERT INTO votes VALUES (?, ?, ?, ?, ?, ?)", rows)


async def make(database: Path) -> None:
    async with open_sqlite(database):
        vote(database)


async def refusal(database: Path) -> str:
    """Return the sentence with which opening is refused."""
    with pytest.raises(StoreError) as caught:
        async with open_sqlite(database, busy_timeout=0.1):
            pass
    sentence = str(caught.value)
    assert str(database) in sentence or str(database.parent) in sentence
    assert "; " in sentence  # what and where; the cure
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def overwrite(database: Path, at: int, data: bytes) -> None:
    with database.open("r+b") as file:
        file.seek(at)
        file.write(data)


@pytest.mark.parametrize("size", [1, 100, 5000])
async def test_junk_is_no_database(database: Path, size: int) -> None:
    database.write_bytes(b"junk!" * size)
    assert "is not a SQLite database" in await refusal(database)
    assert database.read_bytes() == b"junk!" * size


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "header": (lambda path: overwrite(path, 0, b"?" * 16), "is not a SQLite database"),
    "schema": (lambda path: overwrite(path, 100, b"\xff" * 3000), "is damaged"),
    "middle": (lambda path: overwrite(path, path.stat().st_size // 2, bytes(5000)), "is damaged"),
    "cut": (lambda path: os.truncate(path, path.stat().st_size // 2), "is damaged"),
}


@pytest.mark.parametrize("kind", DAMAGE)
async def test_a_damaged_database_is_refused(database: Path, kind: str) -> None:
    damage, words = DAMAGE[kind]
    await make(database)
    damage(database)
    assert words in await refusal(database)


async def test_damage_while_running_is_a_sentence_too(database: Path) -> None:
    await make(database)
    async with open_sqlite(database) as store:
        overwrite(database, 4096, b"\xff" * (database.stat().st_size - 4096))
        with pytest.raises(StoreError, match="is damaged"):
            await store.tallies("cost")
        with pytest.raises(StoreError, match="is damaged"):
            await store.record_vote("cost", ["resource-1"], ANN, 0, helpful=False)


async def test_an_empty_file_becomes_a_database(database: Path) -> None:
    database.touch()
    await make(database)


async def test_a_folder_is_no_file(database: Path) -> None:
    database.mkdir()
    assert "is not a file" in await refusal(database)


async def test_a_pipe_is_no_file(database: Path) -> None:
    os.mkfifo(database)
    assert "is not a file" in await refusal(database)


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "is not a folder" in await refusal(tmp_path / "missing" / "warmstart.db")


async def test_a_file_as_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is not a folder" in await refusal(tmp_path / "file" / "warmstart.db")


async def test_links_in_a_circle_cannot_be_opened(database: Path) -> None:
    database.symlink_to(database)
    assert "cannot be opened" in await refusal(database)


async def test_another_programs_database_is_left_alone(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("CREATE TABLE votes (topic)")
    before = database.read_bytes()
    assert "is the database of another program" in await refusal(database)
    assert database.read_bytes() == before


@pytest.mark.usefixtures("permissions_count")
async def test_a_file_that_may_not_be_written_is_refused(database: Path) -> None:
    await make(database)
    database.chmod(0o400)
    assert "cannot be written" in await refusal(database)


@pytest.mark.usefixtures("permissions_count")
async def test_a_file_that_may_not_be_read_is_refused(database: Path) -> None:
    await make(database)
    database.chmod(0)
    assert "cannot be opened" in await refusal(database)


@pytest.mark.usefixtures("permissions_count")
@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("mode", [0o500, 0o000])
async def test_a_folder_that_may_not_be_written_is_refused(
    tmp_path: Path, exists: bool, mode: int
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    database = folder / "warmstart.db"
    if exists:
        await make(database)
    folder.chmod(mode)
    try:
        assert "cannot be" in await refusal(database)
    finally:
        folder.chmod(0o700)
