"""The index of a base: a question in, candidates with chances out.

Two things are scored: how near a question is to the middle of each topic (a cosine to its
centroid), and what kernel ridge says of it, a linear classifier on words together with a
curved one on sentence vectors. Off-topic phrasings lie between and around the topics, so
"in scope at all" is a score of its own. Past some thousands of phrasings only the scope is
solved for, on a sample, and the topics are told apart by their centroids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from bot.matching.calibrate import Calibration, margins
from bot.matching.learn import learned
from bot.matching.lexical import Floats, Lexicon, Numbers, Vector, lexicon
from bot.matching.linear import gram, ridge
from bot.matching.reading import Reading
from bot.matching.weights import DENSE_CELLS, Compact, Dense, Sparse, dense, sparse

# Found by cross-validation over the phrasings of the shipped base and on tests/questions.yaml.
MEANING_SHARE = 0.5  # of the squared length that the sentence vector gets; words get the rest
STRENGTH = 0.6  # of the ridge penalty, for vectors of length one
SHARPNESS = 4.0  # of the kernel on sentence vectors: exp(-sharpness · (1 - cosine))
CENTROID = 4.0  # weight of centroids beside ridge, over phrasings a topic: few are best averaged
FOLDS = 10
DIMENSIONS = (
    128  # of the kernel: the main directions of the phrasings, which lose nothing measurable
)
MOST_SOLVED = 4000  # phrasings; beyond, solving takes too long and centroids do nearly as well
LANDMARKS = 1500  # phrasings of either kind that tell the scope of a larger base
COMPARED = 8  # candidates whose chances are worked out

Found = tuple[list[tuple[int, float]], float]
"""Topics with their chances, best first, and the chance that the text is in scope."""


@dataclass(frozen=True)
class Kernel:
    """Kernel ridge: columns are topics and, last, the scope (about 1 inside, -1 outside).

    What else is linear in the features or the meaning, centroids, is added in: see `with_linear`.
    """

    lexical: Dense | Compact
    semantic: Floats
    directions: Floats  # dimensions × main directions of the phrasings
    phrasings: Floats  # main directions × phrasings
    coefficients: Floats

    def scores(self, vectors: Sequence[Vector], meanings: Floats) -> Floats:
        """Return texts × columns."""
        turned = meanings @ self.directions * SHARPNESS
        near = np.empty((len(turned), self.phrasings.shape[1]), np.float32)
        half = near.shape[1] // 2
        for part in (np.s_[:, :half], np.s_[:, half:]):  # smaller products are faster
            np.matmul(turned, self.phrasings[part], out=near[part])
        near -= SHARPNESS
        np.exp(near, out=near)
        scores: Floats = near @ self.coefficients + meanings @ self.semantic
        scores += np.stack([self.lexical.scores(vector) for vector in vectors])
        return scores

    def with_linear(self, centroids: Centroids, weight: float) -> Kernel:
        """Return the kernel with cosines to centroids added to its topics, so many times.

        Nothing more can be added then: its table of words is made compact.
        """
        topics = centroids.semantic.shape[1]
        if not (isinstance(self.lexical, Dense) and isinstance(centroids.lexical, Dense)):
            raise TypeError("a base that is solved for has its weights as tables")
        lexical, semantic = self.lexical.table.copy(), self.semantic.copy()
        lexical[:, :topics] += weight * centroids.lexical.table
        semantic[:, :topics] += weight * centroids.semantic
        return replace(self, lexical=Dense(lexical).compact(), semantic=semantic)


@dataclass(frozen=True)
class Centroids:
    """Unit centroids of the topics, on words and meaning together."""

    lexical: Dense | Sparse
    semantic: Floats

    def cosines(self, vectors: Sequence[Vector], meanings: Floats) -> Floats:
        """Return texts × topics: the cosine to every topic's centroid."""
        cosines: Floats = meanings @ self.semantic
        cosines += np.stack([self.lexical.scores(vector) for vector in vectors])
        return cosines


