"""Memory and start against the number of servers, and questions a second of one and two processes.

    python -m benchmarks.scale [--guilds 1 1000 10000] [--rounds 5]

A server has one channel; the bot keeps no members. "ready" is from the start of the process, its
base prepared, until Discord has sent READY and every server; the memory is after the first answer,
for which the bot has taken them all in. Two processes have a loopback Discord each, and first a
SQLite file each, then one PostgreSQL together; the Discords run in this process, on the same cores
as the bots and PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.bot import RATED, Bot, ask_different, median, one_by_one, rate, warmstart
from tests import cluster as postgres


async def grown(folder: Path, guilds: int) -> None:
    """Start a bot on so many servers; print how long that took and what it keeps."""
    async with AsyncExitStack() as stack:
        bot = await warmstart(stack, folder, guilds)
        began = bot.resident()
        await ask_different(bot)
        print(f"{guilds:7,} servers{bot.ready:9.2f} s{began:9.0f} MB{bot.resident():9.0f} MB")


async def rates(folder: Path, rounds: int, name: str, shared: Mapping[str, str]) -> None:
    """Print the questions a second of one process and of two, measured in turns.

    `shared` are variables of both, such as the database that they share.
    """
    async with AsyncExitStack() as stack:
        bots = []
        for number in ("one", "two"):
            own = folder / f"{name} {number}"
            own.mkdir()
            bots.append(await warmstart(stack, own, 1, shared))
        for bot in bots:
            await one_by_one(bot.mention)
        alone, together, busy = [], [], []
        for _ in range(rounds):
            begun = bots[0].processor()
            alone.append(await rate(bots[0].mention))
            busy.append((bots[0].processor() - begun) / RATED * 1e3)
            together.append(await both(bots))
    print(
        f"{name:12}1 process{median(alone):6.0f}, 2 processes{median(together):6.0f} questions/s;"
        f" {median(busy):.1f} ms of processor each"
    )


async def on_postgres(folder: Path, rounds: int) -> None:
    """Measure the rates on one PostgreSQL, if there is one here."""
    programs = postgres.programs()
    if programs is None:
        print("PostgreSQL  not measured: no server is installed")
        return
    postgres.SETTINGS |= {"fsync": "on", "full_page_writes": "on"}
    with postgres.running(programs) as cluster:
        shared = {"WARMSTART_DATABASE": await cluster.database(), "WARMSTART_VOTER_KEY": "5a" * 32}
        await rates(folder, rounds, "PostgreSQL", shared)


async def both(bots: list[Bot]) -> float:
    """Return the sum of what the bots answer a second, all at the same time."""
    return sum(await asyncio.gather(*(rate(bot.mention) for bot in bots)))


async def run(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(dir=".") as folder:
        if options.guilds:
            print(f"{'':15}{'ready':>11}{'answering':>12}{'all asked':>12}")
        for guilds in options.guilds:
            await grown(Path(folder), guilds)
        await rates(Path(folder), options.rounds, "SQLite", {})
        await on_postgres(Path(folder), options.rounds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--guilds", type=int, nargs="*", default=[1, 1000, 10_000])
    parser.add_argument("--rounds", type=int, default=5)
    asyncio.run(run(parser.parse_args()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
