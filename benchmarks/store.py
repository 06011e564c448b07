"""How fast votes reach the disk, beside bare sqlite3 in the same run and folder.

`python benchmarks/store.py [FOLDER]`: prints votes per second, each flushed to the disk before
it is acknowledged. The floor is what one plain connection commits, one vote per transaction,
with the same schema and the same pragmas. Exit 1 when the store is slower than the floor.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.store import NO_GUILD, Voter, open_sqlite
from bot.store.connection import prepare_writer
from bot.store.migrate import load_migrations, migrate
from bot.store.statements import SET_VOTE

CALLERS = 200
ROUNDS = 5
VOTES = {1: 200, CALLERS: 4_000}  # per round, by callers: a second or less each


def voters(count: int) -> list[Voter]:
    return [Voter(number.to_bytes(16)) for number in range(count)]


def bare(database: Path) -> float:
    """Return votes per second of one sqlite3 connection that commits each vote."""
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        migrate(db, database, load_migrations())
        prepare_writer(db, database, busy_timeout=5.0)
        begun = time.perf_counter()
        for voter in voters(VOTES[1]):
            db.execute("BEGIN IMMEDIATE")
            db.execute(SET_VOTE, ("cost", "fast-ai", voter, True, NO_GUILD, 0))
            db.execute("COMMIT")
        return VOTES[1] / (time.perf_counter() - begun)


def store(database: Path, callers: int) -> tuple[float, list[float]]:
    """Return votes per second of `callers` at once, and how long each vote took."""

    async def run() -> tuple[float, list[float]]:
        waits: list[float] = []
        waiting = iter(voters(VOTES[callers]))

        async def call() -> None:
            for voter in waiting:
                begun = time.perf_counter()
                await opened.record_vote("cost", ["fast-ai"], voter, NO_GUILD, helpful=True)
                waits.append(time.perf_counter() - begun)

        async with open_sqlite(database) as opened:
            begun = time.perf_counter()
            await asyncio.gather(*(call() for _ in range(callers)))
            rate = VOTES[callers] / (time.perf_counter() - begun)
            tally = (await opened.tallies("cost"))["fast-ai"]
        if tally.helpful != VOTES[callers]:
            raise SystemExit(f"{tally.helpful} of {VOTES[callers]} acknowledged votes are stored")
        return rate, waits

    return asyncio.run(run())


def fresh(measure: Callable[[Path], float], folder: Path) -> float:
    """Measure on a database of its own."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        return measure(Path(own) / "warmstart.db")


def main(folder: Path) -> int:
    """Print the table; return 1 when grouping does not reach the floor."""
    floors: list[float] = []
    rates: dict[int, list[float]] = {callers: [] for callers in VOTES}
    waits: dict[int, list[float]] = {callers: [] for callers in VOTES}

    def measure(database: Path, callers: int) -> float:
        rate, took = store(database, callers)
        waits[callers] += took
        return rate

    for _ in range(ROUNDS):  # taken in turns, so that a busy moment slows both
        floors.append(fresh(bare, folder))
        for callers, measured in rates.items():
            measured.append(fresh(lambda path, n=callers: measure(path, n), folder))
    floor = statistics.median(floors)
    print(f"{'':28}votes/s (least, most)     p50 ms   p99 ms   x floor")
    print(f"{'bare sqlite3, 1 caller':28}{floor:7.0f} ({min(floors):.0f}, {max(floors):.0f})")
    for callers, measured in rates.items():
        rate, took = statistics.median(measured), statistics.quantiles(waits[callers], n=100)
        spread = f"({min(measured):.0f}, {max(measured):.0f})"
        print(
            f"{f'record_vote, {callers} callers':28}{rate:7.0f} {spread:18}"
            f"{took[49] * 1e3:8.2f} {took[98] * 1e3:8.2f} {rate / floor:9.2f}"
        )
    grouped = statistics.median(rates[CALLERS])
    if grouped < floor:
        print(f"missed: {CALLERS} callers record {grouped:.0f} votes/s, a bare one {floor:.0f}")
    return int(grouped < floor)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
