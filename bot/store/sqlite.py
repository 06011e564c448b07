"""The store in one SQLite file: what each intention is in SQL.

One connection writes, through a `GroupWriter`; another reads, so that reads wait for no write.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence, Set
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bot.store.connection import Connection, check_place, explained, prepare_reader, prepare_writer
from bot.store.group import GroupWriter
from bot.store.migrate import load_migrations, migrate
from bot.store.model import RESOURCE_TOPIC, Gap, Tally, Voter
from bot.store.scrub import scrub

BUSY_TIMEOUT = 5.0  # seconds; longer than any transaction of ours by far

SET_VOTE = """
INSERT INTO votes (topic, resource, voter, helpful, guild, voted_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (topic, resource, voter) DO UPDATE
SET helpful = excluded.helpful, guild = excluded.guild, voted_at = excluded.voted_at
WHERE helpful <> excluded.helpful
"""
TAKE_HELPFUL_BACK = """
DELETE FROM votes WHERE topic = ? AND resource = ? AND voter = ? AND helpful = 1
"""
TALLY_TOPIC = """
SELECT resource, sum(helpful), sum(1 - helpful) FROM votes WHERE topic = ? GROUP BY resource
"""
KEEP_GAP = """
INSERT INTO gaps (question, decision, candidates, asked_at) VALUES (?, ?, ?, ?)
"""
COUNT_PICK = """
INSERT INTO picks (gap, topic, times) SELECT number, ?, 1 FROM gaps WHERE number = ?
ON CONFLICT (gap, topic) DO UPDATE SET times = times + 1
"""
MARK_TOLD = "UPDATE gaps SET told = 1 WHERE number = ?"
LIST_GAPS = """
SELECT number, question, decision, candidates, told, asked_at,
       (SELECT json_group_object(topic, times) FROM picks WHERE gap = number)
FROM gaps ORDER BY number
"""
LIST_VOTED_IDS = """
SELECT topic FROM votes WHERE topic <> ? UNION SELECT resource FROM votes
"""
VOTES_UNDER_IDS = """
SELECT topic, resource, voter, helpful, guild, voted_at FROM votes
WHERE topic IN (SELECT value FROM json_each(:ids))
   OR resource IN (SELECT value FROM json_each(:ids))
"""
DROP_VOTE = "DELETE FROM votes WHERE topic = ? AND resource = ? AND voter = ?"
MERGE_VOTE = """
INSERT INTO votes (topic, resource, voter, helpful, guild, voted_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (topic, resource, voter) DO UPDATE
SET helpful = excluded.helpful, guild = excluded.guild, voted_at = excluded.voted_at
WHERE excluded.voted_at > voted_at
"""
PROVE_WRITABLE = "DELETE FROM votes WHERE false"  # BEGIN IMMEDIATE takes a read-only file too
READ_VALUE = "SELECT value FROM remembered WHERE name = ?"
SET_VALUE = """
INSERT INTO remembered (name, value) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


class SqliteStore:
    """The `Store` in a SQLite file; see `open_sqlite`."""

    def __init__(
        self, writer: GroupWriter, reading: Connection, clock: Callable[[], float]
    ) -> None:
        self._writer = writer
        self._reading = reading
        self._clock = clock

    async def toggle_helpful(self, topic: str, resource: str, voter: Voter, guild: int) -> bool:
        """Mark as helpful, or take that mark back; return whether it is helpful now."""
        vote = (topic, resource, voter, True, guild, self._now())
        return await self._writer.run(partial(_toggle, vote=vote))

    async def record_vote(
        self, topic: str, resources: Sequence[str], voter: Voter, guild: int, *, helpful: bool
    ) -> None:
        """Set this voter's vote on each resource under the topic.

        Saying it again changes nothing.
        """
        now = self._now()
        votes = [(topic, resource, voter, helpful, guild, now) for resource in resources]
        await self._writer.run(partial(_run_many, sql=SET_VOTE, rows=votes))

    async def tallies(self, topic: str) -> Mapping[str, Tally]:
        """Return the votes under a topic by resource; resources without votes are absent."""
        rows = await self._rows(TALLY_TOPIC, topic)
        return {resource: Tally(helpful, not_helpful) for resource, helpful, not_helpful in rows}

    async def record_gap(self, question: str, decision: str, candidates: Sequence[str]) -> int:
        """Keep a question without a good answer, scrubbed once more; return its number."""
        gap = (scrub(question), decision, json.dumps(list(candidates)), self._now())
        return await self._writer.run(partial(_insert, sql=KEEP_GAP, row=gap))

    async def record_pick(self, gap: int, topic: str) -> None:
        """Remember which topic answered a kept question after all; unknown numbers are ignored."""
        await self._writer.run(partial(_change, sql=COUNT_PICK, row=(topic, gap)))

    async def confirm_gap(self, gap: int) -> bool:
        """Mark a kept question as told to the maintainers by its author; False when it is gone."""
        return await self._writer.run(partial(_change, sql=MARK_TOLD, row=(gap,))) > 0

    async def gaps(self) -> Sequence[Gap]:
        """Return the kept questions, oldest first."""
        return [_gap(row) for row in await self._rows(LIST_GAPS)]

    async def voted_ids(self) -> Set[str]:
        """Return the ids of topics and resources that votes refer to, without RESOURCE_TOPIC."""
        return {id for (id,) in await self._rows(LIST_VOTED_IDS, RESOURCE_TOPIC)}

    async def adopt(self, renamed: Mapping[str, str]) -> None:
        """Move votes of former ids to today's ids; a voter's newer vote wins.

        `renamed` holds ids of topics and of resources alike; an id that stays may be in it.
        """
        moves = {old: new for old, new in renamed.items() if old != new}
        if moves:
            await self._writer.run(partial(_move_votes, moves=moves))

    async def value(self, name: str) -> str | None:
        """Return a small remembered value, such as the fingerprint of the synced commands."""
        rows = await self._rows(READ_VALUE, name)
        return rows[0][0] if rows else None

    async def set_value(self, name: str, value: str) -> None:
        """Remember a small value."""
        await self._writer.run(partial(_change, sql=SET_VALUE, row=(name, value)))

    def _now(self) -> int:
        return int(self._clock())

    async def _rows(self, sql: str, *parameters: object) -> list[Any]:
        with explained(self._reading.path):
            return await self._reading.call(lambda db: db.execute(sql, parameters).fetchall())


@asynccontextmanager
async def open_sqlite(
    path: Path, *, busy_timeout: float = BUSY_TIMEOUT, clock: Callable[[], float] = time.time
) -> AsyncIterator[SqliteStore]:
    """Open the database at `path`, new or brought to today's schema, and close it at the end.

    `busy_timeout` is in seconds; a write waits at most twice as long, once for the group before
    its own. `clock` gives seconds since 1970, UTC. Raises StoreBusy when another process holds
    the file, StoreError when it is no database that can be written.
    """
    path = check_place(path)
    writing, reading = Connection(path, busy_timeout), Connection(path, busy_timeout)
    async with AsyncExitStack() as stack:
        with explained(path):
            await stack.enter_async_context(writing)
            await writing.call(partial(_make_ready, path=path, busy_timeout=busy_timeout))
            await stack.enter_async_context(reading)
            await reading.call(prepare_reader)
        writer = GroupWriter(writing)
        stack.push_async_callback(writer.finish)
        yield SqliteStore(writer, reading, clock)


def _make_ready(db: sqlite3.Connection, path: Path, busy_timeout: float) -> None:
    migrate(db, path, load_migrations())  # first: it refuses files that must stay untouched
    prepare_writer(db, path, busy_timeout)
    db.execute(PROVE_WRITABLE)


def _toggle(db: sqlite3.Connection, vote: tuple[object, ...]) -> bool:
    if _change(db, TAKE_HELPFUL_BACK, vote[:3]):
        return False
    _change(db, SET_VOTE, vote)
    return True


def _move_votes(db: sqlite3.Connection, moves: Mapping[str, str]) -> None:
    votes = db.execute(VOTES_UNDER_IDS, {"ids": json.dumps(list(moves))}).fetchall()
    _run_many(db, DROP_VOTE, [vote[:3] for vote in votes])
    moved = [
        (moves.get(topic, topic), moves.get(resource, resource), *rest)
        for topic, resource, *rest in votes
    ]
    _run_many(db, MERGE_VOTE, moved)


def _gap(row: Sequence[Any]) -> Gap:
    number, question, decision, candidates, told, asked_at, picks = row
    topics, picked = tuple(json.loads(candidates)), json.loads(picks)
    return Gap(number, question, decision, topics, picked, bool(told), asked_at)


def _change(db: sqlite3.Connection, sql: str, row: tuple[object, ...]) -> int:
    """Return how many rows changed."""
    return db.execute(sql, row).rowcount


def _insert(db: sqlite3.Connection, sql: str, row: tuple[object, ...]) -> int:
    """Return the number that the new row got."""
    return db.execute(sql, row).lastrowid or 0


def _run_many(db: sqlite3.Connection, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
    db.executemany(sql, rows)
