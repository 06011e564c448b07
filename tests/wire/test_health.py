"""How the bot says that it is well: `/healthz`, `/metrics`, `warmstart health`, stalls."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.cli import main
from bot.discord_app.client import WarmstartClient
from bot.discord_app.connection.link import Link, sockets
from bot.discord_app.desk import Desk
from bot.discord_app.run import watched
from bot.discord_app.shards import ShardedClient
from bot.runtime import Runtime
from bot.settings import Shards
from bot.stalls import stalls_noticed
from tests.wire.conftest import held, until
from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import texts
from tests.wire.test_bot import QUESTION, helpful
from tests.wire.test_database_faults import locked

OFF_TOPIC = "what is the capital of France?"


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port: int = taken.getsockname()[1]
    return port


@dataclass
class Watched:
    """A connected bot that serves its health."""

    link: Link
    port: int

    async def get(self, path: str) -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            return response.status, await response.text()

    async def facts(self) -> tuple[int, dict[str, Any]]:
        status, text = await self.get("/healthz")
        return status, json.loads(text)

    async def told(self) -> int:
        """Run `warmstart health` and return its exit code."""
        return await asyncio.to_thread(main, ["health", "--health-port", str(self.port)])


@pytest.fixture
async def seen(bot: WarmstartClient, link: Link) -> AsyncIterator[Watched]:
    port = free_port()
    async with watched(link.pulse, bot.desk, port):
        yield Watched(link, port)


async def test_a_bot_that_is_well_says_so(
    seen: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    status, facts = await seen.facts()
    assert status == 200
    assert facts["status"] == "well"
    assert (facts["gateway"], facts["database"]) == ("connected", "writable")
    assert facts["heartbeat_age"] < 5
    assert facts["knowledge"]
    assert await seen.told() == 0
    assert capsys.readouterr().out.startswith("well: Discord connected, last heartbeat")


async def test_a_gateway_that_is_gone_makes_it_ill(
    seen: Watched, loopback: LoopbackDiscord, capsys: pytest.CaptureFixture[str]
) -> None:
    loopback.gateway.down = True
    await loopback.until(lambda: loopback.gateway.refused >= 2, "an outage")
    status, facts = await seen.facts()
    assert (status, facts["status"], facts["gateway"]) == (503, "ill", "disconnected")
    assert await seen.told() == 1
    assert "ill: Discord disconnected" in capsys.readouterr().out
    loopback.gateway.down = False
    await loopback.connected()
    await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    assert (await seen.facts())[0] == 200


async def test_a_gateway_that_is_silent_makes_it_ill(
    runtime: Runtime, loopback: LoopbackDiscord
) -> None:
    """The socket is open and nothing comes: only missing acknowledgements tell."""
    loopback.gateway.heartbeat_interval = 0.1
    async with held(WarmstartClient(Desk.of(runtime)), loopback) as link:
        await loopback.until(lambda: loopback.gateway.heartbeats >= 2, "a heartbeat")
        assert link.pulse().alive
        loopback.gateway.acknowledges = False
        beats = loopback.gateway.heartbeats
        await loopback.until(lambda: loopback.gateway.heartbeats >= beats + 4, "heartbeats")
        assert link.pulse().connected
        assert not link.pulse().alive


async def test_it_is_well_only_with_every_shard(
    runtime: Runtime, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """A third shard that waits for its turn, and one that is lost while the others go on."""
    turn = asyncio.Event()

    class Waiting(ShardedClient):
        async def before_identify_hook(self, shard_id: int | None, **_: Any) -> None:
            if shard_id == 2:
                await turn.wait()

    def live() -> set[int]:
        return {session.shard[0] for session in loopback.gateway.live}

    client = Waiting(Desk.of(runtime), Shards(0, 2, 3))
    async with held(client, loopback) as link:
        await loopback.until(lambda: live() == {0, 1}, "two shards")
        for socket in sockets(client):  # READY of both has come
            await until(lambda ws=socket: ws.session_id is not None)
        assert not link.pulse().connected
        turn.set()
        await loopback.until(lambda: live() == {0, 1, 2}, "three shards")
        await until(lambda: link.pulse().connected)
        turn.clear()
        (third,) = (s for s in loopback.gateway.live if s.shard[0] == 2 and s.connection)
        third.connection.send(op=10)  # cannot be read: it begins anew, and waits for its turn
        await until(lambda: "out of reach" in caplog.text)
        await until(lambda: live() == {0, 1})
        assert not link.pulse().connected
        turn.set()
        await until(lambda: link.pulse().connected)
    assert (caplog.text.count("out of reach"), caplog.text.count("is back")) == (1, 1)
    assert client.desk.work.counts.reconnects == 1


async def test_a_database_that_cannot_be_written_makes_it_ill(
    seen: Watched, database: Path
) -> None:
    with locked(database, 30):
        status, facts = await seen.facts()
        assert (status, facts["gateway"]) == (503, "connected")
        assert "did not take a write" in facts["database"]


async def test_metrics_count_what_was_done(seen: Watched, loopback: LoopbackDiscord) -> None:
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    await loopback.ask(loopback.general, loopback.alice, OFF_TOPIC, mention_bot=True)
    await loopback.click(card, helpful(card)[0]["custom_id"], loopback.bob)
    loopback.gateway.abort()
    await loopback.until(lambda: loopback.gateway.resumes, "a RESUME")
    await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    status, text = await seen.get("/metrics")
    assert status == 200
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["warmstart_questions_total", "answer"] == 2
    assert samples["warmstart_questions_total", "none"] == 1
    assert samples["warmstart_votes_total",] == 1
    assert samples["warmstart_reconnects_total",] == 1
    assert samples["warmstart_connected",] == 1
    assert samples["warmstart_answer_seconds_count", "message"] == 3
    assert samples["warmstart_answer_seconds_bucket", "interaction", "+Inf"] == 1
    assert 0 < samples["warmstart_answer_seconds_sum", "message"] < 3


async def test_knowledge_status_shows_the_same_facts(
    seen: Watched, bot: WarmstartClient, loopback: LoopbackDiscord
) -> None:
    await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    done = await loopback.slash(loopback.owner, "knowledge status")
    said = "\n".join(texts(done.private[0]))
    assert "Discord: connected, last heartbeat" in said
    assert "Database: takes votes." in said
    assert "1 questions answered" in said


def test_nobody_there_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    assert main(["health", "--health-port", str(port)]) == 1
    assert f"No bot answers on http://127.0.0.1:{port}/healthz" in capsys.readouterr().err


def test_without_a_port_it_says_how(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WARMSTART_HEALTH_PORT", raising=False)
    assert main(["health"]) == 2
    assert "--health-port 8421" in capsys.readouterr().err


async def test_a_stall_is_logged_with_its_culprit(caplog: pytest.LogCaptureFixture) -> None:
    """The log names the function that holds up the loop, once a stall; a busy loop is none."""

    class Counted:
        stalls = 0

    with stalls_noticed(counts := Counted(), limit=0.1):  # type: ignore[arg-type]
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert caplog.text == ""
        a_culprit()
        await asyncio.sleep(0.1)
    assert counts.stalls == 1
    assert caplog.text.count("stood still") == 1
    assert "a_culprit" in caplog.text
    assert "goes on after" in caplog.text


def a_culprit() -> None:
    time.sleep(0.4)


async def test_a_handler_that_hangs_is_ended_and_others_are_served(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One person's click hangs: the others get their answers, and that one an apology."""
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    bot.desk.work.longest = 0.3
    store, toggle = bot.desk.store, bot.desk.store.toggle_helpful

    async def hangs_for_bob(topic: str, resource: str, voter: Any, guild: int) -> bool:
        if voter == bot.desk.voter(loopback.bob.id):
            await asyncio.Event().wait()
        return await toggle(topic, resource, voter, guild)

    monkeypatch.setattr(store, "toggle_helpful", hangs_for_bob)
    target = helpful(card)[0]["custom_id"]
    hanging = asyncio.create_task(loopback.click(card, target, loopback.bob))
    await loopback.click(card, target, loopback.alice)
    await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    assert not hanging.done()
    click = await hanging
    assert "something went wrong" in texts(click.private[0])[0]
    assert "hangs_for_bob" in caplog.text
    caplog.clear()
