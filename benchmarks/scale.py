"""Memory and start against the number of servers, and questions a second of one and two processes.

    python -m benchmarks.scale [--guilds 1 1000 10000] [--rounds 5]

A server has one channel; the bot keeps no members. "ready" is from the start of the process, its
base prepared, until Discord has sent READY and every server; the memory is after the first answer,
for which the bot has taken them all in. Two processes have a loopback Discord and a database each;
both Discords run in this process, on the same cores as the bots.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.bot import RATED, Bot, ask_different, median, one_by_one, rate, warmstart


async def grown(folder: Path, guilds: int) -> None:
    """Start a bot on so many servers; print how long that took and what it keeps."""
    async with AsyncExitStack() as stack:
        bot = await warmstart(stack, folder, guilds)
        began = bot.resident()
        await ask_different(bot)
        print(f"{guilds:7,} servers{bot.ready:9.2f} s{began:9.0f} MB{bot.resident():9.0f} MB")


async def rates(folder: Path, rounds: int) -> None:
    """Print the questions a second of one process and of two, measured in turns."""
    async with AsyncExitStack() as stack:
        bots = []
        for name in ("one", "two"):
            own = folder / name
            own.mkdir()
            bots.append(await warmstart(stack, own, 1))
        for bot in bots:
            await one_by_one(bot.mention)
        alone, together, busy = [], [], []
        for _ in range(rounds):
            begun = bots[0].processor()
            alone.append(await rate(bots[0].mention))
            busy.append((bots[0].processor() - begun) / RATED * 1e3)
            together.append(await both(bots))
    print(f"1 process  {median(alone):5.0f} questions/s, {median(busy):.1f} ms of processor each")
    print(f"2 processes{median(together):5.0f} questions/s")


async def both(bots: list[Bot]) -> float:
    """Return the sum of what the bots answer a second, all at the same time."""
    return sum(await asyncio.gather(*(rate(bot.mention) for bot in bots)))


async def run(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(dir=".") as folder:
        print(f"{'':15}{'ready':>11}{'answering':>12}{'all asked':>12}")
        for guilds in options.guilds:
            await grown(Path(folder), guilds)
        await rates(Path(folder), options.rounds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--guilds", type=int, nargs="+", default=[1, 1000, 10_000])
    parser.add_argument("--rounds", type=int, default=5)
    asyncio.run(run(parser.parse_args()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
