"""Being told to stop: what is running is finished, everything is closed, exit 0."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.wire.loopback import LoopbackDiscord
from tests.wire.test_bot import QUESTION


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_running_answer_is_finished(
    bot_process: Callable[[], AbstractAsyncContextManager[Any]],
    loopback: LoopbackDiscord,
    database: Path,
    number: signal.Signals,
) -> None:
    """Told to stop while an answer is on its way: it arrives, and the session is ended."""
    async with bot_process() as process:
        await loopback.ask(loopback.general, loopback.alice, QUESTION, mention_bot=True)
        loopback.fail_next("POST", r"/messages$", status=503, times=2)  # takes a second or two
        question = await loopback.say(loopback.general, loopback.bob, QUESTION, mention_bot=True)
        await loopback.until(lambda: loopback.count("POST", r"/messages$") == 2, "an attempt")
        process.send_signal(number)
        await asyncio.wait_for(process.wait(), 8)
        assert len(loopback.answers_to(question)) == 1
        assert process.returncode == 0
    assert loopback.gateway.sessions == {}
    assert sorted(path.name for path in database.parent.glob("warmstart.db*")) == [
        "warmstart.db",
        "warmstart.db.key",
    ]
