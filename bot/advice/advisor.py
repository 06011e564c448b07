"""The advisor: a question → a reply, with suggestions in the order that helped."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence

from bot.advice.base import Base
from bot.advice.board import most_helpful, total
from bot.advice.catalogue import SEPARATOR
from bot.advice.facts import fact
from bot.advice.plan import make_plan
from bot.advice.ranking import SHOWN, Votes, standings
from bot.advice.reply import (
    Advice,
    Answer,
    Choice,
    Comparison,
    Detail,
    Fact,
    Found,
    Greeting,
    Guidance,
    Listing,
    More,
    MostHelpful,
    NoMatch,
    Reading,
    Reply,
    Suggest,
    Suggestion,
    Unknown,
)
from bot.advice.small_talk import heard
from bot.advice.wishes import Wishes
from bot.errors import StoreError
from bot.knowledge.model import Knowledge, Resource, Topic
from bot.matching import Aspect, Context, Decision, Match
from bot.store.model import NO_GUILD, RESOURCE_TOPIC, Store, Tally

OFFERED_TOPICS = 3  # "Did you mean", at most
PAGE = 4  # resources on a page of a listing
NAMED = 2  # resources named in the question that lead the suggestions
STORE_SECONDS = 1.0  # an answer waits no longer for what only improves it

log = logging.getLogger(__name__)


class Advisor:
    """Answers questions from the current base; without a store, nothing is remembered."""

    def __init__(self, base: Base, store: Store | None = None) -> None:
        self.base = base
        self.decisions: Counter[str] = Counter()  # how many questions ended how, since the start
        self._store = store

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge base that answers now."""
        return self.base.knowledge

    async def advise(
        self,
        question: str,
        *,
        context: Context | None = None,
        keep: bool = False,
        guild: int = NO_GUILD,
    ) -> Advice:
        """Decide a question and build its reply.

        `context` is the card that a follow-up refers to. `keep` says that its own author put
        the question to the bot: then one without a good answer is remembered as a gap. In a
        server, its own votes count for more than those of others.
        """
        match = self.base.matcher.match(question, context=context)
        self.decisions[match.decision] += 1
        return Advice(await self._reply(question, match, guild, keep=keep), match)

    async def _reply(self, question: str, match: Match, guild: int, *, keep: bool) -> Reply:
        topics = [self.knowledge.topics[candidate.topic] for candidate in match.candidates]
        if match.decision is Decision.ANSWER:
            about = self.knowledge.resources.get(match.about or "")
            if about:
                return await self._detail(about, match.aspects, guild)
            return await self.answer(topics[0], _reading(match), guild=guild)
        talk = heard(question, self.base.small_talk)
        if talk:
            return NoMatch(topics=self._featured(), talk=talk)
        kept = keep and match.language is None and not match.bound  # nobody could answer it later
        gap = await self._keep(question, match) if kept else 0
        if match.decision is Decision.SUGGEST:
            return Suggest(tuple(topics[:OFFERED_TOPICS]), gap)
        lost = match.bound and match.asks and match.language is None
        return NoMatch(match.language, gap, self._featured(), lost=lost)

    async def _detail(self, resource: Resource, aspects: Sequence[Aspect], guild: int) -> Detail:
        facts = _facts((resource.id,), aspects, self.knowledge)  # the base may be replaced below
        votes = await self._votes(RESOURCE_TOPIC, guild)
        return Detail(_suggestion(resource, votes), facts)

    async def _keep(self, question: str, match: Match) -> int:
        if self._store is None:
            return 0
        candidates = [candidate.topic for candidate in match.candidates[:OFFERED_TOPICS]]
        try:
            async with asyncio.timeout(STORE_SECONDS):
                return await self._store.record_gap(question, match.decision, candidates)
        except (StoreError, TimeoutError) as error:
            log.warning("A question without a good answer could not be kept: %s", _why(error))
            return 0

    async def answer(
        self,
        topic: Topic,
        reading: Reading | None = None,
        *,
        guild: int = NO_GUILD,
    ) -> Answer:
        """Return the answer of a topic; a reading adds what the question named.

        What a reading of an earlier base names is left out where it is gone.
        """
        knowledge = self.knowledge  # one for the whole answer: the base may be replaced meanwhile
        reading = reading or Reading(topic.id)
        named = [id for id in reading.named if id in knowledge.resources]
        others = (knowledge.topics.get(id) for id in reading.others)
        return Answer(
            topic,
            _suggestions(
                topic,
                () if reading.implied else named,
                knowledge,
                await self._votes(topic.id, guild),
            ),
            _facts(named, reading.aspects, knowledge),
            knowledge.topics.get(reading.second or ""),
            tuple(other for other in others if other),
            reading,
        )

    async def _votes(self, topic: str, guild: int) -> Votes:
        """Return the votes under a topic; a store in trouble must not silence the answer."""
        if self._store is None:
            return Votes()
        try:
            async with asyncio.timeout(STORE_SECONDS):
                everywhere = await self._store.tallies(topic)
                here = None if guild == NO_GUILD else await self._store.tallies(topic, guild)
                return Votes(everywhere, here)
        except (StoreError, TimeoutError) as error:
            log.warning(
                "Votes could not be read, and suggestions keep the maintainers' order: %s",
                _why(error),
            )
            return Votes()

    async def find(self, wanted: str, page: int = 0, *, guild: int = NO_GUILD) -> Found:
        """Return what `/resources` shows for a text: a page, one resource, or what is near."""
        choice = self.base.catalogue.find(wanted)
        if choice is None:
            return Unknown(wanted, self.base.catalogue.nearest(wanted))
        return await self.show(choice, page, guild=guild)

    def choice(self, key: str) -> Choice | None:
        """Return the choice of a key as stored in a button; None when it is gone."""
        return self.base.catalogue.by_key(key)

    async def show(self, choice: Choice, page: int = 0, *, guild: int = NO_GUILD) -> Found:
        """Return a page of the resources that fit a choice, or the only one in full."""
        base = self.base  # one for the whole page: it may be replaced meanwhile
        resources = base.catalogue.resources(choice)
        votes = await self._votes(RESOURCE_TOPIC, guild)
        ids = [resource.id for resource in resources]
        order = [one.resource for one in standings(ids, votes, shown=None)]
        if not order:
            parts = (base.catalogue.by_key(part) for part in choice.key.split(SEPARATOR))
            return Unknown(choice.label, tuple(part for part in parts if part))
        if len(order) == 1:
            return Detail(_suggestion(base.knowledge.resources[order[0]], votes))
        pages = max(1, -(-len(order) // PAGE))
        page = min(max(page, 0), pages - 1)
        shown = order[page * PAGE : (page + 1) * PAGE]
        suggestions = tuple(_suggestion(base.knowledge.resources[id], votes) for id in shown)
        return Listing(choice, suggestions, page, pages, len(order))

    async def compare(
        self, first: str, second: str, *, guild: int = NO_GUILD
    ) -> Comparison | Unknown:
        """Return two resources side by side, the same one twice where both texts name it, or
        what is near the one that has no such name.
        """
        catalogue = self.base.catalogue
        found = [catalogue.resource(wanted) for wanted in (first, second)]
        votes = await self._votes(RESOURCE_TOPIC, guild)
        for wanted, resource in zip((first, second), found, strict=True):
            if resource is None:
                return Unknown(wanted, catalogue.nearest(wanted, only_resources=True))
        one, other = (_suggestion(resource, votes) for resource in found if resource)
        return Comparison(one, other)

    def comparable(self, partial: str, limit: int) -> list[Choice]:
        """Return the resources that a half-typed `/compare` option may mean, best first."""
        return self.base.catalogue.search_resources(partial, limit)

    async def guide(self, wishes: Wishes, week: int | None = None) -> Guidance:
        """Return the plan that fits somebody's wishes."""
        base = self.base
        plan = make_plan(wishes, base.knowledge, base.catalogue.recommended)
        votes = await self._votes(RESOURCE_TOPIC, NO_GUILD)
        helpful = {id: tally.helpful for id, tally in votes.everywhere.items()}
        return Guidance(plan, helpful, week)

    def choices(self, partial: str, limit: int) -> list[Choice]:
        """Return what a half-typed `/resources` option may mean, best first."""
        return self.base.catalogue.search(partial, limit)

    async def most_helpful(self, guild: int = NO_GUILD) -> MostHelpful:
        """Return what helped most on a server, or over all where nobody there has voted.

        Raises StoreError when votes cannot be read: here they are the answer.
        """
        if self._store is None:
            return MostHelpful((), 0)
        everywhere = await self._store.all_tallies()
        if guild != NO_GUILD:
            here = await self._store.all_tallies(guild)
            if helped := most_helpful(self.knowledge, everywhere, here):
                return MostHelpful(helped, sum(map(total, here.values())), here=True)
        votes = sum(map(total, everywhere.values()))
        helped = most_helpful(self.knowledge, everywhere)
        return MostHelpful(helped, votes, nobody_here=guild != NO_GUILD)

    def greeting(self) -> Greeting:
        """Return the hello for a bare mention."""
        return Greeting(self._featured(), self.knowledge.about.examples)

    def _featured(self) -> tuple[Topic, ...]:
        return tuple(self.knowledge.topics[id] for id in self.knowledge.about.featured)

    def topic(self, id: str) -> Topic | None:
        """Return a topic by its id, a former one too; None when it is gone."""
        current = self.knowledge.current_id.get(id)
        return self.knowledge.topics.get(current) if current else None

    def more(self, topic: Topic) -> More:
        """Return the longer advice on a topic."""
        return More(topic)

    def ids_of(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return today's ids of the topics and resources of short keys that still exist."""
        known = self.base.id_by_key
        return tuple(known[key] for key in keys if key in known)

    def topics_of(self, keys: Sequence[str]) -> tuple[Topic, ...]:
        """Return the topics of short keys that still exist."""
        ids = self.ids_of(keys)
        return tuple(self.knowledge.topics[id] for id in ids if id in self.knowledge.topics)


def _why(error: Exception) -> str:
    return str(error) or f"the database did not answer within {STORE_SECONDS:.0f} s"


def _reading(match: Match) -> Reading:
    """Return how a question was read that a match answers confidently."""
    topic, *others = (candidate.topic for candidate in match.candidates[: 1 + OFFERED_TOPICS])
    named = match.resources[:NAMED]
    asked = match.aspects if named else ()
    return Reading(topic, tuple(others), match.second, named, asked, implied=match.implied)


def _facts(
    named: Sequence[str], aspects: Sequence[Aspect], knowledge: Knowledge
) -> tuple[Fact, ...]:
    found = (
        fact(knowledge.resources[id], aspect, knowledge.facets)
        for id in named
        for aspect in aspects
    )
    return tuple(one for one in found if one is not None)[:NAMED]


def _suggestions(
    topic: Topic, named: Sequence[str], knowledge: Knowledge, votes: Votes
) -> tuple[Suggestion, ...]:
    whys = {one.resource: one.why for one in topic.suggestions}
    best = (one.resource for one in standings(list(whys), votes))
    order = list(dict.fromkeys((*named, *best)))
    return tuple(_suggestion(knowledge.resources[id], votes, whys.get(id)) for id in order[:SHOWN])


def _suggestion(resource: Resource, votes: Votes, why: str | None = None) -> Suggestion:
    helpful = votes.everywhere.get(resource.id, Tally()).helpful
    return Suggestion(resource, why or resource.why, helpful)
