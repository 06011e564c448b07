"""Servers and people in the store; written against the interface alone."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import StoreError
from bot.store import (
    COOLDOWN,
    NO_GUILD,
    Duty,
    GuildSettings,
    OptOut,
    OwnVote,
    PersonalData,
    ShadowCount,
    Store,
    Tally,
    Voter,
)
from tests.clock import Clock

ANN, BEN = (Voter(bytes([number]) * 16) for number in range(2))
HOME, AWAY = 1_234_567_890_123_456_789, 2_234_567_890_123_456_789
DAY = 86_400


async def test_votes_are_counted_by_server_too(store: Store) -> None:
    await store.record_vote("cost", ["fast-ai"], ANN, HOME, helpful=True)
    await store.record_vote("cost", ["fast-ai", "keras"], BEN, AWAY, helpful=False)
    assert await store.tallies("cost", HOME) == {"fast-ai": Tally(1, 0)}
    assert await store.tallies("cost", NO_GUILD) == {}
    assert await store.all_tallies() == {
        ("cost", "fast-ai"): Tally(1, 1),
        ("cost", "keras"): Tally(0, 1),
    }
    assert await store.all_tallies(HOME) == {("cost", "fast-ai"): Tally(1, 0)}


async def test_a_server_without_settings_has_the_defaults(store: Store) -> None:
    assert await store.guild_settings(HOME) == GuildSettings({}, False, COOLDOWN, "", "")


async def test_settings_are_replaced_as_a_whole_and_kept_apart(store: Store) -> None:
    first = GuildSettings(
        {11: Duty.QUESTION, 12: Duty.SHADOW}, True, 60, "https://example.org", "#beginners"
    )
    await store.save_guild_settings(HOME, first)
    await store.save_guild_settings(AWAY, GuildSettings({11: Duty.SILENT}))
    assert await store.guild_settings(HOME) == first
    second = GuildSettings({12: Duty.WATCH, 13: Duty.SUGGEST})
    await store.save_guild_settings(HOME, second)
    assert await store.guild_settings(HOME) == second
    assert (await store.guild_settings(AWAY)).duties == {11: Duty.SILENT}


async def test_shadows_are_counted_by_day(store: Store, clock: Clock) -> None:
    for topic, decision in (("cost", "answer"), ("cost", "answer"), ("", "none")):
        await store.count_shadow(HOME, topic, decision)
    await store.count_shadow(AWAY, "cost", "answer")
    clock.now += 2 * DAY
    await store.count_shadow(HOME, "reading", "suggest")
    assert await store.shadow_counts(HOME, since=int(clock.now) - 2 * DAY) == [
        ShadowCount("cost", "answer", 2),
        ShadowCount("", "none", 1),
        ShadowCount("reading", "suggest", 1),
    ]
    recent = await store.shadow_counts(HOME, since=int(clock.now) - DAY)
    assert recent == [ShadowCount("reading", "suggest", 1)]


async def test_an_unasked_answer_is_claimed_once_in_a_cooldown(store: Store, clock: Clock) -> None:
    claims = await asyncio.gather(*(store.claim_unasked(HOME, ANN, 600) for _ in range(20)))
    assert sum(claims) == 1
    assert await store.claim_unasked(HOME, BEN, 600)
    assert await store.claim_unasked(AWAY, ANN, 600)
    clock.now += 599
    assert not await store.claim_unasked(HOME, ANN, 600)
    clock.now += 1
    assert await store.claim_unasked(HOME, ANN, 600)


async def test_servers_are_known_by_whatever_is_kept_of_them(store: Store) -> None:
    assert list(await store.known_guilds()) == []
    await store.record_vote("cost", ["fast-ai"], ANN, 7, helpful=True)
    await store.record_vote("cost", ["keras"], ANN, NO_GUILD, helpful=True)
    await store.count_shadow(3, "cost", "answer")
    await store.claim_unasked(2, ANN, 600)
    await store.claim_unasked(HOME, ANN, 600)
    await store.save_guild_settings(HOME, GuildSettings({11: Duty.WATCH}))
    await store.save_guild_settings(AWAY, GuildSettings())
    assert list(await store.known_guilds()) == [2, 3, 7, HOME, AWAY]
    for guild in (HOME, 7):
        await store.forget_guild(guild)
    assert list(await store.known_guilds()) == [2, 3, AWAY]


async def test_a_server_that_left_is_forgotten_but_its_votes_count(store: Store) -> None:
    await store.record_vote("cost", ["fast-ai"], ANN, HOME, helpful=True)
    await store.save_guild_settings(HOME, GuildSettings({11: Duty.WATCH}, link="https://a.example"))
    await store.count_shadow(HOME, "cost", "answer")
    await store.claim_unasked(HOME, ANN, 600)
    await store.forget_guild(HOME)
    assert await store.guild_settings(HOME) == GuildSettings()
    assert await store.shadow_counts(HOME, since=0) == []
    assert await store.claim_unasked(HOME, ANN, 600)
    assert await store.tallies("cost", NO_GUILD) == {"fast-ai": Tally(1, 0)}


async def test_a_plan_is_kept_and_replaced(store: Store) -> None:
    assert await store.plan(ANN) is None
    for plan in ('{"hours": 2}', '{"hours": 5}'):
        await store.save_plan(ANN, plan)
    assert await store.plan(ANN) == '{"hours": 5}'
    assert await store.plan(BEN) is None


async def test_a_plan_that_is_no_json_is_refused(store: Store) -> None:
    with pytest.raises(StoreError):
        await store.save_plan(ANN, "two hours a week")
    assert await store.plan(ANN) is None


async def test_opting_out_twice_is_once_and_can_be_taken_back(store: Store) -> None:
    for _ in range(2):
        await store.set_opt_out(ANN, OptOut.UNASKED, out=True)
    await store.set_opt_out(ANN, OptOut.EVERYTHING, out=True)
    assert await store.opted_out(ANN) == {OptOut.UNASKED, OptOut.EVERYTHING}
    await store.set_opt_out(ANN, OptOut.UNASKED, out=False)
    await store.set_opt_out(BEN, OptOut.UNASKED, out=False)
    assert await store.opted_out(ANN) == {OptOut.EVERYTHING}


async def test_a_person_sees_all_and_takes_all_away(store: Store, clock: Clock) -> None:
    now = int(clock.now)
    await store.record_vote("cost", ["fast-ai"], ANN, HOME, helpful=True)
    await store.record_vote("cost", ["fast-ai"], BEN, HOME, helpful=True)
    await store.save_plan(ANN, "{}")
    await store.set_opt_out(ANN, OptOut.UNASKED, out=True)
    await store.claim_unasked(HOME, ANN, 600)
    assert await store.personal_data(ANN) == PersonalData(
        (OwnVote("cost", "fast-ai", True, HOME, now),),
        "{}",
        frozenset({OptOut.UNASKED}),
        {HOME: now},
    )
    await store.forget(ANN)
    assert await store.personal_data(ANN) == PersonalData()
    assert await store.tallies("cost") == {"fast-ai": Tally(1, 0)}


async def test_what_is_old_expires(store: Store, clock: Clock) -> None:
    old = await store.record_gap("how do I bake bread", "none", [])
    await store.record_pick(old, "cost")
    await store.count_shadow(HOME, "cost", "answer")
    await store.claim_unasked(HOME, ANN, 600)
    await store.record_vote("cost", ["fast-ai"], ANN, HOME, helpful=True)
    await store.save_plan(ANN, "{}")
    clock.now += 90 * DAY
    await store.record_gap("how do I knit", "none", [])
    await store.count_shadow(HOME, "reading", "answer")
    assert await store.expire(before=int(clock.now) - 80 * DAY) == 1
    assert [gap.question for gap in await store.gaps()] == ["how do I knit"]
    assert await store.shadow_counts(HOME, since=0) == [ShadowCount("reading", "answer", 1)]
    data = await store.personal_data(ANN)
    assert (len(data.votes), data.plan, data.unasked) == (1, "{}", {})
