"""From scores to chances, learned from how the base scores phrasings it was not shown.

A threshold found on one base does not hold on another, so nothing here is a constant of
a base: every phrasing is scored as if it were not in the index, and two small logistic
regressions learn what such scores are worth. One says whether a question is in scope at
all, the other whether a candidate is right, given that it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from operator import mul

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

    def in_scope(self, signals: Sequence[float]) -> float:
        """Return the chance that the base has an answer, from the scope signals."""
        *weights, constant = self.scope.tolist()
        return _one_chance(sum(map(mul, signals, weights)) + constant)

    def right(self, leads: Sequence[float]) -> list[float]:
        """Return each candidate's chance to be right if the question is in scope."""
        weight, constant = self.margin.tolist()
        return [_one_chance(lead * weight + constant) for lead in leads]


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


def margins(scores: Sequence[float], kin: Sequence[frozenset[int]]) -> list[float]:
    """Return how far each candidate, best first, is above the best one that is not its kin.

    `kin` holds for each candidate itself and the topics that it refines: two that share
    one do not contradict each other. Where all are kin, the last one is the measure.
    """
    leads: list[float] = []
    for own, family in zip(scores, kin, strict=True):
        for rival, other in zip(scores, kin, strict=True):  # noqa: B007 - the last is kept
            if family.isdisjoint(other):
                break
        leads.append(own - rival)
    return leads


def _one_chance(worth: float) -> float:
    return 1 / (1 + exp(-min(max(worth, -30.0), 30.0)))


def _chance(worth: npt.NDArray[np.floating] | np.floating) -> npt.NDArray[np.floating]:
    chance: npt.NDArray[np.floating] = 1 / (1 + np.exp(-np.clip(worth, -30, 30)))
    return chance
