"""The card of `/compare`: two resources, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from bot import wording
from bot.advice.reply import Comparison, Suggestion
from bot.discord_app import ids
from bot.discord_app.cards.parts import suggestion, to_vote_on
from bot.discord_app.cards.pen import Budget, Pen
from bot.discord_app.cards.pieces import (
    Item,
    button,
    cut,
    heading_text,
    link,
    row,
    small,
    text,
)
from bot.store.model import RESOURCE_TOPIC

LONGEST = 190  # characters of a cell: about five lines on a phone


def comparison(card: Comparison, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw both names, then what is known of them: what they share stands once, at the top.

    Two columns would not fit a phone; so a row has a line for each, with its number. The whole
    of what is known about one is behind a button.
    """
    pair = (card.first.resource, card.second.resource)
    if pair[0].id == pair[1].id:
        yield heading_text(pen.frame("compare_same_heading"), budget.line)
        yield text(pen.frame("compare_same"), budget.body)
        yield suggestion(RESOURCE_TOPIC, card.first, pen, budget)
        return
    yield heading_text(pen.frame("compare_heading"), budget.line)
    for number, one in enumerate((card.first, card.second), 1):
        yield _named(number, one, pen, budget)
    rows = list(wording.comparison_rows(*pair, pen.knowledge, pen.frame))
    share = min(LONGEST, budget.body // max(1, 2 * len(rows)))
    yield text("\n".join(_lines(rows, pen, share)), budget.body)
    more = (pen.frame("compare_more", number=number) for number in (1, 2))
    yield row(*(button(label, ids.show(one.id)) for label, one in zip(more, pair, strict=True)))
    month = pen.frame.month(min(one.as_of for one in pair))
    yield small(pen.frame("footer_resource", date=month), budget.line)


def _named(number: int, one: Suggestion, pen: Pen, budget: Budget) -> Item:
    resource = one.resource
    name = f"{number}: {link(resource, budget.line, short=True)}"
    return to_vote_on(name, RESOURCE_TOPIC, resource.id, one.helpful, pen)


def _lines(rows: list[tuple[str, str, str]], pen: Pen, longest: int) -> Iterator[str]:
    shared = [first for _, first, second in rows if first == second]
    if shared:
        yield pen.frame("compare_both", text=cut(" · ".join(shared), 2 * longest))
    unknown = pen.frame("compare_unknown")
    for label, first, second in rows:
        if first != second:
            cells = [cut(one, longest) or unknown for one in (first, second)]
            yield f"**{label}** 1: {cells[0]}\n2: {cells[1]}"
