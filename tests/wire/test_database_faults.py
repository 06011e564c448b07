"""Votes through what happens to databases: locks, full disks, lost files, and kill -9."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import limits
from bot.advice import Advisor, Base
from bot.discord_app.client import WarmstartClient
from bot.discord_app.desk import Desk
from bot.store import asker, load_key, open_sqlite, voter
from bot.store.model import GuildSettings, Store, Tally
from tests.wire.conftest import held
from tests.wire.interactions import DEFERRED_UPDATE, Interaction
from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import Json, texts
from tests.wire.test_bot import QUESTION, helpful, votes
from tests.wire.world import User

OFF_TOPIC = "what is the capital of France?"  # kept as a gap: this answer would write
VOTES, AT_ONCE = 1000, 50

HOLD = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
held.execute("ROLLBACK")
"""


@contextmanager
def locked(database: Path, seconds: float) -> Iterator[None]:
    """Let another process hold the write lock for some time."""
    command = [sys.executable, "-c", HOLD, str(database), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield
        finally:
            holder.kill()


async def a_card(loopback: LoopbackDiscord) -> Json:
    return await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)


async def vote(loopback: LoopbackDiscord, card: Json, **how: Any) -> Interaction:
    return await loopback.click(card, helpful(card)[0]["custom_id"], loopback.bob, **how)


def apology(click: Interaction) -> str:
    """Return the one private sentence that a click was answered with."""
    (private,) = click.private
    return texts(private)[0]


