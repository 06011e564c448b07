"""From chances to a decision: each rule by itself, with chances made up for it."""

from __future__ import annotations

import pytest

from bot.matching.decide import (
    ANSWER_FROM,
    CLEAR_FROM,
    FOLLOW_UP_FROM,
    FOLLOW_UP_SUGGEST_FROM,
    SECOND_FROM,
    SECOND_IN_BOTH_FROM,
    SUGGEST_FROM,
    blended,
    decision,
    follow_up_decision,
    names_topic,
    scores,
    second_part,
)
from bot.matching.index import Found
from bot.matching.model import Decision

ANSWER, SUGGEST, NONE = Decision.ANSWER, Decision.SUGGEST, Decision.NONE
LITTLE = 0.001
KIN = (frozenset({0}), frozenset({1}), frozenset({2}), frozenset({3, 0}))  # 3 refines 0


def found(*topics: tuple[int, float], inside: float = 0.9) -> Found:
    return list(topics), inside


@pytest.mark.parametrize(
    ("chance", "inside", "clear", "decided"),
    [
        (ANSWER_FROM, 0.9, False, ANSWER),
        (ANSWER_FROM - LITTLE, 0.9, False, SUGGEST),
        (CLEAR_FROM, 0.9, True, ANSWER),
        (CLEAR_FROM - LITTLE, 0.9, True, SUGGEST),
        (0.1, SUGGEST_FROM, False, SUGGEST),
        (0.1, SUGGEST_FROM - LITTLE, False, NONE),
        (0.1, SUGGEST_FROM - LITTLE, True, NONE),
    ],
)
def test_what_is_clear_is_answered_from_a_lower_chance(
    chance: float, inside: float, clear: bool, decided: Decision
) -> None:
    assert decision(found((0, chance), inside=inside), clear=clear) is decided


@pytest.mark.parametrize(
    ("chance", "inside", "knows", "decided"),
    [
        (FOLLOW_UP_FROM, 0.1, False, ANSWER),
        (FOLLOW_UP_FROM - LITTLE, 0.9, False, SUGGEST),
        (FOLLOW_UP_FROM - LITTLE, FOLLOW_UP_SUGGEST_FROM, False, SUGGEST),
        (FOLLOW_UP_FROM - LITTLE, FOLLOW_UP_SUGGEST_FROM - LITTLE, False, NONE),
        (0.0, 0.0, True, ANSWER),
    ],
)
def test_a_reply_has_a_subject_already(
    chance: float, inside: float, knows: bool, decided: Decision
) -> None:
    assert follow_up_decision(found((0, chance), inside=inside), knows_fact=knows) is decided


def test_without_topics_nothing_is_said() -> None:
    assert decision(found(), clear=True) is NONE
    assert follow_up_decision(found(), knows_fact=False) is NONE
    assert second_part(found(), [found((0, 0.9)), found((1, 0.9))], KIN) == (None, 0.0)
    assert not names_topic(found(), card=None)


def test_scores_fall_and_the_first_hardly_below_being_in_scope() -> None:
    shown = scores(found((0, 0.45), (1, 0.225), (2, 0.0)))
    assert shown == pytest.approx([0.9 * 0.5**0.1, 0.9 * 0.25**0.5, 0.0])
    assert scores(found((0, 0.0), inside=0.0)) == [0.0]


@pytest.mark.parametrize(
    ("parts", "second"),
    [
        ([found((0, 0.6)), found((1, SECOND_FROM))], 1),
        ([found((0, 0.6)), found((2, SECOND_FROM - LITTLE))], None),  # not in the whole text
        ([found((0, 0.6)), found((1, SECOND_IN_BOTH_FROM))], 1),  # in both
        ([found((0, 0.6)), found((1, SECOND_IN_BOTH_FROM - LITTLE))], None),
        ([found((0, 0.6)), found((3, 0.9))], None),  # refines the first
        ([found((0, 0.6)), found((0, 0.9))], None),
        ([found((1, 0.9))], None),  # one part is the whole
        ([found((1, 0.5)), found((2, 0.7)), found((1, 0.6))], 2),  # the clearest
    ],
)
def test_a_second_part_must_ask_something_else_and_clearly(
    parts: list[Found], second: int | None
) -> None:
    whole = found((0, 0.5), (1, SECOND_IN_BOTH_FROM))
    assert second_part(whole, parts, KIN)[0] == second


def test_what_a_part_says_of_the_first_topic_counts_where_the_whole_is_torn() -> None:
    whole = found((0, 0.4), (1, 0.4))
    for own in (0, 3):  # a topic that refines the first speaks for it too
        _, chance = second_part(whole, [found((own, 0.85)), found((1, 0.7))], KIN)
        assert chance == 0.85
    assert second_part(whole, [found((2, 0.7)), found((1, 0.7))], KIN)[1] == 0.4


def test_a_reply_is_weighed_alone_and_with_its_card() -> None:
    alone, together = found((0, 0.8), (1, 0.4), inside=0.6), found((1, 0.8), inside=1.0)
    topics, inside = blended(alone, together, 0.75)
    assert topics == [(1, pytest.approx(0.7)), (0, pytest.approx(0.2))]
    assert inside == pytest.approx(0.9)


def test_a_reply_names_another_topic_than_its_cards() -> None:
    clear = found((1, FOLLOW_UP_FROM))
    assert names_topic(clear, card=0)
    assert names_topic(clear, card=None)
    assert not names_topic(clear, card=1)
    assert not names_topic(found((1, FOLLOW_UP_FROM - LITTLE)), card=0)
