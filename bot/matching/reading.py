"""Reading a question with a base's words: repaired, cut into features, given a meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.knowledge.model import Knowledge
from bot.matching.encoder import Encoder, packaged
from bot.matching.features import Concepts, Features, features
from bot.matching.lexical import Floats
from bot.matching.numbered import Numbered
from bot.matching.spelling import speller
from bot.matching.text import normalise, stem, words

REMEMBERED = 20_000  # meanings of phrasings, about 1 kB each
_MEANINGS: dict[tuple[str, ...], Floats] = {}


@dataclass(frozen=True)
class Reading:
    """A text as the index takes it."""

    tokens: tuple[str, ...]
    features: Features
    meaning: Floats


class Reader:
    """Knows the words of one base; immutable after it is built."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.encoder: Encoder = packaged()
        self.concepts = Concepts.of(knowledge.vocabulary)
        self.known = frozenset(
            word for text in _texts(knowledge) for word in words(normalise(text))
        )
        stems = english_stems().union(map(stem, self.known))
        self._stems = Numbered.of({one: number for number, one in enumerate(sorted(stems))})
        self._speller = speller(sorted(self.known), same_start=False)
        self._english = speller(self.encoder.words, same_start=True)

    def read(self, texts: Sequence[Sequence[str]]) -> list[Reading]:
        """Read texts that are words already; see `repaired`."""
        return self._read(texts, self.encoder.encode(texts))

    def read_phrasings(self, texts: Sequence[Sequence[str]]) -> list[Reading]:
        """Read a base's phrasings, remembering their meanings for the next base.

        After an edit nearly all of them are the same, and meaning takes the most time.
        """
        keys = [tuple(text) for text in texts]
        new = [key for key in dict.fromkeys(keys) if key not in _MEANINGS]
        meanings = dict(zip(new, self.encoder.encode(new), strict=True))
        readings = self._read(
            texts, [meanings[key] if key in meanings else _MEANINGS[key] for key in keys]
        )
        remember(meanings.items())
        return readings

    def _read(self, texts: Sequence[Sequence[str]], meanings: Iterable[Floats]) -> list[Reading]:
        return [
            Reading(tuple(text), features(text, self.concepts), meaning)
            for text, meaning in zip(texts, meanings, strict=True)
        ]

    def read_parts(self, words: Sequence[str], parts: Sequence[tuple[int, int]]) -> list[Reading]:
        """Read ranges of a text's words, each in the context of the others."""
        meanings = self.encoder.encode_parts(words, parts)
        return [
            Reading(tuple(text), features(text, self.concepts), meaning)
            for text, meaning in zip(
                (words[first:last] for first, last in parts), meanings, strict=True
            )
        ]

    def repaired(self, words: Sequence[str]) -> list[str]:
        """Return the words of a normalised text, misspelt ones repaired."""
        return [self._repaired(word) for word in words]

    def _repaired(self, word: str) -> str:
        """Return the word of the base, or else the English one, that is meant."""
        if word in self.known or stem(word) in self._stems:
            return word
        return self._speller.nearest(word) or self._english.nearest(word) or word


def _texts(knowledge: Knowledge) -> list[str]:
    return [
        *(text for topic in knowledge.topics.values() for text in topic.phrasings),
        *(topic.title for topic in knowledge.topics.values()),
        *knowledge.off_topic.phrasings,
        *(term for terms in knowledge.vocabulary.concepts.values() for term in terms),
        *(alias for resource in knowledge.resources.values() for alias in resource.aliases),
        *(resource.title for resource in knowledge.resources.values()),
    ]


def remember(meanings: Iterable[tuple[tuple[str, ...], Floats]]) -> None:
    """Remember the meanings of phrasings, the latest ones when there are too many."""
    _MEANINGS.update(meanings)
    while len(_MEANINGS) > REMEMBERED:
        _MEANINGS.pop(next(iter(_MEANINGS)))


@lru_cache(maxsize=1)
def english_stems() -> frozenset[str]:
    """Return the stems of the encoder's words: what is real English and never repaired."""
    return frozenset(map(stem, packaged().words))
