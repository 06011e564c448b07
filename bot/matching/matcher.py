"""The matcher: a question in, a decided `Match` out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.knowledge.model import Knowledge
from bot.matching.encoder import packaged
from bot.matching.features import Concepts, features
from bot.matching.index import build
from bot.matching.lexical import Floats
from bot.matching.model import Candidate, Context, Decision, Match
from bot.matching.text import by_length, nearest_word, normalise, stem, words

CANDIDATES = 8
ANSWER_FROM = 0.6  # chance from which the first topic is answered
SUGGEST_FROM = 0.5  # chance to be in scope from which candidates are offered


class Matcher:
    """Decides questions against one knowledge base; immutable after it is built."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._topics = tuple(knowledge.topics)
        self._concepts = Concepts.of(knowledge.vocabulary)
        self._encoder = packaged()
        entries = [
            [words(normalise(text)) for text in topic.phrasings]
            for topic in knowledge.topics.values()
        ]
        off_topic = [words(normalise(text)) for text in knowledge.off_topic.phrasings]
        known = {word for entry in (*entries, off_topic) for text in entry for word in text}
        self._known = frozenset(known)
        self._nearby = by_length(sorted(known))
        self._stems = frozenset(map(stem, known))
        number = {topic: position for position, topic in enumerate(self._topics)}
        self._index = build(
            [[features(text, self._concepts) for text in entry] for entry in entries],
            [features(text, self._concepts) for text in off_topic],
            np.stack([self._meaning(t) for entry in (*entries, off_topic) for t in entry]),
            [
                frozenset((number[topic.id], *(number[b] for b in topic.broader if b in number)))
                for topic in knowledge.topics.values()
            ],
        )

    def match(self, question: str, context: Context | None = None) -> Match:
        """Decide a question, as a follow-up where a context is given. Never raises."""
        tokens = self._repaired(words(normalise(question)))
        found, inside = self._index.candidates(
            features(tokens, self._concepts), self._meaning(tokens)
        )
        candidates = tuple(Candidate(self._topics[t], chance) for t, chance in found[:CANDIDATES])
        return Match(_decision(candidates, inside), candidates)

    def _meaning(self, tokens: Sequence[str]) -> Floats:
        return self._encoder.encode(tokens)

    def _repaired(self, tokens: Sequence[str]) -> list[str]:
        return [self._repair(token) for token in tokens]

    def _repair(self, word: str) -> str:
        if word in self._known or stem(word) in self._stems or word in self._encoder:
            return word
        return nearest_word(word, self._nearby) or word


def _decision(candidates: Sequence[Candidate], inside: float) -> Decision:
    if candidates and candidates[0].score >= ANSWER_FROM:
        return Decision.ANSWER
    if candidates and inside >= SUGGEST_FROM:
        return Decision.SUGGEST
    return Decision.NONE
