"""The forms (modals) that buttons open, alive after a restart like the buttons themselves.

discord.py forgets an open modal at a restart, keeps a dismissed one until it times out, and
takes two with one custom_id for the same. So none is left with it: a form's custom_id carries
its state, and whatever is sent in comes through `submitted`.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import discord
from discord import ui

from bot import limits
from bot.discord_app import ids, respond
from bot.discord_app.cards import render
from bot.discord_app.cards.pieces import cut
from bot.discord_app.clicks.recount import recounted, settle
from bot.discord_app.desk import Desk, clicked, guild_of
from bot.discord_app.respond import Interaction
from bot.discord_app.shown import card_context
from bot.frame import Frame
from bot.matching import Context, Decision

LONGEST = 300  # characters of what was missing: a sentence or three
TEXT = "text"  # the custom_id of a form's one field

log = logging.getLogger(__name__)


def missing(topic: str, frame: Frame) -> ui.Modal:
    """Return the form that asks what a topic's suggestions lacked; it may stay empty."""
    return _free("missing", ids.missing(topic), frame, required=False, longest=LONGEST)


def ask_on(topic: str, resource: str, frame: Frame) -> ui.Modal:
    """Return the form for a follow-up to a card that nobody can reply to."""
    custom_id = ids.ask_on(topic, resource)
    return _free("ask_on", custom_id, frame, required=True, longest=limits.QUESTION)


def _free(name: str, custom_id: str, frame: Frame, *, required: bool, longest: int) -> ui.Modal:
    """Return a form of one field for some sentences, worded by the frame's lines of that name."""
    answer = field(
        frame(f"{name}_label"),
        frame(f"{name}_hint"),
        custom_id=TEXT,
        style=discord.TextStyle.paragraph,
        required=required,
        max_length=longest,
        placeholder=cut(frame(f"{name}_example"), limits.PLACEHOLDER),
    )
    return form(frame(f"{name}_title"), custom_id, answer)


def form(title: str, custom_id: str, *fields: ui.Label[Any]) -> ui.Modal:
    """Return a form (modal) with these fields."""
    modal = ui.Modal(title=cut(title, limits.MODAL_TITLE), custom_id=custom_id)
    for one in fields:
        modal.add_item(one)
    modal.stop()  # discord.py keeps only forms that still listen
    return modal


def field(label: str, hint: str, **of_input: Any) -> ui.Label[Any]:
    """Return a text field of a form; `of_input` is what `ui.TextInput` takes."""
    return ui.Label(
        text=cut(label, limits.LABEL),
        description=cut(hint, limits.LABEL_DESCRIPTION),
        component=ui.TextInput(**of_input),
    )


def filled(interaction: Interaction) -> dict[str, str]:
    """Return what stands in the fields of a form that was sent in, by their custom_ids."""
    data: Any = interaction.data
    parts = (part.get("component", {}) for part in data["components"])
    return {part.get("custom_id"): part.get("value", "").strip() for part in parts}


async def submitted(desk: Desk, interaction: Interaction) -> None:
    """Take what somebody sent in with a form; leave what is no form of ours alone."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return
    data: Any = interaction.data
    missing, asked = (re.match(form, data["custom_id"]) for form in (ids.MISSING, ids.ASK_ON))
    if not (missing or asked) or not await desk.admits(interaction):
        return
    async with desk.apologising(interaction):
        text = filled(interaction).get(TEXT, "")
        if missing:
            await _keep_missing(desk, interaction, missing["topic"], text)
        if asked:
            await _answer_on(desk, interaction, asked, text)


async def _answer_on(desk: Desk, interaction: Interaction, state: re.Match[str], text: str) -> None:
    """Answer a follow-up privately, beside the card that it is about."""
    shown = card_context(clicked(interaction))
    named = (state["resource"],) if state["resource"] else ()
    context = Context(state["topic"] or shown.topic, named or shown.resources)

    async def work() -> ui.LayoutView:
        pen = desk.pen_for(interaction, private=True)
        guild = guild_of(interaction)
        advice = await desk.advisor.advise(text, context=context, keep=True, guild=guild)
        return render(advice.reply, pen)

    await respond.send(interaction, work(), private=True)


async def _keep_missing(desk: Desk, interaction: Interaction, topic: str, text: str) -> None:
    """Keep what was missing as a gap under the topic, without its author.

    The card's counts are shown once more: a private card could not be changed before.
    """

    async def work() -> ui.LayoutView:
        if text:
            await desk.store.record_gap(text, Decision.ANSWER, [topic])
        return await recounted(desk, topic, clicked(interaction))

    assert interaction.message is not None, "the form was opened from a card"
    with desk.bursts.one(interaction.message.id):
        await respond.replace(interaction, work())
    await settle(desk, interaction, topic)
    thanks = "thanks_missing" if text else "thanks_none_helped"
    await respond.say(interaction, desk.frame_for(interaction)(thanks))
