"""The panel of `/settings`: where the bot may speak, what it lacks there, and what it counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zlib import crc32

import discord
from discord import ui

from bot import limits
from bot.discord_app import ids
from bot.discord_app.cards.around import own_link
from bot.discord_app.cards.kinds import Panel
from bot.discord_app.cards.pen import Budget, Pen
from bot.discord_app.cards.pieces import Item, button, cut, heading_text, row, text
from bot.store.model import Duty

DUTIES = {
    Duty.QUESTION: "settings_question",
    Duty.WATCH: "settings_watch",
    Duty.SUGGEST: "settings_suggest",
    Duty.SHADOW: "settings_shadow",
    Duty.SILENT: "settings_silent",
}
COOLDOWNS = {  # seconds
    60: "settings_each_minute",
    600: "settings_each_ten_minutes",
    3600: "settings_each_hour",
    86_400: "settings_each_day",
}
RIGHTS = {  # as Discord names them
    "view_channel": "right_view_channel",
    "send_messages": "right_send_messages",
    "send_messages_in_threads": "right_send_messages_in_threads",
    "read_message_history": "right_read_message_history",
}
FIRST_MARK = 1 << 30  # a component's id is a number within 32 bits; Discord's own are small
CHOSEN = 25  # channels of one duty [docs: select menus]
TYPES = [  # media channels are not among those that Discord describes for selects [api]
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,  # people write beside a call too
    discord.ChannelType.stage_voice,
]


def panel(card: Panel, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw the panel."""
    frame, server = pen.frame, card.server
    yield heading_text(frame("settings_heading"), budget.line)
    yield text("\n\n".join(_opening(card, pen)), budget.body)
    for duty, key in DUTIES.items():
        yield text(frame(key), budget.line)
        yield _channels(duty, card, pen)
    yield text(frame("settings_cooldown"), budget.line)
    yield _cooldown(server.cooldown, pen)
    pause = button(frame("settings_resume" if server.paused else "settings_pause"), ids.set_pause())
    yield row(pause, button(frame("settings_link"), ids.set_link()))
    if below := list(_below(card, pen, budget)):
        yield text("\n".join(below), budget.body)


def _opening(card: Panel, pen: Pen) -> Iterator[str]:
    chosen = any(id in card.known for id in card.server.duties)
    rule = pen.frame("settings_text")
    yield rule if chosen else f"{pen.frame('settings_nothing')} {rule}"
    if not card.reads:
        yield pen.frame("settings_no_intent")
    if card.server.paused:
        yield pen.frame("settings_paused")


def _channels(duty: Duty, card: Panel, pen: Pen) -> Item:
    chosen = [id for id, kept in card.server.duties.items() if kept is duty and id in card.known]
    # A client goes on to show what a person chose in a select, whatever it is told later; a
    # select with other ids is a new one.
    mark = FIRST_MARK + crc32(f"{duty} {sorted(chosen)}".encode()) % FIRST_MARK
    select: ui.ChannelSelect[Any] = ui.ChannelSelect(
        id=mark,
        custom_id=ids.set_duty(duty, mark),
        channel_types=TYPES,
        placeholder=cut(pen.frame("settings_none"), limits.PLACEHOLDER),
        min_values=0,
        max_values=CHOSEN,
        default_values=[
            discord.SelectDefaultValue(id=id, type=discord.SelectDefaultValueType.channel)
            for id in chosen[:CHOSEN]
        ],
    )
    return row(select)


def _cooldown(cooldown: int, pen: Pen) -> Item:
    options = [
        discord.SelectOption(label=pen.frame(key), value=str(seconds), default=seconds == cooldown)
        for seconds, key in COOLDOWNS.items()
    ]
    select: ui.Select[Any] = ui.Select(custom_id=ids.set_cooldown(), options=options)
    return row(select)


def _below(card: Panel, pen: Pen, budget: Budget) -> Iterator[str]:
    frame, server = pen.frame, card.server
    if server.link:
        yield frame("settings_link_now", link=own_link(server.link_label, server.link))
    if card.lacking:
        yield frame("settings_lacking")
    for channel, rights in list(card.lacking.items())[: budget.rows]:
        yield f"- <#{channel}>: {', '.join(frame(RIGHTS[right]) for right in rights)}"
    if card.shadow:
        total = sum(card.shadow.values())
        said = total - card.shadow.get("", 0)
        yield frame("settings_shadowed", said=said, total=total)
    topics = [(title, times) for title, times in card.shadow.items() if title]
    for title, times in topics[: budget.rows]:
        yield f"- {title}: {times}"
