"""Brings a database file to the schema that this version knows.

A migration is a file `migrations/DIALECT/NNNN_name.sql`, applied once, in order; `PRAGMA
user_version` holds the number of the last one. A released migration is never edited: add the
next, in both dialects.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from bot.errors import StoreError
from bot.store.connection import transaction

APPLICATION_ID = 0x5741524D  # "WARM", set by the first migration
NEWER = (
    "{place} was written by a newer Warmstart (schema {schema}, this one knows {newest}); update"
    " Warmstart, or go back to a backup from before the update."
)
COUNT_TABLES = "SELECT count(*) FROM sqlite_schema"


def load_migrations(dialect: str = "sqlite") -> list[str]:
    """Return the migrations' SQL in order; the first brings version 0 to 1."""
    folder = files("bot.store") / "migrations" / dialect
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return [(folder / name).read_text(encoding="utf-8") for name in names]


def migrate(db: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    """Apply the migrations that `db` lacks, each in a transaction of its own.

    Raises StoreError for a database that is newer than `migrations` or another program's,
    and sqlite3.Error when it cannot be written.
    """
    while not _advance(db, path, migrations):
        pass


def _advance(db: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> bool:
    """Apply the next migration; return whether there was none left."""
    with transaction(db):  # the version is read under the lock: two starts take turns
        version = read_version(db, path, newest=len(migrations))
        if version == len(migrations):
            return True
        for statement in _statements(migrations[version]):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {version + 1}")
    return False


def read_version(db: sqlite3.Connection, path: Path, newest: int) -> int:
    """Return the schema of `db`; StoreError when it is newer, or another program's."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    (application,) = db.execute("PRAGMA application_id").fetchone()
    new = version == 0 and db.execute(COUNT_TABLES).fetchone() == (0,)
    if application != APPLICATION_ID and not new:
        raise StoreError(
            f"{path} is the database of another program; give another path with --database."
        )
    if version > newest:
        raise StoreError(NEWER.format(place=path, schema=version, newest=newest))
    return version


def _statements(script: str) -> Iterator[str]:
    """Split a script whose statements each end a line."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
