"""Lexical vectors: features weighted by how few entries of the base have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.features import Features

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]
Vector = tuple[Rows, Floats]
"""A sparse vector: rows of known features and their values; unknown ones shorten it."""

PIECES_SHARE = 0.35  # of the squared length that character pieces get; words get the rest


@dataclass(frozen=True)
class Lexicon:
    """The features of a base with their weights."""

    words: Mapping[str, int]
    pieces: Mapping[str, int]
    weights: Floats
    unknown: float

    def __len__(self) -> int:
        return len(self.weights)

    def vector(self, found: Features) -> Vector:
        """Return the vector of a question's features, at most of length one."""
        spoken = (*found.words, *found.concepts, *found.pairs)
        word_rows, word_values = self._block(spoken, self.words, 1 - PIECES_SHARE)
        piece_rows, piece_values = self._block(found.pieces, self.pieces, PIECES_SHARE)
        return (
            np.concatenate((word_rows, piece_rows)),
            np.concatenate((word_values, piece_values)),
        )

    def _block(
        self, found: Sequence[str], known: Mapping[str, int], share: float
    ) -> tuple[Rows, Floats]:
        distinct = set(found)
        rows = np.array([row for f in distinct if (row := known.get(f)) is not None], np.int32)
        rows.sort()  # the order of a set is not the same in every process
        values = self.weights[rows]
        length = float(values @ values) + self.unknown**2 * (len(distinct) - len(rows))
        return rows, values * np.float32((share / length) ** 0.5 if length else 0.0)


def lexicon(entries: Sequence[Sequence[Features]]) -> Lexicon:
    """Count features over entries (lists of phrasings) and weigh them.

    The weight is the logarithm of how few entries have the feature; one that no entry has
    weighs the most, so that talk of unknown things lowers every score.
    """
    words: dict[str, int] = {}
    pieces: dict[str, int] = {}
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
        count({f for p in phrasings for f in p.pieces}, pieces)
    total = len(entries) + 1
    weights = np.log(total / (np.array(counts, np.float32) + 0.5)).clip(0.05)
    return Lexicon(words, pieces, weights.astype(np.float32), float(np.log(total / 0.5)))
