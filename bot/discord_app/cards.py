"""Cards: a reply → a Components V2 view. Pure; kept inside Discord's limits by construction.

A card is composed at a budget of text lengths and drawn; when Discord would refuse it (a
non-ASCII character counts 6 or 12 bytes), the next smaller budget is taken. The smallest
budget fits whatever the knowledge base says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from discord import ui

from bot import limits
from bot.advice.advisor import topic_key
from bot.advice.reply import (
    Answer,
    Detail,
    Found,
    Greeting,
    Listing,
    More,
    NoMatch,
    Reply,
    Suggest,
    Suggestion,
    Unknown,
)
from bot.discord_app import ids
from bot.discord_app.pieces import (
    Item,
    button,
    cut,
    heading_text,
    helpful_label,
    link,
    row,
    safe,
    small,
    text,
)
from bot.frame import Frame
from bot.knowledge.model import Knowledge, Resource, Topic
from bot.store.model import RESOURCE_TOPIC
from bot.wording import (
    CAVEATS,
    fact_text,
    facts_line,
    footer,
    heading,
    notes,
    paragraphs,
    resource_rows,
)

NEUTRAL = 0x5B6B7B  # the accent of a card without a style
NOBODY = ""  # the asker of a card that changes in place for nobody


@dataclass(frozen=True)
class HelpCard:
    """What the bot can do."""


@dataclass(frozen=True)
class Notice:
    """One sentence of the frame's."""

    text: str


@dataclass(frozen=True)
class Notes:
    """All that is worth knowing about a resource."""

    resource: Resource


@dataclass(frozen=True)
class Others:
    """The way out of a wrong answer: its runner-ups."""

    topics: tuple[Topic, ...]


Card = Reply | Found | Greeting | More | HelpCard | Notes | Notice | Others


@dataclass(frozen=True)
class Budget:
    """How long the parts of a card may be: `body` and `line` in characters."""

    body: int
    line: int
    rows: int


BUDGETS = (
    Budget(body=2800, line=300, rows=12),
    Budget(body=1400, line=200, rows=6),
    Budget(body=600, line=100, rows=4),
    Budget(body=200, line=40, rows=3),
    Budget(body=100, line=20, rows=1),
)


@dataclass(frozen=True)
class Pen:
    """What drawing needs beside the card: the base, the frame, a tag of who asked, and the
    address of the message that is answered where the card cannot be a reply to it.
    """

    knowledge: Knowledge
    frame: Frame
    asker: str = NOBODY
    link: str | None = None


