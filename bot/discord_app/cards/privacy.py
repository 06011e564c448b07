"""The cards of `/privacy`: what is kept about a person, and the last question before it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

import discord

from bot.discord_app import ids
from bot.discord_app.cards.kinds import Erasing, Privacy
from bot.discord_app.cards.pen import Budget, Pen
from bot.discord_app.cards.pieces import Item, button, heading_text, row, text


def draw(card: Privacy | Erasing, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw one of the two."""
    match card:
        case Privacy():
            return _privacy(card, pen, budget)
        case Erasing():
            return _erasing(card, pen, budget)
        case _:
            assert_never(card)


def _privacy(card: Privacy, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw what is kept, why and how long, and what the person can do about it."""
    yield heading_text(pen.frame("privacy_heading"), budget.line)
    yield text(pen.frame("privacy_text", days=card.days), budget.body)
    if card.silenced:
        yield text(pen.frame("privacy_silenced"), budget.body)
    turn, label = ("on", "privacy_on") if card.silenced else ("off", "privacy_off")
    yield row(
        button(pen.frame("privacy_show"), ids.own_data("show")),
        button(pen.frame("privacy_delete"), ids.own_data("delete")),
        button(pen.frame(label), ids.own_data(turn)),
    )


def _erasing(card: Erasing, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw what would be deleted for good; only the second button does it."""
    yield heading_text(pen.frame("erase_heading"), budget.line)
    lines = [pen.frame("erase_text", count=card.votes)]
    if card.silenced:
        lines.append(pen.frame("erase_silenced"))
    yield text("\n".join(lines), budget.body)
    erase = button(pen.frame("erase_do"), ids.own_data("erase"))
    erase.style = discord.ButtonStyle.danger
    yield row(erase, button(pen.frame("erase_keep"), ids.own_data("keep")))
