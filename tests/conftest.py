"""Shared parts: the shipped knowledge, built once, and a real database for each test."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy; as the command line sets it

from collections.abc import AsyncIterator, Generator, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.advice import Advisor, Base
from bot.knowledge.files import snapshot
from bot.knowledge.load import load
from bot.knowledge.model import Knowledge
from bot.prepared import prepare
from bot.runtime import Reloader, Runtime
from bot.settings import cache_folder, shipped_knowledge
from bot.store import asker, load_key, open_sqlite, voter
from tests import cluster as postgres
from tests import planted
from tests.small import write_small


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that brought the planted token to light: on a stream or in the log."""
    report = yield
    if any(planted.TOKEN in text for _, text in report.sections):
        report.outcome, report.longrepr = "failed", "the token shows in what this test printed"
    return report


@pytest.fixture(scope="session")
def knowledge(base: Base) -> Knowledge:
    return base.knowledge


@pytest.fixture(scope="session")
def base() -> Base:
    return prepare(shipped_knowledge(), cache_folder(os.environ))


@pytest.fixture(scope="session")
def small_base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return Base.of(load(write_small(tmp_path_factory.mktemp("knowledge"))))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "warmstart.db"


@pytest.fixture
async def runtime(base: Base, database: Path) -> AsyncIterator[Runtime]:
    key, folder = load_key(database), shipped_knowledge()
    async with open_sqlite(database) as store:
        advisor = Advisor(base, store)
        reloader = Reloader(folder, snapshot(folder), advisor, store)
        yield Runtime(advisor, store, partial(voter, key), partial(asker, key), reloader)


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL server of the tests' own; without one installed the test is skipped, but in CI
    it fails.
    """
    programs = postgres.programs()
    if programs is None:
        told = "no PostgreSQL server is installed (on Debian: apt-get install postgresql)"
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(told)
        pytest.skip(told)
    with postgres.running(programs) as started:
        yield started
