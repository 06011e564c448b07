"""A store to test, and the ways to make a file one that cannot be written."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.store import Store, open_sqlite
from bot.store.postgres import open_postgres
from tests.clock import Clock

Opener = Callable[[], AbstractAsyncContextManager[Store]]


@pytest.fixture
def clock() -> Clock:
    return Clock(1_700_000_000.0)  # seconds since 1970


@pytest.fixture(params=["sqlite", "postgres"])
async def opener(request: pytest.FixtureRequest, clock: Clock, database: Path) -> Opener:
    """Opens one and the same database, as often as it is called, in each implementation."""
    if request.param == "sqlite":
        return lambda: open_sqlite(database, clock=clock)
    url = await request.getfixturevalue("cluster").database()
    return lambda: open_postgres(url, clock=clock)


@pytest.fixture
async def store(opener: Opener) -> AsyncIterator[Store]:
    async with opener() as opened:
        yield opened


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


@pytest.fixture
def permissions_count() -> Iterator[None]:
    """Make file permissions count for root too, for as long as the test runs.

    Takes CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH from this thread, and so from those that it
    starts: https://man7.org/linux/man-pages/man2/capset.2.html
    """
    if os.geteuid() != 0:
        yield
        return
    if not sys.platform.startswith("linux"):
        pytest.skip("root may write everywhere, and only Linux can take that back")
    libc = ctypes.CDLL(None, use_errno=True)
    header = _Header(version=0x20080522, pid=0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice 32 bits each
    assert libc.capget(ctypes.byref(header), sets) == 0
    before = sets[0]
    sets[0] = before & ~0b110
    assert libc.capset(ctypes.byref(header), sets) == 0
    yield
    sets[0] = before
    assert libc.capset(ctypes.byref(header), sets) == 0
