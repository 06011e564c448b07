"""Closed forms: the fast ways give what the plain ways give."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.lexical import Vector
from bot.matching.linear import gram, inverse, ridge


def sparse(count: int, features: int, each: int) -> list[Vector]:
    chance = np.random.default_rng(0)
    vectors = []
    for _ in range(count):
        weights = 1 / (1 + np.arange(features))  # a few features are common, most are rare
        rows = chance.choice(features, each, replace=False, p=weights / weights.sum())
        values = chance.random(each).astype(np.float32)
        vectors.append((np.sort(rows).astype(np.int32), values / np.linalg.norm(values)))
    return vectors


@pytest.mark.parametrize(("count", "features", "each"), [(3, 5, 2), (120, 4000, 12), (40, 900, 9)])
def test_the_gram_matrix_is_that_of_the_dense_vectors(count: int, features: int, each: int) -> None:
    vectors = sparse(count, features, each)
    dense = np.zeros((count, features), np.float32)
    for number, (rows, values) in enumerate(vectors):
        dense[number, rows] = values
    np.testing.assert_allclose(gram(vectors, features), dense @ dense.T, atol=1e-5)


@pytest.mark.parametrize("size", [1, 2, 255, 257, 700])
def test_the_inverse_undoes_the_matrix(size: int) -> None:
    points = np.random.default_rng(1).normal(size=(size, 40)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    matrix = points @ points.T + np.float32(0.6) * np.eye(size, dtype=np.float32)
    np.testing.assert_allclose(inverse(matrix) @ matrix, np.eye(size), atol=2e-4)


def test_scores_of_unseen_rows_are_those_of_a_ridge_without_them() -> None:
    chance = np.random.default_rng(2)
    points = chance.normal(size=(60, 20)).astype(np.float32)
    products = points @ points.T
    targets = chance.normal(size=(60, 2)).astype(np.float32)
    folds = np.arange(60) % 5
    _, unseen = ridge(products, targets, 0.6, folds)
    for fold in range(5):
        seen, out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        kept = products[np.ix_(seen, seen)] + 0.6 * np.eye(len(seen))
        expected = products[np.ix_(out, seen)] @ np.linalg.solve(kept, targets[seen])
        np.testing.assert_allclose(unseen[out], expected, atol=1e-2)
