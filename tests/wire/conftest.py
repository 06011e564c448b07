"""Fixtures: a loopback Discord, clients pointed at it, and waits made short."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import pytest
import yaml
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.discord_app.client import WarmstartClient
from bot.discord_app.connection.link import Link
from bot.discord_app.desk import Desk
from bot.runtime import Runtime
from bot.settings import shipped_knowledge
from tests.wire.loopback import LoopbackDiscord
from tests.wire.process import Process, running_bot


@pytest.fixture
async def loopback(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[LoopbackDiscord]:
    """A loopback Discord at which every client of this process is pointed.

    What Discord would not have taken fails the test; a test that provokes it clears
    `loopback.violations`.
    """
    async with LoopbackDiscord() as server:
        monkeypatch.setattr(Route, "BASE", server.rest_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(server.gateway_url))
        yield server
    assert server.violations == []
    assert server.token not in caplog.text


class Hurried:
    """The asyncio module with a `sleep` that hardly waits, for discord.py's back-offs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, delay: float, result: Any = None) -> Any:
        return await asyncio.sleep(min(delay, 0.02), result)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten what discord.py waits: retries, reconnects, and 5 s before a second IDENTIFY."""
    for module in ("discord.http", "discord.webhook.async_", "discord.client", "discord.shard"):
        monkeypatch.setattr(f"{module}.asyncio", Hurried())
    monkeypatch.setattr("bot.discord_app.shards.IDENTIFY_PAUSE", 0.02)


@pytest.fixture(autouse=True)
def swallowed(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test in which something logged an error; one that provokes it clears `caplog`."""
    yield
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not errors, "\n".join(caplog.handler.format(record) for record in errors)


@asynccontextmanager
async def running(client: discord.Client, server: LoopbackDiscord) -> AsyncIterator[discord.Client]:
    """Start a client, wait until it is connected, and close it at the end."""
    async with client:
        task = asyncio.create_task(client.start(server.token))
        waiting = asyncio.create_task(server.connected())
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            waiting.cancel()
        else:
            await waiting
            yield client
            await client.close()
        await task


@asynccontextmanager
async def held(client: WarmstartClient, server: LoopbackDiscord) -> AsyncIterator[Link]:
    """Hold Warmstart's connection as `warmstart run` does, with waits made short."""
    async with client:
        link = Link(client, client.desk.work.counts, sleep=briefly)
        holding = asyncio.create_task(link.hold(server.token))
        try:
            await server.connected()
            yield link
            assert not holding.done(), "the connection was given up"
        finally:
            holding.cancel()
            await client.desk.work.finish(within=3)
            await client.close()
            await asyncio.wait({holding})


async def briefly(delay: float) -> None:
    """Wait as long as has to be, but hardly."""
    await asyncio.sleep(min(delay, 0.02))


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what no request announces."""
    for _ in range(300):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("not within 3 s")


@pytest.fixture
async def link(loopback: LoopbackDiscord, runtime: Runtime) -> AsyncIterator[Link]:
    """The connection of Warmstart with the shipped knowledge and a database of its own."""
    async with held(WarmstartClient(Desk.of(runtime)), loopback) as link:
        yield link


@pytest.fixture
async def bot(link: Link) -> WarmstartClient:
    """Warmstart, connected."""
    assert isinstance(link.client, WarmstartClient)
    return link.client


@pytest.fixture
def small_knowledge(tmp_path: Path) -> Path:
    """Two topics of the shipped knowledge, so that a second process starts at once."""
    folder = tmp_path / "knowledge"
    shutil.copytree(shipped_knowledge(), folder)
    (folder / "off-topic.yaml").unlink()
    kept = ("getting-started", "cost")
    for topic in (folder / "topics").iterdir():
        if topic.stem not in kept:
            topic.unlink()
    about = yaml.safe_load((folder / "about.yaml").read_text())
    (folder / "about.yaml").write_text(yaml.safe_dump(about | {"featured": list(kept)}))
    return folder


@pytest.fixture
def bot_process(
    loopback: LoopbackDiscord, database: Path, small_knowledge: Path, tmp_path: Path
) -> Callable[[], AbstractAsyncContextManager[Process]]:
    """Runs the bot in a process of its own; its log tells no error."""

    def run() -> AbstractAsyncContextManager[Process]:
        connected = loopback.connected(within=30)
        places = {"WARMSTART_DATABASE": database, "WARMSTART_KNOWLEDGE": small_knowledge}
        return running_bot(loopback, connected, tmp_path, **places)

    return run
