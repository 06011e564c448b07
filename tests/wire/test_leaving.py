"""What is kept of a server: while the bot is in it, by the application whose database it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.discord_app.client import APPLICATION_VALUE, WarmstartClient
from bot.discord_app.desk import Desk
from bot.runtime import Runtime
from bot.store import GuildSettings
from tests.wire.conftest import held, until
from tests.wire.loopback import LoopbackDiscord
from tests.wire.test_bot import QUESTION, helpful


def homes(database: Path) -> list[int]:
    """Return the servers of all votes."""
    with closing(sqlite3.connect(database)) as file:
        return [guild for (guild,) in file.execute("SELECT guild FROM votes ORDER BY guild")]


def client_of(runtime: Runtime) -> WarmstartClient:
    return WarmstartClient(Desk.of(runtime), guild_ready_timeout=0.05)


async def test_votes_are_all_that_is_kept_of_a_server_that_left(
    runtime: Runtime, loopback: LoopbackDiscord, database: Path
) -> None:
    """They count on, as cast in no server; those of servers that stayed remain theirs."""
    left = loopback.add_guild("Left", has_bot=False)
    for person, guild in enumerate((loopback.home, left)):
        voter = runtime.voter(person)
        await runtime.store.record_vote("cost", ["keras"], voter, guild.id, helpful=True)
    async with held(client_of(runtime), loopback):
        await until(lambda: homes(database) == [0, loopback.home.id])


async def test_a_vote_where_the_bot_is_no_member_names_no_server(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    """A person brought the app along; the server never agreed to being remembered."""
    away = loopback.add_channel(loopback.add_guild("Elsewhere", has_bot=False), "chat")
    asked = await loopback.slash(loopback.alice, "ask", {"question": QUESTION}, channel=away)
    assert asked.message is not None
    await loopback.click(asked.message, helpful(asked.message)[0]["custom_id"], loopback.alice)
    card = await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    await loopback.click(card, helpful(card)[0]["custom_id"], loopback.bob)
    assert homes(database) == [0, loopback.home.id]


async def test_another_application_forgets_nobodys_servers(
    runtime: Runtime, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """The database was opened with a wrong token: that bot is in none of the servers."""
    await runtime.store.set_value(APPLICATION_VALUE, "1234")
    elsewhere = loopback.home.id + 1
    await runtime.store.save_guild_settings(elsewhere, GuildSettings(paused=True))
    async with held(client_of(runtime), loopback):
        await until(lambda: "belongs to another application (1234)" in caplog.text)
        await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
    assert await runtime.store.guild_settings(elsewhere) == GuildSettings(paused=True)
    warnings = [one for one in caplog.records if "another application" in one.message]
    assert len(warnings) == 1


async def test_the_first_application_keeps_its_database(
    runtime: Runtime, loopback: LoopbackDiscord
) -> None:
    left = loopback.home.id + 1
    for _ in range(2):
        await runtime.store.save_guild_settings(left, GuildSettings(paused=True))
        async with held(client_of(runtime), loopback) as link:
            await until(link.client.is_ready)
            await link.client.on_ready()
        assert list(await runtime.store.known_guilds()) == []
    assert await runtime.store.value(APPLICATION_VALUE) == str(loopback.bot.id)
