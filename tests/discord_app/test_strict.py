"""SimCord refuses what Discord would: a test that sends it fails."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import app_commands, ui

from bot.limits import BUTTON_LABEL
from tests.discord_app.acting import Stage


def titled(label: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(ui.Button[Any](label=label, custom_id="ws:test")))
    view.stop()
    return view


async def test_a_body_over_discords_limits_is_refused_and_noted(
    stage: Stage, violations: list[str]
) -> None:
    channel = stage.client.get_channel(stage.channel.id)
    await channel.send(view=titled("a" * BUTTON_LABEL))
    with pytest.raises(discord.HTTPException, match="longer than 80 characters"):
        await channel.send(view=titled("a" * (BUTTON_LABEL + 1)))
    assert any("longer than 80 characters" in one for one in violations)
    violations.clear()


async def test_an_answer_to_a_command_is_held_too(stage: Stage, violations: list[str]) -> None:
    async def long(interaction: discord.Interaction[Any]) -> None:
        with pytest.raises(discord.HTTPException, match="Invalid Form Body"):
            await interaction.response.send_message("a" * 2001)
        await interaction.response.send_message("a")

    command = app_commands.Command(name="long", description="Says too much", callback=long)
    stage.client.tree.add_command(command)
    await stage.client.tree.sync()
    await stage.alice.slash(stage.channel, "long")
    assert violations
    violations.clear()
