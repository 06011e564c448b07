"""The store in one SQLite file: what each intention is in SQL.

One connection writes, through a `GroupWriter`; another reads, so that reads wait for no write.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence, Set
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bot.store import statements as sql
from bot.store.connection import (
    Connection,
    check_place,
    explained,
    prepare_reader,
    prepare_writer,
)
from bot.store.former import drop_former, keep_former
from bot.store.group import GroupWriter
from bot.store.migrate import load_migrations, migrate
from bot.store.model import (
    DAY,
    RESOURCE_TOPIC,
    Duty,
    Gap,
    GuildSettings,
    OptOut,
    OwnVote,
    PersonalData,
    ShadowCount,
    Tally,
    Voter,
)
from bot.store.scrub import scrub
from bot.store.shared import SharedReads

BUSY_TIMEOUT = 5.0  # seconds; longer than any transaction of ours by far


class SqliteStore:
    """The `Store` in a SQLite file; see `open_sqlite`."""

    def __init__(
        self, writer: GroupWriter, reading: Connection, clock: Callable[[], float]
    ) -> None:
        self._writer = writer
        self._reading = reading
        self._clock = clock
        self._tallies = SharedReads(self._tally)
        self._turns: dict[str, asyncio.Lock] = {}

    async def toggle_helpful(self, topic: str, resource: str, voter: Voter, guild: int) -> bool:
        """Mark as helpful, or take that mark back; return whether it is helpful now."""
        vote = (topic, resource, voter, True, guild, self._now())
        return await self._writer.run(partial(_toggle, vote=vote))

    async def record_vote(
        self, topic: str, resources: Sequence[str], voter: Voter, guild: int, *, helpful: bool
    ) -> int:
        """Set this voter's vote on each resource under the topic.

        Saying it again changes nothing. Return how many votes changed.
        """
        now = self._now()
        votes = [(topic, resource, voter, helpful, guild, now) for resource in resources]
        return await self._writer.run(partial(_run_many, statement=sql.SET_VOTE, rows=votes))

    async def tallies(self, topic: str, guild: int | None = None) -> Mapping[str, Tally]:
        """Return the votes under a topic by resource; resources without votes are absent.

        With `guild` only those that were cast there.
        """
        return await self._tallies.get((topic, guild))

    async def _tally(self, of: tuple[str, int | None]) -> Mapping[str, Tally]:
        topic, guild = of
        rows = await self._rows(sql.TALLY_TOPIC, {"topic": topic, "guild": guild})
        return {resource: Tally(helpful, not_helpful) for resource, helpful, not_helpful in rows}

    async def all_tallies(self, guild: int | None = None) -> Mapping[tuple[str, str], Tally]:
        """Return all votes by (topic, resource); with `guild` those that were cast there."""
        rows = await self._rows(sql.TALLY_ALL, {"guild": guild})
        return {(topic, resource): Tally(*counts) for topic, resource, *counts in rows}

    async def record_gap(self, question: str, decision: str, candidates: Sequence[str]) -> int:
        """Keep a question without a good answer, scrubbed once more; return its number."""
        gap = (scrub(question), decision, json.dumps(list(candidates)), self._now())
        return await self._writer.run(partial(_insert, statement=sql.KEEP_GAP, row=gap))

    async def record_pick(self, gap: int, topic: str) -> None:
        """Remember which topic answered a kept question after all; unknown numbers are ignored."""
        await self._writer.run(partial(_change, statement=sql.COUNT_PICK, row=(topic, gap)))

    async def confirm_gap(self, gap: int) -> bool:
        """Mark a kept question as told to the maintainers by its author; False when it is gone."""
        return await self._writer.run(partial(_change, statement=sql.MARK_TOLD, row=(gap,))) > 0

    async def gaps(self) -> Sequence[Gap]:
        """Return the kept questions, oldest first."""
        return [_gap(row) for row in await self._rows(sql.LIST_GAPS)]

    async def voted_ids(self) -> Set[str]:
        """Return the ids of topics and resources that votes refer to, without RESOURCE_TOPIC."""
        return {id for (id,) in await self._rows(sql.LIST_VOTED_IDS, RESOURCE_TOPIC)}

    async def adopt(self, renamed: Mapping[str, str]) -> None:
        """Move votes of former ids to today's ids; a voter's newer vote wins.

        `renamed` holds ids of topics and of resources alike; an id that stays may be in it.
        """
        moves = {old: new for old, new in renamed.items() if old != new}
        if moves:
            await self._writer.run(partial(_move_votes, moves=moves))

    async def value(self, name: str) -> str | None:
        """Return a small remembered value, such as the fingerprint of the synced commands."""
        rows = await self._rows(sql.READ_VALUE, name)
        return rows[0][0] if rows else None

    async def set_value(self, name: str, value: str) -> None:
        """Remember a small value."""
        await self._writer.run(partial(_change, statement=sql.SET_VALUE, row=(name, value)))

    async def remember_once(self, name: str, value: str) -> str:
        """Remember a small value unless there is one; return the one that is remembered."""
        return await self._writer.run(partial(_remember_once, row=(name, value)))

    async def guild_settings(self, guild: int) -> GuildSettings:
        """Return how a server wants the bot."""
        channels = await self._rows(sql.READ_CHANNELS, guild)
        duties = {channel: Duty(duty) for channel, duty in channels}
        rows = await self._rows(sql.READ_GUILD, guild)
        if not rows:
            return GuildSettings(duties)
        paused, cooldown, link, label = rows[0]
        return GuildSettings(duties, bool(paused), cooldown, link, label)

    async def save_guild_settings(self, guild: int, settings: GuildSettings) -> None:
        """Remember how a server wants the bot, in place of what it said before."""
        await self._writer.run(partial(_save_guild, guild=guild, settings=settings))

    async def count_shadow(self, guild: int, topic: str, decision: str) -> None:
        """Count what the bot would have said today in a shadowed channel."""
        row = (guild, self._now() // DAY, topic, decision)
        await self._writer.run(partial(_change, statement=sql.COUNT_SHADOW, row=row))

    async def shadow_counts(self, guild: int, since: int) -> Sequence[ShadowCount]:
        """Return what was counted from the day of `since` on (seconds since 1970, UTC), most
        often first.
        """
        return [
            ShadowCount(*row) for row in await self._rows(sql.LIST_SHADOWS, guild, since // DAY)
        ]

    async def claim_unasked(self, guild: int, person: Voter, cooldown: int) -> bool:
        """Note that a person is answered unasked now; False, and nothing noted, when the last
        time was less than `cooldown` seconds ago.
        """
        row = {"guild": guild, "person": person, "now": self._now(), "cooldown": cooldown}
        claim = partial(_change, statement=sql.CLAIM_UNASKED, row=row)
        return await self._writer.run(claim) > 0

    async def known_guilds(self) -> Sequence[int]:
        """Return the servers of which settings, counts, cooldowns or votes are kept."""
        return [guild for (guild,) in await self._rows(sql.LIST_GUILDS)]

    async def forget_guild(self, guild: int) -> None:
        """Forget a server's settings, counts and cooldowns; votes stay, as cast in no server."""
        await self._writer.run(partial(_run_all, statements=sql.FORGET_GUILD, row=(guild,)))

    async def plan(self, person: Voter) -> str | None:
        """Return the plan that a person keeps, as JSON text."""
        rows = await self._rows(sql.READ_PLAN, person)
        return rows[0][0] if rows else None

    async def save_plan(self, person: Voter, plan: str) -> None:
        """Keep a person's plan, JSON text, in place of the one before."""
        row = (person, plan, self._now())
        await self._writer.run(partial(_change, statement=sql.SET_PLAN, row=row))

    async def opted_out(self, person: Voter) -> Set[OptOut]:
        """Return what a person does not want."""
        return {OptOut(kind) for (kind,) in await self._rows(sql.LIST_OPT_OUTS, person)}

    async def set_opt_out(self, person: Voter, kind: OptOut, *, out: bool) -> None:
        """Remember, or forget, that a person does not want something."""
        statement = sql.ADD_OPT_OUT if out else sql.DROP_OPT_OUT
        await self._writer.run(partial(_change, statement=statement, row=(person, kind)))

    async def personal_data(self, person: Voter) -> PersonalData:
        """Return all that is stored of a person."""
        votes = await self._rows(sql.VOTES_OF, person)
        return PersonalData(
            tuple(OwnVote(t, r, bool(helpful), *rest) for t, r, helpful, *rest in votes),
            await self.plan(person),
            frozenset(await self.opted_out(person)),
            dict(await self._rows(sql.UNASKED_OF, person)),
        )

    async def forget(self, person: Voter) -> None:
        """Delete all that is stored of a person; counts follow."""
        await self._writer.run(partial(_run_all, statements=sql.FORGET, row=(person,)))

    async def change_key(self, fingerprint_name: str, fingerprint: str) -> int:
        """Cut what is kept of people from the people, and remember the next key's fingerprint.

        Votes go on counting, each as of somebody unknown; plans, opt-outs and cooldowns go.
        Return how many votes there are.
        """
        return await self._writer.run(partial(_change_key, key=(fingerprint_name, fingerprint)))

    async def expire(self, before: int) -> int:
        """Delete gaps, shadow counts, cooldowns and copies kept before an update, all from before
        a time (seconds since 1970, UTC); return how many gaps went.
        """
        gone = await self._writer.run(partial(_expire, before=before))
        await self._reading.call(lambda _: drop_former(self._reading.path, before))
        return gone

    async def take_turn(self, queue: str, pause: float) -> None:
        """Wait for a turn in a queue, and hold the next one up for `pause` seconds.

        One process has the file, so its own tasks are all who stand in line.
        """
        turn = self._turns.setdefault(queue, asyncio.Lock())
        await turn.acquire()
        asyncio.get_running_loop().call_later(pause, turn.release)

    def _now(self) -> int:
        return int(self._clock())

    async def _rows(self, statement: str, *parameters: Any) -> list[Any]:
        named = parameters[0] if parameters and isinstance(parameters[0], dict) else parameters
        with explained(self._reading.path):
            return await self._reading.call(lambda db: db.execute(statement, named).fetchall())


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
    keep_former(db, path, migrations := load_migrations())
    migrate(db, path, migrations)  # first: it refuses files that must stay untouched
    prepare_writer(db, path, busy_timeout)
    db.execute(sql.PROVE_WRITABLE)


