"""Connections to the SQLite file: how they are opened, what their errors mean."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Self, TypeVar, cast

import aiosqlite

from bot.errors import StoreBusy, StoreError

T = TypeVar("T")
Progress = Callable[[int, int], None]  # pages left, pages in all
PAGES = 256  # copied at a time: a writer waits no longer than for these

OLDEST_SQLITE = (3, 37, 0)  # STRICT tables: https://www.sqlite.org/stricttables.html
BUSY_RETRY = 0.02  # seconds between attempts while another process starts on the same new file

USE_WAL = "PRAGMA journal_mode = WAL"
SYNC_EVERY_COMMIT = "PRAGMA synchronous = FULL"
HOLD_REFERENCES = "PRAGMA foreign_keys = ON"
FORGET_THOROUGHLY = "PRAGMA secure_delete = FAST"  # what is deleted is overwritten
ALONE = "PRAGMA locking_mode = EXCLUSIVE"
LOOK = "SELECT count(*) FROM sqlite_schema"
ONLY_READ = "PRAGMA query_only = ON"
FIND_DAMAGE = "PRAGMA quick_check(1)"  # 0.2 s per million votes

DAMAGED = "{path} is damaged; stop Warmstart and put a backup in its place."
SENTENCES = {
    sqlite3.SQLITE_READONLY: "{path} cannot be written; let this user write to the file and to"
    " its folder, where SQLite keeps -wal and -shm files beside it.",
    sqlite3.SQLITE_CANTOPEN: "{path} cannot be opened; let this user read and write the file and"
    " its folder, or give another path with --database.",
    sqlite3.SQLITE_NOTADB: "{path} is not a SQLite database; give another path with --database,"
    " or put a backup in its place.",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_FULL: "The disk that holds {path} is full; free some space and try again.",
    sqlite3.SQLITE_IOERR: "{path} could not be read or written ({name}); check its disk, and that"
    " it is a regular file.",
}
SENTENCES[sqlite3.SQLITE_PERM] = SENTENCES[sqlite3.SQLITE_READONLY]
BUSY = "{path} is held by another process; try again in a moment, or stop that process."
UNEXPECTED = "{path}: SQLite refused with “{error}”; please report it with the log."
CLOSED = "{path} is closed; try again when Warmstart runs."


def explain(error: sqlite3.Error, path: Path) -> StoreError:
    """Return `error` as a sentence: what, where, and the cure."""
    # The low byte is the primary result code: https://www.sqlite.org/rescode.html#pve
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(BUSY.format(path=path))
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return StoreError(SENTENCES.get(code, UNEXPECTED).format(path=path, name=name, error=error))


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into sentences about `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path) from error


class Connection(aiosqlite.Connection):
    """A connection in a thread of its own, which runs whole functions there."""

    def __init__(self, path: Path, busy_timeout: float) -> None:
        self.path = path
        # isolation_level None: transactions begin where `transaction` says, nowhere else.
        connect = partial(sqlite3.connect, path, timeout=busy_timeout, isolation_level=None)
        super().__init__(connect, iter_chunk_size=64)
        # Otherwise a connection left open keeps the process from ending; nothing is lost by
        # ending with it, since what was acknowledged is on disk.
        self._thread.daemon = True

    async def __aenter__(self) -> Self:
        """Connect; raise sqlite3.Error when that fails."""
        try:
            await super().__aenter__()
        except BaseException:
            # aiosqlite does not wait for its thread here; it would outlive the event loop and
            # end with a traceback.
            self._thread.join()
            raise
        return self

    async def call(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Run `function` in the connection's thread and return its result.

        Raises what it raises, and StoreError once the connection is closed.
        """
        if self._connection is None:
            raise StoreError(CLOSED.format(path=self.path))
        # aiosqlite's own methods visit the thread once per statement, ten times slower.
        return cast("T", await self._execute(function, self._connection))  # type: ignore[no-untyped-call]


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Run the block as one transaction that holds the write lock from its start."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # SQLite ends it itself when the disk is full or fails
            db.execute("ROLLBACK")
        raise


def identify(path: Path) -> tuple[int, int] | None:
    """Return what tells the file at `path` from one put in its place; None when there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def check_place(path: Path) -> Path:
    """Return `path` as an absolute one; StoreError where no database file can be."""
    path = path.absolute()
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(
            f"This Python brings SQLite {sqlite3.sqlite_version} and {path} needs {needed};"
            " use a newer Python."
        )
    with suppress(PermissionError):  # SQLite meets it again, and has its own sentence
        if not path.parent.is_dir():
            raise StoreError(
                f"{path.parent} is not a folder; create it, or give another path with --database."
            )
        if path.exists() and not path.is_file():
            raise StoreError(f"{path} is not a file; give the path of one with --database.")
    return path


def ignored(left: int, total: int) -> None:
    """Let progress pass unseen."""


def copy_pages(db: sqlite3.Connection, target: Path, progress: Progress = ignored) -> None:
    """Copy a whole database through SQLite, consistently, whoever writes meanwhile."""
    target.touch(mode=0o600)
    with closing(sqlite3.connect(target)) as copied:
        db.backup(copied, pages=PAGES, progress=lambda _, left, total: progress(left, total))
        copied.execute("PRAGMA journal_mode = DELETE")  # one file, without -wal beside it


def check_unused(path: Path) -> None:
    """Raise StoreBusy while any process, this one too, has the database open.

    Every connection in WAL mode holds a shared lock, which this asks to have alone:
    https://www.sqlite.org/wal.html#use_of_wal_without_shared_memory
    """
    with explained(path), closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as db:
        db.execute(ALONE)
        with transaction(db):
            db.execute(LOOK)


def prepare_writer(db: sqlite3.Connection, path: Path, busy_timeout: float) -> None:
    """Make every commit durable, and reads independent of writes; refuse a damaged file."""
    if _switch_to_wal(db, busy_timeout) != "wal":
        raise StoreError(
            f"{path} lies where SQLite cannot share memory, such as a network folder;"
            " give a path on a local disk with --database."
        )
    db.execute(SYNC_EVERY_COMMIT)
    db.execute(FORGET_THOROUGHLY)
    db.execute(HOLD_REFERENCES)
    if db.execute(FIND_DAMAGE).fetchone() != ("ok",):
        raise StoreError(DAMAGED.format(path=path))


def prepare_reader(db: sqlite3.Connection) -> None:
    """Keep the connection from writing."""
    db.execute(ONLY_READ)


def _switch_to_wal(db: sqlite3.Connection, busy_timeout: float) -> str:
    """Return the journal mode reached.

    SQLite does not always wait for a lock here, as the notes on deadlocks in
    https://www.sqlite.org/c3ref/busy_handler.html allow: of four processes that start together
    on a new file, one in some hundred was refused at once.
    """
    deadline = time.monotonic() + busy_timeout
    while True:
        try:
            return str(db.execute(USE_WAL).fetchone()[0])
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() >= deadline:
                raise
            time.sleep(BUSY_RETRY)