@dataclass(frozen=True)
class Index:
    """A built index; topics are numbered in the base's order."""

    lexicon: Lexicon
    centroids: Centroids
    kernel: Kernel | None
    has_off_topic: bool
    kin: tuple[frozenset[int], ...]
    calibration: Calibration

    def candidates(self, questions: Sequence[Reading]) -> list[Found]:
        """Return for each text its topics with their chances, and its chance to be in scope."""
        scores, second = self.scores(questions)
        signals = zip(scores.max(axis=1).tolist(), second.tolist(), strict=True)
        return [
            self._found(own, self.calibration.in_scope(signal))
            for own, signal in zip(scores, signals, strict=True)
        ]

    def weighted_words(self, question: Reading, topic: int) -> tuple[tuple[str, float], ...]:
        """Return the words, concepts and pairs that add to a topic's score, strongest first."""
        found = question.features
        rows, values = self.lexicon.vector(found)
        value = dict(zip(rows.tolist(), values.tolist(), strict=True))
        weights = self.kernel.lexical if self.kernel else self.centroids.lexical
        parts: dict[str, float] = {}
        for name in (*found.words, *found.concepts, *found.pairs):
            row = self.lexicon.words.row(name)
            if row is not None:
                one = np.array([row], np.int32), np.array([value[row]], np.float32)
                parts[name] = float(weights.scores(one)[topic])
        return tuple(sorted(parts.items(), key=lambda item: -item[1]))

    def _found(self, scores: Floats, inside: float) -> Found:
        best = np.argsort(-scores, kind="stable")[:COMPARED]
        leads = margins(scores[best].tolist(), [self.kin[topic] for topic in best])
        chances = accumulate((right * inside for right in self.calibration.right(leads)), min)
        return list(zip(best.tolist(), chances, strict=True)), inside

    def scores(self, questions: Sequence[Reading]) -> tuple[Floats, Floats]:
        """Return texts × topics: scores, and each text's other signal for being in scope.

        That is the kernel's scope score, or the best cosine of a base without off-topic phrasings.
        """
        vectors = [self.lexicon.vector(question.features) for question in questions]
        meanings = np.stack([question.meaning for question in questions])
        solved = self.kernel.scores(vectors, meanings) if self.kernel else None
        knows_topics = solved is not None and solved.shape[1] > len(self.kin)
        if solved is not None and knows_topics and self.has_off_topic:
            return solved[:, :-1], solved[:, -1]
        cosines = self.centroids.cosines(vectors, meanings)
        best: Floats = cosines.max(axis=1)
        if solved is None:
            return cosines, best
        return (solved[:, :-1], best) if knows_topics else (cosines, solved[:, -1])


@dataclass(frozen=True)
class Training:
    """The phrasings as vectors. `owners` names each one's topic, off-topic as the number after."""

    vectors: Sequence[Vector]
    meanings: Floats
    owners: Numbers
    topics: int
    features: int

    def part(self, chosen: Numbers) -> Training:
        """Return some of the phrasings."""
        vectors = [self.vectors[n] for n in chosen]
        return Training(
            vectors, self.meanings[chosen], self.owners[chosen], self.topics, self.features
        )


def build(
    readings: Sequence[Reading], sizes: Sequence[int], kin: Sequence[frozenset[int]]
) -> Index:
    """Index phrasings, topic by topic and off-topic ones last; `sizes` counts each of these.

    `kin` holds for each topic its own number and those of the topics that it refines.
    """
    ends = np.cumsum(sizes)
    groups = [readings[end - size : end] for size, end in zip(sizes, ends, strict=True) if size]
    words = lexicon([[reading.features for reading in group] for group in groups])
    vectors = [words.vector(reading.features) for reading in readings]
    meanings = np.stack([reading.meaning for reading in readings])
    owners = np.repeat(np.arange(len(sizes)), sizes)
    training = Training(vectors, meanings, owners, len(kin), len(words))
    small = len(owners) <= MOST_SOLVED
    centroids, lengths = _centroids(training, as_table=small)
    chosen = np.arange(len(owners))
    if not small:
        chosen = _landmarks(owners, len(kin))
    part = training.part(chosen)
    scores = cosines = _unseen_cosines(part, centroids, lengths)
    kernel, scope = None, None
    weight = CENTROID * len(kin) / sum(sizes[:-1])
    if small or sizes[-1]:
        kernel, unseen = _kernel(part, with_topics=small)
        scope = unseen[:, -1] if sizes[-1] else None
        if small:
            scores = unseen[:, :-1] + weight * cosines
            kernel = kernel.with_linear(centroids, weight)
    chances = learned(scores, cosines, scope, part.owners, kin)
    return Index(words, centroids, kernel, bool(sizes[-1]), tuple(kin), chances)


