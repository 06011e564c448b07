"""Scores become chances: the regressions find what is known, and leads respect kinship."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.calibrate import Calibration, logistic, margins
from bot.matching.learn import learned


def test_the_regression_finds_the_odds_it_was_shown() -> None:
    """Of the signal 0 a quarter is right, of the signal 1 three quarters: weight 2 ln 3."""
    signals = np.array([0.0] * 400 + [1.0] * 400)[:, None]
    labels = np.array([True] * 100 + [False] * 300 + [True] * 300 + [False] * 100)
    weight, constant = logistic(signals, labels, np.ones(800, np.float32)).tolist()
    assert weight == pytest.approx(2 * np.log(3), rel=0.03)  # the penalty draws it a little to 0
    assert constant == pytest.approx(-np.log(3), rel=0.03)


def test_importance_counts_as_so_many_examples() -> None:
    signals, labels = np.array([[0.0], [0.0], [1.0]]), np.array([True, False, True])
    thrice = np.array([[0.0], [0.0], [0.0], [0.0], [1.0]])
    repeated = logistic(thrice, np.array([True, *[False] * 3, True]), np.ones(5, np.float32))
    weighed = logistic(signals, labels, np.array([1, 3, 1], np.float32))
    assert weighed.tolist() == pytest.approx(repeated.tolist(), abs=1e-4)


def test_what_is_told_apart_wholly_stays_finite() -> None:
    """Without the penalty w would grow for ever; with it, 1 / (1 + exp w) = w / 1000."""
    signals, labels = np.array([[-1.0], [1.0]]), np.array([False, True])
    weight, constant = logistic(signals, labels, np.ones(2, np.float32)).tolist()
    assert weight == pytest.approx(5.24, abs=0.02)
    assert constant == pytest.approx(0, abs=1e-6)


def test_a_lead_is_over_the_best_that_is_no_kin() -> None:
    kin = [frozenset({0}), frozenset({1, 0}), frozenset({2})]
    assert margins([0.9, 0.8, 0.5], kin) == pytest.approx([0.4, 0.3, -0.4])


def test_where_all_are_kin_the_lead_is_over_the_last() -> None:
    kin = [frozenset({0}), frozenset({1, 0})]
    assert margins([0.9, 0.6], kin) == pytest.approx([0.3, 0.0])


def test_a_chance_rises_with_its_lead_and_saturates() -> None:
    chances = Calibration(np.zeros(3, np.float32), np.array([4.0, 0.0], np.float32)).right(
        [-1e9, -1, 0, 1, 1e9]
    )
    assert chances == sorted(chances)
    assert chances[2] == 0.5
    assert 0 < chances[0] < 1e-9 < 1 - 1e-9 < chances[-1] < 1


def phrasings(off_topic: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores of 40 phrasings of two topics, and of some off-topic ones, with their owners."""
    owners = np.array([0] * 20 + [1] * 20 + [2] * off_topic)
    chance = np.random.default_rng(0)
    scores = chance.normal(0, 0.1, (len(owners), 2)).astype(np.float32)
    inside = np.flatnonzero(owners < 2)
    scores[inside, owners[inside]] += 1
    return scores, owners, chance.normal(0, 0.1, len(owners)).astype(np.float32)


@pytest.mark.parametrize("off_topic", [0, 10, 100, 400])
def test_the_chance_to_be_in_scope_does_not_hang_on_how_much_is_off_topic(off_topic: int) -> None:
    scores, owners, scope = phrasings(off_topic)
    kin = [frozenset({0}), frozenset({1})]
    found = learned(scores, scores, scope if off_topic else None, owners, kin)
    second = 0.0 if off_topic else 1.0
    assert found.in_scope((1.0, second)) > 0.9
    assert found.in_scope((0.0, 0.0)) < 0.25


def test_a_topic_that_refines_the_right_one_is_right_too() -> None:
    scores, owners, _ = phrasings(0)
    apart = learned(scores, scores, None, owners, [frozenset({0}), frozenset({1})])
    related = learned(scores, scores, None, owners, [frozenset({0}), frozenset({1, 0})])
    assert apart.right([-1.0])[0] < 0.1
    assert related.right([0.0])[0] > 0.9


@pytest.mark.parametrize(("off_topic", "same"), [(50, False), (100, True), (400, True)])
def test_topics_left_out_stand_in_only_for_too_few_off_topic_phrasings(
    off_topic: int, same: bool
) -> None:
    scores, owners, scope = phrasings(off_topic)
    inside = np.flatnonzero(owners < 2)
    nearer = scores.copy()
    nearer[inside, 1 - owners[inside]] = 0.6  # second best, and best where their topic is left out
    kin = [frozenset({0}), frozenset({1})]
    one, other = (learned(table, table, scope, owners, kin).scope for table in (scores, nearer))
    assert np.allclose(one, other) is same
