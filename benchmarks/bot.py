"""The real bot over the loopback Discord, beside a bare discord.py bot in the same run.

    python -m benchmarks.bot [--guilds 1 100 1000] [--rounds 5] [--soak MINUTES]

Each bot is a process of its own with a loopback Discord of its own; they are measured in turns,
so that a busy moment of the machine slows both. The floor (`benchmarks/floor.py`) answers every
mention with a constant card of the same bytes, and acknowledges the same button, storing nothing.

"mention -> reply" is from the event's dispatch to the arrival of the answer, one at a time;
"rate" is with many under way. Every vote is on disk before its acknowledgement; afterwards the
votes in the database are counted against the acknowledged ones. Exit 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.wire.loopback import LoopbackDiscord
from tests.wire.shown import buttons

ROOT = Path(__file__).parent.parent
QUESTION = "how do I start with deep learning?"
ONE_BY_ONE = 100  # a round, of mentions and of clicks
AT_ONCE = 40  # under way when the rate is measured
RATED = 400  # a round
TARGETS = {"p50": 2.0, "p99": 6.0}  # ms that an answer may take longer than the floor's
CLICK_SHARE = 0.8  # of the floor's acknowledged clicks a second
READY, RESIDENT = 1.0, 90.0  # seconds, MB
TICKS = os.sysconf("SC_CLK_TCK")


class Counted(LoopbackDiscord):
    """A loopback Discord that tells when an answer arrives."""

    def __init__(self) -> None:
        super().__init__(validate=False)
        self.waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        create, respond = self.rest.create, self.interactions.respond

        def created(channel: Any, body: Any) -> Any:
            message = create(channel, body)
            self._arrived(message.get("message_reference", {}).get("message_id"), message)
            return message

        async def responded(request: Any, body: Any) -> Any:
            answer = await respond(request, body)
            self._arrived(request.match_info["token"], body)
            return answer

        self.rest.create = created  # type: ignore[method-assign]
        self.interactions.respond = responded  # type: ignore[method-assign]

    def _arrived(self, key: str | None, answer: dict[str, Any]) -> None:
        waiting = self.waiting.pop(key or "", None)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    async def answered(self, key: str) -> dict[str, Any]:
        self.waiting[key] = future = asyncio.get_running_loop().create_future()
        return await asyncio.wait_for(future, 30)


@dataclass
class Bot:
    """A bot's process, the Discord it is connected to, and what was measured."""

    name: str
    server: Counted
    process: asyncio.subprocess.Process
    ready: float
    card: dict[str, Any] = field(default_factory=dict)
    mentions: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    mention_rates: list[float] = field(default_factory=list)
    click_rates: list[float] = field(default_factory=list)
    acknowledged: int = 0
    busy: list[float] = field(default_factory=lambda: [0.0, 0.0])  # seconds of processor time

    async def mention(self, text: str = QUESTION) -> dict[str, Any]:
        """Ask, and return the answer."""
        server, guild = self.server, self._guild()
        asked = await server.say(guild.channels[0], server.alice, text, mention_bot=True)
        return await server.answered(asked["id"])

    async def click(self) -> None:
        """Let somebody new press the first Helpful."""
        server = self.server
        person = server.add_user(f"Voter {len(server.users)}")
        button = next(b for b in buttons(self.card) if b["custom_id"].startswith("ws:v:"))
        data = {"custom_id": button["custom_id"], "component_type": 2, "id": button["id"]}
        channel = server.channel_of(self.card)
        clicked = server.interact(3, person, channel, data, message=self.card)
        answer = await server.answered(clicked.token)
        assert answer["type"] in (6, 7), answer
        self.acknowledged += 1

    def _guild(self) -> Any:
        guilds = list(self.server.guilds.values())
        return guilds[(len(self.mentions) * 7) % len(guilds)]

    def processor(self) -> float:
        """Return the seconds of processor time that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident(self) -> float:
        """Return the resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    async def round(self) -> None:
        """Measure once everything that is measured."""
        self.mentions += await one_by_one(self.mention)
        self.clicks += await one_by_one(self.click)
        begun = self.processor()
        self.mention_rates.append(await rate(self.mention))
        between = self.processor()
        self.click_rates.append(await rate(self.click))
        self.busy[0] += between - begun
        self.busy[1] += self.processor() - between


