"""A flawless base, a way to change it, and what lint finds then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bot.knowledge.load import read_draft
from bot.lint import Finding, lint
from tests.bakery import change as changed
from tests.bakery import write_bakery

TODAY = date(2026, 11, 23)


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    return write_bakery(tmp_path / "bakery")


@pytest.fixture
def change(bakery: Path) -> Callable[[str, str, str], None]:
    return partial(changed, bakery)


@pytest.fixture
def found(bakery: Path) -> Callable[[], list[Finding]]:
    return lambda: list(lint(read_draft(bakery), today=TODAY))
