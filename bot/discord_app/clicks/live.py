"""Buttons and selects that outlive a restart: each reads its state from its custom_id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

import discord
from discord import ui

from bot.discord_app.desk import Desk, desk_of
from bot.discord_app.respond import Interaction

Part = TypeVar("Part", bound="ui.Item[Any]")


class Live(ui.DynamicItem[Part], template=r"\Z"):
    """A part of a card whose state is the named groups of its template."""

    def __init__(self, item: ui.Item[Any], state: Mapping[str, str]) -> None:
        super().__init__(cast("Part", item))
        self.state = state

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Rebuild it from a click or choice, on a message of any age."""
        return cls(item, match.groupdict())

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Whether it is served now; who clicks without end is slowed."""
        return await desk_of(interaction).admits(interaction)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Act; trouble becomes a private sentence."""
        desk = desk_of(interaction)
        async with desk.apologising(interaction):
            await self.act(desk, interaction)

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Do what it is for."""
        raise NotImplementedError
