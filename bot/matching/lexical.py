"""Lexical vectors: features weighted by how few entries of the base have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bot.matching.features import Features, pieces
from bot.matching.numbered import Numbered

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]
Vector = tuple[Rows, Floats]
"""A sparse vector: rows of known features and their values; unknown ones shorten it."""

PIECES_SHARE = 0.35  # of the squared length that character pieces get; words get the rest
KEPT = 2_000  # words with their pieces, of half a kilobyte each; and as many names
_BEFORE = np.array([-1], np.int32)  # every row


class Names:
    """Rows of words, concepts and pairs. Those of the last ones are kept, for they come again."""

    def __init__(self, rows: Mapping[str, int]) -> None:
        self._rows = rows
        self.row: Callable[[str], int | None] = lru_cache(KEPT)(rows.get)

    def __reduce__(self) -> tuple[Callable[[Mapping[str, int]], Names], tuple[Mapping[str, int]]]:
        """Pickle without what is kept."""
        return Names, (self._rows,)


class Pieces:
    """Rows of the pieces of words. Those of the last words are kept, for words come again."""

    def __init__(self, rows: Mapping[str, int]) -> None:
        self._rows = rows
        self._kept = lru_cache(KEPT)(self._of)

    def __reduce__(self) -> tuple[Callable[[Mapping[str, int]], Pieces], tuple[Mapping[str, int]]]:
        """Pickle without what is kept."""
        return Pieces, (self._rows,)

    def of(self, tokens: Sequence[str]) -> tuple[Rows, int]:
        """Return the rows of the words' pieces, each once and sorted, and count unknown pieces."""
        found = [self._kept(token) for token in set(tokens)]
        rows = np.concatenate([_BEFORE, *(known for known, _ in found)])
        rows.sort()
        distinct = rows[1:][rows[1:] != rows[:-1]]
        return distinct, len(frozenset().union(*(unknown for _, unknown in found)))

    def _of(self, token: str) -> tuple[Rows, frozenset[str]]:
        known = {piece: self._rows.get(piece) for piece in pieces(token)}
        rows = [row for row in known.values() if row is not None]
        unknown = frozenset(piece for piece, row in known.items() if row is None)
        return np.array(rows, np.int32), unknown


@dataclass(frozen=True)
class Lexicon:
    """The features of a base with their weights."""

    words: Names
    pieces: Pieces
    weights: Floats
    unknown: float

    def __len__(self) -> int:
        return len(self.weights)

    def vector(self, found: Features) -> Vector:
        """Return the vector of a question's features, at most of length one."""
        spoken = dict.fromkeys((*found.words, *found.concepts, *found.pairs))
        known = [row for name in spoken if (row := self.words.row(name)) is not None]
        pieces, unknown = self.pieces.of(found.tokens)
        rows = np.concatenate((np.array(known, np.int32), pieces))
        values = self.weights[rows]
        self._give(1 - PIECES_SHARE, values[: len(known)], len(spoken) - len(known))
        self._give(PIECES_SHARE, values[len(known) :], unknown)
        return rows, values

    def _give(self, share: float, values: Floats, unknown: int) -> None:
        """Scale values in place, so that they and the unknown ones have this squared length."""
        length = float(values @ values) + self.unknown**2 * unknown
        values *= (share / length) ** 0.5 if length else 0.0


def lexicon(entries: Sequence[Sequence[Features]]) -> Lexicon:
    """Count features over entries (lists of phrasings) and weigh them.

    The weight is the logarithm of how few entries have the feature; one that no entry has
    weighs the most, so that talk of unknown things lowers every score.
    """
    words: dict[str, int] = {}
    cut: dict[str, int] = {}
    counts: list[int] = []

    def count(names: set[str], rows: dict[str, int]) -> None:
        for name in sorted(names):
            row = rows.get(name)
            if row is None:
                rows[name] = len(counts)
                counts.append(1)
            else:
                counts[row] += 1

    for phrasings in entries:
        count({f for p in phrasings for f in (*p.words, *p.concepts, *p.pairs)}, words)
        tokens = {token for p in phrasings for token in p.tokens}
        count(set().union(*map(pieces, tokens)), cut)
    total = len(entries) + 1
    weights = np.log(total / (np.array(counts, np.float32) + 0.5)).clip(0.05)
    return Lexicon(
        Names(Numbered.of(words)),
        Pieces(Numbered.of(cut)),
        weights.astype(np.float32),
        float(np.log(total / 0.5)),
    )
