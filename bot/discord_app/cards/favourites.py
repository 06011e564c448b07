"""The card of `/stats`: what helped most, as a picture with its text, and as a short list."""

from __future__ import annotations

from collections.abc import Iterator

import discord
from discord import ui

from bot import limits
from bot.advice.board import Helped, total
from bot.advice.reply import MostHelpful
from bot.charts import Bar, Chart
from bot.discord_app.cards.kinds import Favourites
from bot.discord_app.cards.pen import Budget, Pen
from bot.discord_app.cards.pieces import Item, cut, heading_text, link, small, text
from bot.frame import Frame

SHOWN = 6  # resources, in the picture and in the list: what a phone shows at once
NAME = 28  # characters of a name in the picture, beside "120 of 130"


def draw(card: Favourites, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw what helped most, or how to vote where nobody has."""
    found, frame = card.found, pen.frame
    if not found.helped:
        yield heading_text(frame("stats_empty"), budget.line)
        yield text(frame("stats_how"), budget.body)
        return
    yield heading_text(frame("stats_here" if found.here else "stats_everywhere"), budget.line)
    if found.nobody_here:
        yield text(f"{frame('stats_nobody_here')} {frame('stats_how')}", budget.body)
    if card.picture:
        shown = discord.MediaGalleryItem(
            f"attachment://{card.picture}", description=alt_text(found, frame)
        )
        yield ui.MediaGallery(shown)
    ranks = enumerate(found.helped[: min(SHOWN, budget.rows)], 1)
    yield text("\n".join(_line(place, one, pen, budget) for place, one in ranks), limits.TEXT)
    yield small(frame("stats_votes", count=found.votes), budget.line)
    if not card.picture:
        yield small(frame("stats_no_picture"), budget.line)


def chart(found: MostHelpful, frame: Frame) -> Chart:
    """Return the picture's content."""
    return Chart(tuple(_bar(one, frame) for one in found.helped[:SHOWN]), frame("stats_scale"))


def alt_text(found: MostHelpful, frame: Frame) -> str:
    """Return what the picture says, for those who do not see it."""
    bars = ", ".join(f"{_name(one)}: {one.estimate.mean:.0%}" for one in found.helped[:SHOWN])
    return cut(frame("stats_alt", bars=bars), limits.ALT_TEXT)


def _line(place: int, one: Helped, pen: Pen, budget: Budget) -> str:
    title = link(one.resource, budget.line, short=True)
    counts = {"helpful": one.votes.helpful, "votes": total(one.votes)}
    return pen.frame("stats_line", place=place, link=title, **counts)


def _bar(one: Helped, frame: Frame) -> Bar:
    low, high = one.estimate.interval
    note = frame("stats_note", helpful=one.votes.helpful, votes=total(one.votes))
    return Bar(cut(_name(one), NAME), one.estimate.mean, low, high, note)


def _name(one: Helped) -> str:
    return one.resource.short or one.resource.title
