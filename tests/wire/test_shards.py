"""Many shards in one process; two with two each on one PostgreSQL, through kills and restarts."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from bot.discord_app.run import serve
from bot.settings import load_settings
from tests.cluster import Cluster
from tests.wire.loopback import LoopbackDiscord
from tests.wire.process import Process, running_bot
from tests.wire.shown import Json
from tests.wire.test_bot import QUESTION, helpful
from tests.wire.world import Channel

SHARDS = 4
KEY = "5a" * 32


def channel_on(loopback: LoopbackDiscord, shard: int) -> Channel:
    """Return a channel of a server that belongs to a shard."""
    while True:
        guild = loopback.add_guild("There", owner=loopback.alice)
        if (guild.id >> 22) % SHARDS == shard:
            return loopback.add_channel(guild, "general")
        del loopback.guilds[guild.id]
        loopback._last_id += 1 << 22


def started(
    loopback: LoopbackDiscord, url: str, shards: str, folder: Path, knowledge: Path
) -> AbstractAsyncContextManager[Process]:
    """Run a process with two shards of its own."""
    wanted = len(loopback.gateway.live) + 2
    both = loopback.until(lambda: len(loopback.gateway.live) == wanted, "shards", within=40)
    return running_bot(
        loopback,
        both,
        folder,
        faults=True,
        WARMSTART_SHARDS=shards,
        WARMSTART_DATABASE=url,
        WARMSTART_VOTER_KEY=KEY,
        WARMSTART_KNOWLEDGE=knowledge,
    )


@asynccontextmanager
async def as_recommended(
    loopback: LoopbackDiscord, shards: int, database: Path, knowledge: Path
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot with `--shards auto`, once all the shards that Discord recommends are connected."""
    loopback.rest.shards = shards
    settings = load_settings(
        {"DISCORD_TOKEN": loopback.token, "WARMSTART_SHARDS": "auto"},
        knowledge=knowledge, database=database, with_token=True,
    )  # fmt: skip
    serving = asyncio.create_task(serve(settings))
    try:
        await loopback.until(lambda: len(loopback.gateway.live) == shards, "shards", within=10)
        yield serving
    finally:
        serving.cancel()
        await asyncio.wait({serving})


async def test_one_process_takes_as_many_shards_as_discord_recommends(
    loopback: LoopbackDiscord, database: Path, small_knowledge: Path
) -> None:
    channels = [channel_on(loopback, shard) for shard in range(SHARDS)]
    async with as_recommended(loopback, SHARDS, database, small_knowledge):
        shards = sorted(session.shard for session in loopback.gateway.live)
        assert shards == [(number, SHARDS) for number in range(SHARDS)]
        assert loopback.count("PUT", r"/commands$") == 1
        for channel in channels:
            assert helpful(await card_in(loopback, channel))


async def test_told_to_stop_it_takes_no_more_on_any_shard(
    loopback: LoopbackDiscord, database: Path, small_knowledge: Path
) -> None:
    """Else a busy bot would never be done, and cut off what it has just begun."""
    async with as_recommended(loopback, 2, database, small_knowledge) as serving:
        await card_in(loopback, loopback.general)
        loopback.fail_next("POST", r"/messages$", status=503, delay=0.5)
        taken = await loopback.say(loopback.general, loopback.bob, QUESTION, mention_bot=True)
        await loopback.until(lambda: loopback.count("POST", r"/messages$") == 2, "an attempt")
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0.05)  # it hears of it
        late = await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
        await asyncio.wait_for(serving, 8)
    assert len(loopback.answers_to(taken)) == 1
    assert loopback.answers_to(late) == []


async def card_in(loopback: LoopbackDiscord, channel: Channel) -> Json:
    return await loopback.ask(channel, loopback.alice, QUESTION, mention_bot=True, within=15)


async def stored(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM votes WHERE helpful"))
    finally:
        await connection.close()


@pytest.fixture
async def url(cluster: Cluster) -> str:
    return await cluster.database()


async def test_processes_share_votes_and_outlive_each_other(
    loopback: LoopbackDiscord, url: str, tmp_path: Path, small_knowledge: Path
) -> None:
    here, there = channel_on(loopback, 1), channel_on(loopback, 3)
    async with AsyncExitStack() as stack:
        both = [
            await stack.enter_async_context(
                started(loopback, url, shards, tmp_path, small_knowledge)
            )
            for shards in ("0-1/4", "2-3/4")
        ]
        shards = sorted(session.shard for session in loopback.gateway.live)
        assert shards == [(number, SHARDS) for number in range(SHARDS)]
        assert loopback.count("PUT", r"/commands$") == 1  # the one with shard 0
        near, far = await card_in(loopback, here), await card_in(loopback, there)

        # a vote through one shows on the other's card
        await loopback.click(near, helpful(near)[0]["custom_id"], loopback.bob, within=5)
        await loopback.click(far, helpful(far)[0]["custom_id"], loopback.alice, within=5)
        assert helpful(far)[0]["label"].endswith("2")

        # one is killed: the other goes on
        both[0].kill()
        await both[0].wait()
        await loopback.until(lambda: len(loopback.gateway.live) == 2, "two shards less")
        await loopback.click(far, helpful(far)[1]["custom_id"], loopback.alice, within=15)
        assert await stored(url) == 3

        # and it comes back to its cards
        await stack.enter_async_context(started(loopback, url, "0-1/4", tmp_path, small_knowledge))
        await loopback.click(near, helpful(near)[1]["custom_id"], loopback.owner, within=15)
        assert helpful(near)[1]["label"].endswith("2")
        assert await stored(url) == 4