def _toggle(db: sqlite3.Connection, vote: tuple[object, ...]) -> bool:
    if _change(db, sql.TAKE_HELPFUL_BACK, vote[:3]):
        return False
    _change(db, sql.SET_VOTE, vote)
    return True


def _move_votes(db: sqlite3.Connection, moves: Mapping[str, str]) -> None:
    votes = db.execute(sql.VOTES_UNDER_IDS, {"ids": json.dumps(list(moves))}).fetchall()
    _run_many(db, sql.DROP_VOTE, [vote[:3] for vote in votes])
    moved = [
        (moves.get(topic, topic), moves.get(resource, resource), *rest)
        for topic, resource, *rest in votes
    ]
    _run_many(db, sql.MERGE_VOTE, moved)


def _remember_once(db: sqlite3.Connection, row: tuple[str, str]) -> str:
    _change(db, sql.ADD_VALUE, row)
    return str(db.execute(sql.READ_VALUE, row[:1]).fetchone()[0])


def _save_guild(db: sqlite3.Connection, guild: int, settings: GuildSettings) -> None:
    row = (guild, settings.paused, settings.cooldown, settings.link, settings.link_label)
    _change(db, sql.SET_GUILD, row)
    _change(db, sql.DROP_CHANNELS, (guild,))
    duties = [(guild, channel, duty) for channel, duty in settings.duties.items()]
    _run_many(db, sql.ADD_CHANNEL, duties)


