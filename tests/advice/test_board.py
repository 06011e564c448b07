"""The board: every topic's suggestions where they stand, and what helped over all topics."""

from __future__ import annotations

from dataclasses import replace

from bot.advice import Advisor
from bot.advice.board import boards, homeless, most_helpful
from bot.knowledge.model import Knowledge
from bot.runtime import Runtime
from bot.store import RESOURCE_TOPIC, Tally


async def test_a_board_stands_as_the_card_does(runtime: Runtime) -> None:
    topic = next(t for t in runtime.advisor.knowledge.topics.values() if len(t.suggestions) > 4)
    for person in range(40):
        for place, one in enumerate(topic.suggestions):
            if person < 10 * place:
                voter = runtime.voter(person)
                helpful = bool((person + place) % 3)
                await runtime.store.record_vote(
                    topic.id, [one.resource], voter, 7 + person % 2, helpful=helpful
                )
    everywhere = await runtime.store.all_tallies()
    for guild in (0, 7, 8):
        here = None if guild == 0 else await runtime.store.all_tallies(guild)
        found = boards(runtime.advisor.knowledge, everywhere, here)
        assert found[0].topic is topic
        card = await Advisor(runtime.advisor.base, runtime.store).answer(topic, guild=guild)
        shown = [one.resource.id for one in card.suggestions]
        assert [one.resource for one in found[0].standings[:3]] == shown


def test_a_server_counts_no_votes_of_others_as_its_own(knowledge: Knowledge) -> None:
    """Where it has none on a topic, all others together weigh fifty votes, as on its cards."""
    everywhere = {
        ("cost", "fast-ai-part-1"): Tally(900, 100),
        ("reading", "nielsen-book"): Tally(1),
    }
    found = boards(knowledge, everywhere, {("reading", "nielsen-book"): Tally(1)})
    assert [board.topic.id for board in found[:2]] == ["cost", "reading"]
    first = found[0].standings[0]
    assert (first.votes, first.here, first.estimate.weight) == (Tally(900, 100), Tally(), 60)


def test_as_helpful_resources_stand_in_the_order_of_their_ids(knowledge: Knowledge) -> None:
    ids = sorted(knowledge.resources, reverse=True)
    found = most_helpful(knowledge, {(RESOURCE_TOPIC, id): Tally(1) for id in ids})
    assert [one.resource.id for one in found] == sorted(ids)


def test_votes_on_a_resource_count_together(knowledge: Knowledge) -> None:
    votes = {
        ("getting-started", "fast-ai-part-1"): Tally(5, 1),
        ("cost", "fast-ai-part-1"): Tally(3, 1),
        (RESOURCE_TOPIC, "nielsen-book"): Tally(1, 0),
        (RESOURCE_TOPIC, "keras"): Tally(0, 4),
        (RESOURCE_TOPIC, "gone"): Tally(9, 0),
    }
    found = most_helpful(knowledge, votes)
    assert [(one.resource.id, one.votes) for one in found] == [
        ("fast-ai-part-1", Tally(8, 2)),
        ("nielsen-book", Tally(1, 0)),
    ]
    assert homeless(knowledge, votes) == ["gone"]


def test_here_means_here(knowledge: Knowledge) -> None:
    everywhere = {(RESOURCE_TOPIC, "keras"): Tally(90, 10), (RESOURCE_TOPIC, "mlcourse"): Tally(1)}
    assert most_helpful(knowledge, everywhere, {}) == ()
    (one,) = most_helpful(knowledge, everywhere, {(RESOURCE_TOPIC, "keras"): Tally(1, 1)})
    assert one.votes == Tally(1, 1)
    assert one.estimate.weight == 62


def test_votes_under_a_former_id_are_todays(knowledge: Knowledge) -> None:
    renamed = replace(knowledge.resources["keras"], was=("old-keras",))
    newer = replace(knowledge, resources={**knowledge.resources, "keras": renamed})
    newer.__dict__.pop("current_id", None)
    votes = {("cost", "old-keras"): Tally(2, 1), ("cost", "keras"): Tally(1, 1)}
    assert most_helpful(newer, votes)[0].votes == Tally(3, 2)
    assert homeless(newer, votes) == []


def test_votes_under_a_topics_former_id_are_on_its_board(knowledge: Knowledge) -> None:
    renamed = replace(knowledge.topics["cost"], was=("price",))
    newer = replace(knowledge, topics={**knowledge.topics, "cost": renamed})
    newer.__dict__.pop("current_id", None)
    votes = {("price", "fast-ai-part-1"): Tally(2, 1), ("cost", "fast-ai-part-1"): Tally(1, 1)}
    board = boards(newer, votes)[0]
    assert (board.topic.id, board.votes) == ("cost", 5)
