"""What every implementation of the store must do; written against the interface alone."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import StoreError
from bot.store import NO_GUILD, RESOURCE_TOPIC, Gap, Store, Tally, Voter

Opener = Callable[[], AbstractAsyncContextManager[Store]]
Vote = tuple[str, str, Voter]

ANN, BEN, CAT = (Voter(bytes([number]) * 16) for number in range(3))
GUILD = 1_234_567_890_123_456_789


def voters(count: int) -> list[Voter]:
    return [Voter(number.to_bytes(16)) for number in range(1, count + 1)]


# Votes


async def test_toggling_marks_and_takes_back(store: Store) -> None:
    answers = [await store.toggle_helpful("cost", "fast-ai", ANN, GUILD) for _ in range(3)]
    assert answers == [True, False, True]
    assert await store.tallies("cost") == {"fast-ai": Tally(helpful=1)}


async def test_a_mark_taken_back_leaves_no_vote(store: Store) -> None:
    for _ in range(2):
        await store.toggle_helpful("cost", "fast-ai", ANN, GUILD)
    assert await store.tallies("cost") == {}


async def test_toggling_turns_a_not_helpful_vote_into_helpful(store: Store) -> None:
    await store.record_vote("cost", ["fast-ai"], ANN, GUILD, helpful=False)
    assert await store.toggle_helpful("cost", "fast-ai", ANN, GUILD)
    assert await store.tallies("cost") == {"fast-ai": Tally(helpful=1)}


async def test_one_vote_is_recorded_on_each_resource(store: Store) -> None:
    await store.record_vote("cost", ["fast-ai", "keras", "edx"], ANN, GUILD, helpful=False)
    tallies = await store.tallies("cost")
    assert tallies == {name: Tally(not_helpful=1) for name in ("fast-ai", "keras", "edx")}


async def test_a_vote_on_nothing_is_nothing(store: Store) -> None:
    assert await store.record_vote("cost", [], ANN, GUILD, helpful=True) == 0
    assert await store.tallies("cost") == {}


async def test_voting_again_changes_nothing_and_otherwise_moves_the_vote(store: Store) -> None:
    twice = ["fast-ai", "fast-ai"]
    changed = [
        await store.record_vote("cost", twice, ANN, GUILD, helpful=helpful)
        for helpful in (True, True, False, False)
    ]
    assert changed == [1, 0, 1, 0]
    assert await store.tallies("cost") == {"fast-ai": Tally(not_helpful=1)}


async def test_counts_are_those_of_the_votes_whatever_becomes_of_them(store: Store) -> None:
    """Every way to cast, turn, take back, move and delete votes, many at once, in any order."""
    chance, people, names = Random(7), voters(6), ["fast-ai", "keras", "edx", "old"]

    async def act() -> None:
        topic, voter = chance.choice(["cost", "reading"]), chance.choice(people)
        guild, some = chance.choice([NO_GUILD, GUILD, 7]), chance.sample(names, 2)
        match chance.randrange(8):
            case 0 | 1 | 2:
                await store.toggle_helpful(topic, some[0], voter, guild)
            case 3 | 4 | 5:
                await store.record_vote(topic, some, voter, guild, helpful=chance.random() < 0.5)
            case 6:
                await store.forget(voter)
            case _:
                await store.forget_guild(guild)

    for _ in range(12):
        await asyncio.gather(*(act() for _ in range(12)))
        await store.adopt({"old": "keras"})
        own = [vote for who in people for vote in (await store.personal_data(who)).votes]
        assert own, "or nothing is tested"
        for guild in (None, NO_GUILD, GUILD, 7):
            counted = {
                place: Tally(places.count((place, True)), places.count((place, False)))
                for places in [
                    [((v.topic, v.resource), v.helpful) for v in own if guild in (None, v.guild)]
                ]
                for place, _ in places
            }
            assert await store.all_tallies(guild) == counted
            assert await store.tallies("cost", guild) == {
                resource: tally for (topic, resource), tally in counted.items() if topic == "cost"
            }


async def test_a_person_counts_once_over_all_servers(store: Store) -> None:
    for guild in (GUILD, GUILD + 1, NO_GUILD):
        await store.record_vote("cost", ["fast-ai"], ANN, guild, helpful=True)
    assert await store.tallies("cost") == {"fast-ai": Tally(helpful=1)}


async def test_topics_resources_and_voters_are_kept_apart(store: Store) -> None:
    await store.record_vote("cost", ["fast-ai"], ANN, GUILD, helpful=True)
    await store.record_vote("cost", ["fast-ai"], BEN, GUILD, helpful=False)
    await store.record_vote("cost", ["keras"], CAT, GUILD, helpful=True)
    await store.record_vote(RESOURCE_TOPIC, ["fast-ai"], ANN, NO_GUILD, helpful=False)
    assert await store.tallies("cost") == {"fast-ai": Tally(1, 1), "keras": Tally(1, 0)}
    assert await store.tallies(RESOURCE_TOPIC) == {"fast-ai": Tally(0, 1)}
    assert await store.tallies("reading") == {}


async def test_a_servers_votes_are_told_from_all(store: Store) -> None:
    """A vote is the server's in which it was cast, or cast again."""
    for voter, guild in ((ANN, GUILD), (BEN, GUILD + 1), (CAT, NO_GUILD)):
        await store.toggle_helpful("cost", "keras", voter, guild)
    await store.record_vote("cost", ["keras"], CAT, GUILD, helpful=False)
    there = {GUILD: Tally(1, 1), GUILD + 1: Tally(1, 0)}
    for guild, tally in there.items():
        assert await store.tallies("cost", guild) == {"keras": tally}
        assert await store.all_tallies(guild) == {("cost", "keras"): tally}
    assert await store.tallies("cost", NO_GUILD) == {}
    assert await store.tallies("cost") == {"keras": Tally(2, 1)}


