"""What `/start` does: asks, plans, remembers the plan; its selects and buttons outlive a restart.

A plan is kept as what the person said and when, in ids; it is made anew from today's base.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import discord
from discord import ui

from bot.advice import Advisor
from bot.advice.base import short_key
from bot.advice.plan import WEEKS
from bot.advice.wishes import HOURS, Standing, Wishes, fields, ways
from bot.discord_app import ids, respond
from bot.discord_app.cards import Card, Guide, KeptPlan, render
from bot.discord_app.cards.start import NOT_SURE
from bot.discord_app.clicks.buttons import Button
from bot.discord_app.clicks.live import Live
from bot.discord_app.desk import Desk
from bot.discord_app.respond import Interaction

MADE = "made"  # when, in a kept plan: an ISO 8601 time


async def begin(desk: Desk, interaction: Interaction) -> ui.LayoutView:
    """Return the first card: the questions, or the plan that the person keeps."""
    kept = await _kept(desk, interaction)
    return render(kept or Guide(), desk.pen_for(interaction, private=True))


class Say(Live[ui.Select[Any]], template=ids.SAY):
    """A question of `/start`: choosing an answer shows it, and changes nothing else."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Show the card with the answer."""
        chosen = next(iter(self.item.values), "")
        said = said_of({**self.state, self.state["act"]: chosen}, desk.advisor)
        await desk.show_in_place(interaction, said)


class Go(Button, template=ids.GUIDE):
    """A button of `/start`: more questions, the plan, the plan for all to see, or anew."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Do what the button says."""
        said = said_of(self.state, desk.advisor)
        match self.state["act"]:
            case "more":
                await desk.show_in_place(interaction, replace(said, more=True))
            case "again":
                await desk.show_in_place(interaction, Guide())
            case "tell":
                await self._tell(desk, interaction, said)
            case _:
                await respond.replace(interaction, self._plan(desk, interaction, said))

    async def _plan(self, desk: Desk, interaction: Interaction, said: Guide) -> ui.LayoutView:
        """Return the plan; a new one is kept."""
        wishes = said.wishes
        pen = desk.pen_for(interaction, private=True)
        if wishes is None:  # the way or field is gone from the base: ask again
            return render(said, pen)
        week = 1
        if self.state["act"] == "make":
            person = desk.voter(interaction.user.id)
            await desk.store.save_plan(person, as_text(wishes, interaction.created_at))
        elif kept := await _kept(desk, interaction):
            wishes, week = kept.wishes, kept.week
        return render(await desk.advisor.guide(wishes, week), pen)

    async def _tell(self, desk: Desk, interaction: Interaction, said: Guide) -> None:
        """Show the plan to the channel, where the person may write there."""
        frame = desk.frame_for(interaction)
        if said.wishes is None:
            await respond.say(interaction, frame("gone_topic"))
        elif not await _may_be_shown(interaction):
            await respond.say(interaction, frame("plan_not_here"))
        else:
            card: Card = await desk.advisor.guide(said.wishes)
            view = render(card, desk.pen(frame=frame))
            await interaction.response.send_message(view=view)


ALL: tuple[Any, ...] = (Say, Go)


def said_of(state: Mapping[str, str], advisor: Advisor) -> Guide:
    """Return what an id says; what is gone from the base, or was never there, is not said."""
    knowledge = advisor.knowledge
    known_ways = {NOT_SURE: "", **{short_key(one.id): one.id for one in ways(knowledge)}}
    known_fields = {short_key(one.id): one.id for one in fields(knowledge)}
    hours = int(state["hours"]) if state["hours"].isdecimal() else 0
    standing = state["standing"]
    return Guide(
        known_ways.get(state["way"]),
        hours if hours in HOURS else None,
        Standing(standing) if standing in set(Standing) else None,
        pays=state["pays"] == "1",
        field=known_fields.get(state["field"], ""),
        more=state["more"] == "1",
    )


def as_text(wishes: Wishes, made: datetime) -> str:
    """Return a plan as the store keeps it."""
    return json.dumps(
        {
            "way": wishes.way,
            "hours": wishes.hours,
            "standing": wishes.standing,
            "pays": wishes.pays,
            "field": wishes.field,
            MADE: made.isoformat(timespec="seconds"),
        }
    )


def from_text(text: str, now: datetime) -> KeptPlan | None:
    """Return a kept plan with its present week; None when it cannot be read."""
    try:
        data = json.loads(text)
        since = now - datetime.fromisoformat(data[MADE])
        wishes = Wishes(
            str(data["way"]),
            int(data["hours"]),
            Standing(data["standing"]),
            bool(data["pays"]),
            str(data["field"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
    week = 1 + since // timedelta(weeks=1)
    return KeptPlan(wishes, min(max(week, 1), WEEKS))


async def _kept(desk: Desk, interaction: Interaction) -> KeptPlan | None:
    text = await desk.store.plan(desk.voter(interaction.user.id))
    return from_text(text, interaction.created_at) if text else None


async def _may_be_shown(interaction: Interaction) -> bool:
    """Whether the person may write here, and the server lets the bot speak here."""
    if interaction.guild_id is None:
        return True
    may, thread = interaction.permissions, isinstance(interaction.channel, discord.Thread)
    may_write = may.send_messages_in_threads if thread else may.send_messages
    return may_write and not await respond.silent(interaction)
