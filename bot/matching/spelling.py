"""Repairing misspelt words against lists of known ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

SHORTEST = 4  # letters; shorter words have too many neighbours
TWO_EDITS_FROM = 8  # letters from which two edits still name one word
SHUFFLED_FROM = 6  # letters from which the same letters between the same ends name one word


@dataclass(frozen=True)
class Speller:
    """Known words by length, and by first letter too where there are many; see `speller`."""

    buckets: Mapping[tuple[int, str], Sequence[str]]
    shuffled: Mapping[tuple[str, str, str], str]
    same_start: bool

    def nearest(self, word: str) -> str | None:
        """Return the known word that `word` is a misspelling of, or None.

        One edit (an insertion, deletion, substitution, or swap of neighbours) is allowed
        from four letters, two from eight, and any order of letters between the ends from six.
        """
        length = len(word)
        if length < SHORTEST or not (word.isascii() and word.isalpha()):
            return None
        allowed = 2 if length >= TWO_EDITS_FROM else 1
        start = word[0] if self.same_start else ""
        best, fewest = None, allowed + 1.0
        for near in range(length - allowed, length + allowed + 1):
            bucket = self.buckets.get((near, start))
            found = bucket and extractOne(word, bucket, scorer=OSA.distance, score_cutoff=allowed)
            if found:
                cost = found[1] + 0.5 * (found[0][0] != word[0]) + 0.1 * abs(near - length)
                if cost < fewest:
                    best, fewest = found[0], cost
        return best or (self.shuffled.get(_letters(word)) if length >= SHUFFLED_FROM else None)


def speller(known: Iterable[str], *, same_start: bool) -> Speller:
    """Return a speller for the words in the order given, the likelier ones first.

    With `same_start` only words with the same first letter are looked at: for long lists.
    """
    buckets: dict[tuple[int, str], list[str]] = {}
    shuffled: dict[tuple[str, str, str], str] = {}
    for word in known:
        if len(word) >= SHORTEST - 1 and word.isascii() and word.isalpha():
            buckets.setdefault((len(word), word[0] if same_start else ""), []).append(word)
            if len(word) >= SHUFFLED_FROM and not same_start:
                shuffled.setdefault(_letters(word), word)
    return Speller(buckets, shuffled, same_start)


def _letters(word: str) -> tuple[str, str, str]:
    return word[0], "".join(sorted(word[1:-1])), word[-1]
