"""From scores to chances, learned from how the base scores phrasings it was not shown.

A threshold found on one base does not hold on another, so nothing here is a constant of
a base: every phrasing is scored by an index built without it, and a small conditional
logit learns what such scores are worth. "None of these" is an outcome like the topics.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.lexical import Floats

ROUNDS = 400
STEP = 0.1
PENALTY = 1e-3  # on squared weights: keeps tiny bases finite


@dataclass(frozen=True)
class Calibration:
    """Weights of the signals, the worth of "none of these", and of the off-topic class."""

    weights: Floats
    nothing: float
    off_topic: float

    def chances(self, topics: Floats, off_topic: Floats | None) -> Floats:
        """Return each topic's chance from its signals (topics × signals); the rest is none's."""
        worth = topics @ self.weights
        outside = [self.nothing]
        if off_topic is not None:
            outside.append(float(off_topic @ self.weights) + self.off_topic)
        highest = max(float(worth.max(initial=-np.inf)), *outside)
        parts = np.exp(worth - highest)
        rest = sum(np.exp(value - highest) for value in outside)
        chances: Floats = (parts / (parts.sum() + rest)).astype(np.float32)
        return chances


@dataclass(frozen=True)
class Examples:
    """Unseen scores to learn from: signals of each example's best topics and of off-topic.

    `signals` is examples × topics × signals, `off_topic` examples × signals or None;
    `answers` is the position of the right topic, or -1 for none of them.
    """

    signals: Floats
    off_topic: Floats | None
    answers: npt.NDArray[np.int64]
    importance: Floats


def calibration(examples: Examples) -> Calibration:
    """Fit by gradient ascent (Adam) on the likelihood of the right outcomes."""
    signals, answers = examples.signals.astype(np.float64), examples.answers
    total, topics, kinds = signals.shape
    outside = 1 if examples.off_topic is None else 2
    importance = examples.importance / examples.importance.sum()
    table = np.zeros((total, topics + outside, kinds + 2))
    table[:, :topics, :kinds] = signals
    table[:, topics, kinds] = 1
    if examples.off_topic is not None:
        table[:, topics + 1, :kinds] = examples.off_topic
        table[:, topics + 1, kinds + 1] = 1
    right = np.zeros((total, topics + outside))
    known = answers >= 0
    right[known, answers[known]] = 1
    right[~known, topics:] = 1
    flat = table.reshape(-1, kinds + 2)
    values = np.zeros(kinds + 2)
    values[:kinds] = 4.0
    mean, square = np.zeros_like(values), np.zeros_like(values)
    for turn in range(1, ROUNDS + 1):
        worth = (flat @ values).reshape(right.shape)
        parts = np.exp(worth - worth.max(axis=1, keepdims=True))
        share = parts / parts.sum(axis=1, keepdims=True)
        wanted = share * right
        wanted /= wanted.sum(axis=1, keepdims=True).clip(1e-12)
        pull = importance[:, None] * (wanted - share)
        slope = pull.ravel() @ flat - PENALTY * values
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        values += STEP * (mean / (1 - 0.9**turn)) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-8)
    return Calibration(
        values[:kinds].astype(np.float32), float(values[kinds]), float(values[kinds + 1])
    )
