"""Copies of a SQLite database, made while it is used, verified, and never over another file."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StoreError
from bot.store.connection import DAMAGED, ONLY_READ, Progress, copy_pages, explained, ignored
from bot.store.migrate import APPLICATION_ID, NEWER, load_migrations
from bot.store.voters import FINGERPRINT, fingerprint, given_key, key_path, load_key

COUNT = """
SELECT (SELECT count(*) FROM votes), (SELECT count(DISTINCT voter) FROM votes),
       (SELECT count(*) FROM gaps)
"""


@dataclass(frozen=True)
class Examined:
    """What a database file holds, after SQLite went through all of it."""

    schema: int
    votes: int
    voters: int
    gaps: int
    size: int  # bytes


def examine(path: Path, given: str | None = None) -> Examined:
    """Go through a database file and its key; StoreError when anything is not fine.

    The key is the `given` one, else the one beside the file, as when the bot starts.
    """
    if not path.is_file():
        raise StoreError(f"{path}: no such file; give the path of a Warmstart database.")
    with explained(path), closing(_read_only(path)) as db:
        if db.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
            raise StoreError(f"{path} is not Warmstart's; give the path of one that is.")
        if db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise StoreError(DAMAGED.format(path=path))
        (schema,) = db.execute("PRAGMA user_version").fetchone()
        if schema > (newest := len(load_migrations())):
            raise StoreError(NEWER.format(place=path, schema=schema, newest=newest))
        _check_key(db, path, given)
        votes, voters, gaps = db.execute(COUNT).fetchone()
        return Examined(schema, votes, voters, gaps, path.stat().st_size)


def copy(
    source: Path, target: Path, progress: Progress = ignored, given: str | None = None
) -> Examined:
    """Copy a database that may be in use, with its key, and examine the copy.

    A `given` key lies elsewhere, so only the database is copied then. Raises StoreError when
    anything is at the target, or either cannot be read or written.
    """
    for path in (target, key_path(target)):
        if path.exists():
            raise StoreError(f"{path} is there already; give another path, or move it away.")
    if not source.is_file():
        raise StoreError(f"{source}: no such file; give the path of a Warmstart database.")
    draft = target.with_name(f"{target.name}.{secrets.token_hex(8)}")
    try:
        with explained(source), closing(_read_only(source)) as db:
            copy_pages(db, draft, progress)
        if given is None:
            shutil.copy2(key_path(source), key_path(draft))
        found = examine(draft, given)
        if given is None:
            os.link(key_path(draft), key_path(target))  # fails where something is
        os.link(draft, target)
    except OSError as error:
        raise StoreError(
            f"{error.filename or target}: {error.strerror}; the database and its .key file belong"
            " together, and this user must be able to read both and write to the target's folder."
        ) from error
    finally:
        for path in (draft, key_path(draft)):
            path.unlink(missing_ok=True)
    return found


def _read_only(path: Path) -> sqlite3.Connection:
    """Connect; a connection opened as read-only would leave -wal and -shm files behind."""
    db = sqlite3.connect(path)
    db.execute(ONLY_READ)
    return db


def _check_key(db: sqlite3.Connection, path: Path, given: str | None) -> None:
    known = db.execute("SELECT value FROM remembered WHERE name = ?", (FINGERPRINT,)).fetchone()
    if known is None:
        return
    if given is None and not key_path(path).is_file():
        raise StoreError(
            f"{key_path(path)} is missing, and without it nobody can change their vote; put the"
            " key that belongs to this database there."
        )
    key = load_key(path) if given is None else given_key(given)
    if known[0] != fingerprint(key):
        raise StoreError(
            f"{key.path} is not the key of {path.name}; put the one that belongs to it there."
        )
