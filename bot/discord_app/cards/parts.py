"""Parts that several cards share: a suggestion to vote on, and topics to pick from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from discord import ui

from bot import limits
from bot.advice.reply import Suggestion
from bot.discord_app import ids
from bot.discord_app.cards.pen import Budget, Pen
from bot.discord_app.cards.pieces import Item, button, cut, helpful_label, link, row, small
from bot.knowledge.model import Topic
from bot.store.model import RESOURCE_TOPIC
from bot.wording import facts_line


def suggestion(
    topic: str, one: Suggestion, pen: Pen, budget: Budget, *, facts: bool = True
) -> Item:
    """Draw a section: title as link, why, facts; its accessory is the Helpful toggle."""
    lines = [
        link(one.resource, budget.line, short=topic != RESOURCE_TOPIC),
        cut(one.why, budget.line),
    ]
    if facts:
        lines.append(f"-# {cut(facts_line(one.resource, pen.knowledge), budget.line)}")
    return to_vote_on("\n".join(lines), topic, one.resource.id, one.helpful, pen)


def to_vote_on(told: str, topic: str, resource: str, helpful: int, pen: Pen) -> Item:
    """Draw a section of text with a resource's Helpful toggle and its count."""
    toggle = button(helpful_label(helpful, pen.frame), ids.vote(topic, resource))
    return ui.Section(ui.TextDisplay(told), accessory=toggle)


def picks(topics: Sequence[Topic], pen: Pen, budget: Budget, gap: int = 0) -> Iterator[Item]:
    """Draw topics as buttons; a kept question adds "Tell the maintainers"."""
    buttons = [
        button(cut(topic.title, budget.line), ids.pick(topic.id, pen.asker, gap))
        for topic in topics
    ]
    for start in range(0, min(len(buttons), 2 * limits.ROW_BUTTONS), limits.ROW_BUTTONS):
        yield row(*buttons[start : start + limits.ROW_BUTTONS])
    if gap:
        yield from told(gap, pen, budget)


def told(gap: int, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw "Tell the maintainers", and that the question is kept already."""
    yield row(button(pen.frame("tell"), ids.tell(gap)))
    yield small(pen.frame("gap_kept"), budget.line)