async def test_a_lock_by_another_process_is_waited_out(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    """The click is deferred in time, then stored and shown; answers go on meanwhile."""
    card = await a_card(loopback)
    with locked(database, 2.2):
        clicking = asyncio.create_task(vote(loopback, card, within=6))
        await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
        await loopback.ask(loopback.general, loopback.alice, OFF_TOPIC, mention_bot=True)
        assert not clicking.done()
        click = await clicking
    assert click.kind == DEFERRED_UPDATE
    assert click.acknowledged_after is not None
    assert click.acknowledged_after < 2.0
    assert helpful(card)[0]["label"].endswith("1")
    assert len(votes(database)) == 1


@pytest.mark.parametrize("pressed", ["ws:y:{tag}", "ws:b", "ws:w:{tag}"])
async def test_every_way_out_of_a_card_is_answered_in_time(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    database: Path,
    monkeypatch: pytest.MonkeyPatch,
    pressed: str,
) -> None:
    """Not for me, its way back, and "Tell the maintainers", while another process writes."""
    monkeypatch.setattr(limits, "DEFER_AFTER_SECONDS", 0.1)
    loopback.interactions.deadline = 0.5
    card = await loopback.ask(loopback.general, loopback.alice, OFF_TOPIC, mention_bot=True)
    custom_id = pressed.format(tag=bot.desk.tag(loopback.alice.id))
    with locked(database, 0.8):
        click = await loopback.click(card, custom_id, loopback.alice, forged=True, within=6)
    assert click.acknowledged_after is not None
    assert await bot.desk.work.finish(within=5) == 0
    if pressed.startswith("ws:y"):
        assert await bot.desk.opt_outs.declined(loopback.alice.id)
        assert int(card["id"]) not in loopback.messages  # the card went with it


async def test_a_database_that_hangs_right_after_a_start_is_waited_for_in_all(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What the server wants, and then the answer: both together have the time of one click."""
    store = bot.desk.store
    tallies = store.all_tallies

    async def hanging(_: int) -> GuildSettings:
        await asyncio.Event().wait()
        raise AssertionError

    async def slow(guild: int | None = None) -> Mapping[tuple[str, str], Tally]:
        await asyncio.sleep(1.2)
        return await tallies(guild)

    monkeypatch.setattr(limits, "DEFER_AFTER_SECONDS", 0.8)
    monkeypatch.setattr("bot.discord_app.guilds.STORE_SECONDS", 0.7)
    monkeypatch.setattr(store, "guild_settings", hanging)
    monkeypatch.setattr(store, "all_tallies", slow)
    shown = await loopback.slash(loopback.alice, "stats", within=6)
    assert shown.acknowledged_after is not None
    assert shown.acknowledged_after < 1.3
    caplog.clear()


@pytest.mark.parametrize("again", [False, True])
async def test_a_vote_that_is_stored_but_not_shown_is_told_as_stored(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    database: Path,
    monkeypatch: pytest.MonkeyPatch,
    again: bool,
) -> None:
    """Discord takes no deferral, the disk takes the vote: pressing again would undo it."""
    monkeypatch.setattr(limits, "DEFER_AFTER_SECONDS", 0.05)
    card = await a_card(loopback)
    if again:
        await vote(loopback, card)
    loopback.fail_next("POST", "/callback$", status=403, body={"code": 50001, "message": "no"})
    with locked(database, 0.4):
        click = await vote(loopback, card, within=6)
    assert len(votes(database)) == (0 if again else 1)
    assert ("taken back" if again else "is saved") in apology(click)


async def test_a_card_that_discord_refuses_does_not_have_a_stored_vote_tried_again(
    bot: WarmstartClient, loopback: LoopbackDiscord, database: Path
) -> None:
    """A refusal is for good, of whatever kind it is; the vote stands."""
    card = await a_card(loopback)
    loopback.fail_next("POST", "/callback$", status=400, body={"code": 50035, "message": "no"})
    click = await vote(loopback, card)
    assert len(votes(database)) == 1
    assert "is saved" in apology(click)


@asynccontextmanager
async def bot_on(
    base: Base, database: Path, loopback: LoopbackDiscord, **options: Any
) -> AsyncIterator[Store]:
    """A connected bot with a store of its own."""
    async with open_sqlite(database, **options) as store:
        key = load_key(database)
        people = partial(voter, key), partial(asker, key)
        desk = Desk(Advisor(base, store), store, *people)
        async with held(WarmstartClient(desk), loopback):
            yield store


async def test_a_lock_that_stays_is_a_private_sentence(
    base: Base, loopback: LoopbackDiscord, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot be stored is never shown as stored."""
    async with bot_on(base, database, loopback, busy_timeout=0.2):
        card = await a_card(loopback)
        with locked(database, 30):
            click = await vote(loopback, card)
            assert "save that" in apology(click)
            await a_card(loopback)
        assert helpful(card)[0]["label"] == "Helpful"
        assert (await vote(loopback, card)).private == []
    assert len(votes(database)) == 1
    caplog.clear()


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size: writes then fail as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_file_that_cannot_grow_refuses_votes_and_answers_go_on(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    database: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    card = await a_card(loopback)
    with largest_file(database.with_name("warmstart.db-wal").stat().st_size):
        click = await vote(loopback, card)
        await a_card(loopback)
        await loopback.ask(loopback.general, loopback.alice, OFF_TOPIC, mention_bot=True)
    assert "save that" in apology(click)
    assert votes(database) == []
    assert (await vote(loopback, card)).private == []
    assert len(votes(database)) == 1
    caplog.clear()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a megabyte, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this user may not mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_full_disk_refuses_votes_until_there_is_space(
    base: Base,
    loopback: LoopbackDiscord,
    small_disk: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No space left: a private sentence; once there is space, votes are stored again."""
    database, filler = small_disk / "warmstart.db", small_disk / "filler"
    async with bot_on(base, database, loopback):
        card = await a_card(loopback)
        fill(filler)
        click = await vote(loopback, card)
        await a_card(loopback)
        assert "save that" in apology(click)
        assert "is full" in caplog.text
        filler.unlink()
        assert (await vote(loopback, card)).private == []
        assert len(votes(database)) == 1
    caplog.clear()


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


@pytest.mark.parametrize("replaced", [False, True])
async def test_a_lost_file_refuses_votes_and_answers_go_on(
    bot: WarmstartClient,
    loopback: LoopbackDiscord,
    database: Path,
    caplog: pytest.LogCaptureFixture,
    replaced: bool,
) -> None:
    """Deleted, or replaced by another: a vote would go where nobody finds it."""
    card = await a_card(loopback)
    await vote(loopback, card)
    await asyncio.to_thread(database.rename, database.with_suffix(".lost"))
    if replaced:
        async with open_sqlite(database):
            pass
    click = await loopback.click(card, helpful(card)[0]["custom_id"], loopback.alice)
    assert "save that" in apology(click)
    assert helpful(card)[0]["label"].endswith("1")
    await a_card(loopback)
    assert "moved, deleted or replaced" in caplog.text
    caplog.clear()


def damage(database: Path) -> bytes:
    """Overwrite pages of a database; return what the file holds then."""
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(3 * 4096))
    return database.read_bytes()


def is_still(database: Path, content: bytes) -> bool:
    return database.read_bytes() == content


async def test_a_damaged_file_at_the_start_is_a_sentence(
    bot_process: Callable[[], AbstractAsyncContextManager[Any]],
    loopback: LoopbackDiscord,
    database: Path,
) -> None:
    """A database that is damaged is not touched; the sentence says what to do."""
    async with open_sqlite(database):
        pass
    before = damage(database)
    with pytest.raises(AssertionError, match=r"warmstart: .*warmstart\.db is damaged"):
        async with bot_process():
            pass
    assert is_still(database, before)
    assert loopback.gateway.identifies == []


async def test_every_acknowledged_vote_survives_kill_9(
    bot_process: Callable[[], AbstractAsyncContextManager[Any]],
    loopback: LoopbackDiscord,
    database: Path,
) -> None:
    """Killed in the middle of a thousand votes: what was acknowledged is there, once."""
    people = [loopback.add_user(f"Voter {n}") for n in range(VOTES)]
    async with bot_process() as process:
        card = await a_card(loopback)
        target = helpful(card)[0]["custom_id"]
        acknowledged: list[User] = []
        waiting = iter(people)

        async def votes_one_after_the_other() -> None:
            for person in waiting:
                await loopback.click(card, target, person)
                acknowledged.append(person)
                if len(acknowledged) == VOTES // 2:
                    process.send_signal(signal.SIGKILL)

        voting = [asyncio.create_task(votes_one_after_the_other()) for _ in range(AT_ONCE)]
        await process.wait()
        for task in voting:
            task.cancel()
        await asyncio.wait(voting)
    assert VOTES // 2 <= len(acknowledged) < VOTES
    key = load_key(database)
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stored = [bytes(row[0]) for row in db.execute("SELECT voter FROM votes")]
    assert len(stored) == len(set(stored))
    assert {voter(key, person.id) for person in acknowledged} <= set(stored)
    async with bot_process():
        again = await a_card(loopback)
        assert helpful(again)[0]["label"].endswith(str(len(stored)))
