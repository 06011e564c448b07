"""`make fuzz`: a hundred thousand messages down the whole path, other ones at every run.

    python -m tests.fuzz [--messages N] [--first NUMBER]

A failure tells the number of its message; `--first NUMBER --messages 1` repeats it. Set
WARMSTART_OPENAPI to hold every kind of card against Discord's own description too.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy; as the command line sets it

import argparse
import asyncio
import logging
import secrets
import sys
import tempfile
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from bot.advice import Advisor
from bot.knowledge.files import snapshot
from bot.prepared import prepare
from bot.runtime import Reloader, Runtime
from bot.settings import cache_folder, shipped_knowledge
from bot.store import asker, load_key, open_sqlite, voter
from tests.fuzz.path import Walk
from tests.fuzz.texts import message

SHOWN = 10  # failures told; more teach nothing new


async def fuzz(first: int, messages: int, folder: Path) -> int:
    """Take the messages; return how many broke something."""
    database, knowledge = folder / "fuzz.db", shipped_knowledge()
    base = prepare(knowledge, cache_folder(os.environ))
    console, broken = Console(), 0
    async with open_sqlite(database) as store:
        advisor = Advisor(base, store)
        reloader = Reloader(knowledge, snapshot(knowledge), advisor, store)
        key = load_key(database)
        people = partial(voter, key), partial(asker, key)
        walk = Walk(Runtime(advisor, store, *people, reloader))
        columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
            for number in progress.track(range(first, first + messages), description="Messages"):
                try:
                    await walk.take(number)
                except Exception as error:
                    broken += 1
                    console.print(f"{number}: {type(error).__name__}: {error}", markup=False)
                    console.print(f"  {message(number)[:300]!r}", markup=False)
                    if broken == SHOWN:
                        break
    console.print(f"From number {first}: {walk.cards} cards of {len(walk.shapes)} shapes.")
    console.print(
        f"Longest: {walk.longest * 1000:.0f} ms of processor time, number {walk.slowest}."
    )
    console.print(f"Broken: {broken}.")
    return broken


def main() -> int:
    """Return 1 when something broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=secrets.randbits(40))
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        return min(1, asyncio.run(fuzz(options.first, options.messages, Path(folder))))


if __name__ == "__main__":
    sys.exit(main())
