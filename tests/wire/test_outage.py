"""PostgreSQL crashes and comes back under dozens of clicks a second."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from bot.frame import frame
from bot.store.voters import given_key, voter
from tests.cluster import Cluster
from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import Json, texts
from tests.wire.test_bot import helpful
from tests.wire.test_shards import KEY, card_in, started, url  # noqa: F401  a fixture

CLICKERS, PAUSE = 12, 0.15  # people at a time, seconds before the next: up to 80 clicks a second
ENOUGH = 60  # clicks before, during and after


@dataclass
class Crowd:
    """People who press Helpful one after the other, each once, and what each was told."""

    loopback: LoopbackDiscord
    cards: list[Json]
    acknowledged: list[int] = field(default_factory=list)  # ids of people
    refused: list[int] = field(default_factory=list)
    told: set[str] = field(default_factory=set)  # what the refused ones were told
    over: bool = False

    async def press(self, turn: int) -> None:
        """Press, as somebody new each time, until it is over."""
        while not self.over:
            person = self.loopback.add_user("Somebody")
            card = self.cards[turn % len(self.cards)]
            target = helpful(card)[0]["custom_id"]
            click = await self.loopback.click(card, target, person, within=20)
            said = "".join(text for message in click.private for text in texts(message))
            if not said or "is saved" in said:  # though it could not be shown
                self.acknowledged.append(person.id)
            else:
                self.refused.append(person.id)
                self.told.add(said)
            await asyncio.sleep(PAUSE)

    async def more(self, done: list[int]) -> None:
        """Wait for enough more of them."""
        wanted = len(done) + ENOUGH
        await self.loopback.until(lambda: len(done) >= wanted, "the clicks of many", within=60)


async def voters(url: str) -> list[bytes]:  # noqa: F811
    """Return whose helpful votes are stored, each vote's."""
    connection = await asyncpg.connect(url)
    try:
        return [row["voter"] for row in await connection.fetch("SELECT voter FROM votes")]
    finally:
        await connection.close()


async def test_a_restart_under_load_loses_no_acknowledged_vote(
    loopback: LoopbackDiscord,
    url: str,  # noqa: F811
    cluster: Cluster,
    tmp_path: Path,
    small_knowledge: Path,
) -> None:
    """Every acknowledged vote is there, once; during the outage each is refused in a sentence."""
    async with started(loopback, url, "0-1/2", tmp_path, small_knowledge):
        cards = [await card_in(loopback, loopback.general) for _ in range(2)]
        crowd = Crowd(loopback, cards)
        async with asyncio.TaskGroup() as pressing:
            for turn in range(CLICKERS):
                pressing.create_task(crowd.press(turn))
            await crowd.more(crowd.acknowledged)
            await asyncio.to_thread(cluster.stop, "immediate")
            await crowd.more(crowd.refused)
            await asyncio.to_thread(cluster.start)
            await crowd.more(crowd.acknowledged)
            crowd.over = True
        assert crowd.told == {frame()("not_saved")}
        key = given_key(KEY)
        stored = await voters(url)
        assert len(stored) == len(set(stored))
        assert {voter(key, id) for id in crowd.acknowledged} <= set(stored)
        told = {voter(key, id) for id in crowd.acknowledged + crowd.refused}
        assert set(stored) <= told, "a vote of somebody who was told nothing"
        await loopback.click(cards[0], helpful(cards[0])[0]["custom_id"], loopback.bob, within=10)
        assert helpful(cards[0])[0]["label"].endswith(f" {len(stored) + 1}")
