"""From scores to chances, learned from how the base scores phrasings it was not shown.

A threshold found on one base does not hold on another, so nothing here is a constant of
a base: every phrasing is scored as if it were not in the index, and two small logistic
regressions learn what such scores are worth. One says whether a question is in scope at
all, the other whether a candidate is right, given that it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.lexical import Floats

ROUNDS = 25  # of Newton's method, which needs about eight
PENALTY = 1e-3  # on squared weights, in units of the average example: keeps tiny bases finite


@dataclass(frozen=True)
class Calibration:
    """The weights of both regressions, the constant last."""

    scope: Floats
    margin: Floats

    def in_scope(self, signals: Floats) -> float:
        """Return the chance that the base has an answer, from the scope signals."""
        return float(_chance(signals @ self.scope[:-1] + self.scope[-1]))

    def right(self, margins: Floats) -> Floats:
        """Return each candidate's chance to be right if the question is in scope."""
        return _chance(margins * self.margin[0] + self.margin[1]).astype(np.float32)


def logistic(
    signals: npt.NDArray[np.floating], labels: npt.NDArray[np.bool_], importance: Floats
) -> Floats:
    """Fit a logistic regression by Newton's method; return its weights, the constant last."""
    table = np.column_stack((signals, np.ones(len(signals)))).astype(np.float64)
    share = importance.astype(np.float64) / importance.sum()
    penalty = np.diag([PENALTY] * (table.shape[1] - 1) + [1e-9])
    weights = np.zeros(table.shape[1])
    for _ in range(ROUNDS):
        chance = _chance(table @ weights)
        slope = table.T @ (share * (labels - chance)) - penalty @ weights
        bend = (table.T * (share * (chance * (1 - chance)).clip(1e-6))) @ table + penalty
        step = np.linalg.solve(bend, slope)
        weights += step / max(1.0, float(np.abs(step).max()) / 10)
    return weights.astype(np.float32)


def margins(scores: Sequence[float], kin: Sequence[frozenset[int]]) -> Floats:
    """Return how far each candidate is above the best one that is not its kin.

    `kin` holds for each candidate itself and the topics that it refines: two that share
    one do not contradict each other.
    """
    found = []
    for own, family in zip(scores, kin, strict=True):
        others = [s for s, other in zip(scores, kin, strict=True) if not family & other]
        found.append(own - max(others, default=min(scores)))
    return np.array(found, np.float32)


def _chance(worth: npt.NDArray[np.floating] | np.floating) -> npt.NDArray[np.floating]:
    chance: npt.NDArray[np.floating] = 1 / (1 + np.exp(-np.clip(worth, -30, 30)))
    return chance
