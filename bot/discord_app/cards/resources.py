"""The cards of `/resources`: a page of several, one in full, and all notes on one."""

from __future__ import annotations

from collections.abc import Iterator

from bot import wording
from bot.advice.reply import Detail, Listing
from bot.discord_app import ids
from bot.discord_app.cards.kinds import Notes
from bot.discord_app.cards.parts import suggestion
from bot.discord_app.cards.pen import Budget, Pen
from bot.discord_app.cards.pieces import Item, button, heading_text, row, small, text
from bot.store.model import RESOURCE_TOPIC


def listing(card: Listing, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw a page of the resources that fit a choice."""
    label = wording.capitalised(card.choice.label)
    yield heading_text(pen.frame("listing_heading", label=label, total=card.total), budget.line)
    for one in card.suggestions[: budget.rows]:
        yield suggestion(RESOURCE_TOPIC, one, pen, budget)
    if card.pages > 1:
        before = button(pen.frame("previous"), ids.turn(card.choice.key, max(card.page - 1, 0)))
        after = button(pen.frame("next"), ids.turn(card.choice.key, card.page + 1))
        before.disabled, after.disabled = card.page == 0, card.page + 1 >= card.pages
        yield row(before, after)
        yield small(pen.frame("listing_page", page=card.page + 1, pages=card.pages), budget.line)


def detail(card: Detail, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw what the base says about a resource: row by row, or the facts asked for."""
    resource = card.suggestion.resource
    if card.facts:
        yield text("\n".join(map(wording.fact_text, card.facts)), budget.body)
        yield suggestion(RESOURCE_TOPIC, card.suggestion, pen, budget)
    else:
        yield suggestion(RESOURCE_TOPIC, card.suggestion, pen, budget, facts=False)
        rows = list(wording.resource_rows(resource, pen.knowledge, pen.frame))[: budget.rows]
        yield text("\n".join(f"**{label}:** {text}" for label, text in rows), budget.body)
    buttons = []
    if len(resource.caveats) > wording.CAVEATS:
        buttons.append(button(pen.frame("more"), ids.notes(resource.id)))
    if not pen.replies:
        buttons.append(button(pen.frame("ask_on"), ids.ask_on(resource=resource.id)))
    if buttons:
        yield row(*buttons)
    yield small(pen.frame("footer_resource", date=pen.frame.month(resource.as_of)), budget.line)


def notes(card: Notes, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw all that is worth knowing about a resource."""
    caveats = card.resource.caveats
    told = (f"- {wording.notes((one,), pen.knowledge, pen.frame)}" for one in caveats)
    yield heading_text(card.resource.title, budget.line)
    yield text("\n".join(told) or card.resource.why, budget.body)
    if not pen.replies:
        yield row(button(pen.frame("ask_on"), ids.ask_on(resource=card.resource.id)))
    month = pen.frame.month(card.resource.as_of)
    yield small(pen.frame("footer_resource", date=month), budget.line)
