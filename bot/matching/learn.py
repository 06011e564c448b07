"""Learning a base's calibration from the scores of phrasings that were not shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.matching.calibrate import Calibration, logistic, margins
from bot.matching.lexical import Floats, Numbers

ENOUGH_OFF_TOPIC = 100  # with fewer off-topic phrasings, topics left out stand in for more
LEFT_OUT = 0.35  # weight of topics left out: they are nearer than most real off-topic questions
COMPARED = 8  # candidates among which a lead is measured, as when matching
JUDGED = 3  # candidates of each phrasing that the regression on leads sees


def learned(
    scores: Floats,
    cosines: Floats,
    scope: Floats | None,
    owners: Numbers,
    kin: Sequence[frozenset[int]],
) -> Calibration:
    """Learn both regressions from phrasings × topics; off-topic's owner is the number after."""
    inside = np.flatnonzero(owners < len(kin))
    return Calibration(
        _scope_weights(scores, cosines, scope, owners),
        _lead_weights(scores[inside], owners[inside], kin),
    )


def _scope_weights(
    scores: Floats, cosines: Floats, scope: Floats | None, owners: Numbers
) -> Floats:
    """Tell phrasings from off-topic ones, and from phrasings whose topic is left out.

    Both kinds weigh the same in sum, so that the chance does not depend on how many
    off-topic phrasings somebody wrote.
    """
    topics = scores.shape[1]
    inside, outside = np.flatnonzero(owners < topics), np.flatnonzero(owners >= topics)
    gone_scores, gone_cosines = scores[inside].copy(), cosines[inside].copy()
    rows = np.arange(len(inside))
    gone_scores[rows, owners[inside]] = gone_cosines[rows, owners[inside]] = -1
    best = np.concatenate((scores.max(axis=1), gone_scores.max(axis=1)))
    if scope is None:
        second = np.concatenate((cosines.max(axis=1), gone_cosines.max(axis=1)))
    else:
        second = np.concatenate((scope, scope[inside]))
    labels = np.zeros(len(best), bool)
    labels[inside] = True
    standing_in = max(0.0, 1 - len(outside) / ENOUGH_OFF_TOPIC)
    importance = np.full(len(labels), 1 / len(inside), np.float32)
    importance[len(owners) :] *= standing_in * LEFT_OUT
    importance[outside] = (1 - standing_in) / max(1, len(outside))
    return logistic(np.column_stack((best, second)), labels, importance)


def _lead_weights(scores: Floats, owners: Numbers, kin: Sequence[frozenset[int]]) -> Floats:
    """Learn how often a candidate is right from its lead over the best unrelated one."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :COMPARED]
    leads: list[float] = []
    right: list[bool] = []
    for row, owner, order in zip(scores, owners, best, strict=True):
        families = [kin[topic] for topic in order]
        leads += margins(row[order].tolist(), families)[:JUDGED]
        right += [bool(family & kin[owner]) for family in families[:JUDGED]]
    return logistic(np.array(leads)[:, None], np.array(right), np.ones(len(leads), np.float32))
