"""The index of a base: for a question's features, the signals of every topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.matching.calibrate import Calibration, Examples, calibration
from bot.matching.features import Features
from bot.matching.lexical import Floats, Lexicon, lexicon
from bot.matching.linear import folded, gram, ridge

FOLDS = 10
STRENGTH = 0.3  # of the ridge penalty, for vectors of length one
MEANING_SHARE = 0.5  # of the squared length that the sentence vector gets; words get the rest
COMPARED = 24  # topics that calibration looks at for each example
GONE = 0.0
SIGNALS = ("ridge", "lexical centroid", "semantic centroid", "semantic nearest")

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Index:
    """A built index. Columns are topics in the base's order, off-topic last where there is."""

    lexicon: Lexicon
    lexical: Floats  # features × (2 · columns): ridge, then centroid
    semantic: Floats  # dimensions × (2 · columns): ridge, then centroid
    phrasings: Floats  # phrasings × dimensions, in the order of the columns
    starts: Numbers  # the first phrasing of each column
    has_off_topic: bool
    calibration: Calibration

    def signals(self, found: Features, meaning: Floats) -> Floats:
        """Return columns × signals."""
        columns = len(self.starts)
        rows, values = self.lexicon.vector(found)
        lexical = values @ self.lexical[rows]
        semantic = meaning @ self.semantic
        nearest = np.maximum.reduceat(self.phrasings @ meaning, self.starts)
        return np.stack(
            (
                lexical[:columns] + semantic[:columns],
                lexical[columns:],
                semantic[columns:],
                nearest,
            ),
            axis=1,
        )

    def chances(self, found: Features, meaning: Floats) -> Floats:
        """Return each topic's chance to be what the question asks."""
        signals = self.signals(found, meaning)
        if self.has_off_topic:
            return self.calibration.chances(signals[:-1], signals[-1])
        return self.calibration.chances(signals, None)


def build(entries: Sequence[Sequence[Features]], meanings: Floats, *, has_off_topic: bool) -> Index:
    """Index entries, each a list of phrasings' features; off-topic comes last.

    `meanings` holds the unit sentence vector of every phrasing, in the same order.
    """
    words = lexicon(entries)
    sizes = [len(entry) for entry in entries]
    owners = np.repeat(np.arange(len(entries)), sizes)
    vectors = [words.vector(found) for entry in entries for found in entry]
    folds = np.concatenate([np.arange(size) % FOLDS for size in sizes])
    targets = np.eye(len(entries), dtype=np.float32)[owners]
    spoken, meant = gram(vectors, len(words)), meanings @ meanings.T
    both = (1 - MEANING_SHARE) * spoken + MEANING_SHARE * meant
    coefficients, unseen = ridge(both, targets, STRENGTH, folds)
    lexical_centre, unseen_lexical = _centroids(spoken, targets, folds)
    semantic_centre, unseen_semantic = _centroids(meant, targets, folds)
    signals = np.stack(
        (unseen, unseen_lexical, unseen_semantic, _nearest(meant, owners, folds)), axis=2
    )
    return Index(
        lexicon=words,
        lexical=folded(
            vectors, np.hstack(((1 - MEANING_SHARE) * coefficients, lexical_centre)), len(words)
        ),
        semantic=meanings.T @ np.hstack((MEANING_SHARE * coefficients, semantic_centre)),
        phrasings=meanings,
        starts=np.concatenate(([0], np.cumsum(sizes)[:-1])),
        has_off_topic=has_off_topic,
        calibration=calibration(_examples(signals, owners, has_off_topic=has_off_topic)),
    )


def _centroids(products: Floats, targets: Floats, folds: Numbers) -> tuple[Floats, Floats]:
    """Return the coefficients of unit centroids, and cosines to centroids without one's fold."""
    lengths = np.sqrt(np.sum(targets * (products @ targets), axis=0))
    coefficients = targets / lengths.clip(1e-6)
    unseen = np.empty_like(targets)
    for fold in np.unique(folds):
        out = folds == fold
        kept = targets * ~out[:, None]
        sums = products @ kept
        unseen[out] = sums[out] / np.sqrt(np.sum(kept * sums, axis=0)).clip(1e-6)
    return coefficients.astype(np.float32), unseen.astype(np.float32)


def _nearest(products: Floats, owners: Numbers, folds: Numbers) -> Floats:
    """Return each phrasing's highest product with each column, its own fold left out."""
    masked = np.where(folds[:, None] == folds[None, :], np.float32(-1), products)
    starts = np.searchsorted(owners, np.arange(owners[-1] + 1))
    return np.maximum.reduceat(masked, starts, axis=1)


def _examples(signals: Floats, owners: Numbers, *, has_off_topic: bool) -> Examples:
    """Make the calibration's examples: phrasings as they are, and with their topic gone."""
    topics = signals.shape[1] - has_off_topic
    answers = np.where(owners < topics, owners, -1)
    own = np.flatnonzero(answers >= 0)
    gone = signals[own].copy()
    gone[np.arange(len(own)), owners[own]] = -1
    everything = np.concatenate((signals, gone))
    answers = np.concatenate((answers, np.full(len(own), -1)))
    importance = np.ones(len(everything), np.float32)
    importance[len(signals) :] = GONE if has_off_topic else 1.0
    off_topic = everything[:, topics] if has_off_topic else None
    return _shortened(everything[:, :topics], off_topic, answers, importance)


def _shortened(
    signals: Floats, off_topic: Floats | None, answers: Numbers, importance: Floats
) -> Examples:
    """Keep each example's best topics; a right one that is not among them replaces the last."""
    compared = min(COMPARED, signals.shape[1])
    best = np.argsort(-signals.sum(axis=2), axis=1, kind="stable")[:, :compared]
    known = answers >= 0
    missing = known & ~(best == answers[:, None]).any(axis=1)
    best[missing, -1] = answers[missing]
    position = np.where(known, (best == answers[:, None]).argmax(axis=1), -1)
    short = np.take_along_axis(signals, best[:, :, None], axis=1)
    return Examples(short, off_topic, position, importance)