async def test_a_broken_vote_is_refused_whole(store: Store) -> None:
    with pytest.raises(StoreError):
        await store.record_vote("cost", ["fast-ai"], Voter(b"short"), GUILD, helpful=True)
    assert await store.tallies("cost") == {}


VOTES = st.lists(
    st.tuples(
        st.sampled_from(["toggle", "helpful", "not helpful"]),
        st.sampled_from(["fast-ai", "keras"]),
        st.sampled_from([ANN, BEN]),
    ),
    max_size=12,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(votes=VOTES)
def test_any_sequence_of_votes_counts_like_a_dictionary(opener: Opener, votes: list[Vote]) -> None:
    asyncio.run(_vote_and_compare(opener, votes))


async def _vote_and_compare(opener: Opener, votes: list[Vote]) -> None:
    last: dict[tuple[str, Voter], bool] = {}
    async with opener() as store:
        topic = await _unused_topic(store)
        for kind, resource, voter in votes:
            at = (resource, voter)
            if kind != "toggle":
                helpful = kind == "helpful"
                await store.record_vote(topic, [resource], voter, GUILD, helpful=helpful)
                last[at] = helpful
            elif await store.toggle_helpful(topic, resource, voter, GUILD):
                assert last.get(at) is not True
                last[at] = True
            else:
                assert last.pop(at) is True
        expected: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for (resource, _), helpful in last.items():
            expected[resource][0 if helpful else 1] += 1
        assert await store.tallies(topic) == {name: Tally(*n) for name, n in expected.items()}


async def _unused_topic(store: Store) -> str:
    number = int(await store.value("topics used") or 0) + 1
    await store.set_value("topics used", str(number))
    return f"topic-{number}"


# Many at once


async def test_two_hundred_people_at_once_are_two_hundred_votes(store: Store) -> None:
    toggles = (store.toggle_helpful("cost", "fast-ai", voter, GUILD) for voter in voters(200))
    assert all(await asyncio.gather(*toggles))
    assert await store.tallies("cost") == {"fast-ai": Tally(helpful=200)}


async def test_votes_at_once_count_by_what_they_say(store: Store) -> None:
    await asyncio.gather(
        *(
            store.record_vote("cost", ["fast-ai", "keras"], voter, GUILD, helpful=voter[15] % 4 > 0)
            for voter in voters(200)
        )
    )
    assert await store.tallies("cost") == dict.fromkeys(("fast-ai", "keras"), Tally(150, 50))


@pytest.mark.parametrize("clicks", [2, 199, 200])
async def test_one_voter_on_many_devices_keeps_one_vote(store: Store, clicks: int) -> None:
    toggles = (store.toggle_helpful("cost", "fast-ai", ANN, GUILD) for _ in range(clicks))
    answers = await asyncio.gather(*toggles)
    assert answers.count(True) - answers.count(False) == clicks % 2
    assert await store.tallies("cost") == ({"fast-ai": Tally(1)} if clicks % 2 else {})


async def test_a_count_read_after_a_vote_contains_it(store: Store) -> None:
    async def vote(voter: Voter) -> Tally:
        await store.record_vote("cost", ["fast-ai"], voter, GUILD, helpful=True)
        return (await store.tallies("cost"))["fast-ai"]

    counts = [tally.helpful for tally in await asyncio.gather(*map(vote, voters(50)))]
    assert min(counts) >= 1
    assert max(counts) == 50


async def test_one_failure_among_many_fails_alone(store: Store) -> None:
    people: list[Voter] = [*voters(20), Voter(b"short"), *voters(40)[20:]]
    votes = (store.record_vote("cost", ["keras"], who, GUILD, helpful=True) for who in people)
    outcomes = await asyncio.gather(*votes, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome != 1] == [StoreError]
    assert await store.tallies("cost") == {"keras": Tally(helpful=40)}


async def test_a_cancelled_caller_takes_nobody_along(store: Store) -> None:
    tasks = [
        asyncio.create_task(store.record_vote("cost", ["keras"], voter, GUILD, helpful=True))
        for voter in voters(60)
    ]
    await asyncio.sleep(0)  # all are waiting now
    for task in tasks[::2]:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert outcomes[1::2] == [1] * 30
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes[::2])
    assert (await store.tallies("cost"))["keras"].helpful >= 30
    assert await store.toggle_helpful("cost", "keras", CAT, GUILD)


