"""The connection to Discord held through outages, and through what Discord should never send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from discord.http import Route

from bot.discord_app.client import WarmstartClient
from bot.discord_app.connection.backoff import LONGEST, Backoff
from bot.discord_app.connection.link import Link, Sleep
from bot.discord_app.desk import Desk
from bot.discord_app.shards import ShardedClient
from bot.errors import StoreBusy
from bot.runtime import Runtime
from bot.settings import Shards
from bot.store import Duty, GuildSettings
from tests.wire.conftest import briefly, held, until
from tests.wire.loopback import LoopbackDiscord
from tests.wire.test_bot import QUESTION, helpful, votes

Make = Callable[..., WarmstartClient]


def sharded(desk: Desk, **options: Any) -> WarmstartClient:
    """Return a client that holds one shard as one of many processes does."""
    return ShardedClient(desk, Shards(0, 0, 1), **options)


@pytest.fixture(params=[WarmstartClient, sharded], ids=["plain", "sharded"])
def make(request: pytest.FixtureRequest) -> Make:
    """Both kinds of client: what holds for one holds for the other."""
    made: Make = request.param
    return made


@pytest.fixture
async def link(loopback: LoopbackDiscord, runtime: Runtime, make: Make) -> AsyncIterator[Link]:
    """The connection of either client."""
    async with held(make(Desk.of(runtime)), loopback) as link:
        yield link


@asynccontextmanager
async def holding(
    runtime: Runtime, loopback: LoopbackDiscord, make: Make, sleep: Sleep = briefly
) -> AsyncIterator[Link]:
    """Start to hold the connection, without waiting for it."""
    async with make(Desk.of(runtime)) as client:
        link = Link(client, sleep=sleep)
        task = asyncio.create_task(link.hold(loopback.token))
        try:
            yield link
            assert not task.done()
        finally:
            task.cancel()
            await client.close()
            await asyncio.wait({task})


async def asked(loopback: LoopbackDiscord) -> None:
    """Ask something and get the answer."""
    await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)


def said(caplog: pytest.LogCaptureFixture, words: str) -> int:
    return caplog.text.count(words)


async def test_a_gateway_out_of_reach_at_first_is_waited_for(
    runtime: Runtime, loopback: LoopbackDiscord, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    """The first connect may fail again and again: one line, and then it works."""
    loopback.gateway.down = True
    async with holding(runtime, loopback, make):
        await loopback.until(lambda: loopback.gateway.refused >= 5, "five attempts")
        assert said(caplog, "Discord is out of reach") == 1
        loopback.gateway.down = False
        await loopback.connected()
        await asked(loopback)
    assert said(caplog, "Discord is back") == 1
    assert "Traceback" not in caplog.text


async def test_a_login_that_fails_is_tried_again(
    runtime: Runtime, loopback: LoopbackDiscord, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    """503, a cut connection, Cloudflare's 429: the login knocks on until it is let in."""
    loopback.fail_next("GET", "/users/@me$", status=503)
    loopback.fail_next("GET", "/users/@me$", cut=True, times=2)
    loopback.limit_next("GET", "/users/@me$", via=False)
    loopback.fail_next("GET", "/applications/@me$", cut=True)
    async with holding(runtime, loopback, make):
        await asked_when_connected(loopback)
    assert said(caplog, "Discord is out of reach") == 1


