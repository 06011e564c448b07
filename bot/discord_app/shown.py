"""What a card that people see says about itself, read back from the ids of its buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import discord
from discord import ui

from bot.discord_app import ids
from bot.matching import Context


def view_of(message: discord.Message) -> ui.LayoutView:
    """Return the card of a message as a view that nobody listens to."""
    return unheard(ui.LayoutView.from_message(message, timeout=None))


def unheard(view: ui.LayoutView) -> ui.LayoutView:
    """Return a card that was read from a message, fit to be shown again; nobody listens to it.

    A container of nothing but what discord.py does not know comes out empty, and Discord takes
    no empty ones back: it is left out.
    """
    view.stop()
    for item in view.children:
        if isinstance(item, ui.Container) and not item.children:
            view.remove_item(item)
    return view


def voted(view: ui.LayoutView) -> list[tuple[ui.Button[Any], re.Match[str]]]:
    """Return the Helpful toggles of a card, each with what its id says."""
    return list(_buttons(view, ids.VOTE))


def card_context(view: ui.LayoutView) -> Context:
    """Return what a follow-up to a card is about."""
    topic = next((match["topic"] for _, match in _buttons(view, ids.NONE_HELPED)), None)
    return Context(topic, tuple(match["resource"] for _, match in voted(view)))


def brought_by(view: ui.LayoutView) -> int | None:
    """Return who brought a card: a helper's id, or 0; None where the bot was asked."""
    return next((int(match["helper"]) for _, match in _buttons(view, ids.DISMISS)), None)


def _buttons(view: ui.LayoutView, template: str) -> Iterator[tuple[ui.Button[Any], re.Match[str]]]:
    """Yield the buttons whose id fits a template, each with what the id says."""
    for child in view.walk_children():
        item = child.item if isinstance(child, ui.DynamicItem) else child  # the clicked one
        if isinstance(item, ui.Button) and (match := re.match(template, item.custom_id or "")):
            yield item, match
