"""A copy of the shipped base to break, and what is found wrong in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import KnowledgeError, Problem
from bot.knowledge.load import load
from bot.settings import shipped_knowledge


@pytest.fixture
def base_copy(tmp_path: Path) -> Path:
    """The shipped base, free to be changed."""
    return shutil.copytree(shipped_knowledge(), tmp_path / "knowledge")


def problems(folder: Path) -> tuple[Problem, ...]:
    """Return what loading finds wrong; nothing when the base is valid. Raises nothing else."""
    try:
        load(folder)
    except KnowledgeError as error:
        found = error.problems
    else:
        return ()
    assert found, "an error without a problem helps nobody"
    return found
