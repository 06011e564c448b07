"""Starting against a Discord that is not there, or that refuses the token: a sentence each."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path

from tests.wire.conftest import ROOT
from tests.wire.loopback import LoopbackDiscord


async def started(rest: str, gateway: str, token: str, folder: Path) -> tuple[int, str]:
    """Run the bot until it ends; return its exit code and what it said."""
    outside = ("DISCORD_", "WARMSTART_")
    inherited = {name: v for name, v in os.environ.items() if not name.startswith(outside)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.wire.run_bot", "run", "--on", "discord"),
        cwd=folder,
        env=inherited
        | {
            "PYTHONPATH": str(ROOT),
            "LOOPBACK_REST": rest,
            "LOOPBACK_GATEWAY": gateway,
            "DISCORD_TOKEN": token,
        },
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, said.decode()


async def test_a_discord_out_of_reach_is_a_sentence(tmp_path: Path, small_knowledge: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]  # closed again below: nobody listens there
    rest, gateway = f"http://127.0.0.1:{port}/api/v10", f"ws://127.0.0.1:{port}/gateway/"
    code, said = await started(rest, gateway, "planted.token.here", tmp_path)
    assert code == 1
    assert "cannot be reached" in said
    assert "Traceback" not in said
    assert "planted" not in said


async def test_a_wrong_token_is_a_sentence(loopback: LoopbackDiscord, tmp_path: Path) -> None:
    code, said = await started(loopback.rest_url, loopback.gateway_url, "wrong", tmp_path)
    assert code == 2
    assert "Discord refused the token" in said
    assert "Traceback" not in said
