"""Linear weights from features to columns: dense for usual bases, sparse for huge ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.lexical import Floats, Numbers, Vector

DENSE_CELLS = 40_000_000  # beyond this a table of features × columns would take over 160 MB
LARGEST_BYTE = 127


@dataclass(frozen=True)
class Dense:
    """A table of features × columns: a question gathers its rows and sums them."""

    table: Floats

    def scores(self, vector: Vector) -> Floats:
        """Return the score of every column."""
        rows, values = vector
        scores: Floats = values @ self.table[rows]
        return scores

    def squared(self) -> Floats:
        """Return the squared length of every column."""
        squared: Floats = np.einsum("fc,fc->c", self.table, self.table)
        return squared

    def times(self, scale: Floats) -> Dense:
        """Return the weights with each column times its scale."""
        return Dense(self.table * scale.astype(np.float32))

    def compact(self) -> Compact:
        """Return the weights in bytes."""
        scale = np.abs(self.table).max(axis=1).clip(1e-9) / LARGEST_BYTE
        table = np.rint(self.table / scale[:, None]).astype(np.int8)
        return Compact(table, scale.astype(np.float32))


@dataclass(frozen=True)
class Compact:
    """A dense table in bytes, a scale for each feature: a quarter of the memory.

    A weight is off by at most 1/254 of its feature's largest one.
    """

    table: npt.NDArray[np.int8]
    scale: Floats

    def scores(self, vector: Vector) -> Floats:
        """Return the score of every column."""
        rows, values = vector
        scores: Floats = (values * self.scale[rows]) @ self.table[rows].astype(np.float32)
        return scores


@dataclass(frozen=True)
class Sparse:
    """For each feature the columns that have it, with their weights, one after the other."""

    starts: Numbers
    columns: Numbers
    weights: Floats
    width: int

    def scores(self, vector: Vector) -> Floats:
        """Return the score of every column."""
        rows, values = vector
        first, counts = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(counts)
        if not len(ends) or not ends[-1]:
            return np.zeros(self.width, np.float32)
        places = np.repeat(first - ends + counts, counts) + np.arange(ends[-1])
        parts = self.weights[places] * np.repeat(values, counts)
        return np.bincount(self.columns[places], parts, self.width).astype(np.float32)

    def squared(self) -> Floats:
        """Return the squared length of every column."""
        return np.bincount(self.columns, self.weights**2, self.width).astype(np.float32)

    def times(self, scale: Floats) -> Sparse:
        """Return the weights with each column times its scale."""
        weights = (self.weights * scale[self.columns]).astype(np.float32)
        return Sparse(self.starts, self.columns, weights, self.width)


def dense(vectors: Sequence[Vector], coefficients: Floats, features: int) -> Dense:
    """Sum the vectors, each times its coefficients: one column a coefficient."""
    table = np.zeros((features, coefficients.shape[1]), np.float32)
    for (rows, values), own in zip(vectors, coefficients, strict=True):
        table[rows] += np.outer(values, own)
    return Dense(table)


def sparse(vectors: Sequence[Vector], owners: Numbers, width: int, features: int) -> Sparse:
    """Sum the vectors of each owner: one column an owner."""
    cells = np.concatenate([rows for rows, _ in vectors]).astype(np.int64) * width
    cells += np.repeat(owners, [len(rows) for rows, _ in vectors])
    distinct, place = np.unique(cells, return_inverse=True)
    sums = np.bincount(place, np.concatenate([values for _, values in vectors]))
    starts = np.searchsorted(distinct, np.arange(features + 1) * width)
    return Sparse(starts, distinct % width, sums.astype(np.float32), width)