def render(card: Card, pen: Pen) -> ui.LayoutView:
    """Draw a card as a view that nobody listens to: its buttons are known by their ids."""
    for budget in BUDGETS:
        view = ui.LayoutView(timeout=None)
        view.stop()  # discord.py keeps every listening view in memory; these need none
        try:
            view.add_item(
                ui.Container(*_items(card, pen, budget), accent_colour=_colour(card, pen))
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
    match card:
        case Answer():
            return _answer(card, pen, budget)
        case Suggest():
            return _suggest(card, pen, budget)
        case Others():
            return _others(card, pen, budget)
        case NoMatch():
            return _no_match(card, pen, budget)
        case Greeting():
            return _greeting(card, pen, budget)
        case More():
            return _more(card, pen, budget)
        case Listing():
            return _listing(card, pen, budget)
        case Detail():
            return _detail(card, pen, budget)
        case Notes():
            return _notes(card, pen, budget)
        case Unknown():
            return _unknown(card, pen, budget)
        case HelpCard():
            return _help(pen, budget)
        case Notice():
            return (text(card.text, budget.body),)
        case _:
            assert_never(card)


def _answer(card: Answer, pen: Pen, budget: Budget) -> Iterator[Item]:
    topic = card.topic
    facts = "\n".join(fact_text(fact) for fact in card.facts)
    body = paragraphs(topic.answer, pen.knowledge, pen.frame)
    yield heading_text(heading(topic), budget.line)
    yield text("\n".join(part for part in (facts, body) if part), budget.body)
    for suggestion in card.suggestions[: budget.rows]:
        yield _suggestion(topic.id, suggestion, pen, budget)
    if card.second and card.second.id != topic.id:
        also = pen.frame("second", text=card.second.second or heading(card.second))
        opening = button(pen.frame("open"), ids.open_topic(card.second.id))
        yield ui.Section(text(also, budget.line), accessory=opening)
    yield row(*_answer_buttons(card, pen))
    if pen.link:
        yield small(pen.frame("answers_message", link=pen.link), budget.line)
    yield small(footer(topic, pen.knowledge, pen.frame), budget.line)


def _answer_buttons(card: Answer, pen: Pen) -> Iterator[Item]:
    if card.suggestions:
        yield button(pen.frame("none_helped"), ids.none_helped(card.topic.id))
    keys = [topic_key(topic.id) for topic in card.others]
    yield button(pen.frame("not_asked"), ids.others(pen.asker, keys))
    if card.topic.more:
        yield button(pen.frame("more"), ids.more(card.topic.id))


def _suggest(card: Suggest, pen: Pen, budget: Budget) -> Iterator[Item]:
    yield heading_text(pen.frame("suggest_heading"), budget.line)
    yield text(pen.frame("suggest_text"), budget.body)
    yield from _picks(card.topics, pen, budget, card.gap)


def _others(card: Others, pen: Pen, budget: Budget) -> Iterator[Item]:
    yield heading_text(pen.frame("others_heading"), budget.line)
    yield text(pen.frame("others_text" if card.topics else "nothing_else"), budget.body)
    yield from _picks(card.topics, pen, budget, 0)


def _no_match(card: NoMatch, pen: Pen, budget: Budget) -> Iterator[Item]:
    subject = pen.knowledge.about.subject
    if card.language is None:
        yield heading_text(pen.frame("none_heading"), budget.line)
        yield text(pen.frame("none_text", subject=subject), budget.body)
    else:
        own = pen.frame.languages.get(card.language)
        yield heading_text(own or pen.frame("language_heading"), budget.line)
        yield text(pen.frame("language_text", subject=subject), budget.body)
    if card.gap:
        yield row(button(pen.frame("tell"), ids.tell(card.gap)))


def _greeting(card: Greeting, pen: Pen, budget: Budget) -> Iterator[Item]:
    yield heading_text(pen.frame("greeting_heading"), budget.line)
    examples = "\n".join(f"- {example}" for example in card.examples)
    yield text(f"{pen.frame('greeting_text')}\n{examples}", budget.body)
    yield from _picks(card.topics, pen, budget, 0)
    yield small(pen.frame("greeting_private"), budget.line)


def _more(card: More, pen: Pen, budget: Budget) -> Iterator[Item]:
    topic = card.topic
    yield heading_text(topic.title, budget.line)
    claims = topic.more or topic.answer
    yield text(paragraphs(claims, pen.knowledge, pen.frame), budget.body)
    yield small(footer(topic, pen.knowledge, pen.frame), budget.line)


def _listing(card: Listing, pen: Pen, budget: Budget) -> Iterator[Item]:
    label = card.choice.label[:1].upper() + card.choice.label[1:]
    yield heading_text(pen.frame("listing_heading", label=label, total=card.total), budget.line)
    for suggestion in card.suggestions[: budget.rows]:
        yield _suggestion(RESOURCE_TOPIC, suggestion, pen, budget)
    if card.pages > 1:
        before = button(pen.frame("previous"), ids.turn(card.choice.key, max(card.page - 1, 0)))
        after = button(pen.frame("next"), ids.turn(card.choice.key, card.page + 1))
        before.disabled, after.disabled = card.page == 0, card.page + 1 >= card.pages
        yield row(before, after)
        yield small(pen.frame("listing_page", page=card.page + 1, pages=card.pages), budget.line)


def _detail(card: Detail, pen: Pen, budget: Budget) -> Iterator[Item]:
    resource = card.suggestion.resource
    yield _suggestion(RESOURCE_TOPIC, card.suggestion, pen, budget)
    rows = list(resource_rows(resource, pen.knowledge, pen.frame))[: budget.rows]
    yield text("\n".join(f"**{label}:** {text}" for label, text in rows), budget.body)
    if len(resource.caveats) > CAVEATS:
        yield row(button(pen.frame("more"), ids.notes(resource.id)))
    yield small(pen.frame("footer_resource", date=pen.frame.month(resource.as_of)), budget.line)


def _notes(card: Notes, pen: Pen, budget: Budget) -> Iterator[Item]:
    told = (f"- {notes((one,), pen.knowledge, pen.frame)}" for one in card.resource.caveats)
    yield heading_text(card.resource.title, budget.line)
    yield text("\n".join(told) or card.resource.why, budget.body)
    month = pen.frame.month(card.resource.as_of)
    yield small(pen.frame("footer_resource", date=month), budget.line)


def _unknown(card: Unknown, pen: Pen, budget: Budget) -> Iterator[Item]:
    key = "unknown_text" if card.nearest else "unknown_empty"
    yield heading_text(pen.frame("unknown_heading"), budget.line)
    yield text(pen.frame(key, wanted=safe(card.wanted, budget.line)), budget.body)
    if card.nearest:
        choices = card.nearest[: limits.ROW_BUTTONS]
        labels = [cut(choice.label, budget.line) for choice in choices]
        keys = [ids.show(choice.key) for choice in choices]
        yield row(*map(button, labels, keys))


def _help(pen: Pen, budget: Budget) -> Iterator[Item]:
    yield heading_text(pen.frame("help_heading"), budget.line)
    yield text(pen.frame("help_text"), budget.body)


def _suggestion(topic: str, one: Suggestion, pen: Pen, budget: Budget) -> Item:
    """Draw a section: title as link, why, facts; its accessory is the Helpful toggle."""
    lines = (
        link(one.resource, budget.line, short=topic != RESOURCE_TOPIC),
        cut(one.why, budget.line),
        f"-# {cut(facts_line(one.resource, pen.knowledge), budget.line)}",
    )
    toggle = button(helpful_label(one.helpful, pen.frame), ids.vote(topic, one.resource.id))
    return ui.Section(ui.TextDisplay("\n".join(lines)), accessory=toggle)


def _picks(topics: Sequence[Topic], pen: Pen, budget: Budget, gap: int) -> Iterator[Item]:
    buttons = [
        button(cut(topic.title, budget.line), ids.pick(topic.id, pen.asker, gap))
        for topic in topics
    ]
    for start in range(0, min(len(buttons), 2 * limits.ROW_BUTTONS), limits.ROW_BUTTONS):
        yield row(*buttons[start : start + limits.ROW_BUTTONS])
    if gap:
        yield row(button(pen.frame("tell"), ids.tell(gap)))


def _colour(card: Card, pen: Pen) -> int:
    styles: list[str] = []
    match card:
        case Answer(topic=topic) | More(topic=topic) if topic.style:
            styles.append(topic.style)
        case Answer(suggestions=(first, *_)) | Listing(suggestions=(first, *_)):
            styles.append(first.resource.style)
        case Detail(suggestion=one):
            styles.append(one.resource.style)
    colour = pen.knowledge.facets.get("styles", styles[0]).colour if styles else None
    return int(colour[1:], 16) if colour else NEUTRAL
