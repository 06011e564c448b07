"""How each server wants the bot: read once, changed one after the other, forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.discord_app.guilds import GuildBook
from bot.discord_app.opt_outs import OptOuts
from bot.errors import StoreBusy
from bot.store import Duty, GuildSettings, Store, Voter, open_sqlite

HOME = 1_234_567_890_123_456_789


@pytest.fixture
async def store(database: Path) -> AsyncIterator[Store]:
    async with open_sqlite(database) as opened:
        yield opened


async def test_settings_are_read_once_and_known_after_a_change(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.save_guild_settings(HOME, GuildSettings({11: Duty.WATCH}))
    reads: list[int] = []
    read = store.guild_settings

    async def counted(guild: int) -> GuildSettings:
        reads.append(guild)
        return await read(guild)

    monkeypatch.setattr(store, "guild_settings", counted)
    book = GuildBook(store)
    assert book.known(HOME) == GuildSettings()
    for _ in range(3):
        assert (await book.of(HOME)).duties == {11: Duty.WATCH}
    await book.change(HOME, lambda now: replace(now, paused=True))
    assert book.known(HOME) == await book.of(HOME) == GuildSettings({11: Duty.WATCH}, paused=True)
    assert reads == [HOME]
    assert await read(HOME) == book.known(HOME)


async def test_changes_at_once_lose_nothing(store: Store) -> None:
    book = GuildBook(store)

    def added(channel: int) -> asyncio.Future[GuildSettings]:
        change = book.change(
            HOME, lambda now: replace(now, duties={**now.duties, channel: Duty.SHADOW})
        )
        return asyncio.ensure_future(change)

    await asyncio.gather(*map(added, range(1, 21)))
    assert set((await store.guild_settings(HOME)).duties) == set(range(1, 21))


async def test_outside_of_servers_nothing_is_read_and_a_server_that_left_is_forgotten(
    store: Store,
) -> None:
    book = GuildBook(store)
    assert await book.of(None) == GuildSettings()
    await book.change(HOME, lambda _: GuildSettings({11: Duty.WATCH}))
    await book.forget(HOME)
    assert await book.of(HOME) == await store.guild_settings(HOME) == GuildSettings()


async def test_what_is_read_of_a_server_that_is_just_forgotten_does_not_come_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invited again, it begins without duties."""
    await store.save_guild_settings(HOME, GuildSettings({11: Duty.WATCH}))
    book = GuildBook(store)
    await read_while(book, store, book.forget(HOME), monkeypatch)
    assert await book.of(HOME) == GuildSettings()


async def test_what_an_admin_saves_while_it_is_read_holds(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, quiet = GuildBook(store), GuildSettings({11: Duty.SILENT})
    await read_while(book, store, book.change(HOME, lambda _: quiet), monkeypatch)
    assert await book.of(HOME) == quiet


async def read_while(
    book: GuildBook, store: Store, work: Awaitable[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let a book read a server's settings, and work be done before it hears what they were."""
    read, have_read, go_on = store.guild_settings, asyncio.Event(), asyncio.Event()

    async def slow(guild: int) -> GuildSettings:
        found, first = await read(guild), not have_read.is_set()
        have_read.set()
        if first:
            await go_on.wait()
        return found

    monkeypatch.setattr(store, "guild_settings", slow)
    reading = asyncio.create_task(book.of(HOME))
    await have_read.wait()
    await work
    go_on.set()
    await reading


async def test_a_store_that_hangs_is_waited_for_a_second_at_most(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hanging(_: object) -> GuildSettings:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr("bot.discord_app.guilds.STORE_SECONDS", 0.01)
    monkeypatch.setattr("bot.discord_app.opt_outs.STORE_SECONDS", 0.01)
    monkeypatch.setattr(store, "guild_settings", hanging)
    monkeypatch.setattr(store, "opted_out", hanging)
    book, opt_outs = GuildBook(store), OptOuts(store, lambda one: Voter(one.to_bytes(16)))
    async with asyncio.timeout(1):
        assert await book.of(HOME) == GuildSettings()
        assert not book.knows(HOME)
        assert await opt_outs.declined(1)
        assert not await opt_outs.silenced(1)


async def test_a_store_in_trouble_does_not_silence_the_bot(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.save_guild_settings(HOME, GuildSettings({11: Duty.QUESTION}))

    async def busy(_: int) -> GuildSettings:
        raise StoreBusy("the database is busy; try again")

    book = GuildBook(store)
    with monkeypatch.context() as trouble:
        trouble.setattr(store, "guild_settings", busy)
        assert await book.of(HOME) == GuildSettings()
        with pytest.raises(StoreBusy):
            await book.change(HOME, lambda now: now)
    assert (await book.of(HOME)).duties == {11: Duty.QUESTION}
