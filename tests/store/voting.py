"""A process that votes: `python voting.py DATABASE FIRST COUNT WORKERS`.

It prints "ready", waits for a line of input, prints the fingerprint of its voter key, and casts
COUNT votes as voters FIRST, FIRST + 1, … from WORKERS tasks at once, and prints the number of
each voter as soon as the vote is acknowledged.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.store import NO_GUILD, Store, Voter, open_sqlite
from bot.store.voters import fingerprint, load_key


def say(line: object) -> None:
    os.write(1, f"{line}\n".encode())  # unbuffered: out before anything else happens


async def work(store: Store, numbers: Iterator[int]) -> None:
    for number in numbers:
        voter = Voter(number.to_bytes(16))
        await store.record_vote("cost", ["fast-ai", "keras"], voter, NO_GUILD, helpful=True)
        say(number)


async def main(database: Path, first: int, count: int, workers: int) -> None:
    say("ready")
    sys.stdin.readline()
    say(fingerprint(load_key(database)))
    async with open_sqlite(database) as store:
        numbers = iter(range(first, first + count))
        await asyncio.gather(*(work(store, numbers) for _ in range(workers)))


asyncio.run(main(Path(sys.argv[1]), *map(int, sys.argv[2:])))
