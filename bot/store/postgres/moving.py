"""Moving a SQLite database to PostgreSQL: everything in one transaction, compared at its end."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.errors import StoreError
from bot.store.connection import check_unused, explained
from bot.store.migrate import load_migrations
from bot.store.postgres.pool import LONG_PATIENCE, migrate, open_pool
from bot.store.sqlite import open_sqlite

TABLES = {  # in an order that references allow
    "remembered": ("name", "value"),
    "votes": ("topic", "resource", "voter", "helpful", "guild", "voted_at"),
    "tallies": ("topic", "resource", "guild", "helpful", "not_helpful"),
    "gaps": ("number", "question", "decision", "candidates", "told", "asked_at"),
    "picks": ("gap", "topic", "times"),
    "guilds": ("guild", "paused", "cooldown", "link", "link_label"),
    "channels": ("guild", "channel", "duty"),
    "shadows": ("guild", "day", "topic", "decision", "times"),
    "unasked": ("guild", "person", "answered_at"),
    "plans": ("person", "plan", "saved_at"),
    "opt_outs": ("person", "kind"),
}
TRUTHS = {("votes", "helpful"), ("gaps", "told"), ("guilds", "paused")}  # 0 or 1 in SQLite
# Counting a vote at a time would update the same rows over and over; their counts come along.
COUNT_NOT = "ALTER TABLE votes DISABLE TRIGGER USER"
COUNT_AGAIN = "ALTER TABLE votes ENABLE TRIGGER USER"
BATCH = 1_000  # rows
NEXT_NUMBER = "SELECT setval(pg_get_serial_sequence('gaps', 'number'), $1)"
LAST_NUMBER = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'gaps'"

Rows = list[tuple[Any, ...]]


async def move(
    source: Path, url: str, progress: Callable[[int, int], None]
) -> dict[str, tuple[int, str]]:
    """Copy a stopped bot's database to PostgreSQL; return rows and checksum by table.

    Doing it again changes nothing. `progress` is told rows done and rows in all. Raises
    StoreBusy while the source is in use, and StoreError, with nothing copied, when the target
    holds anything else.
    """
    check_unused(source)
    async with open_sqlite(source):
        pass  # today's schema
    with explained(source), closing(sqlite3.connect(source)) as db:
        found = {table: _read(db, table) for table in TABLES}
        (last,) = db.execute(LAST_NUMBER).fetchone()
    total, done = sum(map(len, found.values())), 0
    async with open_pool(url) as pool:
        await migrate(pool, load_migrations("postgres"))
        async with pool.transaction() as target:
            await target.execute(COUNT_NOT)
            for table, rows in found.items():
                for batch in _batches(rows):
                    await target.executemany(_insert(table), batch, timeout=LONG_PATIENCE)
                    done += len(batch)
                    progress(done, total)
                columns = ", ".join(TABLES[table])
                copied = await target.fetch(
                    f"SELECT {columns} FROM {table}",  # noqa: S608  the names above
                    timeout=LONG_PATIENCE,
                )
                if checksum(copied) != checksum(rows):
                    raise StoreError(
                        f"{pool.place} holds other rows in {table} already ({len(copied)} for"
                        f" {len(rows)}), so nothing was copied; give an empty database."
                    )
            await target.execute(COUNT_AGAIN)
            if last:
                await target.execute(NEXT_NUMBER, last)
    return {table: (len(rows), checksum(rows)) for table, rows in found.items()}


def checksum(rows: Iterable[Sequence[Any]]) -> str:
    """Return a digest of rows, in whatever order they come."""
    lines = sorted(repr(tuple(row)).encode() for row in rows)
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:16]


def _read(db: sqlite3.Connection, table: str) -> Rows:
    columns = TABLES[table]
    rows = db.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608
    truths = [(table, column) in TRUTHS for column in columns]
    return [
        tuple(bool(value) if truth else value for value, truth in zip(row, truths, strict=True))
        for row in rows
    ]


def _batches(rows: Rows) -> Iterable[Rows]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _insert(table: str) -> str:
    columns = TABLES[table]
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE VALUES ({places})"  # noqa: S608
        " ON CONFLICT DO NOTHING"
    )
