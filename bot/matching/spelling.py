"""Repairing misspelt words against lists of known ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from bot.matching.numbered import Numbered

SHORTEST = 4  # letters; shorter words have too many neighbours
TWO_EDITS_FROM = 8  # letters from which two edits still name one word
SHUFFLED_FROM = 6  # letters from which the same letters between the same ends name one word


@dataclass(frozen=True)
class Speller:
    """Known words in the order of their kinds, see `_kind`; within a kind the likelier first."""

    words: npt.NDArray[np.bytes_]  # far less memory than texts, of which a few are looked at
    kinds: npt.NDArray[np.int64]
    letters: npt.NDArray[np.uint32]
    shuffled: Numbered  # letters in their order between the ends → place of the word
    same_start: bool

    def nearest(self, word: str) -> str | None:
        """Return the known word that `word` is a misspelling of, or None.

        One edit (an insertion, deletion, substitution, or swap of neighbours) is allowed
        from four letters, two from eight, and any order of letters between the ends from six.
        """
        if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
            return None
        allowed = 2 if len(word) >= TWO_EDITS_FROM else 1
        best, fewest = None, allowed + 1.0
        for length, alike in groupby(self._alike(word, allowed), len):
            found = extractOne(word, alike, scorer=OSA.distance, score_cutoff=allowed)
            if found:
                cost = found[1] + 0.5 * (found[0][0] != word[0]) + 0.1 * abs(length - len(word))
                if cost < fewest:
                    best, fewest = found[0], cost
        place = self.shuffled.get(_ordered(word)) if len(word) >= SHUFFLED_FROM else None
        return best or (None if place is None else self.words[place].decode())

    def _alike(self, word: str, edits: int) -> list[str]:
        """Return the words of which so many edits might make `word`.

        An edit changes the length by at most one, and takes away and brings in one letter at
        most. This tells all but a few words apart much faster than their distance does.
        """
        kind = _kind(word, same_start=self.same_start)
        first, last = self.kinds.searchsorted((kind - edits, kind + edits + 1))
        differing = np.bitwise_count(self.letters[first:last] ^ _letters(word))
        alike = self.words[first:last][differing <= 2 * edits]
        return [word.decode() for word in alike.tolist()]


def speller(known: Iterable[str], *, same_start: bool) -> Speller:
    """Return a speller for the words in the order given, the likelier ones first.

    With `same_start` only words with the same first letter are looked at: for long lists.
    """
    usable = [w for w in known if len(w) >= SHORTEST - 1 and w.isascii() and w.isalpha()]
    words = sorted(usable, key=lambda word: _kind(word, same_start=same_start))
    place = {word: number for number, word in enumerate(words)}
    long = () if same_start else (w for w in reversed(usable) if len(w) >= SHUFFLED_FROM)
    return Speller(
        np.array(words, np.bytes_),
        np.array([_kind(word, same_start=same_start) for word in words], np.int64),
        np.array([_letters(word) for word in words], np.uint32),
        Numbered.of({_ordered(word): place[word] for word in long}),
        same_start,
    )


def _kind(word: str, *, same_start: bool) -> int:
    """Return a number for the word's length, and for its first letter where that must agree."""
    return (ord(word[0]) << 16 if same_start else 0) + len(word)


def _letters(word: str) -> np.uint32:
    """Return a number with a bit for each letter of the alphabet that the word has."""
    return np.uint32(sum({1 << (ord(letter.lower()) - ord("a")) for letter in word}))


def _ordered(word: str) -> str:
    return word[0] + "".join(sorted(word[1:-1])) + word[-1]
