"""The matcher: a question in, a decided `Match` out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.knowledge.model import Knowledge
from bot.matching.features import Concepts, Features, features
from bot.matching.index import build
from bot.matching.lexical import Floats
from bot.matching.model import Candidate, Context, Decision, Match
from bot.matching.text import by_length, nearest_word, normalise, stem, words

CANDIDATES = 8
ANSWER_FROM = 0.6  # chance from which the first topic is answered
SUGGEST_FROM = 0.25  # chance of the first three together from which they are offered


class Matcher:
    """Decides questions against one knowledge base; immutable after it is built."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._topics = tuple(knowledge.topics)
        self._concepts = Concepts.of(knowledge.vocabulary)
        texts = [list(topic.phrasings) for topic in knowledge.topics.values()]
        if knowledge.off_topic.phrasings:
            texts.append(list(knowledge.off_topic.phrasings))
        tokens = [[words(normalise(text)) for text in entry] for entry in texts]
        self._known = frozenset(word for entry in tokens for text in entry for word in text)
        self._nearby = by_length(sorted(self._known))
        self._stems = frozenset(map(stem, self._known))
        self._index = build(
            [[features(text, self._concepts) for text in entry] for entry in tokens],
            np.stack([self._meaning(text) for entry in texts for text in entry]),
            has_off_topic=bool(knowledge.off_topic.phrasings),
        )

    def match(self, question: str, context: Context | None = None) -> Match:
        """Decide a question, as a follow-up where a context is given. Never raises."""
        chances = self._index.chances(self._features(question), self._meaning(question))
        order = np.argsort(-chances, kind="stable")[:CANDIDATES]
        candidates = tuple(Candidate(self._topics[i], float(chances[i])) for i in order)
        return Match(_decision(chances[order]), candidates)

    def _features(self, question: str) -> Features:
        return features(self._repaired(words(normalise(question))), self._concepts)

    def _meaning(self, question: str) -> Floats:
        return np.zeros(1, np.float32)

    def _repaired(self, tokens: Sequence[str]) -> list[str]:
        return [self._repair(token) for token in tokens]

    def _repair(self, word: str) -> str:
        if word in self._known or stem(word) in self._stems:
            return word
        return nearest_word(word, self._nearby) or word


def _decision(best: Floats) -> Decision:
    if len(best) and best[0] >= ANSWER_FROM:
        return Decision.ANSWER
    if len(best) and best[:3].sum() >= SUGGEST_FROM:
        return Decision.SUGGEST
    return Decision.NONE
