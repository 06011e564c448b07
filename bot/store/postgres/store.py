"""The store on PostgreSQL: what each intention is in SQL, for processes that share it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence, Set
from contextlib import asynccontextmanager
from operator import itemgetter

from bot.store.migrate import load_migrations
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
from bot.store.postgres import statements as sql
from bot.store.postgres.pool import LONG_PATIENCE, Pool, change, migrate, open_pool
from bot.store.scrub import scrub
from bot.store.shared import SharedReads


class PostgresStore:
    """The `Store` in a PostgreSQL database; see `open_postgres`."""

    def __init__(self, pool: Pool, clock: Callable[[], float]) -> None:
        self._pool = pool
        self._clock = clock
        self._tallies = SharedReads(self._tally)
        self._turns: set[asyncio.Task[None]] = set()

    async def toggle_helpful(self, topic: str, resource: str, voter: Voter, guild: int) -> bool:
        """Mark as helpful, or take that mark back; return whether it is helpful now."""
        vote = (topic, [resource], voter, True, guild, self._now())
        async with self._pool.transaction() as db:
            # two clicks at once see each other only if they take turns
            await db.execute(sql.ONE_AT_A_TIME, f"{topic} {resource} {voter.hex()}")
            if await change(db, sql.TAKE_HELPFUL_BACK, topic, resource, voter):
                return False
            await db.execute(sql.SET_VOTES, *vote)
            return True

    async def record_vote(
        self, topic: str, resources: Sequence[str], voter: Voter, guild: int, *, helpful: bool
    ) -> int:
        """Set this voter's vote on each resource; saying it again changes nothing.

        Return how many votes changed.
        """
        vote = (topic, list(resources), voter, helpful, guild, self._now())
        if len(resources) < 2:
            return await self._pool.run(sql.SET_VOTES, *vote)
        async with self._pool.transaction() as db:
            # each waits for the counts of several resources, which it takes in two goes
            await db.execute(sql.ONE_AT_A_TIME, topic)
            return await change(db, sql.SET_VOTES, *vote)

    async def tallies(self, topic: str, guild: int | None = None) -> Mapping[str, Tally]:
        """Return the votes under a topic by resource; resources without votes are absent.

        With `guild` only those that were cast there.
        """
        return await self._tallies.get((topic, guild))

    async def _tally(self, of: tuple[str, int | None]) -> Mapping[str, Tally]:
        topic, guild = of
        rows = await self._pool.rows(sql.TALLY_TOPIC, topic, guild)
        return {resource: Tally(helpful, not_helpful) for resource, helpful, not_helpful in rows}

    async def all_tallies(self, guild: int | None = None) -> Mapping[tuple[str, str], Tally]:
        """Return all votes by (topic, resource); with `guild` those that were cast there."""
        rows = await self._pool.rows(sql.TALLY_ALL, guild)
        return {(topic, resource): Tally(*counts) for topic, resource, *counts in rows}

    async def record_gap(self, question: str, decision: str, candidates: Sequence[str]) -> int:
        """Keep a question without a good answer, scrubbed once more; return its number."""
        gap = (scrub(question), decision, json.dumps(list(candidates)), self._now())
        ((number,),) = await self._pool.rows(sql.KEEP_GAP, *gap)
        return int(number)

    async def record_pick(self, gap: int, topic: str) -> None:
        """Remember which topic answered a kept question after all; unknown numbers are ignored."""
        await self._pool.run(sql.COUNT_PICK, topic, gap)

    async def confirm_gap(self, gap: int) -> bool:
        """Mark a kept question as told to the maintainers by its author; False when it is gone."""
        return await self._pool.run(sql.MARK_TOLD, gap) > 0

    async def gaps(self) -> Sequence[Gap]:
        """Return the kept questions, oldest first."""
        return [
            Gap(number, question, decision, tuple(json.loads(topics)), json.loads(picks), told, at)
            for number, question, decision, topics, told, at, picks in await self._pool.rows(
                sql.LIST_GAPS
            )
        ]

    async def voted_ids(self) -> Set[str]:
        """Return the ids of topics and resources that votes refer to, without RESOURCE_TOPIC."""
        return {id for (id,) in await self._pool.rows(sql.LIST_VOTED_IDS, RESOURCE_TOPIC)}

    async def adopt(self, renamed: Mapping[str, str]) -> None:
        """Move votes of former ids to today's ids; a voter's newer vote wins.

        `renamed` holds ids of topics and of resources alike; an id that stays may be in it.
        """
        moves = {old: new for old, new in renamed.items() if old != new}
        former = list(moves)
        if not moves or not await self._pool.rows(sql.ANY_VOTE_UNDER_IDS, former):
            return
        async with self._pool.transaction() as db:
            await db.execute(sql.KEEP_VOTES_STILL, timeout=LONG_PATIENCE)
            votes = await db.fetch(sql.VOTES_UNDER_IDS, former, timeout=LONG_PATIENCE)
            await db.execute(sql.DROP_VOTES_UNDER_IDS, former, timeout=LONG_PATIENCE)
            newest = {  # one a voter: a statement sets a row once
                (moves.get(topic, topic), moves.get(resource, resource), voter): rest
                for topic, resource, voter, *rest in sorted(votes, key=itemgetter("voted_at"))
            }
            if newest:
                columns = zip(*((*key, *rest) for key, rest in newest.items()), strict=True)
                await db.execute(sql.MERGE_VOTES, *columns, timeout=LONG_PATIENCE)

    async def value(self, name: str) -> str | None:
        """Return a small remembered value, such as the fingerprint of the synced commands."""
        rows = await self._pool.rows(sql.READ_VALUE, name)
        return rows[0][0] if rows else None

    async def set_value(self, name: str, value: str) -> None:
        """Remember a small value."""
        await self._pool.run(sql.SET_VALUE, name, value)

    async def remember_once(self, name: str, value: str) -> str:
        """Remember a small value unless there is one; return the one that is remembered."""
        await self._pool.run(sql.ADD_VALUE, name, value)  # waits for one that is just as early
        ((remembered,),) = await self._pool.rows(sql.READ_VALUE, name)
        return str(remembered)

    async def guild_settings(self, guild: int) -> GuildSettings:
        """Return how a server wants the bot."""
        channels = await self._pool.rows(sql.READ_CHANNELS, guild)
        duties = {channel: Duty(duty) for channel, duty in channels}
        rows = await self._pool.rows(sql.READ_GUILD, guild)
        return GuildSettings(duties, *rows[0]) if rows else GuildSettings(duties)

    async def save_guild_settings(self, guild: int, settings: GuildSettings) -> None:
        """Remember how a server wants the bot, in place of what it said before."""
        row = (guild, settings.paused, settings.cooldown, settings.link, settings.link_label)
        duties = [(guild, channel, str(duty)) for channel, duty in settings.duties.items()]
        async with self._pool.transaction() as db:
            await db.execute(sql.SET_GUILD, *row)  # first: it makes others wait for this server
            await db.execute(sql.DROP_CHANNELS, guild)
            await db.executemany(sql.ADD_CHANNEL, duties)

    async def count_shadow(self, guild: int, topic: str, decision: str) -> None:
        """Count what the bot would have said today in a shadowed channel."""
        await self._pool.run(sql.COUNT_SHADOW, guild, self._now() // DAY, topic, decision)

    async def shadow_counts(self, guild: int, since: int) -> Sequence[ShadowCount]:
        """Return what was counted from the day of `since` on (seconds since 1970, UTC), most
        often first.
        """
        rows = await self._pool.rows(sql.LIST_SHADOWS, guild, since // DAY)
        return [ShadowCount(*row) for row in rows]

    async def claim_unasked(self, guild: int, person: Voter, cooldown: int) -> bool:
        """Note that a person is answered unasked now; False, and nothing noted, when the last
        time was less than `cooldown` seconds ago.
        """
        claim = (guild, person, self._now(), cooldown)
        return await self._pool.run(sql.CLAIM_UNASKED, *claim) > 0

    async def known_guilds(self) -> Sequence[int]:
        """Return the servers of which settings, counts, cooldowns or votes are kept."""
        return [guild for (guild,) in await self._pool.rows(sql.LIST_GUILDS)]

    async def forget_guild(self, guild: int) -> None:
        """Forget a server's settings, counts and cooldowns; votes stay, as cast in no server."""
        async with self._pool.transaction() as db:
            await db.execute(sql.KEEP_VOTES_STILL, timeout=LONG_PATIENCE)
            for statement in sql.FORGET_GUILD:
                await db.execute(statement, guild, timeout=LONG_PATIENCE)

    async def plan(self, person: Voter) -> str | None:
        """Return the plan that a person keeps, as JSON text."""
        rows = await self._pool.rows(sql.READ_PLAN, person)
        return rows[0][0] if rows else None

    async def save_plan(self, person: Voter, plan: str) -> None:
        """Keep a person's plan, JSON text, in place of the one before."""
        await self._pool.run(sql.SET_PLAN, person, plan, self._now())

    async def opted_out(self, person: Voter) -> Set[OptOut]:
        """Return what a person does not want."""
        return {OptOut(kind) for (kind,) in await self._pool.rows(sql.LIST_OPT_OUTS, person)}

    async def set_opt_out(self, person: Voter, kind: OptOut, *, out: bool) -> None:
        """Remember, or forget, that a person does not want something."""
        await self._pool.run(sql.ADD_OPT_OUT if out else sql.DROP_OPT_OUT, person, str(kind))

    async def personal_data(self, person: Voter) -> PersonalData:
        """Return all that is stored of a person."""
        return PersonalData(
            tuple(OwnVote(*row) for row in await self._pool.rows(sql.VOTES_OF, person)),
            await self.plan(person),
            frozenset(await self.opted_out(person)),
            dict(await self._pool.rows(sql.UNASKED_OF, person)),
        )

    async def forget(self, person: Voter) -> None:
        """Delete all that is stored of a person; counts follow."""
        async with self._pool.transaction() as db:
            await db.execute(sql.KEEP_VOTES_STILL)
            for statement in sql.FORGET:
                await db.execute(statement, person)

    async def change_key(self, fingerprint_name: str, fingerprint: str) -> int:
        """Cut what is kept of people from the people, and remember the next key's fingerprint.

        Votes go on counting, each as of somebody unknown; plans, opt-outs and cooldowns go.
        Return how many votes there are.
        """
        async with self._pool.transaction() as db:
            for statement in sql.CUT_FROM_PEOPLE:
                await db.execute(statement, timeout=LONG_PATIENCE)
            await db.execute(sql.SET_VALUE, fingerprint_name, fingerprint)
            return int(await db.fetchval(sql.COUNT_VOTES))

    async def expire(self, before: int) -> int:
        """Delete gaps, shadow counts and cooldowns from before a time (seconds since 1970, UTC);
        return how many gaps went.
        """
        async with self._pool.transaction() as db:
            await db.execute(sql.EXPIRE_SHADOWS, before // DAY, timeout=LONG_PATIENCE)
            await db.execute(sql.EXPIRE_UNASKED, before, timeout=LONG_PATIENCE)
            return await change(db, sql.EXPIRE_GAPS, before, patience=LONG_PATIENCE)

    async def take_turn(self, queue: str, pause: float) -> None:
        """Wait for a turn in a queue, and hold the next one up for `pause` seconds.

        All who share the database stand in the same queues.
        """
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._hold_turn(queue, pause, begun))
        self._turns.add(task)
        task.add_done_callback(self._turns.discard)
        try:
            await begun
        except asyncio.CancelledError:
            task.cancel()
            raise

    async def _hold_turn(self, queue: str, pause: float, begun: asyncio.Future[None]) -> None:
        try:
            async with self._pool.connection() as db:
                await db.execute(sql.WAIT_FOR_TURN, queue, timeout=LONG_PATIENCE)
                try:
                    begun.set_result(None)
                    await asyncio.sleep(pause)
                finally:
                    await db.execute(sql.END_TURN, queue)
        except Exception as error:
            if not begun.done():  # else the server has gone, and the turn with it
                begun.set_exception(error)
        finally:
            begun.cancel()  # closed while waiting

    async def end_turns(self) -> None:
        """Let the next ones have their turns now."""
        for task in self._turns:
            task.cancel()
        await asyncio.gather(*self._turns, return_exceptions=True)

    def _now(self) -> int:
        return int(self._clock())


@asynccontextmanager
async def open_postgres(
    url: str, *, clock: Callable[[], float] = time.time
) -> AsyncIterator[PostgresStore]:
    """Open the database at a postgresql:// address, new or brought to today's schema.

    `clock` gives seconds since 1970, UTC. Raises StoreError when it cannot be reached or is
    not ours, UsageError when the driver is not installed.
    """
    async with open_pool(url) as pool:
        await migrate(pool, load_migrations("postgres"))
        store = PostgresStore(pool, clock)
        try:
            yield store
        finally:
            await store.end_turns()