async def test_a_database_in_trouble_at_the_login_stops_nothing(
    runtime: Runtime,
    loopback: LoopbackDiscord,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Only whether the commands changed is not known: one line, and the next start looks again."""

    async def restarting(name: str) -> str:
        raise StoreBusy("The database is starting up.")

    monkeypatch.setattr(runtime.store, "value", restarting)
    async with holding(runtime, loopback, make):
        await asked_when_connected(loopback)
    assert said(caplog, "the next start tries again: The database is starting up.") == 1
    assert said(caplog, "out of reach") == 0
    caplog.clear()


async def test_whatever_ends_a_first_login_the_second_is_let_in(
    runtime: Runtime, loopback: LoopbackDiscord, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a login prepares is prepared once, or can be prepared again."""
    value, broken = runtime.store.value, [RuntimeError("nobody thought of this")]

    async def once(name: str) -> str | None:
        if broken:
            raise broken.pop()
        return await value(name)

    monkeypatch.setattr(runtime.store, "value", once)
    async with holding(runtime, loopback, make):
        await asked_when_connected(loopback)
    assert loopback.count("GET", "/users/@me$") == 2
    assert loopback.count("PUT", r"/commands$") == 1


async def test_servers_that_left_while_it_was_away_are_forgotten(
    runtime: Runtime, loopback: LoopbackDiscord, make: Make
) -> None:
    """One in an outage of Discord's is still there, and keeps what it said."""
    dark = loopback.add_guild("Dark")
    left = loopback.add_guild("Left", has_bot=False)
    said = GuildSettings({11: Duty.WATCH})
    for guild in (loopback.home, dark, left):
        await runtime.store.save_guild_settings(guild.id, said)
    dispatch = loopback.gateway.dispatch
    client = make(Desk.of(runtime), guild_ready_timeout=0.05)
    async with held(client, loopback):
        dispatch("GUILD_DELETE", {"id": str(dark.id), "unavailable": True}, dark)
        await until(lambda: client.is_ready() and client.get_guild(dark.id).unavailable)
        await client.on_ready()  # as after the outage, and once more
    kept = [await runtime.store.guild_settings(g.id) for g in (loopback.home, dark, left)]
    assert kept == [said, said, GuildSettings()]


async def test_a_process_forgets_only_servers_of_its_own_shards(
    runtime: Runtime, loopback: LoopbackDiscord
) -> None:
    """What other processes hold is not for this one to judge."""
    shard = (loopback.home.id >> 22) % 2
    here, there = (loopback.home.id + (number << 22) for number in (2, 1))
    for guild in (loopback.home.id, here, there):
        await runtime.store.save_guild_settings(guild, GuildSettings())
    client = ShardedClient(Desk.of(runtime), Shards(shard, shard, 2), guild_ready_timeout=0.05)
    async with held(client, loopback):
        await until(client.is_ready)
        await client.on_ready()
    assert set(await runtime.store.known_guilds()) == {loopback.home.id, there}


async def test_only_the_process_with_the_first_shard_syncs_the_commands(
    runtime: Runtime, loopback: LoopbackDiscord
) -> None:
    async with held(ShardedClient(Desk.of(runtime), Shards(1, 1, 2)), loopback):
        pass
    assert loopback.count("PUT", r"/commands$") == 0
    async with held(ShardedClient(Desk.of(runtime), Shards(0, 0, 2)), loopback):
        pass
    assert loopback.count("PUT", r"/commands$") == 1


async def asked_when_connected(loopback: LoopbackDiscord) -> None:
    await loopback.connected()
    await asked(loopback)


async def test_a_name_that_cannot_be_resolved_is_waited_for(
    runtime: Runtime,
    loopback: LoopbackDiscord,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without DNS the bot waits like without a network."""

    async def repair(_: float) -> None:
        monkeypatch.setattr(Route, "BASE", loopback.rest_url)

    monkeypatch.setattr(Route, "BASE", "http://discord.invalid/api/v10")
    async with holding(runtime, loopback, make, sleep=repair):
        await asked_when_connected(loopback)
    assert said(caplog, "Discord is out of reach (Cannot connect to host discord.invalid") == 1


async def test_down_for_a_while(
    bot: WarmstartClient, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """What was asked during an outage is answered after it, once, and the log has two lines."""
    loopback.gateway.down = True
    await loopback.until(lambda: loopback.gateway.refused >= 4, "four attempts")
    missed = await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    loopback.gateway.down = False
    await loopback.answer_to(missed)
    await asked(loopback)
    assert len(loopback.answers_to(missed)) == 1
    assert (said(caplog, "out of reach"), said(caplog, "is back")) == (1, 1)
    assert len(loopback.gateway.identifies) == 1


async def close(loopback: LoopbackDiscord) -> None:
    await loopback.gateway.close(4000)


async def abort(loopback: LoopbackDiscord) -> None:
    loopback.gateway.abort()


async def reconnect(loopback: LoopbackDiscord) -> None:
    loopback.gateway.reconnect()


async def invalidate_resumable(loopback: LoopbackDiscord) -> None:
    loopback.gateway.invalidate(resumable=True)


async def invalidate(loopback: LoopbackDiscord) -> None:
    loopback.gateway.invalidate()
    await loopback.until(lambda: len(loopback.gateway.identifies) == 2, "a second IDENTIFY")


@pytest.mark.parametrize("fault", [close, abort, reconnect, invalidate_resumable, invalidate])
async def test_a_mention_meanwhile_is_answered_once(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    caplog: pytest.LogCaptureFixture,
    fault: Callable[[LoopbackDiscord], Any],
) -> None:
    """Whatever ends the connection, the bot resumes or identifies, and the log stays quiet."""
    await fault(loopback)
    missed = await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    await loopback.answer_to(missed)
    await asked(loopback)
    assert len(loopback.answers_to(missed)) == 1
    assert len(loopback.gateway.resumes) == (fault is not invalidate)
    assert said(caplog, "out of reach") == 0


async def test_a_gateway_that_acknowledges_no_heartbeat_is_left(
    runtime: Runtime, loopback: LoopbackDiscord, make: Make
) -> None:
    """A silent gateway is left after the client's timeout; a mention meanwhile is answered."""
    loopback.gateway.heartbeat_interval = 0.05
    loopback.gateway.acknowledges = False
    client = make(Desk.of(runtime), heartbeat_timeout=0.2)
    async with held(client, loopback):
        await loopback.until(lambda: loopback.gateway.resumes, "a RESUME")
        loopback.gateway.acknowledges = True
        await asked(loopback)


async def test_what_comes_twice_counts_once(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    database: Path,
) -> None:
    """A RESUME may replay what was handled: no second card, no vote taken back."""
    question = await loopback.say(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    card = await loopback.answer_to(question)
    click = await loopback.click(card, helpful(card)[0]["custom_id"], loopback.bob)
    loopback.gateway.message("MESSAGE_CREATE", question, loopback.home)
    loopback.gateway.dispatch("INTERACTION_CREATE", click.payload, loopback.home)
    await asked(loopback)
    assert len(loopback.answers_to(question)) == 1
    assert [helpful for _, _, helpful in votes(database)] == [1]


MALFORMED: list[dict[str, Any]] = [
    {"op": 0, "t": "MESSAGE_CREATE", "s": 50, "d": {}},
    {"op": 0, "t": "MESSAGE_CREATE", "s": 51, "d": None},
    {"op": 0, "t": "MESSAGE_CREATE", "s": 52, "d": {"id": "1", "author": 3}},
    {"op": 0, "t": "INTERACTION_CREATE", "s": 53, "d": {"id": "2", "type": 3}},
    {"op": 0, "t": "GUILD_CREATE", "s": 54, "d": {"id": "x"}},
    {"op": 0, "t": "MESSAGE_UPDATE", "s": 55, "d": []},
]
UNKNOWN: list[dict[str, Any]] = [
    {"op": 0, "t": "SOMETHING_NEW", "s": 60, "d": {"a": 1}},
    {"op": 99, "d": {}},
    {"op": 0, "t": None, "s": 61, "d": None},
]


async def test_what_cannot_be_read_is_left_out(
    bot: WarmstartClient, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """A malformed event, an unknown one: logged, and the same connection goes on."""
    for payload in MALFORMED + UNKNOWN:
        loopback.gateway.raw(**payload)
    await asked(loopback)
    left_out = [r for r in caplog.records if "is left out" in r.message]
    assert len(left_out) == len(MALFORMED)
    assert bot.desk.work.counts.errors["event"] == len(MALFORMED)
    assert (len(loopback.gateway.identifies), loopback.gateway.resumes) == (1, [])
    caplog.clear()


@pytest.mark.parametrize(
    "payload",
    [{"op": 0, "t": "READY", "s": 1, "d": {}}, {"op": 10, "d": None}, {"op": 0, "t": "RESUMED"}],
)
async def test_a_broken_session_is_begun_anew(
    bot: WarmstartClient, loopback: LoopbackDiscord, payload: dict[str, Any]
) -> None:
    """Where nothing can be built upon, the bot connects again."""
    loopback.gateway.raw(**payload)
    await loopback.until(lambda: len(loopback.gateway.identifies) == 2, "a second IDENTIFY")
    await asked(loopback)


async def test_a_card_with_unknown_components_still_works(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    """Discord may add to a message what this library does not know."""
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    strange = card | {"components": [{"type": 77, "id": 90, "shape": "round"}, *card["components"]]}
    await loopback.click(strange, helpful(card)[0]["custom_id"], loopback.bob)
    assert len(votes(database)) == 1
    nested = {"type": 17, "id": 91, "components": [{"type": 78, "id": 92}], "spoiler": False}
    only = card | {"components": [nested, *card["components"]]}
    await loopback.click(only, helpful(card)[0]["custom_id"], loopback.alice)
    assert len(votes(database)) == 2


def test_waits_double_up_to_a_cap_and_begin_short_after_calm() -> None:
    now = 0.0
    highest, lowest = (Backoff(chance=lambda c=c: c, clock=lambda: now) for c in (1.0, 0.0))
    assert [highest.delay() for _ in range(8)] == [1, 2, 4, 8, 16, 32, LONGEST, LONGEST]
    assert [lowest.delay() for _ in range(3)] == [0.5, 1, 2]
    now = 1000.0
    assert highest.delay() == 1
