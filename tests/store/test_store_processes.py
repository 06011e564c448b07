"""Real processes on one file: starting together, writing together, killed while they write."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.store import Tally, open_sqlite

ROOT = Path(__file__).parents[2]
VOTING = Path(__file__).with_name("voting.py")
PATIENCE = 30.0  # seconds until a process that hangs fails the test


@contextmanager
def voting(database: Path, *, first: int, count: int, workers: int) -> Iterator[subprocess.Popen]:
    """Start a process that is ready to vote and waits for a line of input."""
    command = [sys.executable, str(VOTING), str(database), str(first), str(count), str(workers)]
    process = subprocess.Popen(
        command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, text=True, bufsize=1,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        try:
            assert process.stdout.readline() == "ready\n", process.stderr.read()
            yield process
        finally:
            process.kill()


def stored_votes(database: Path) -> list[int]:
    """Return the numbers of the stored voters, once for each of the two resources."""
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [int.from_bytes(voter) for (voter,) in db.execute("SELECT voter FROM votes")]


async def test_processes_that_start_together_agree_and_lose_no_vote(database: Path) -> None:
    """Four processes meet on a file, a schema and a key that do not exist yet."""
    with (
        voting(database, first=1, count=25, workers=5) as one,
        voting(database, first=101, count=25, workers=5) as two,
        voting(database, first=201, count=25, workers=1) as three,
        voting(database, first=201, count=25, workers=1) as four,  # the same voters as three
    ):
        processes = [one, two, three, four]
        for process in processes:
            process.stdin.write("go\n")
        said = [process.communicate(timeout=PATIENCE) for process in processes]
    assert [
        (process.returncode, errors) for process, (_, errors) in zip(processes, said, strict=True)
    ] == ([(0, "")] * 4)
    fingerprints = {output.split()[0] for output, _ in said}
    assert len(fingerprints) == 1
    assert [len(output.split()) for output, _ in said] == [1 + 25] * 4
    assert sorted(stored_votes(database)) == sorted(
        [*range(1, 26), *range(101, 126), *range(201, 226)] * 2
    )
    left = {path.name for path in database.parent.iterdir()}
    assert left == {"warmstart.db", "warmstart.db.key"}


async def test_a_killed_process_keeps_every_acknowledged_vote(database: Path) -> None:
    """The kill reaches it between two acknowledgements, in the middle of committing others."""
    with voting(database, first=1, count=100_000, workers=8) as process:
        process.stdin.write("go\n")
        process.stdout.readline()  # the fingerprint
        acknowledged = [int(process.stdout.readline()) for _ in range(200)]
        process.kill()
        acknowledged += map(int, process.stdout.read().split())
    stored = stored_votes(database)
    assert set(acknowledged) <= set(stored)
    assert sorted(stored) == sorted([*set(stored)] * 2)  # whole, and once each
    assert len(set(stored)) <= len(acknowledged) + 8  # at most what was under way
    async with open_sqlite(database) as store:
        votes = Tally(helpful=len(set(stored)))
        assert await store.tallies("cost") == {"fast-ai": votes, "keras": votes}
        assert await store.value("anything") is None


def test_a_process_that_does_not_close_the_store_still_ends(database: Path) -> None:
    """The connections' threads would otherwise keep it alive for ever."""
    script = (
        "import asyncio, pathlib, sys\n"
        "from bot.store import NO_GUILD, Voter, open_sqlite\n"
        "run = asyncio.new_event_loop().run_until_complete\n"
        "opening = open_sqlite(pathlib.Path(sys.argv[1]))\n"
        "store = run(opening.__aenter__())\n"
        "run(store.record_vote('cost', ['keras'], Voter(bytes(16)), NO_GUILD, helpful=True))\n"
        "sys.exit(7)\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", script, str(database)],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert process.returncode == 7
    assert stored_votes(database) == [0]
