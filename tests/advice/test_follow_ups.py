"""Dialogues of two and three turns: what a reply to the last card is answered with."""

from __future__ import annotations

import pytest

from bot.advice import Advisor, Base
from bot.advice.reply import Advice, Answer, Detail, NoMatch
from bot.matching import Aspect, Context
from bot.runtime import Runtime

START = "how do I start with deep learning?"


async def talk(advisor: Advisor, *turns: str, keep: bool = False) -> Advice:
    """Return the advice on the last turn, each turn being put to the card before it."""
    context = None
    for turn in turns:
        advice = await advisor.advise(turn, context=context, keep=keep)
        context = about(advice, context) or context
    return advice


def about(advice: Advice, before: Context | None) -> Context | None:
    match advice.reply:
        case Answer(topic=topic, suggestions=suggestions):
            return Context(topic.id, tuple(one.resource.id for one in suggestions))
        case Detail(suggestion=one):
            return Context(None, (one.resource.id,)).after(before)
    return None


@pytest.mark.parametrize(
    ("turns", "resource"),
    [
        ((START, "what about the second one?"), "deep-learning-specialization"),
        ((START, "how about the last one"), "nielsen-book"),
        ((START, "tell me more about the first"), "fast-ai-part-1"),
        ((START, "show me the third, please"), "nielsen-book"),
        ((START, "what about the book?"), "nielsen-book"),
        ((START, "second one?"), "deep-learning-specialization"),
        ((START, "and the third book?"), "nielsen-book"),
        ((START, "is the second one any good?"), "deep-learning-specialization"),
        ((START, "what about the fourth one?"), None),
        ((START, "why the first one?"), None),
        ((START, "the first one is great, thanks"), None),
        ((START, "what else is like the first one?"), None),
        (("best books?", "what about the second one?"), "understanding-deep-learning"),
        (("is fast.ai free?", "and how long?", "tell me more about the first"), "fast-ai-part-1"),
        ((START, "number two"), "deep-learning-specialization"),
        ((START, "and no. 3?"), "nielsen-book"),
        ((START, "#2"), "deep-learning-specialization"),
        ((START, "what about #3, please"), "nielsen-book"),
        ((START, "2"), "deep-learning-specialization"),
        ((START, "option three"), "nielsen-book"),
        ((START, "third?"), "nielsen-book"),
        ((START, "the last one"), "nielsen-book"),
        ((START, "number seven?"), None),
        ((START, "+1"), None),
        ((START, "no one?"), None),
        ((START, "my number one worry is maths"), None),
        ((START, "more about fast.ai"), "fast-ai-part-1"),
        ((START, "details on keras please"), "keras"),
        ((START, "can you tell me more about the Nielsen book"), "nielsen-book"),
        ((START, "more about fast.ai and its price"), None),
        ((START, "more about maths"), None),
        ((START, "fast.ai"), None),
    ],
)
async def test_a_reply_about_one_resource_as_such_gets_its_full_card(
    base: Base, turns: tuple[str, ...], resource: str | None
) -> None:
    reply = (await talk(Advisor(base), *turns)).reply
    found = reply.suggestion.resource.id if isinstance(reply, Detail) else None
    assert found == resource
    assert not (isinstance(reply, Detail) and reply.facts)


@pytest.mark.parametrize(
    ("said", "resource"),
    [
        (("and the third?",), "nielsen-book"),
        (("and the first one",), "fast-ai-part-1"),
        (("who made it?", "how about number three"), "nielsen-book"),
        (("more about keras", "the last one?"), "nielsen-book"),
        (("what about the book?",), "nielsen-book"),
    ],
)
async def test_a_list_stays_in_view_after_one_of_it_was_shown_in_full(
    base: Base, said: tuple[str, ...], resource: str
) -> None:
    reply = (await talk(Advisor(base), START, "what about the second one?", *said)).reply
    assert isinstance(reply, Detail)
    assert reply.suggestion.resource.id == resource


async def test_a_fact_about_the_one_shown_in_full_is_still_meant_by_it(base: Base) -> None:
    second = "what about the second one?"
    match = (await talk(Advisor(base), START, second, "how long does it take?")).match
    assert match.resources == ("deep-learning-specialization",)
    match = (await talk(Advisor(base), START, second, "how long is number three?")).match
    assert match.resources == ("nielsen-book",)