# Lasting


async def test_what_was_stored_is_there_when_opened_again(opener: Opener) -> None:
    async with opener() as store:
        await store.record_vote("cost", ["fast-ai"], ANN, GUILD, helpful=True)
        gap = await store.record_gap("how do I bake bread", "none", [])
        await store.set_value("commands", "abc")
    async with opener() as store:
        assert await store.tallies("cost") == {"fast-ai": Tally(helpful=1)}
        assert await store.confirm_gap(gap)
        assert await store.value("commands") == "abc"


async def test_two_stores_on_one_database_see_each_other(opener: Opener) -> None:
    async with opener() as one, opener() as other:
        await one.record_vote("cost", ["fast-ai"], ANN, GUILD, helpful=True)
        assert not await other.toggle_helpful("cost", "fast-ai", ANN, GUILD)
        assert await one.tallies("cost") == {}


async def test_votes_still_under_way_are_stored_before_closing(opener: Opener) -> None:
    async with opener() as store:
        votes = []
        for who in voters(30):  # some are being committed when the last ones come
            vote = store.record_vote("cost", ["keras"], who, GUILD, helpful=True)
            votes.append(asyncio.create_task(vote))
            await asyncio.sleep(0)
    assert await asyncio.gather(*votes) == [1] * 30
    async with opener() as store:
        assert await store.tallies("cost") == {"keras": Tally(helpful=30)}


async def test_a_closed_store_says_so(opener: Opener) -> None:
    async with opener() as store:
        pass
    with pytest.raises(StoreError, match="is closed"):
        await store.toggle_helpful("cost", "fast-ai", ANN, GUILD)
    with pytest.raises(StoreError, match="is closed"):
        await store.tallies("cost")


# Renamed ids


async def test_votes_move_to_todays_ids(store: Store) -> None:
    await store.record_vote("price", ["fastai"], ANN, GUILD, helpful=True)
    await store.record_vote("price", ["keras"], BEN, GUILD, helpful=False)
    await store.record_vote("reading", ["fastai"], CAT, GUILD, helpful=True)
    for _ in range(2):  # the second time there is nothing left to move
        await store.adopt({"price": "cost", "fastai": "fast-ai", "cost": "cost", "never": "seen"})
        assert await store.tallies("price") == {}
        assert await store.tallies("cost") == {"fast-ai": Tally(1, 0), "keras": Tally(0, 1)}
        assert await store.tallies("reading") == {"fast-ai": Tally(1, 0)}


@pytest.mark.parametrize("old_first", [True, False])
async def test_a_voters_newer_vote_wins(store: Store, clock: Any, old_first: bool) -> None:
    for topic in ("price", "cost") if old_first else ("cost", "price"):
        clock.now += 60
        await store.record_vote(topic, ["keras"], ANN, GUILD, helpful=topic == "cost")
    await store.adopt({"price": "cost"})
    assert await store.tallies("cost") == {"keras": Tally(1, 0) if old_first else Tally(0, 1)}


