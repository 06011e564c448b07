"""Rows of a stored table: those of the file, and no other kind of table."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from bot.matching.encoder import ASSET, TABLE
from bot.matching.rows import Rows

PACKAGED = Path(str(files("bot.matching") / "data" / ASSET))


def test_the_rows_of_the_packaged_table_are_those_of_numpy() -> None:
    table = np.load(PACKAGED)[TABLE]
    rows = Rows(PACKAGED, TABLE)
    chosen = [0, len(table) - 1, 7, 7]
    assert rows.shape == table.shape
    assert (rows.read(chosen) == table[chosen]).all()
    assert rows.read([]).shape == (0, table.shape[1])


def test_another_kind_of_table_is_refused_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    np.savez_compressed(path, table=np.zeros((3, 4), np.int8))
    with pytest.raises(ValueError, match="is compressed"):
        Rows(path, "table")
    np.savez(path, floats=np.zeros((3, 4)), turned=np.zeros((3, 4), np.int8, order="F"))
    for name in ("floats", "turned"):
        with pytest.raises(ValueError, match="no table of bytes"):
            Rows(path, name)