async def one_by_one(act: Callable[[], Awaitable[object]]) -> list[float]:
    """Return how long each took, in milliseconds."""
    took = []
    for _ in range(ONE_BY_ONE):
        begun = time.perf_counter()
        await act()
        took.append((time.perf_counter() - begun) * 1e3)
    return took


async def rate(act: Callable[[], Awaitable[object]]) -> float:
    """Return how many are done a second with many under way."""
    left = iter(range(RATED))

    async def act_on() -> None:
        for _ in left:
            await act()

    begun = time.perf_counter()
    await asyncio.gather(*(act_on() for _ in range(AT_ONCE)))
    return RATED / (time.perf_counter() - begun)


async def start(
    stack: AsyncExitStack, name: str, module: Iterable[str], guilds: int, env: dict[str, str]
) -> Bot:
    """Start a bot against a Discord with so many servers; return it once it is connected."""
    server = await stack.enter_async_context(Counted())
    for number in range(1, guilds):
        guild = server.add_guild(f"Server {number}")
        server.add_channel(guild, "general")
    outside = ("DISCORD_", "WARMSTART_DATABASE", "WARMSTART_KNOWLEDGE")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(outside)}
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", *module),
        env=inherited
        | {
            "PYTHONPATH": str(ROOT),
            "LOOPBACK_REST": server.rest_url,
            "LOOPBACK_GATEWAY": server.gateway_url,
            "DISCORD_TOKEN": server.token,
        }
        | env,
        stderr=asyncio.subprocess.DEVNULL,
    )
    stack.push_async_callback(_end, process)
    await server.connected(within=120)
    return Bot(name, server, process, time.perf_counter() - begun)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.wait(), 20)


OURS = ("benchmarks.ours",)


async def warmstart(
    stack: AsyncExitStack, folder: Path, guilds: int, more: Mapping[str, str] | None = None
) -> Bot:
    """Start Warmstart twice: the first start prepares the base, the second is measured.

    `more` are variables of its environment.
    """
    env = {
        "WARMSTART_DATABASE": str(folder / "warmstart.db"),
        "WARMSTART_CACHE": str(folder / "cache"),
        "OPENBLAS_NUM_THREADS": "1",  # as the command line sets it
    } | dict(more or {})
    async with AsyncExitStack() as once:
        await start(once, "warmstart", OURS, 1, env)
    bot = await start(stack, "warmstart", OURS, guilds, env)
    bot.card = await bot.mention()
    return bot


async def floor(stack: AsyncExitStack, folder: Path, guilds: int, card: Any, click: str) -> Bot:
    """Start the floor with the card that Warmstart answered with."""
    path = folder / "card.json"
    path.write_text(json.dumps(card))
    env = {"FLOOR_CARD": str(path), "FLOOR_CLICK": click}
    bot = await start(stack, f"floor, {click}", ("benchmarks.floor",), guilds, env)
    bot.card = await bot.mention()
    return bot


async def compare(folder: Path, guilds: int, rounds: int) -> list[str]:
    """Measure side by side and print; return the targets that were missed."""
    async with AsyncExitStack() as stack:
        ours = await warmstart(stack, folder, guilds)
        bare = await floor(stack, folder, guilds, ours.card, "edit")
        least = await floor(stack, folder, guilds, ours.card, "defer")
        bots = [ours, bare, least]
        for bot in bots:  # warm: caches filled, code paths seen once
            await one_by_one(bot.mention)
            await one_by_one(bot.click)
        for _ in range(rounds):
            for bot in bots:
                await bot.round()
        await ask_different(ours)
        print(f"\n{guilds} servers, {rounds} rounds" + " " * 14 + HEAD)
        for bot in bots:
            print(line(bot))
        stored = votes(folder / "warmstart.db")
        missed = judged(ours, bare, guilds)
        if stored != ours.acknowledged:
            missed.append(f"{stored} votes stored, {ours.acknowledged} acknowledged")
    (folder / "warmstart.db").unlink()
    return missed


