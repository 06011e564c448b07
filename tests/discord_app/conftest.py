"""The whole bot in a simulated Discord: real discord.py, real database, real matcher."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import simcord

from bot.discord_app.client import WarmstartClient
from bot.runtime import Runtime
from tests.clock import Clock
from tests.discord_app.acting import Stage, client_of
from tests.strict import strict


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def violations() -> Iterator[list[str]]:
    """What Discord would not have taken fails the test; one that provokes it clears the list."""
    found: list[str] = []
    with strict(found.append):
        yield found
    assert found == []


@pytest.fixture
def simcord_bot(runtime: Runtime) -> WarmstartClient:
    return client_of(runtime)


@pytest.fixture
async def stage(simcord_env: simcord.Env, runtime: Runtime) -> Stage:
    guild = simcord_env.create_guild("Study group")
    channel = guild.create_text_channel("beginners")
    alice = guild.add_member(simcord_env.create_user("alice"))
    bob = guild.add_member(simcord_env.create_user("bob"))
    return Stage(simcord_env, guild, channel, alice, bob, runtime)
