"""Features of a question: words, concepts, pairs of them, and pieces of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.model import Vocabulary
from bot.matching.text import normalise, stem, words

PAIR_REACH = 3  # how many content words apart two words still make a pair
PIECES = (2, 3, 4)  # lengths of the character pieces, word boundaries counted
LONGEST_TERM = 5  # words in a concept's phrase

# Words that carry too little to be half of a pair; question words and "not" do carry.
_EMPTY = frozenset(
    """
    a an the of to for in on at by with from and i me my we our you your it its this that
    these those is are was were be been am do does did have has had will would can could so
    just very really as also there here please thanks hi hello hey any some if s t
    """.split()  # noqa: SIM905 - a list of words is read as a text
)


@dataclass(frozen=True)
class Concepts:
    """The vocabulary as stemmed phrases: phrase → concepts, first word → longest phrase."""

    terms: Mapping[tuple[str, ...], tuple[str, ...]]
    longest: Mapping[str, int]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Concepts:
        """Stem every phrase of the vocabulary."""
        terms: dict[tuple[str, ...], tuple[str, ...]] = {}
        for concept, phrases in vocabulary.concepts.items():
            for phrase in phrases:
                key = tuple(stem(word) for word in words(normalise(phrase)))
                if key and concept not in terms.get(key, ()):
                    terms[key] = (*terms.get(key, ()), concept)
        longest = {key[0]: min(len(key), LONGEST_TERM) for key in sorted(terms, key=len)}
        return cls(terms, longest)


@dataclass(frozen=True)
class Features:
    """What a question consists of; a feature may stand more than once.

    Its words stand there twice: stemmed, and as the `tokens` of which pieces are cut.
    """

    words: tuple[str, ...]
    concepts: tuple[str, ...]
    pairs: tuple[str, ...]
    tokens: tuple[str, ...]


def features(tokens: Sequence[str], concepts: Concepts) -> Features:
    """Return the features of a question's words (normalised and repaired, not stemmed)."""
    stems = [stem(token) for token in tokens]
    content, found = _with_concepts(stems, concepts)
    return Features(tuple(stems), tuple(found), tuple(_pairs(content)), tuple(tokens))


def _with_concepts(stems: list[str], concepts: Concepts) -> tuple[list[str], list[str]]:
    """Return the content words, concepts put for their phrases, and the concepts found."""
    content: list[str] = []
    found: list[str] = []
    position = 0
    while position < len(stems):
        word, names, taken = stems[position], None, 1
        for length in range(min(concepts.longest.get(word, 0), len(stems) - position), 0, -1):
            names = concepts.terms.get(tuple(stems[position : position + length]))
            if names:
                content.append("=" + names[0])
                found.extend("=" + name for name in names)
                taken = length
                break
        if not names and word not in _EMPTY:
            content.append(word)
        position += taken
    return content, found


def _pairs(content: Sequence[str]) -> list[str]:
    return [
        f"{first}&{second}" if first < second else f"{second}&{first}"
        for i, first in enumerate(content)
        for second in content[i + 1 : i + 1 + PAIR_REACH]
        if first != second
    ]


def pieces(token: str) -> frozenset[str]:
    """Return the pieces of a word."""
    bounded = f" {token} "
    return frozenset(
        bounded[i : i + size] for size in PIECES for i in range(len(bounded) - size + 1)
    )