def _landmarks(owners: Numbers, topics: int) -> Numbers:
    """Choose phrasings of topics and of off-topic, evenly, at most so many of either."""
    kinds = np.flatnonzero(owners < topics), np.flatnonzero(owners >= topics)
    evenly = [kind[:: max(1, -(-len(kind) // LANDMARKS))] for kind in kinds]
    return np.concatenate(evenly)


def _centroids(training: Training, *, as_table: bool) -> tuple[Centroids, Floats]:
    """Return the unit centroids, and how long each topic's sum of vectors was."""
    inside = training.part(np.flatnonzero(training.owners < training.topics))
    semantic = np.zeros((training.topics, inside.meanings.shape[1]), np.float32)
    np.add.at(semantic, inside.owners, inside.meanings)
    lexical: Dense | Sparse
    if as_table or training.features * training.topics <= DENSE_CELLS:
        own = (inside.owners[:, None] == np.arange(training.topics)).astype(np.float32)
        lexical = dense(inside.vectors, own, training.features)
    else:
        lexical = sparse(inside.vectors, inside.owners, training.topics, training.features)
    squared = (1 - MEANING_SHARE) * lexical.squared() + MEANING_SHARE * np.sum(semantic**2, axis=1)
    lengths = np.sqrt(squared).clip(1e-6).astype(np.float32)
    scaled = lexical.times((1 - MEANING_SHARE) / lengths)
    return Centroids(scaled, (MEANING_SHARE / lengths) * semantic.T), lengths


def _unseen_cosines(training: Training, centroids: Centroids, lengths: Floats) -> Floats:
    """Return phrasings × topics: cosines, each to its own topic as if it were not part of it."""
    cosines = centroids.cosines(training.vectors, training.meanings)
    inside = np.flatnonzero(training.owners < training.topics)
    own = training.owners[inside]
    squares = [float(values @ values) for values in (training.vectors[int(n)][1] for n in inside)]
    square = (1 - MEANING_SHARE) * np.array(squares) + MEANING_SHARE
    product = cosines[inside, own] * lengths[own]
    without = np.sqrt((lengths[own] ** 2 - 2 * product + square).clip(1e-6))
    cosines[inside, own] = (product - square) / without
    return cosines


def _kernel(training: Training, *, with_topics: bool) -> tuple[Kernel, Floats]:
    """Solve for the topics, if asked, and the scope; return scores of unseen phrasings too."""
    _, directions = np.linalg.eigh(training.meanings.T @ training.meanings)
    directions = np.ascontiguousarray(directions[:, -DIMENSIONS:])
    turned = training.meanings @ directions
    near = np.exp(SHARPNESS * (turned @ turned.T - 1))
    both = MEANING_SHARE * near + (1 - MEANING_SHARE) * gram(training.vectors, training.features)
    targets = np.where(training.owners < training.topics, 1, -1).astype(np.float32)[:, None]
    if with_topics:
        own = training.owners[:, None] == np.arange(training.topics)
        targets = np.hstack((own.astype(np.float32), targets))
    folds = np.arange(len(targets)) % FOLDS
    coefficients, unseen = ridge(both, targets, STRENGTH, folds)
    lexical = dense(training.vectors, (1 - MEANING_SHARE) * coefficients, training.features)
    semantic = np.zeros((training.meanings.shape[1], targets.shape[1]), np.float32)
    sideways = np.ascontiguousarray(turned.T)
    upright = np.asfortranarray(MEANING_SHARE * coefficients)  # read column by column
    return Kernel(lexical, semantic, directions, sideways, upright), unseen
