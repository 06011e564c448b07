"""What only PostgreSQL can do to the store: starting together, going away, being another's."""

from __future__ import annotations

import asyncio
import re
import traceback
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.errors import StoreBusy, StoreError, UsageError
from bot.store import NO_GUILD, Store, Tally, Voter
from bot.store.migrate import load_migrations
from bot.store.postgres import open_postgres
from bot.store.postgres.pool import migrate, open_pool
from tests.cluster import Cluster

ANN, BEN = Voter(b"a" * 16), Voter(b"b" * 16)
NEWEST = len(load_migrations("postgres"))
RELEASED = sorted(Path(__file__).with_name("databases").glob("postgres/*.sql"))
SCHEMA = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
)


@pytest.fixture
async def url(cluster: Cluster) -> str:
    return await cluster.database()


async def run(url: str, statement: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(statement)
    finally:
        await connection.close()


async def restore(url: str, dump: Path) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(await asyncio.to_thread(dump.read_text, "utf-8"))
    finally:
        await connection.close()


async def test_stores_that_open_a_new_database_together_agree(url: str) -> None:
    """Ten meet on a schema that does not exist yet; each migration is applied once."""

    async def vote(number: int) -> None:
        async with open_postgres(url) as store:
            await store.record_vote(
                "cost", ["keras"], Voter(bytes([number]) * 16), NO_GUILD, helpful=True
            )

    await asyncio.gather(*map(vote, range(10)))
    async with open_postgres(url) as store:
        assert await store.tallies("cost") == {"keras": Tally(helpful=10)}
    assert [tuple(row) for row in await run(url, "SELECT schema FROM warmstart")] == [(NEWEST,)]


SLOW = (
    "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN PERFORM pg_sleep(0.8); RETURN coalesce(NEW, OLD); END $$",
    "CREATE TRIGGER slow BEFORE DELETE ON gaps FOR EACH ROW EXECUTE FUNCTION slowly()",
    "CREATE TRIGGER slow BEFORE UPDATE OR DELETE ON votes FOR EACH ROW EXECUTE FUNCTION slowly()",
)
LONG_WORK: dict[str, Callable[[Store], Awaitable[object]]] = {
    "deleting what is old": lambda store: store.expire(1 << 40),
    "forgetting a server": lambda store: store.forget_guild(7),
    "moving votes": lambda store: store.adopt({"costs": "cost"}),
}


@pytest.mark.parametrize("work", LONG_WORK.values(), ids=LONG_WORK)
async def test_what_goes_through_whole_tables_has_more_time_than_an_answer(
    url: str, monkeypatch: pytest.MonkeyPatch, work: Callable[[Store], Awaitable[object]]
) -> None:
    """Else it would fail on a large database again and again, and the bot not even start."""
    monkeypatch.setattr("bot.store.postgres.pool.PATIENCE", 0.5)
    async with open_postgres(url) as store:
        await store.record_vote("costs", ["keras"], ANN, 7, helpful=True)
        await store.record_gap("where to begin?", "none", [])
        for statement in SLOW:
            await run(url, statement)
        await work(store)


def test_every_released_schema_has_a_stored_database() -> None:
    """Add the dump of a database with votes when a migration is released."""
    assert [dump.stem for dump in RELEASED] == [str(number) for number in range(1, NEWEST + 1)]


@pytest.mark.parametrize("dump", RELEASED, ids=lambda dump: f"schema {dump.stem}")
async def test_a_released_database_opens_with_all_it_held(
    url: str, cluster: Cluster, dump: Path
) -> None:
    await restore(url, dump)
    async with open_postgres(url) as store:
        assert await store.tallies("cost") == {"fast-ai": Tally(1, 0), "keras": Tally(1, 1)}
        assert await store.tallies("_resource") == {"edx": Tally(1, 0)}
        assert await store.value("voter_key") == "00ff"
        assert [(gap.question, gap.picked, gap.told) for gap in await store.gaps()] == [
            ("how do I bake bread", {"reading": 1}, True)
        ]
        assert await store.record_gap("and cake", "none", []) == 2
        assert not await store.toggle_helpful("cost", "keras", ANN, 0)
    new = await cluster.database()
    async with open_postgres(new):
        pass
    assert await schema(url) == await schema(new)


async def schema(url: str) -> list[tuple[Any, ...]]:
    """Return version, columns, constraints and indexes."""
    found = await run(url, "SELECT schema FROM warmstart")
    for statement in SCHEMA:
        found += await run(url, statement)
    return [tuple(row) for row in found]


async def test_a_failing_migration_leaves_the_one_before(url: str) -> None:
    async with open_pool(url) as pool:
        with pytest.raises(StoreError, match="syntax error"):
            await migrate(pool, [*load_migrations("postgres"), "CREATE TABLE a (x int); BROKEN;"])
        assert [tuple(row) for row in await pool.rows("SELECT schema FROM warmstart")] == [
            (NEWEST,)
        ]
        assert await pool.rows("SELECT FROM pg_tables WHERE tablename = 'a'") == []


async def refused(url: str) -> str:
    with pytest.raises(StoreError) as caught:
        async with open_postgres(url):
            pass
    return str(caught.value)


async def test_a_newer_database_is_refused(url: str) -> None:
    async with open_postgres(url):
        pass
    await run(url, f"UPDATE warmstart SET schema = {NEWEST + 1}")
    said = await refused(url)
    assert f"newer Warmstart (schema {NEWEST + 1}, this one knows {NEWEST}); update" in said


async def test_another_programs_database_is_refused_and_left_alone(url: str) -> None:
    await run(url, "CREATE TABLE votes (candidate text)")
    assert "tables of another program" in await refused(url)
    tables = await run(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert [tuple(row) for row in tables] == [("votes",)]


async def test_what_cannot_be_opened_is_a_sentence_without_the_password(
    url: str, cluster: Cluster
) -> None:
    missing = await refused(url + "_missing")
    assert "There is no database" in missing
    gone = await refused("postgresql://warmstart:planted@127.0.0.1:1/warmstart")
    assert gone.startswith("The database postgresql://… cannot be reached")
    assert "planted" not in gone
    with pytest.raises(UsageError, match="not an address"):
        async with open_postgres("postgresql://127.0.0.1:port/x"):
            pass


@pytest.mark.parametrize(
    "password",
    ["Planted/9+q", "Planted?9", "Planted#9", "Plan@ted", "Plan:ted", "[Planted", "9/Planted"],
)
async def test_a_password_that_is_not_encoded_is_a_cure_and_shown_nowhere(password: str) -> None:
    with pytest.raises(UsageError, match="percent-encoded") as caught:
        async with open_postgres(f"postgresql://warmstart:{password}@127.0.0.1/warmstart"):
            pass
    told = "".join(traceback.format_exception(caught.value, limit=0))
    assert not re.search("plan|ted", told.lower())


@pytest.mark.parametrize("password", ["Zx%2F9+q", "Zx%3F9", "Zx%239", "a!$&'()*+,;=%40"])
async def test_an_encoded_password_opens_the_database(url: str, password: str) -> None:
    async with open_postgres(url.replace("@", f":{password}@")) as store:
        assert await store.gaps() == []


async def test_a_lost_connection_is_one_sentence_and_the_next_call_works(url: str) -> None:
    async with open_postgres(url) as store:
        await store.record_vote("cost", ["keras"], ANN, NO_GUILD, helpful=True)
        await run(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        for _ in range(2):  # at most the first call meets the dead connection
            try:
                await store.record_vote("cost", ["keras"], BEN, NO_GUILD, helpful=True)
            except StoreError as error:
                assert "cannot be reached" in str(error)  # noqa: PT017
        assert await store.tallies("cost") == {"keras": Tally(helpful=2)}


async def test_a_lock_that_stays_is_busy_not_for_ever(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.postgres.pool.PATIENCE", 0.5)
    async with open_postgres(url) as store:
        holder = await asyncpg.connect(url)
        async with holder.transaction():
            await holder.execute("LOCK TABLE votes IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(StoreBusy):
                await store.toggle_helpful("cost", "keras", ANN, NO_GUILD)
        await holder.close()
        assert await store.toggle_helpful("cost", "keras", ANN, NO_GUILD)


async def test_processes_stand_in_the_same_queue(url: str) -> None:
    """A turn taken through one store holds up the other; closing the first ends its turn."""
    async with open_postgres(url) as other:
        async with open_postgres(url) as one:
            await one.take_turn("identify", 60)
            waiting = asyncio.create_task(other.take_turn("identify", 0))
            await asyncio.sleep(0.1)
            assert not waiting.done()
        await asyncio.wait_for(waiting, 5)


def test_both_dialects_have_the_same_tables() -> None:
    """Columns by table, so that everything can be moved from one to the other."""

    def tables(dialect: str) -> dict[str, list[str]]:
        found, name = dict[str, list[str]](), ""
        for path in sorted(
            (files("bot.store") / "migrations" / dialect).iterdir(), key=lambda file: file.name
        ):
            for line in path.read_text("utf-8").splitlines():
                words = line.split()
                if line.startswith("CREATE TABLE"):
                    found[name := words[2]] = []
                elif line.startswith(")"):
                    name = ""
                elif name and line.startswith("    ") and words[0].islower():
                    found[name].append(words[0])
        return found

    assert tables("sqlite") == {k: v for k, v in tables("postgres").items() if k != "warmstart"}
