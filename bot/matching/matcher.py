"""The matcher: a question in, a decided `Match` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.knowledge.model import Knowledge
from bot.matching.decide import blended, decision, follow_up_decision, score, second_part
from bot.matching.followup import FollowUps, asks
from bot.matching.index import Found, build
from bot.matching.language import foreign_language
from bot.matching.model import Candidate, Context, Decision, Match
from bot.matching.names import Names, aspects
from bot.matching.parts import parts
from bot.matching.reading import Reader
from bot.matching.text import normalise, words

CANDIDATES = 8
WORDS_OF_A_PART = 20  # that are read: a part is judged by its beginning
PARTS_FROM = 0.4  # chance to be in scope from which the parts of a text are looked at
ABOUT_THE_CARD = 0.7  # weight of the card's title where a reply refers to what the card shows
ABOUT_SOMETHING_ELSE = 0.25  # and where it does not


class Matcher:
    """Decides questions against one knowledge base; immutable after it is built."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Build the index; takes seconds for thousands of phrasings."""
        self._language = knowledge.about.language
        self._topics = tuple(knowledge.topics)
        self._reader = Reader(knowledge)
        self._names = Names.of(knowledge.resources.values())
        self._follow_ups = FollowUps.of(knowledge.resources, knowledge.facets.formats)
        self._titles = {
            topic.id: words(normalise(topic.title)) for topic in knowledge.topics.values()
        }
        entries = [topic.phrasings for topic in knowledge.topics.values()]
        entries.append(knowledge.off_topic.phrasings)
        self.broader: Mapping[str, frozenset[str]] = {
            topic.id: frozenset(topic.broader) for topic in knowledge.topics.values()
        }
        number = {topic: position for position, topic in enumerate(self._topics)}
        kin = [
            frozenset((number[topic.id], *(number[b] for b in topic.broader if b in number)))
            for topic in knowledge.topics.values()
        ]
        readings = self._reader.read(
            [words(normalise(text)) for entry in entries for text in entry]
        )
        self._index = build(readings, [len(entry) for entry in entries], kin)

    def match(self, question: str, context: Context | None = None) -> Match:
        """Decide a question, as a follow-up where a context is given. Never raises."""
        normalised = normalise(question)
        tokens = self._reader.words(normalised)
        language = foreign_language(question, tokens, self._language, self._reader.known)
        if context:
            found = self._follow_up(normalised, tokens, context)
        else:
            found = self._asked(normalised, tokens)
        return (
            replace(found, decision=Decision.NONE, second=None, language=language)
            if language
            else found
        )

    def _asked(self, normalised: str, tokens: Sequence[str]) -> Match:
        whole = self._index.candidates(self._reader.read([tokens]))[0]
        second = None
        clauses = parts(normalised) if whole[1] >= PARTS_FROM else []
        if clauses:
            read = self._reader.read(
                [self._reader.words(clause)[:WORDS_OF_A_PART] for clause in clauses]
            )
            second, chance = second_part(whole, self._index.candidates(read), self._index.kin)
            if second is not None:
                whole = [(whole[0][0][0], chance), *whole[0][1:]], max(whole[1], chance)
        candidates = self._candidates(whole)
        decided = decision(whole)
        return Match(
            decided,
            candidates,
            second=self._topics[second]
            if second is not None and decided is Decision.ANSWER
            else None,
            resources=self._names.found(tokens),
            aspects=aspects(normalised),
        )

    def _follow_up(self, normalised: str, tokens: Sequence[str], context: Context) -> Match:
        """Read a reply alone and together with the card's title; both count the same."""
        asked = aspects(normalised)
        meant = self._follow_ups.meant(tokens, context.resources, asked)
        resources = self._names.found(tokens) or meant
        about = self._titles.get(context.topic or "", ())
        readings = self._reader.read([tokens, [*tokens, *about]])
        alone, together = self._index.candidates(readings)
        found = blended(alone, together, ABOUT_THE_CARD if meant else ABOUT_SOMETHING_ELSE)
        candidates = self._candidates(found)
        decided = Decision.NONE
        if asks(normalised):
            decided = follow_up_decision(found, knows_fact=bool(asked and resources))
        return Match(decided, candidates, resources=resources, aspects=asked)

    def _candidates(self, found: Found) -> tuple[Candidate, ...]:
        topics, inside = found
        best = topics[:CANDIDATES]
        return tuple(Candidate(self._topics[t], score(chance, inside)) for t, chance in best)
