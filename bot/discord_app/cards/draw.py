"""Drawing any card.

A card is composed at a budget of text lengths and drawn; when Discord would refuse it (a
non-ASCII character counts 6 or 12 bytes), the next smaller budget is taken. The smallest
budget fits whatever the knowledge base says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import assert_never

from discord import ui

from bot import limits
from bot.advice.catalogue import SEPARATOR
from bot.advice.reply import (
    Answer,
    Comparison,
    Detail,
    Found,
    Greeting,
    Guidance,
    Listing,
    More,
    NoMatch,
    Reply,
    Suggest,
    Unknown,
)
from bot.discord_app import ids
from bot.discord_app.cards import (
    answers,
    choosing,
    compare,
    favourites,
    privacy,
    resources,
    start,
)
from bot.discord_app.cards.around import around
from bot.discord_app.cards.kinds import (
    Bring,
    Declined,
    Erasing,
    Favourites,
    Guide,
    HelpCard,
    KeptPlan,
    Notes,
    Notice,
    Others,
    Panel,
    Privacy,
)
from bot.discord_app.cards.panel import panel
from bot.discord_app.cards.pen import BUDGETS, Budget, Pen, language_mark
from bot.discord_app.cards.pieces import Item, button, heading_text, row, text

OWN = 0xD9692B  # the accent of a card without a style: Warmstart's own, as on its face

Said = Reply | Found | Comparison | Greeting | Guidance | More  # by advice
Own = (  # Discord's
    Bring
    | Declined
    | Erasing
    | Favourites
    | Guide
    | HelpCard
    | KeptPlan
    | Notes
    | Notice
    | Others
    | Panel
    | Privacy
)
Card = Said | Own
PUBLIC = (Answer, Suggest, NoMatch, Greeting, Others)  # what may stand below a message of others


def render(card: Card, pen: Pen) -> ui.LayoutView:
    """Draw a card as a view that nobody listens to: its buttons are known by their ids."""
    for budget in BUDGETS:
        view = ui.LayoutView(timeout=None)
        view.stop()  # discord.py keeps every listening view in memory; these need none
        try:
            view.add_item(
                ui.Container(
                    *_items(card, pen, budget),
                    *(around(pen) if isinstance(card, PUBLIC) else ()),
                    accent_colour=_colour(card, pen),
                    id=language_mark(pen.frame.language),
                )
            )
        except ValueError:  # more than 40 components
            continue
        if fits(view):
            return view
    raise AssertionError("the smallest budget fits by construction")


def fits(view: ui.LayoutView) -> bool:
    """Whether Discord takes the view: its characters, and its bytes as discord.py sends them."""
    size = len(json.dumps(view.to_components()))  # type: ignore[no-untyped-call]
    return view.content_length() <= limits.TEXT and size <= limits.MESSAGE_BYTES


def _items(card: Card, pen: Pen, budget: Budget) -> Iterable[Item]:
    if isinstance(card, Said):
        return _said(card, pen, budget)
    return _own(card, pen, budget)


def _said(card: Said, pen: Pen, budget: Budget) -> Iterable[Item]:
    match card:
        case Answer():
            return answers.answer(card, pen, budget)
        case More():
            return answers.more(card, pen, budget)
        case Suggest():
            return choosing.suggest(card, pen, budget)
        case NoMatch():
            return choosing.no_match(card, pen, budget)
        case Greeting():
            return choosing.greeting(card, pen, budget)
        case Unknown():
            return choosing.unknown(card, pen, budget)
        case Listing():
            return resources.listing(card, pen, budget)
        case Detail():
            return resources.detail(card, pen, budget)
        case Comparison():
            return compare.comparison(card, pen, budget)
        case Guidance():
            return start.guidance(card, pen, budget)
        case _:
            assert_never(card)


def _own(card: Own, pen: Pen, budget: Budget) -> Iterable[Item]:
    match card:
        case Favourites():
            return favourites.draw(card, pen, budget)
        case Guide():
            return start.guide(card, pen, budget)
        case KeptPlan():
            return start.kept_plan(card, pen, budget)
        case Panel():
            return panel(card, pen, budget)
        case Bring():
            return choosing.bring(card, pen, budget)
        case Notes():
            return resources.notes(card, pen, budget)
        case Others():
            return choosing.others(card, pen, budget)
        case Privacy() | Erasing():
            return privacy.draw(card, pen, budget)
        case HelpCard():
            return (
                heading_text(pen.frame("help_heading"), budget.line),
                text(pen.frame("help_text"), budget.body),
            )
        case Declined():
            return (
                text(pen.frame("declined"), budget.body),
                row(button(pen.frame("take_back"), ids.for_me())),
            )
        case Notice():
            return (text(card.text, budget.body),)
        case _:
            assert_never(card)


def _colour(card: Card, pen: Pen) -> int:
    """Return the colour of the style that the card also tells in words."""
    styles = {style.id: style.colour for style in pen.knowledge.facets.styles}
    told: list[str] = []
    match card:
        case Answer(topic=topic) | More(topic=topic):
            told = [topic.style or ""]
        case Listing(choice=choice):
            told = choice.key.split(SEPARATOR)
        case Detail(suggestion=one):
            told = [one.resource.style]
    colour = next((styles[id] for id in told if id in styles), None)
    return int(colour[1:], 16) if colour else OWN
