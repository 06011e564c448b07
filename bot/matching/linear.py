"""Linear classifiers in closed form, and what they say about phrasings they have not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.matching.lexical import Floats, Numbers, Vector


def gram(vectors: Sequence[Vector], features: int) -> Floats:
    """Return the matrix of dot products between sparse vectors."""
    rows = np.concatenate([rows for rows, _ in vectors])
    values = np.concatenate([values for _, values in vectors])
    owner = np.repeat(np.arange(len(vectors)), [len(rows) for rows, _ in vectors])
    order = np.argsort(rows, kind="stable")
    values, owner = values[order], owner[order]
    ends = np.cumsum(np.bincount(rows, minlength=features))
    products = np.zeros((len(vectors), len(vectors)), np.float32)
    start = 0
    for end in ends:
        if end - start == 1:
            products[owner[start], owner[start]] += values[start] ** 2
        elif end > start:
            shared, weights = owner[start:end], values[start:end]
            products[np.ix_(shared, shared)] += np.outer(weights, weights)
        start = end
    return products


def ridge(
    products: Floats, targets: Floats, strength: float, folds: Numbers
) -> tuple[Floats, Floats]:
    """Return the dual coefficients, and each row's scores by a ridge fitted without its fold.

    Both in closed form: with G = (K + λI)⁻¹, leaving out S gives y_S - G_SS⁻¹ (G y)_S.
    """
    inverse = np.linalg.inv(
        products + np.float32(strength) * np.eye(len(products), dtype=np.float32)
    )
    coefficients = inverse @ targets
    unseen = np.empty_like(coefficients)
    for fold in np.unique(folds):
        out = np.flatnonzero(folds == fold)
        correction = np.linalg.solve(inverse[np.ix_(out, out)], coefficients[out])
        unseen[out] = targets[out] - correction
    return coefficients.astype(np.float32), unseen.astype(np.float32)