async def test_saying_a_vote_again_does_not_make_it_newer(store: Store, clock: Any) -> None:
    await store.record_vote("price", ["keras"], ANN, GUILD, helpful=True)
    clock.now += 60
    await store.record_vote("cost", ["keras"], ANN, GUILD, helpful=False)
    clock.now += 60
    await store.record_vote("price", ["keras"], ANN, GUILD, helpful=True)
    await store.adopt({"price": "cost"})
    assert await store.tallies("cost") == {"keras": Tally(not_helpful=1)}


async def test_renames_that_form_a_chain_happen_at_once(store: Store) -> None:
    await store.record_vote("one", ["keras"], ANN, GUILD, helpful=True)
    await store.record_vote("two", ["keras"], BEN, GUILD, helpful=False)
    await store.adopt({"one": "two", "two": "three"})
    assert await store.tallies("two") == {"keras": Tally(helpful=1)}
    assert await store.tallies("three") == {"keras": Tally(not_helpful=1)}


async def test_the_ids_that_votes_refer_to_are_known(store: Store) -> None:
    assert await store.voted_ids() == set()
    await store.record_vote("cost", ["keras", "edx"], ANN, GUILD, helpful=False)
    await store.record_vote(RESOURCE_TOPIC, ["kaggle"], ANN, GUILD, helpful=True)
    await store.toggle_helpful("reading", "keras", BEN, GUILD)
    await store.toggle_helpful("reading", "keras", BEN, GUILD)  # taken back
    assert await store.voted_ids() == {"cost", "keras", "edx", "kaggle"}


# Gaps and values


async def test_kept_questions_have_numbers_of_their_own(store: Store) -> None:
    questions = (store.record_gap("same words", "suggest", ["cost", "reading"]) for _ in range(50))
    assert len(set(await asyncio.gather(*questions))) == 50


async def test_telling_the_maintainers_works_once_or_more_while_the_question_is_kept(
    store: Store,
) -> None:
    gap = await store.record_gap("how do I bake bread", "none", ["cost"])
    assert [await store.confirm_gap(gap) for _ in range(2)] == [True, True]
    assert not await store.confirm_gap(gap + 1)


async def test_kept_questions_are_listed_oldest_first(store: Store, clock: Any) -> None:
    clock.now = 1_800_000_000.9
    first = await store.record_gap("is it free", "suggest", ["cost", "kérö"])
    clock.now += 60
    second = await store.record_gap("how do I bake bread", "none", [])
    for topic in ("cost", "reading", "cost"):
        await store.record_pick(first, topic)
    await store.confirm_gap(second)
    picked = {"cost": 2, "reading": 1}
    assert list(await store.gaps()) == [
        Gap(first, "is it free", "suggest", ("cost", "kérö"), picked, False, 1_800_000_000),
        Gap(second, "how do I bake bread", "none", (), {}, True, 1_800_000_060),
    ]


async def test_a_pick_for_a_question_that_is_gone_is_ignored(store: Store) -> None:
    gap = await store.record_gap("what does it cost", "suggest", ["cost"])
    await store.record_pick(gap + 1, "cost")
    assert [kept.picked for kept in await store.gaps()] == [{}]


async def test_a_kept_question_says_nothing_of_its_author(store: Store) -> None:
    await store.record_gap("<@42> is it free? mail a@b.org", "none", [])
    assert [gap.question for gap in await store.gaps()] == ["[mention] is it free? mail [email]"]


async def test_a_question_of_half_characters_and_zero_bytes_is_kept(store: Store) -> None:
    await store.record_gap("a\ud800b\x00 \U0001f600", "none", [])
    assert [gap.question for gap in await store.gaps()] == ["ab \U0001f600"]


async def test_a_value_is_the_last_one_set(store: Store) -> None:
    assert await store.value("commands") is None
    for value in ("1", "2", ""):
        await store.set_value("commands", value)
        assert await store.value("commands") == value
    assert await store.value("other") is None


# Processes


async def test_turns_in_a_queue_come_one_after_the_other(opener: Opener) -> None:
    """Those who wait in another queue, or for a pause that is over, do not wait at all."""
    async with opener() as store:
        await store.take_turn("shard 0", 60)
        async with asyncio.timeout(30):
            await store.take_turn("shard 1", 0)
            begun = asyncio.get_running_loop().time()
            await asyncio.gather(*(store.take_turn("shard 2", 0.05) for _ in range(3)))
        assert asyncio.get_running_loop().time() - begun >= 0.1
