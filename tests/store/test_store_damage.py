"""Files that are no database, or not one to write to: a sentence each, and nothing touched."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store import open_sqlite

Spoil = Callable[[Path], object]


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


async def make(database: Path) -> None:
    """Leave a database with votes, enough for several pages."""
    async with open_sqlite(database):
        pass
    with closing(sqlite3.connect(database)) as db, db:
        rows = [("cost", f"resource-{number}", bytes(16), 1, 0, 0) for number in range(500)]
        db.executemany("INSERT INTO votes VALUES (?, ?, ?, ?, ?, ?)", rows)


def empty_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder


def allow(folder: Path) -> None:
    folder.chmod(0o700)


def touch(path: Path) -> None:
    path.touch()


def contents(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def overwrite_all_but_the_schema(path: Path) -> None:
    overwrite(path, 4096, b"\xff" * (path.stat().st_size - 4096))


def half(path: Path) -> int:
    return path.stat().st_size // 2


def another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE votes (topic)")


IN_THE_WAY: dict[str, tuple[Spoil, str]] = {
    "a word": (lambda path: path.write_bytes(b"junk!"), "is not a SQLite database"),
    "a long text": (lambda path: path.write_bytes(b"junk!" * 5000), "is not a SQLite database"),
    "another program": (another_program, "is the database of another program"),
    "a folder": (lambda path: path.mkdir(), "is not a file"),
    "a pipe": (os.mkfifo, "is not a file"),
    "links in a circle": (lambda path: path.symlink_to(path), "cannot be opened"),
    "no folder": (lambda path: path.parent.rmdir(), "is not a folder"),
    "a file as folder": (
        lambda path: (path.parent.rmdir(), path.parent.touch()),
        "is not a folder",
    ),
}


@pytest.mark.parametrize("kind", IN_THE_WAY)
async def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, kind: str) -> None:
    spoil, words = IN_THE_WAY[kind]
    database = empty_folder(tmp_path) / "warmstart.db"
    spoil(database)
    before = contents(database)
    assert words in await refusal(database)
    assert contents(database) == before


DAMAGE: dict[str, tuple[Spoil, str]] = {
    "header": (lambda path: overwrite(path, 0, b"?" * 16), "is not a SQLite database"),
    "schema": (lambda path: overwrite(path, 100, b"\xff" * 3000), "is damaged"),
    "middle": (lambda path: overwrite(path, half(path), bytes(5000)), "is damaged"),
    "votes": (overwrite_all_but_the_schema, "is damaged"),
    "cut": (lambda path: os.truncate(path, half(path)), "is damaged"),
}


@pytest.mark.parametrize("kind", DAMAGE)
async def test_a_damaged_database_is_refused(database: Path, kind: str) -> None:
    spoil, words = DAMAGE[kind]
    await make(database)
    spoil(database)
    assert words in await refusal(database)


async def test_damage_while_running_is_a_sentence_too(database: Path) -> None:
    await make(database)
    async with open_sqlite(database) as store:
        overwrite_all_but_the_schema(database)
        with pytest.raises(StoreError, match="is damaged"):
            await store.tallies("cost")


async def test_an_empty_file_becomes_a_database(database: Path) -> None:
    touch(database)
    await make(database)


FORBIDDEN: dict[str, tuple[Spoil, str]] = {
    "write the file": (lambda path: path.chmod(0o400), "cannot be written"),
    "read the file": (lambda path: path.chmod(0o000), "cannot be opened"),
    "write the folder": (lambda path: path.parent.chmod(0o500), "cannot be"),
    "enter the folder": (lambda path: path.parent.chmod(0o000), "cannot be opened"),
    "make the file": (lambda path: (path.unlink(), path.parent.chmod(0o500)), "cannot be opened"),
}


@pytest.mark.usefixtures("permissions_count")
@pytest.mark.parametrize("what", FORBIDDEN)
async def test_a_user_who_may_not_is_told(tmp_path: Path, what: str) -> None:
    forbid, words = FORBIDDEN[what]
    database = empty_folder(tmp_path) / "warmstart.db"
    await make(database)
    forbid(database)
    try:
        assert words in await refusal(database)
    finally:
        allow(database.parent)
