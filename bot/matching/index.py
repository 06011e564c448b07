"""The index of a base: a question's features and meaning in, candidates with chances out.

Two questions are kept apart. *Which topic* is linear: ridge weights plus cosines to the
topics' centroids, folded into one table. *In scope at all* needs curved borders, since
off-topic messages lie between and around the topics: a kernel ridge on sentence vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.calibrate import Calibration, logistic, margins
from bot.matching.lexical import Floats, Lexicon, Numbers, Vector, lexicon
from bot.matching.linear import gram, ridge
from bot.matching.reading import Reading
from bot.matching.weights import DENSE_CELLS, Dense, Sparse, dense, sparse

# Found by cross-validation over the phrasings of the shipped base and on tests/questions.yaml.
MEANING_SHARE = 0.7  # of the squared length that the sentence vector gets; words get the rest
STRENGTH = 1.0  # of the ridge penalty, for vectors of length one
CENTROID = 0.3  # weight of the cosine to a topic's centroid beside its ridge score
SCOPE_SHARE = 0.5  # of the scope kernel that the sentence vectors get
SCOPE_STRENGTH = 0.3
SHARPNESS = 4.0  # of the scope kernel: exp(-sharpness · (1 - cosine))
FOLDS = 10
LARGEST_RIDGE = 4000  # phrasings; beyond, solving takes too long and centroids do nearly as well
COMPARED = 12  # candidates whose chances are worked out
FEW_OFF_TOPIC = 100  # with fewer off-topic phrasings, topics left out stand in for more
LEARNED_FROM = 4000  # phrasings that calibration looks at


@dataclass(frozen=True)
class Scope:
    """Kernel ridge between in-scope and off-topic phrasings: above zero is in scope."""

    lexical: Dense
    phrasings: Floats
    coefficients: Floats

    def score(self, vector: Vector, meaning: Floats) -> float:
        """Return about 1 for in scope and about -1 for off-topic."""
        near = np.exp(SHARPNESS * (self.phrasings @ meaning - 1)) @ self.coefficients
        return float(self.lexical.scores(vector)[0] + near)


@dataclass(frozen=True)
class Index:
    """A built index; topics are numbered in the base's order."""

    lexicon: Lexicon
    lexical: Dense | Sparse  # columns: mixed scores of the topics, then cosines to centroids
    semantic: Floats
    scope: Scope | None
    kin: tuple[frozenset[int], ...]
    calibration: Calibration

    def candidates(self, question: Reading) -> tuple[list[tuple[int, float]], float]:
        """Return topics with their chances, best first, and the chance to be in scope."""
        vector, meaning = self.lexicon.vector(question.features), question.meaning
        both = self.lexical.scores(vector) + meaning @ self.semantic
        topics = len(self.kin)
        mixed, cosine = both[:topics], both[-topics:]
        signals = [float(mixed.max()), float(cosine.max())]
        if self.scope:
            signals.append(self.scope.score(vector, meaning))
        inside = self.calibration.in_scope(np.array(signals, np.float32))
        best = np.argsort(-mixed, kind="stable")[:COMPARED].tolist()
        leads = margins([float(mixed[t]) for t in best], [self.kin[t] for t in best])
        chances = np.minimum.accumulate(self.calibration.right(leads) * inside)
        return [(t, float(c)) for t, c in zip(best, chances, strict=True)], inside


@dataclass(frozen=True)
class Training:
    """The phrasings as vectors. `owners` names each one's topic, off-topic as the number after."""

    vectors: Sequence[Vector]
    meanings: Floats
    owners: Numbers
    topics: int
    features: int

    @property
    def inside(self) -> Numbers:
        """The phrasings of topics."""
        return np.flatnonzero(self.owners < self.topics)


def build(readings: Sequence[Reading], sizes: Sequence[int], kin: Sequence[frozenset[int]]) -> Index:
    """Index phrasings, topic by topic and off-topic ones last; `sizes` counts each of these.

    `kin` holds for each topic its own number and those of the topics that it refines.
    """
    ends = np.cumsum(sizes)
    groups = [readings[end - size : end] for size, end in zip(sizes, ends, strict=True) if size]
    words = lexicon([[reading.features for reading in group] for group in groups])
    owners = np.repeat(np.arange(len(sizes)), sizes)
    vectors = [words.vector(reading.features) for reading in readings]
    meanings = np.stack([reading.meaning for reading in readings])
    training = Training(vectors, meanings, owners, len(kin), len(words))
    if len(vectors) <= LARGEST_RIDGE:
        return _build_small(words, training, tuple(kin))
    return _build_large(words, training, tuple(kin))


