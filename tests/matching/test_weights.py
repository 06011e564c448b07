"""Weights in bytes say what the wide ones say, within the bound that they promise."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.weights import Dense


@given(st.integers(0, 10_000), st.floats(1e-3, 1e3))
def test_compact_weights_are_off_by_half_a_step_at_most(seed: int, size: float) -> None:
    chance = np.random.default_rng(seed)
    table = (size * chance.standard_normal((40, 7))).astype(np.float32)
    table[5] = 0
    compact = Dense(table).compact()
    for row in range(len(table)):
        one = np.array([row], np.int32), np.ones(1, np.float32)
        off = np.abs(compact.scores(one) - table[row]).max()
        assert off <= np.abs(table[row]).max() / 254 * 1.001
    some = np.array([3, 5, 9], np.int32), np.array([0.5, 0.2, 1.0], np.float32)
    bound = (np.abs(table[some[0]]).max(axis=1) * some[1]).sum() / 254 * 1.001
    assert np.abs(compact.scores(some) - Dense(table).scores(some)).max() <= bound


def test_compact_weights_take_a_quarter() -> None:
    table = np.ones((100, 50), np.float32)
    assert Dense(table).compact().table.nbytes * 4 == table.nbytes