async def ask_different(bot: Bot) -> None:
    """Ask what people ask, so that memory holds what it holds after a day."""
    entries = yaml.safe_load((ROOT / "tests/questions.yaml").read_text("utf-8"))
    for asked in entries.values():
        for entry in asked:
            text = entry if isinstance(entry, str) else next(iter(entry.values()))
            if isinstance(text, str):
                await bot.mention(text)


HEAD = "mention p50    p99   click p50    p99   mentions/s  clicks/s  CPU ms, click   MB  READY s"


def line(bot: Bot) -> str:
    """Return a bot's figures as a row."""
    mention, click = (busy / len(bot.click_rates) / RATED * 1e3 for busy in bot.busy)
    return (
        f"{bot.name:32}{median(bot.mentions):9.2f} {p99(bot.mentions):6.2f}"
        f"{median(bot.clicks):12.2f} {p99(bot.clicks):6.2f}"
        f"{median(bot.mention_rates):13.0f}{median(bot.click_rates):10.0f}"
        f"{mention:10.2f} {click:5.2f}{bot.resident():5.0f}{bot.ready:9.2f}"
    )


median = statistics.median


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def judged(ours: Bot, bare: Bot, guilds: int) -> list[str]:
    """Return the targets that were missed, in words."""
    found = []
    for name, of in (("p50", median), ("p99", p99)):
        more = of(ours.mentions) - of(bare.mentions)
        if more > TARGETS[name]:
            found.append(f"mention -> reply takes {more:.1f} ms more at {name}")
    share = median([a / b for a, b in zip(ours.click_rates, bare.click_rates, strict=True)])
    print(f"clicks acknowledged: {share:.2f} x the floor that shows the card again")
    if share < CLICK_SHARE:
        found.append(f"clicks: {share:.2f} x floor")
    if ours.ready > READY:
        found.append(f"READY after {ours.ready:.2f} s")
    if ours.resident() > RESIDENT:
        found.append(f"{ours.resident():.0f} MB resident")
    return [f"{guilds} servers: {one}" for one in found]


def votes(database: Path) -> int:
    """Return how many people's votes are on disk."""
    with closing(sqlite3.connect(database)) as db:
        found: int = db.execute("SELECT count(DISTINCT voter) FROM votes").fetchone()[0]
    return found


async def soak(folder: Path, minutes: float) -> list[str]:
    """Ask and vote for so many minutes; print the memory on the way."""
    async with AsyncExitStack() as stack:
        bot = await warmstart(stack, folder, 100)
        await ask_different(bot)
        begun, sizes = time.monotonic(), [bot.resident()]
        while time.monotonic() - begun < minutes * 60:
            await asyncio.gather(*(bot.mention() for _ in range(10)))
            await asyncio.gather(*(bot.click() for _ in range(10)))
            bot.mentions.append(0.0)
            if time.monotonic() - begun >= len(sizes) * minutes * 60 / 10:
                sizes.append(bot.resident())
                print(f"{(time.monotonic() - begun) / 60:5.1f} min {sizes[-1]:6.1f} MB", flush=True)
        done = len(bot.mentions) * 10
        growth = sizes[-1] - sizes[len(sizes) // 2]
    print(f"{done} questions and {bot.acknowledged} votes; second half: {growth:+.1f} MB")
    return [f"memory grew by {growth:.1f} MB in the second half"] if growth > 2 else []


async def run(options: argparse.Namespace) -> int:
    missed = []
    with tempfile.TemporaryDirectory(dir=".") as folder:
        if options.soak:
            missed = await soak(Path(folder), options.soak)
        else:
            for guilds in options.guilds:
                missed += await compare(Path(folder), guilds, options.rounds)
    for one in missed:
        print(f"missed: {one}")
    return int(bool(missed))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--guilds", type=int, nargs="+", default=[1, 100, 1000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
