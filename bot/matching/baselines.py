"""Plain rankers to measure against: rapidfuzz's scorers and BM25, one document a topic."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from bot.knowledge.model import Knowledge
from bot.matching.text import normalise, words

SATURATION, LENGTH = 1.5, 0.75  # BM25's usual k1 and b


def baselines(
    knowledge: Knowledge,
) -> Mapping[str, Callable[[str], Sequence[tuple[str, float]]]]:
    """Return rankers over the base's topics by name."""
    scorers = {
        "rapidfuzz WRatio": fuzz.WRatio,
        "rapidfuzz token_set_ratio": fuzz.token_set_ratio,
        "rapidfuzz token_sort_ratio": fuzz.token_sort_ratio,
    }
    rankers = {name: _fuzzy(knowledge, scorer) for name, scorer in scorers.items()}
    return rankers | {"BM25": _bm25(knowledge)}


def _fuzzy(
    knowledge: Knowledge, scorer: Callable[..., float]
) -> Callable[[str], Sequence[tuple[str, float]]]:
    pairs = [(p.lower(), t.id) for t in knowledge.topics.values() for p in t.phrasings]
    phrasings = [phrasing for phrasing, _ in pairs]

    def rank(text: str) -> Sequence[tuple[str, float]]:
        best: dict[str, float] = {}
        scores = cdist([text.lower()], phrasings, scorer=scorer)[0]
        for (_, topic), score in zip(pairs, scores, strict=True):
            best[topic] = max(best.get(topic, 0.0), float(score) / 100)
        return sorted(best.items(), key=lambda item: -item[1])

    return rank


def _bm25(knowledge: Knowledge) -> Callable[[str], Sequence[tuple[str, float]]]:
    documents = {
        topic.id: Counter(word for p in topic.phrasings for word in words(normalise(p)))
        for topic in knowledge.topics.values()
    }
    mean = sum(sum(d.values()) for d in documents.values()) / max(1, len(documents))
    holding = Counter(word for document in documents.values() for word in document)
    rarity = {
        word: math.log(1 + (len(documents) - count + 0.5) / (count + 0.5))
        for word, count in holding.items()
    }

    def score(document: Counter[str], asked: Sequence[str]) -> float:
        norm = SATURATION * (1 - LENGTH + LENGTH * sum(document.values()) / mean)
        return sum(
            rarity[word] * document[word] * (SATURATION + 1) / (document[word] + norm)
            for word in asked
            if word in document
        )

    def rank(text: str) -> Sequence[tuple[str, float]]:
        asked = words(normalise(text))
        scores = {topic: score(document, asked) for topic, document in documents.items()}
        return sorted(scores.items(), key=lambda item: -item[1])

    return rank
