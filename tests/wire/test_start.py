"""Starting against a Discord that is not there, or that refuses: a sentence each."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from bot.discord_app.run import serve
from bot.errors import UsageError
from bot.settings import Settings
from tests.wire.loopback import LoopbackDiscord
from tests.wire.process import started


async def test_a_discord_out_of_reach_is_waited_for(tmp_path: Path, small_knowledge: Path) -> None:
    """Started without a network, the bot says so once, waits, and ends when told to."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]  # closed again below: nobody listens there
    rest, gateway = f"http://127.0.0.1:{port}/api/v10", f"ws://127.0.0.1:{port}/gateway/"
    process = await started(
        rest, gateway, tmp_path,
        DISCORD_TOKEN="planted.token.here", WARMSTART_KNOWLEDGE=small_knowledge,
    )  # fmt: skip
    assert process.stderr is not None
    said = ""
    while "out of reach" not in said:
        line = await asyncio.wait_for(process.stderr.readline(), 60)
        assert line, said
        said += line.decode()
    await asyncio.sleep(1.2)  # the second attempt is over by then
    process.terminate()
    said += (await asyncio.wait_for(process.communicate(), 10))[1].decode()
    assert process.returncode == 0
    assert said.count("out of reach") == 1
    assert "Traceback" not in said
    assert "planted" not in said


async def test_an_intent_that_was_not_granted_is_a_sentence(
    loopback: LoopbackDiscord, tmp_path: Path, small_knowledge: Path
) -> None:
    """The operator switched reading on, but not in the developer portal."""
    urls = loopback.rest_url, loopback.gateway_url
    process = await started(
        *urls, tmp_path,
        DISCORD_TOKEN=loopback.token, WARMSTART_KNOWLEDGE=small_knowledge,
        WARMSTART_MESSAGE_CONTENT=1,
    )  # fmt: skip
    said = (await asyncio.wait_for(process.communicate(), 60))[1].decode()
    assert process.returncode == 2
    assert "switch on Message Content Intent" in said
    assert "--message-content" in said
    assert "Traceback" not in said


async def test_a_wrong_token_is_a_sentence(
    loopback: LoopbackDiscord, tmp_path: Path, small_knowledge: Path
) -> None:
    urls = loopback.rest_url, loopback.gateway_url
    process = await started(
        *urls, tmp_path, DISCORD_TOKEN="wrong", WARMSTART_KNOWLEDGE=small_knowledge
    )
    said = (await asyncio.wait_for(process.communicate(), 60))[1].decode()
    assert process.returncode == 2
    assert "Discord refused the token" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        (4004, "copy it again"),
        (4010, r"correct --shards \(WARMSTART_SHARDS\)"),
        (4011, r"set WARMSTART_SHARDS \(--shards\) to auto"),
        (4012, r"\(code 4012\): update Warmstart"),
        (4013, r"\(code 4013\): update Warmstart"),
        (4014, "Message Content Intent"),
    ],
)
async def test_a_refusal_while_running_is_a_sentence(
    loopback: LoopbackDiscord, database: Path, small_knowledge: Path, code: int, cure: str
) -> None:
    """A token that was reset, servers that became too many: what to do, and the exit code 2."""
    settings = Settings(knowledge=small_knowledge, database=database, token=loopback.token)
    serving = asyncio.create_task(serve(settings))
    await loopback.connected()
    await loopback.gateway.close(code)
    with pytest.raises(UsageError, match=cure) as raised:
        await asyncio.wait_for(serving, 5)
    assert raised.value.exit_code == 2
