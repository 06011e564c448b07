"""How fast votes reach PostgreSQL, beside SQLite in the same run; prints votes per second.

`python -m benchmarks.postgres`: starts a server of its own, which flushes each commit to the disk
as SQLite does. `processes` vote at the same time, each with its own connections.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from bot.store import NO_GUILD, Store, Voter, open_store
from tests import cluster as postgres

VOTES = 2_000  # for each process
CALLERS = 50


async def vote(opening: AbstractAsyncContextManager[Store], first: int) -> float:
    """Return the seconds that `VOTES` votes took."""
    waiting = iter(range(first, first + VOTES))
    async with opening as store:

        async def call() -> None:
            for number in waiting:
                voter = Voter(number.to_bytes(16))
                await store.record_vote("cost", ["fast-ai"], voter, NO_GUILD, helpful=True)

        begun = time.perf_counter()
        await asyncio.gather(*(call() for _ in range(CALLERS)))
        return time.perf_counter() - begun


def process(place: Path | str, first: int) -> float:
    return asyncio.run(vote(open_store(place), first))


def row(name: str, place: Path | str, processes: int) -> None:
    """Measure and print."""
    firsts = [number * VOTES for number in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        took = pool.starmap(process, [(place, first) for first in firsts])
    rate = sum(VOTES / seconds for seconds in took)
    print(f"{name:12}{processes} process(es), {CALLERS} callers each {rate:8.0f} votes/s")


def main(measure: Callable[[str, Path | str, int], None] = row) -> int:
    """Print the table; 2 where there is no PostgreSQL."""
    programs = postgres.programs()
    if programs is None:
        print("No PostgreSQL server is installed.")
        return 2
    postgres.SETTINGS |= {"fsync": "on", "full_page_writes": "on"}
    with tempfile.TemporaryDirectory(dir=".") as folder, postgres.running(programs) as cluster:
        measure("SQLite", Path(folder) / "warmstart.db", 1)
        for processes in (1, 2):
            measure("PostgreSQL", asyncio.run(cluster.database()), processes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
