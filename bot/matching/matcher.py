"""The matcher: a question in, a decided `Match` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bot.knowledge.model import Knowledge
from bot.matching.decide import (
    blended,
    decision,
    follow_up_decision,
    names_topic,
    scores,
    second_part,
)
from bot.matching.explain import Explanation, Reason
from bot.matching.followup import FollowUps, Meant, asks, more_about, numbered
from bot.matching.index import Found, build
from bot.matching.language import foreign_language
from bot.matching.model import Candidate, Context, Decision, Match
from bot.matching.names import Names, aspects
from bot.matching.parts import parts
from bot.matching.reading import Reader, Reading, remember
from bot.matching.text import normalise, words

EXPLAINED, SHOWN, SHOWN_PHRASINGS = 3, 6, 2  # topics; words and phrasings of each
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
        readings = self._reader.read_phrasings(
            [words(normalise(text)) for entry in entries for text in entry]
        )
        self._index = build(readings, [len(entry) for entry in entries], kin)
        ends = np.cumsum([len(entry) for entry in entries])
        self._phrasings = [
            (entry, np.stack([r.meaning for r in readings[end - len(entry) : end]]))
            if entry
            else (entry, np.zeros((0, 0), np.float32))
            for entry, end in zip(entries, ends, strict=True)
        ]

    def match(self, question: str, context: Context | None = None) -> Match:
        """Decide a question, as a follow-up where a context is given. Never raises."""
        normalised = numbered(normalise(question)) if context else normalise(question)
        written = words(normalised)
        tokens = self._reader.repaired(written)
        language = foreign_language(question, written, self._language, self._reader.known)
        if context:
            found = self._follow_up(normalised, tokens, context)
        else:
            found = self._asked(normalised, tokens, parts(normalised, written))
        return (
            replace(found, decision=Decision.NONE, second=None, language=language)
            if language
            else found
        )

    def remember(self) -> None:
        """Remember the meanings of the phrasings, as building the base did.

        To be called on a matcher that was read from a file: the next base, after an edit, is
        then built in half the time.
        """
        for texts, meanings in self._phrasings:
            keys = (tuple(words(normalise(text))) for text in texts)
            remember(zip(keys, meanings, strict=True))

    def explain(self, question: str) -> Explanation:
        """Return why a question is decided as it is: words, phrasings, concepts, what lacks."""
        written = words(normalise(question))
        tokens = self._reader.repaired(written)
        reading = self._reader.read([tokens])[0]
        match = self.match(question)
        number = {topic: place for place, topic in enumerate(self._topics)}
        reasons = [
            self._reason(reading, number[c.topic], c.score) for c in match.candidates[:EXPLAINED]
        ]
        return Explanation(
            match=match,
            words=tuple(tokens),
            repaired=tuple((a, b) for a, b in zip(written, tokens, strict=True) if a != b),
            unknown=tuple(token for token in tokens if token not in self._reader.known),
            concepts=tuple(concept[1:] for concept in reading.features.concepts),
            in_scope=self._index.candidates([reading])[0][1],
            reasons=tuple(reasons),
            lacking=_lacking(reasons),
            off_topic=self._near(reading, len(self._topics)),
        )

    def _reason(self, reading: Reading, topic: int, score: float) -> Reason:
        found = self._index.weighted_words(reading, topic)
        return Reason(self._topics[topic], score, found[:SHOWN], self._near(reading, topic))

    def _near(self, reading: Reading, owner: int) -> tuple[tuple[str, float], ...]:
        """Return the phrasings of a topic, or the off-topic ones, that mean the nearest."""
        texts, meanings = self._phrasings[owner]
        if not texts:
            return ()
        cosines = meanings @ reading.meaning
        best = np.argsort(-cosines, kind="stable")[:SHOWN_PHRASINGS]
        return tuple((texts[n], float(cosines[n])) for n in best)

    def _asked(
        self, normalised: str, tokens: Sequence[str], clauses: Sequence[tuple[int, int]]
    ) -> Match:
        readings = self._reader.read_parts(tokens, [(0, len(tokens)), *clauses])
        whole, *found = self._index.candidates(readings)
        second = None
        if whole[1] >= PARTS_FROM:
            second, chance = second_part(whole, found, self._index.kin)
            if second is not None:
                whole = [(whole[0][0][0], chance), *whole[0][1:]], max(whole[1], chance)
        candidates = self._candidates(whole)
        resources, asked = self._names.found(tokens), aspects(normalised)
        decided = decision(whole, clear=second is not None or bool(resources and asked))
        return Match(
            decided,
            candidates,
            second=self._topics[second]
            if second is not None and decided is Decision.ANSWER
            else None,
            resources=resources,
            aspects=asked,
        )

    def _follow_up(self, normalised: str, tokens: Sequence[str], context: Context) -> Match:
        """Decide a reply to a card."""
        asked, named = aspects(normalised), self._names.found(tokens)
        meant = self._follow_ups.meant(tokens, context, asked)
        if named:
            opened = self._names.resources.get(more_about(tokens)) is not None
            meant = replace(meant, whole=opened, implied=False)
        asked = () if meant.whole else asked
        resources = named or meant.resources
        found, alone = self._replied(tokens, context, meant, fact=bool(asked and not named))
        asking = asks(normalised) or meant.whole
        decided = follow_up_decision(found, knows_fact=bool(asked and resources) or alone)
        return Match(
            decided if asking else Decision.NONE,
            self._candidates(found),
            resources=resources,
            aspects=asked,
            about=resources[0] if alone else None,
            implied=meant.implied,
            bound=not named and self._follow_ups.bound(tokens),
            asks=asking,
        )

    def _replied(
        self, tokens: Sequence[str], context: Context, meant: Meant, *, fact: bool
    ) -> tuple[Found, bool]:
        """Return the topics of a reply, and whether the one resource meant is answered alone.

        A reply counts both by itself and together with the card's title. One that asks for a fact
        of what the card shows is not sent back to the card's topic: "how long?" has a topic by
        itself, and of "how long is it?" the fact is the whole answer.
        """
        about = self._titles.get(context.topic or "", ())
        readings = self._reader.read([tokens, [*tokens, *about]])
        alone, together = self._index.candidates(readings)
        weight = ABOUT_THE_CARD if meant.resources else ABOUT_SOMETHING_ELSE
        found = blended(alone, together, weight)
        card = self._number(context.topic)
        if not (fact and meant.resources) or names_topic(found, card):
            return found, meant.whole
        if names_topic(alone, card) and not self._follow_ups.points(tokens):
            return alone, False
        return found, len(meant.resources) == 1 and self._follow_ups.bound(tokens)

    def _number(self, topic: str | None) -> int | None:
        return self._topics.index(topic) if topic in self._topics else None

    def _candidates(self, found: Found) -> tuple[Candidate, ...]:
        shown = zip(found[0], scores(found), strict=True)
        return tuple(Candidate(self._topics[topic], score) for (topic, _), score in shown)


def _lacking(reasons: Sequence[Reason]) -> tuple[str, ...]:
    """Return what speaks for the first candidate and not for the runner-up."""
    if len(reasons) < 2:
        return ()
    second = {word for word, value in reasons[1].words if value > 0}
    return tuple(word for word, value in reasons[0].words if value > 0 and word not in second)
