"""What the store lists: kept questions, and the ids that votes refer to."""

from __future__ import annotations

from typing import Any

from bot.store import NO_GUILD, RESOURCE_TOPIC, Gap, Store, Voter

ANN, BEN = Voter(b"a" * 16), Voter(b"b" * 16)


async def test_gaps_are_listed_oldest_first_with_what_was_picked(store: Store, clock: Any) -> None:
    assert await store.gaps() == []
    first = await store.record_gap("how do I bake bread?", "none", [])
    clock.now += 60
    second = await store.record_gap("what does it cost", "suggest", ["cost", "reading"])
    for topic in ("cost", "reading", "cost"):
        await store.record_pick(second, topic)
    await store.confirm_gap(first)
    then = int(clock.now)
    assert await store.gaps() == [
        Gap(first, "how do I bake bread?", "none", (), {}, told=True, asked_at=then - 60),
        Gap(
            second,
            "what does it cost",
            "suggest",
            ("cost", "reading"),
            {"cost": 2, "reading": 1},
            told=False,
            asked_at=then,
        ),
    ]


async def test_voted_ids_are_those_of_topics_and_resources(store: Store) -> None:
    assert await store.voted_ids() == set()
    await store.record_vote("cost", ["fast-ai", "keras"], ANN, NO_GUILD, helpful=True)
    await store.record_vote(RESOURCE_TOPIC, ["nielsen"], BEN, NO_GUILD, helpful=False)
    assert await store.voted_ids() == {"cost", "fast-ai", "keras", "nielsen"}
    await store.toggle_helpful("cost", "keras", ANN, NO_GUILD)
    assert await store.voted_ids() == {"cost", "fast-ai", "nielsen"}