async def test_of_a_list_of_four_the_fourth_can_be_meant(base: Base) -> None:
    books = ("nielsen-book", "fastbook", "dive-into-deep-learning", "understanding-deep-learning")
    advisor = Advisor(base)
    for said in ("the fourth", "4th one?", "number four", "the last one"):
        reply = (await advisor.advise(said, context=Context(None, books))).reply
        assert isinstance(reply, Detail)
        assert reply.suggestion.resource.id == books[3]


@pytest.mark.parametrize(
    ("turns", "topic"),
    [
        (("is fast.ai free?", "and how long?"), "time-commitment"),
        ((START, "and the maths?", "and how long do I need?"), "time-commitment"),
        (("what is deeplearning.ai?", "and the cost?"), "cost"),
    ],
)
async def test_a_fact_that_has_a_topic_is_answered_under_it_and_comes_first(
    base: Base, turns: tuple[str, ...], topic: str
) -> None:
    reply = (await talk(Advisor(base), *turns)).reply
    assert isinstance(reply, Answer)
    assert reply.topic.id == topic
    assert reply.facts[0].resource == reply.suggestions[0].resource


@pytest.mark.parametrize(
    ("turns", "resource", "said"),
    [
        (("is fast.ai free?", "who made it?"), "fast-ai-part-1", "Jeremy Howard"),
        (("is fast.ai free?", "and how long?", "who made it?"), "fast-ai-part-1", "Jeremy Howard"),
        ((START, "what about the second one?", "who made it?"), None, "Andrew Ng"),
        (("best books?", "who wrote the first one?"), "nielsen-book", "Nielsen"),
    ],
)
async def test_a_fact_without_a_topic_is_the_whole_answer(
    base: Base, turns: tuple[str, ...], resource: str | None, said: str
) -> None:
    reply = (await talk(Advisor(base), *turns)).reply
    assert isinstance(reply, Detail)
    assert reply.suggestion.resource.id == (resource or "deep-learning-specialization")
    assert said in reply.facts[0].text


@pytest.mark.parametrize(
    "said",
    ["which one is better for me, I never coded", "is it ok for someone who never coded?"],
)
async def test_what_is_only_implied_leaves_the_suggestions_as_they_are(
    base: Base, said: str
) -> None:
    advisor = Advisor(base)
    advice = await talk(advisor, START, said)
    assert isinstance(advice.reply, Answer)
    assert advice.reply.suggestions == (await advisor.answer(advice.reply.topic)).suggestions
    assert advice.reply.facts
    assert advice.reply.reading is not None
    assert advice.reply.reading.implied


async def test_an_age_asks_what_is_needed_not_how_old_the_resource_is(base: Base) -> None:
    advice = await talk(Advisor(base), "what is deeplearning.ai?", "can a ten year old do it?")
    assert advice.match.aspects == (Aspect.PREREQUISITES,)


async def test_a_name_in_the_reply_leads(base: Base) -> None:
    reply = (await talk(Advisor(base), START, "is keras free for me? I never coded")).reply
    assert isinstance(reply, Answer)
    assert reply.suggestions[0].resource.id == "keras"


@pytest.mark.parametrize(
    ("said", "lost"),
    [
        ("what about the fourth one?", True),
        ("huh?", True),
        ("lol", False),
        ("thanks!", False),
        ("which sourdough starter do you recommend?", False),
    ],
)
async def test_a_question_about_the_card_that_is_not_understood_is_told_from_chatter(
    base: Base, said: str, lost: bool
) -> None:
    reply = (await talk(Advisor(base), START, said)).reply
    assert isinstance(reply, NoMatch)
    assert reply.lost is lost


@pytest.mark.parametrize("said", ["what a ride, the last lesson", "the first one?", "that last"])
async def test_a_place_on_a_card_without_resources_names_none(base: Base, said: str) -> None:
    advice = await Advisor(base).advise(said, context=Context("getting-started", ()))
    assert not isinstance(advice.reply, Detail)


async def test_only_a_question_that_stands_on_its_own_is_kept(runtime: Runtime) -> None:
    own = "which sourdough starter do you recommend?"
    for said in ("what about the fourth one?", "huh?", "is that one tasty?", own):
        await talk(runtime.advisor, START, said, keep=True)
    assert [gap.question for gap in await runtime.store.gaps()] == [own]
