"""The shipped base and a matcher on it, built once."""

from pathlib import Path

import pytest

from bot.knowledge.load import load
from bot.knowledge.model import Knowledge
from bot.matching import Matcher

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shipped() -> Knowledge:
    return load(ROOT / "knowledge")


@pytest.fixture(scope="session")
def shipped_matcher(shipped: Knowledge) -> Matcher:
    return Matcher(shipped)