def _build_small(words: Lexicon, training: Training, kin: tuple[frozenset[int], ...]) -> Index:
    vectors, owners, topics = training.vectors, training.owners, training.topics
    folds = np.arange(len(owners)) % FOLDS
    spoken, meant = gram(vectors, training.features), training.meanings @ training.meanings.T
    both = (1 - MEANING_SHARE) * spoken + MEANING_SHARE * meant
    targets = np.eye(owners[-1] + 1, dtype=np.float32)[owners]
    coefficients, unseen = ridge(both, targets, STRENGTH, folds)
    centres, cosines = _centroids(both, targets[:, :topics])
    mixture = coefficients[:, :topics] + CENTROID * centres
    mixed = unseen[:, :topics] + CENTROID * cosines
    scope, unseen_scope = _scope(training, spoken, meant, folds)
    columns = np.hstack((mixture, centres))
    return Index(
        words,
        dense(vectors, (1 - MEANING_SHARE) * columns, training.features),
        training.meanings.T @ (MEANING_SHARE * columns),
        scope,
        kin,
        _calibration(mixed, cosines, unseen_scope, owners, kin),
    )


def _build_large(words: Lexicon, training: Training, kin: tuple[frozenset[int], ...]) -> Index:
    """Centroids alone, calibrated on a sample; scope from landmarks among the phrasings."""
    raise NotImplementedError


def _centroids(products: Floats, targets: Floats) -> tuple[Floats, Floats]:
    """Return the coefficients of unit centroids, and cosines to centroids without oneself."""
    sums = products @ targets
    lengths = np.sum(targets * sums, axis=0)
    own = np.diag(products)[:, None] * targets
    without = lengths - targets * (2 * sums - own)
    cosines = (sums - own) / np.sqrt(without.clip(1e-6))
    return targets / np.sqrt(lengths.clip(1e-6)), cosines


def _scope(
    training: Training, spoken: Floats, meant: Floats, folds: Numbers
) -> tuple[Scope | None, Floats | None]:
    inside = training.owners < training.topics
    if inside.all():
        return None, None
    kernel = (1 - SCOPE_SHARE) * spoken + SCOPE_SHARE * np.exp(SHARPNESS * (meant - 1))
    targets = np.where(inside, 1.0, -1.0).astype(np.float32)[:, None]
    coefficients, unseen = ridge(kernel, targets, SCOPE_STRENGTH, folds)
    lexical = dense(training.vectors, (1 - SCOPE_SHARE) * coefficients, training.features)
    scope = Scope(lexical, training.meanings, SCOPE_SHARE * coefficients[:, 0])
    return scope, unseen[:, 0]


def _calibration(
    mixed: Floats,
    cosines: Floats,
    scope: Floats | None,
    owners: Numbers,
    kin: tuple[frozenset[int], ...],
) -> Calibration:
    """Learn chances from unseen scores: of phrasings, and of phrasings whose topic is gone."""
    inside = np.flatnonzero(owners < len(kin))
    gone_mixed, gone_cosines = mixed[inside].copy(), cosines[inside].copy()
    rows = np.arange(len(inside))
    gone_mixed[rows, owners[inside]] = gone_cosines[rows, owners[inside]] = -1
    signals = [
        np.concatenate((mixed.max(axis=1), gone_mixed.max(axis=1))),
        np.concatenate((cosines.max(axis=1), gone_cosines.max(axis=1))),
    ]
    if scope is not None:
        signals.append(np.concatenate((scope, scope[inside])))
    labels = np.zeros(len(signals[0]), bool)
    labels[inside] = True
    outside = len(owners) - len(inside)
    stand_in = max(0.0, 1 - outside / FEW_OFF_TOPIC)
    importance = np.full(len(labels), 1 / len(inside), np.float32)
    importance[len(owners) :] *= stand_in
    if outside:
        importance[np.flatnonzero(owners >= len(kin))] = (1 - stand_in) / outside
    in_scope = logistic(np.column_stack(signals), labels, importance)
    return Calibration(in_scope, _margin_weights(mixed[inside], owners[inside], kin))


def _margin_weights(mixed: Floats, owners: Numbers, kin: tuple[frozenset[int], ...]) -> Floats:
    """Learn how often a candidate is right from its lead over the best unrelated one."""
    best = np.argsort(-mixed, axis=1, kind="stable")[:, :COMPARED]
    leads: list[float] = []
    right: list[bool] = []
    for row, owner, order in zip(mixed, owners, best, strict=True):
        found = margins(row[order].tolist(), [kin[t] for t in order])
        leads += found[:3].tolist()
        right += [bool(kin[t] & kin[owner]) for t in order[:3]]
    return logistic(np.array(leads)[:, None], np.array(right), np.ones(len(leads), np.float32))
