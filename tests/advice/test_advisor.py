"""The advisor on the shipped knowledge: replies, facts, gaps, and a store in trouble."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from bot.advice import Advisor, Base
from bot.advice.reply import Answer, Detail, NoMatch
from bot.errors import StoreError
from bot.matching import Aspect, Context
from bot.runtime import Runtime
from bot.store import Tally
from bot.store.model import NO_GUILD


async def test_votes_lift_a_suggestion(runtime: Runtime) -> None:
    topic = runtime.advisor.topic("getting-started")
    assert topic is not None
    before = [s.resource.id for s in (await runtime.advisor.answer(topic)).suggestions]
    for person in range(30):
        voter = runtime.voter(person)
        await runtime.store.record_vote(topic.id, [before[2]], voter, 0, helpful=True)
    after = (await runtime.advisor.answer(topic)).suggestions
    assert after[0].resource.id == before[2]
    assert after[0].helpful == 30


async def test_a_servers_own_votes_order_its_cards_and_the_count_is_everybodys(
    runtime: Runtime,
) -> None:
    home, away = 7, 8
    topic = runtime.advisor.topic("getting-started")
    assert topic is not None
    first, _, third = (s.resource.id for s in (await runtime.advisor.answer(topic)).suggestions)
    for person in range(300):
        liked, disliked, where = (third, first, home) if person < 60 else (first, third, away)
        voter, vote = runtime.voter(person), runtime.store.record_vote
        await vote(topic.id, [liked], voter, where, helpful=True)
        await vote(topic.id, [disliked], voter, where, helpful=False)
    leads = {}
    for guild in (home, away, NO_GUILD):
        shown = (await runtime.advisor.answer(topic, guild=guild)).suggestions
        leads[guild] = next(one for one in shown if one.resource.id in (first, third))
    assert {guild: one.resource.id for guild, one in leads.items()} == {
        home: third,
        away: first,
        NO_GUILD: first,
    }
    assert (leads[home].helpful, leads[away].helpful) == (60, 240)


async def test_a_card_shows_at_most_three_suggestions(base: Base) -> None:
    advisor = Advisor(base)
    for topic in base.knowledge.topics.values():
        assert len((await advisor.answer(topic)).suggestions) <= 3


async def test_a_question_about_a_resource_gets_its_own_fact_first(base: Base) -> None:
    advice = await Advisor(base).advise("how much does deeplearning.ai cost?")
    assert isinstance(advice.reply, Answer)
    fact = advice.reply.facts[0]
    assert fact.resource.id == "deep-learning-specialization"
    assert fact.aspect is Aspect.COST
    assert advice.reply.suggestions[0].resource.id == "deep-learning-specialization"


async def test_two_of_the_resources_named_lead_and_the_topics_own_stays(base: Base) -> None:
    reply = (await Advisor(base).advise("are keras, pytorch and the fastai library free?")).reply
    assert isinstance(reply, Answer)
    assert reply.reading is not None
    assert reply.reading.named == ("keras", "pytorch")
    shown = [one.resource.id for one in reply.suggestions]
    assert shown[:2] == ["keras", "pytorch"]
    assert shown[2] in {one.resource for one in reply.topic.suggestions}
    assert [fact.resource.id for fact in reply.facts] == ["keras", "pytorch"]


async def test_a_follow_up_is_about_the_card(base: Base) -> None:
    context = Context("fast-ai", ("fast-ai-part-1",))
    advice = await Advisor(base).advise("is it free?", context=context)
    assert isinstance(advice.reply, Answer)
    assert advice.match.resources[:1] == ("fast-ai-part-1",)


async def test_a_question_without_an_answer_is_kept_only_when_its_author_asked(
    runtime: Runtime,
) -> None:
    odd = "which sourdough starter do you recommend?"
    overheard = await runtime.advisor.advise(odd)
    assert isinstance(overheard.reply, NoMatch)
    assert overheard.reply.gap == 0
    asked = await runtime.advisor.advise(odd, keep=True)
    assert isinstance(asked.reply, NoMatch)
    assert asked.reply.gap > 0


class BrokenStore:
    async def tallies(self, topic: str, guild: int | None = None) -> Mapping[str, Tally]:
        raise StoreError(f"no votes under {topic} in {guild} today")

    async def record_gap(self, question: str, decision: str, candidates: object) -> int:
        raise StoreError(f"cannot keep {question} {decision} {candidates}")


async def test_a_store_in_trouble_does_not_silence_the_answer(
    base: Base, caplog: pytest.LogCaptureFixture
) -> None:
    advisor = Advisor(base, BrokenStore())  # type: ignore[arg-type]
    assert isinstance((await advisor.advise("is fast.ai free?")).reply, Answer)
    assert isinstance((await advisor.advise("pizza or pasta?", keep=True)).reply, NoMatch)
    assert "could not be" in caplog.text


async def test_a_reload_in_the_middle_of_an_answer_does_not_break_it(
    runtime: Runtime, small_base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is answered is in the base that was asked, though the next one lacks it."""
    advisor, tallies = runtime.advisor, runtime.store.tallies

    async def meanwhile(topic: str, guild: int | None = None) -> Mapping[str, Tally]:
        advisor.base = small_base
        return await tallies(topic, guild)

    monkeypatch.setattr(runtime.store, "tallies", meanwhile)
    card = Context("getting-started", ("fast-ai-part-1", "deep-learning-specialization"))
    reply = (await advisor.advise("who made the second one?", context=card)).reply
    assert isinstance(reply, Detail)
    assert "Andrew Ng" in reply.facts[0].text


async def test_another_language_is_said_to_be_unknown(base: Base) -> None:
    advice = await Advisor(base).advise("Wie fange ich am besten mit Deep Learning an?")
    assert isinstance(advice.reply, NoMatch)
    assert advice.reply.language == "de"


async def test_what_nobody_could_answer_later_is_not_kept(runtime: Runtime) -> None:
    german = "Wie fange ich am besten mit Deep Learning an?"
    advice = await runtime.advisor.advise(german, keep=True)
    assert isinstance(advice.reply, NoMatch)
    assert (advice.reply.gap, advice.reply.lost) == (0, False)
    assert list(await runtime.store.gaps()) == []


class HangingStore:
    """A database that has stopped answering, without saying so."""

    async def tallies(self, topic: str, guild: int | None = None) -> Mapping[str, Tally]:
        return await asyncio.Future[Mapping[str, Tally]]()

    async def record_gap(self, question: str, decision: str, candidates: object) -> int:
        return await asyncio.Future[int]()


async def test_no_answer_waits_for_a_store_that_hangs(
    base: Base, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.advice.advisor.STORE_SECONDS", 0.01)
    advisor = Advisor(base, HangingStore())  # type: ignore[arg-type]
    assert isinstance((await advisor.advise("is fast.ai free?")).reply, Answer)
    lost = (await advisor.advise("pizza or pasta?", keep=True)).reply
    assert isinstance(lost, NoMatch)
    assert lost.gap == 0
    assert caplog.text.count("the database did not answer within") == 2
