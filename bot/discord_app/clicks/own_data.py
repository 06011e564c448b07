"""What `/privacy` does: shows, hands out and deletes what is kept of the person who asks."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import discord
from discord import ui

from bot.discord_app.cards import Card, Erasing, Notice, Privacy, render
from bot.discord_app.desk import Desk
from bot.discord_app.respond import Interaction
from bot.store.model import OptOut, PersonalData, Voter

FILE = "warmstart-my-data.json"


async def overview(desk: Desk, interaction: Interaction) -> ui.LayoutView:
    """Return the card of `/privacy`."""
    return render(await _overview(desk, interaction.user.id), desk.pen_for(interaction))


async def changed(desk: Desk, interaction: Interaction, act: str) -> ui.LayoutView:
    """Do what a button of the card says, and return the card that shows it done."""
    return render(await _changed(desk, interaction, act), desk.pen_for(interaction))


async def show(desk: Desk, interaction: Interaction) -> None:
    """Hand out, in private, all that is stored of the person, as a JSON file."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    person = desk.voter(interaction.user.id)
    data = await desk.store.personal_data(person)
    content = json.dumps(record(person, data), indent=2, ensure_ascii=False)
    file = discord.File(io.BytesIO(content.encode()), FILE)
    told = desk.frame_for(interaction)("privacy_file")
    await interaction.followup.send(told, file=file, ephemeral=True)


def record(person: Voter, data: PersonalData) -> dict[str, Any]:
    """Return a person's data for their eyes: ids as text, times as ISO 8601 in UTC."""
    return {
        "stored_under": person.hex(),
        "votes": [
            {
                "topic": vote.topic,
                "resource": vote.resource,
                "vote": "helpful" if vote.helpful else "did not help",
                "server": str(vote.guild) if vote.guild else None,
                "at": _iso(vote.voted_at),
            }
            for vote in data.votes
        ],
        "plan": None if data.plan is None else json.loads(data.plan),
        "opted_out_of": sorted(data.opt_outs),
        "answered_unasked": {str(guild): _iso(at) for guild, at in data.unasked.items()},
    }


async def _changed(desk: Desk, interaction: Interaction, act: str) -> Card:
    user = interaction.user.id
    match act:
        case "delete":
            data = await desk.store.personal_data(desk.voter(user))
            return Erasing(len(data.votes), OptOut.EVERYTHING in data.opt_outs)
        case "erase":
            await desk.store.forget(desk.voter(user))
            desk.opt_outs.forget(user)
            return Notice(desk.frame_for(interaction)("erased"))
        case "off" | "on":
            await desk.opt_outs.set(user, OptOut.EVERYTHING, out=act == "off")
    return await _overview(desk, user)


async def _overview(desk: Desk, user: int) -> Privacy:
    return Privacy(desk.kept_days, await desk.opt_outs.silenced(user))


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
