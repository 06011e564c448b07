"""The card of `/compare`: two resources, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from bot import wording
from bot.advice.reply import Comparison
from bot.discord_app.cards.parts import suggestion
from bot.discord_app.cards.pen import Budget, Pen
from bot.discord_app.cards.pieces import Item, cut, heading_text, small, text
from bot.store.model import RESOURCE_TOPIC

LONGEST = 170  # characters of a cell: about five lines on a phone


def comparison(card: Comparison, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw both, then a row for each thing known of either: what they share stands once.

    Two columns would not fit a phone; so a row has a line for each, with its number in the heading.
    """
    pair = (card.first.resource, card.second.resource)
    if pair[0].id == pair[1].id:
        yield heading_text(pen.frame("compare_same_heading"), budget.line)
        yield text(pen.frame("compare_same"), budget.body)
        yield suggestion(RESOURCE_TOPIC, card.first, pen, budget)
        return
    names = [cut(one.short or one.title, budget.line) for one in pair]
    yield heading_text(pen.frame("compare_heading", first=names[0], second=names[1]), budget.line)
    for one in (card.first, card.second):
        yield suggestion(RESOURCE_TOPIC, one, pen, budget, facts=False)
    rows = list(wording.comparison_rows(*pair, pen.knowledge, pen.frame))
    share = min(LONGEST, budget.body // max(1, 2 * len(rows)))
    lines = [_row(row, pen, share) for row in rows]
    yield text("\n".join(lines), budget.body)
    month = pen.frame.month(min(one.as_of for one in pair))
    yield small(pen.frame("footer_resource", date=month), budget.line)


def _row(row: tuple[str, str, str], pen: Pen, longest: int) -> str:
    label, *texts = row
    unknown = pen.frame("compare_unknown")
    first, second = (cut(one, longest) or unknown for one in texts)
    if first == second:
        return f"**{label}:** {pen.frame('compare_both', text=first)}"
    return f"**{label}**\n1: {first}\n2: {second}"
