"""The bot as operators run it, `warmstart run --on discord`, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.wire.loopback import LoopbackDiscord

ROOT = Path(__file__).parents[2]
OUTSIDE = ("DISCORD_", "WARMSTART_")  # what this machine sets is not for the test

Process = asyncio.subprocess.Process


async def started(rest: str, gateway: str, folder: Path, **variables: object) -> Process:
    """Start the bot in a folder, with variables beside those that tests inherit."""
    inherited = {name: v for name, v in os.environ.items() if not name.startswith(OUTSIDE)}
    loopback = {"PYTHONPATH": str(ROOT), "LOOPBACK_REST": rest, "LOOPBACK_GATEWAY": gateway}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.wire.run_bot", "run", "--on", "discord"),
        cwd=folder,
        env=inherited | loopback | {name: str(value) for name, value in variables.items()},
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def running_bot(
    loopback: LoopbackDiscord,
    ready: Awaitable[object],
    folder: Path,
    *,
    faults: bool = False,
    **variables: object,
) -> AsyncIterator[Process]:
    """Run the bot: from when it is `ready` until SIGTERM or a kill.

    Its log tells no error, but where the test brings about `faults`.
    """
    urls = loopback.rest_url, loopback.gateway_url
    process = await started(*urls, folder, DISCORD_TOKEN=loopback.token, **variables)
    ended = asyncio.create_task(process.communicate())
    waiting = asyncio.ensure_future(ready)
    try:
        await asyncio.wait([ended, waiting], return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            waiting.cancel()
            raise AssertionError((await ended)[1].decode())
        await waiting
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(ended, 15)
    assert process.returncode in (0, -signal.SIGKILL), errors.decode()
    assert faults or " ERROR " not in errors.decode()
    assert loopback.token not in errors.decode()