def _change_key(db: sqlite3.Connection, key: tuple[str, str]) -> int:
    _run_all(db, sql.CUT_FROM_PEOPLE, ())
    _change(db, sql.SET_VALUE, key)
    return int(db.execute(sql.COUNT_VOTES).fetchone()[0])


def _expire(db: sqlite3.Connection, before: int) -> int:
    _change(db, sql.EXPIRE_SHADOWS, (before // DAY,))
    _change(db, sql.EXPIRE_UNASKED, (before,))
    return _change(db, sql.EXPIRE_GAPS, (before,))


def _gap(row: Sequence[Any]) -> Gap:
    number, question, decision, candidates, told, asked_at, picks = row
    topics, picked = tuple(json.loads(candidates)), json.loads(picks)
    return Gap(number, question, decision, topics, picked, bool(told), asked_at)


def _change(
    db: sqlite3.Connection, statement: str, row: tuple[object, ...] | dict[str, object]
) -> int:
    """Return how many rows changed."""
    return db.execute(statement, row).rowcount


def _insert(db: sqlite3.Connection, statement: str, row: tuple[object, ...]) -> int:
    """Return the number that the new row got."""
    return db.execute(statement, row).lastrowid or 0


def _run_many(db: sqlite3.Connection, statement: str, rows: Iterable[tuple[object, ...]]) -> int:
    """Return how many rows changed."""
    return db.executemany(statement, rows).rowcount


def _run_all(db: sqlite3.Connection, statements: Sequence[str], row: tuple[object, ...]) -> None:
    for statement in statements:
        db.execute(statement, row)
