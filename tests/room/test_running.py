"""The room in a process of its own, as somebody at a terminal has it."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.small import write_small

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0  # seconds on a busy machine; what is waited for takes one or two


@dataclass
class Terminal:
    """Where a room prints."""

    process: asyncio.subprocess.Process
    said: str = ""

    async def until(self, text: str) -> str:
        """Return everything that was said up to a line that holds `text`."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while text not in self.said:
                line = await self.process.stdout.readline()
                assert line, f"the room ended:\n{self.said}"
                self.said += line.decode()
        return self.said


@asynccontextmanager
async def room(folder: Path, *arguments: str) -> AsyncIterator[Terminal]:
    """Run `warmstart run --on room` on the folder's knowledge; it ends without a complaint."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--on", "room", "--port", "0"),
        *("--knowledge", "knowledge", *arguments),
        cwd=folder,
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    terminal = Terminal(process)
    try:
        await terminal.until("Ctrl-C ends it.")
        yield terminal
    finally:
        if process.returncode is None:
            process.terminate()
        rest, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        terminal.said += rest.decode()
    assert process.returncode == 0, terminal.said


async def test_what_became_of_an_edit_is_said_once(tmp_path: Path) -> None:
    topic = write_small(tmp_path / "knowledge") / "topics/cost.yaml"
    async with room(tmp_path) as terminal:
        text = topic.read_text("utf-8")
        topic.write_text(text.replace("Nothing at all.", "Nothing."), "utf-8")
        told = "Knowledge reloaded: 3 topics, 2 resources"
        await terminal.until(told)
        topic.write_text(text.replace("title:", "titel:"), "utf-8")
        await terminal.until("Did you mean `title`?")
    assert terminal.said.count(told) == 1
    assert "1 topic reworded (cost)." in terminal.said


async def test_the_room_serves_its_health_where_it_is_told_to(tmp_path: Path) -> None:
    write_small(tmp_path / "knowledge")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]  # closed again below: nobody listens there
    async with (
        room(tmp_path, "--health-port", str(port)),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        async with session.get("/healthz") as response:
            facts = await response.json()
        assert (response.status, facts["status"]) == (200, "well")
        async with session.get("/metrics") as response:
            assert "warmstart" in await response.text()
