"""Flood: who asks without end is slowed and told once; nobody else notices."""

from __future__ import annotations

import pytest

from bot.discord_app.pacing.flood import KEPT, Buckets, Flood, Rate, Turn
from tests.clock import Clock
from tests.discord_app.acting import Stage, buttons, text, toggle_labels

QUESTION = "how do I start with deep learning?"


@pytest.fixture
def flood(clock: Clock) -> Flood:
    return Flood(Rate(3, 5.0), Rate(4, 1.0), Rate(6, 1.0), clock)


def test_a_burst_passes_then_one_turn_at_a_time(clock: Clock) -> None:
    buckets = Buckets(Rate(burst=3, every=5.0), clock)
    assert [buckets.take(1) for _ in range(5)] == [True, True, True, False, False]
    clock.now += 4.9
    assert not buckets.take(1)
    clock.now += 0.1
    assert [buckets.take(1) for _ in range(2)] == [True, False]
    clock.now += 15
    assert [buckets.take(1) for _ in range(4)] == [True, True, True, False]


def test_a_long_run_gets_exactly_its_rate(clock: Clock) -> None:
    buckets = Buckets(Rate(burst=3, every=5.0), clock)
    served = 0
    for _ in range(1000):
        served += buckets.take(1)
        clock.now += 0.5
    assert served == pytest.approx(3 + 500 / 5, abs=1)


def test_who_floods_is_told_once_until_calm_again(flood: Flood, clock: Clock) -> None:
    turns = [flood.message(1, 7) for _ in range(6)]
    assert turns == [Turn.SERVED] * 3 + [Turn.TELL_PERSON, Turn.SLOWED, Turn.SLOWED]
    clock.now += 5
    assert [flood.message(1, 7) for _ in range(2)] == [Turn.SERVED, Turn.SLOWED]
    clock.now += 60
    assert [flood.message(1, 7) for _ in range(4)] == [Turn.SERVED] * 3 + [Turn.TELL_PERSON]


def test_others_are_served_beside_a_flood(flood: Flood, clock: Clock) -> None:
    for _ in range(200):
        flood.message(1, 7)
        clock.now += 0.1
    assert [flood.message(person, 7) for person in (2, 3)] == [Turn.SERVED, Turn.SERVED]


def test_a_channel_has_its_own_bucket(flood: Flood, clock: Clock) -> None:
    turns = [flood.message(person, 7) for person in range(10, 18)]
    assert turns == [Turn.SERVED] * 6 + [Turn.TELL_CHANNEL, Turn.SLOWED]
    assert flood.message(99, 8) is Turn.SERVED
    clock.now += 1
    assert flood.message(20, 7) is Turn.SERVED


def test_commands_and_buttons_have_their_own_bucket(flood: Flood) -> None:
    for _ in range(5):
        flood.message(1, 7)
    turns = [flood.press(1) for _ in range(6)]
    assert turns == [Turn.SERVED] * 4 + [Turn.TELL_PERSON, Turn.SLOWED]


def test_memory_is_bounded_and_who_is_slowed_stays_so(clock: Clock) -> None:
    buckets = Buckets(Rate(burst=1, every=1e9), clock)
    for key in range(KEPT + 100):
        buckets.take(key)
    assert len(buckets._full_at) == KEPT
    assert not buckets.take(KEPT + 99)
    brief = Buckets(Rate(burst=1, every=1.0), clock)
    assert brief.take(0)
    assert brief.first_refusal(0)
    for key in range(3 * KEPT):
        brief.take(key)
        clock.now += 0.01
    assert len(brief._full_at) <= KEPT
    assert len(brief._told) <= KEPT


def test_measurements_are_not_slowed() -> None:
    flood = Flood.unlimited()
    assert {flood.message(1, 7) for _ in range(10_000)} == {Turn.SERVED}
    assert {flood.press(1) for _ in range(10_000)} == {Turn.SERVED}


async def test_a_flood_of_questions_is_answered_by_one_sentence(
    stage: Stage, flood: Flood, clock: Clock
) -> None:
    stage.client.desk.flood = flood
    for _ in range(3):
        assert "lesson" in text(await stage.asked(QUESTION))
    told = await stage.asked(QUESTION)
    assert "a lot at once" in text(told)
    await stage.asked(QUESTION)
    assert stage.channel.last_message.author.id == stage.alice.id, "silence after that"
    await stage.bob.send(stage.channel, f"{stage.mention} {QUESTION}")
    assert "lesson" in text(stage.channel.last_message)
    clock.now += 5
    assert "lesson" in text(await stage.asked(QUESTION))


async def test_a_flood_of_clicks_changes_nothing_more(
    stage: Stage, flood: Flood, clock: Clock
) -> None:
    card = await stage.asked(QUESTION)
    stage.client.desk.flood = flood
    toggle = buttons(card)["Helpful 1"]
    for _ in range(4):
        await stage.bob.click(card, custom_id=toggle)
    await stage.bob.click(card, custom_id=buttons(card)["Helpful 2"])
    assert toggle_labels(stage.channel.last_message) == ["Helpful"] * 3
    told = await stage.bob.click(card, custom_id=toggle)
    assert told.acknowledged
    assert not told.followups
    assert not told.ephemeral, "said once, and nothing from then on"
    await stage.alice.click(card, custom_id=toggle)
    assert toggle_labels(stage.channel.last_message)[0] == "Helpful · 1"
    refused = await stage.bob.slash(stage.channel, "ask", question=QUESTION)
    assert refused.ephemeral
    assert "a lot at once" in refused.response.content
    clock.now += 1
    await stage.bob.click(card, custom_id=toggle)
    assert toggle_labels(stage.channel.last_message)[0] == "Helpful · 2"
