"""Cards: a reply → a Components V2 view. Pure; kept inside Discord's limits by construction.

A card is composed at a budget of text lengths and drawn; when Discord would refuse it (a
non-ASCII character counts 6 or 12 bytes), the next smaller budget is taken. The smallest
budget fits whatever the knowledge base says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

import discord
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
from bot.frame import Frame
from bot.knowledge.model import Knowledge, Resource, Topic
from bot.store.model import RESOURCE_TOPIC
from bot.wording import fact_text, facts_line, footer, heading, paragraphs, resource_rows

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
class Others:
    """The way out of a wrong answer: its runner-ups."""

    topics: tuple[Topic, ...]


Card = Reply | Found | Greeting | More | HelpCard | Notice | Others
Item: TypeAlias = "ui.Item[ui.LayoutView]"


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
        case Unknown():
            return _unknown(card, pen, budget)
        case HelpCard():
            return _help(pen, budget)
        case Notice():
            return (_text(card.text, budget.body),)
        case _:
            assert_never(card)


def _answer(card: Answer, pen: Pen, budget: Budget) -> Iterator[Item]:
    topic = card.topic
    facts = "\n".join(fact_text(fact) for fact in card.facts)
    body = paragraphs(topic.answer, pen.knowledge, pen.frame)
    yield _heading(heading(topic), budget)
    yield _text("\n".join(part for part in (facts, body) if part), budget.body)
    for suggestion in card.suggestions[: budget.rows]:
        yield _suggestion(topic.id, suggestion, pen, budget)
    if card.second and card.second.id != topic.id:
        text = pen.frame("second", text=card.second.second or heading(card.second))
        button = _button(pen.frame("open"), ids.open_topic(card.second.id))
        yield ui.Section(_text(text, budget.line), accessory=button)
    yield _row(*_answer_buttons(card, pen))
    if pen.link:
        yield _small(pen.frame("answers_message", link=pen.link), budget)
    yield _small(footer(topic, pen.knowledge, pen.frame), budget)


def _answer_buttons(card: Answer, pen: Pen) -> Iterator[Item]:
    if card.suggestions:
        yield _button(pen.frame("none_helped"), ids.none_helped(card.topic.id))
    keys = [topic_key(topic.id) for topic in card.others]
    yield _button(pen.frame("not_asked"), ids.others(pen.asker, keys))
    if card.topic.more:
        yield _button(pen.frame("more"), ids.more(card.topic.id))


def _suggest(card: Suggest, pen: Pen, budget: Budget) -> Iterator[Item]:
    yield _heading(pen.frame("suggest_heading"), budget)
    yield _text(pen.frame("suggest_text"), budget.body)
    yield from _picks(card.topics, pen, budget, card.gap)


def _others(card: Others, pen: Pen, budget: Budget) -> Iterator[Item]:
    yield _heading(pen.frame("others_heading"), budget)
    yield _text(pen.frame("others_text" if card.topics else "nothing_else"), budget.body)
    yield from _picks(card.topics, pen, budget, 0)


def _no_match(card: NoMatch, pen: Pen, budget: Budget) -> Iterator[Item]:
    subject = pen.knowledge.about.subject
    if card.language is None:
        yield _heading(pen.frame("none_heading"), budget)
        yield _text(pen.frame("none_text", subject=subject), budget.body)
    else:
        own = pen.frame.languages.get(card.language)
        yield _heading(own or pen.frame("language_heading"), budget)
        yield _text(pen.frame("language_text", subject=subject), budget.body)
    if card.gap:
        yield _row(_button(pen.frame("tell"), ids.tell(card.gap)))


def _greeting(card: Greeting, pen: Pen, budget: Budget) -> Iterator[Item]:
    yield _heading(pen.frame("greeting_heading"), budget)
    examples = "\n".join(f"- {example}" for example in card.examples)
    yield _text(f"{pen.frame('greeting_text')}\n{examples}", budget.body)
    yield from _picks(card.topics, pen, budget, 0)
    yield _small(pen.frame("greeting_private"), budget)


def _more(card: More, pen: Pen, budget: Budget) -> Iterator[Item]:
    topic = card.topic
    yield _heading(topic.title, budget)
    claims = topic.more or topic.answer
    yield _text(paragraphs(claims, pen.knowledge, pen.frame), budget.body)
    yield _small(footer(topic, pen.knowledge, pen.frame), budget)


def _listing(card: Listing, pen: Pen, budget: Budget) -> Iterator[Item]:
    label = card.choice.label[:1].upper() + card.choice.label[1:]
    yield _heading(pen.frame("listing_heading", label=label, total=card.total), budget)
    for suggestion in card.suggestions[: budget.rows]:
        yield _suggestion(RESOURCE_TOPIC, suggestion, pen, budget)
    if card.pages > 1:
        before = _button(pen.frame("previous"), ids.turn(card.choice.key, max(card.page - 1, 0)))
        after = _button(pen.frame("next"), ids.turn(card.choice.key, card.page + 1))
        before.disabled, after.disabled = card.page == 0, card.page + 1 >= card.pages
        yield _row(before, after)
        yield _small(pen.frame("listing_page", page=card.page + 1, pages=card.pages), budget)


def _detail(card: Detail, pen: Pen, budget: Budget) -> Iterator[Item]:
    resource = card.suggestion.resource
    yield _suggestion(RESOURCE_TOPIC, card.suggestion, pen, budget)
    rows = list(resource_rows(resource, pen.knowledge, pen.frame))[: budget.rows]
    yield _text("\n".join(f"**{label}:** {text}" for label, text in rows), budget.body)
    yield _small(pen.frame("footer_resource", date=pen.frame.month(resource.as_of)), budget)


def _unknown(card: Unknown, pen: Pen, budget: Budget) -> Iterator[Item]:
    key = "unknown_text" if card.nearest else "unknown_empty"
    yield _heading(pen.frame("unknown_heading"), budget)
    yield _text(pen.frame(key, wanted=safe(card.wanted, budget.line)), budget.body)
    if card.nearest:
        choices = card.nearest[: limits.ROW_BUTTONS]
        labels = [cut(choice.label, budget.line) for choice in choices]
        keys = [ids.show(choice.key) for choice in choices]
        yield _row(*map(_button, labels, keys))


def _help(pen: Pen, budget: Budget) -> Iterator[Item]:
    yield _heading(pen.frame("help_heading"), budget)
    yield _text(pen.frame("help_text"), budget.body)


def _suggestion(topic: str, one: Suggestion, pen: Pen, budget: Budget) -> Item:
    """Draw a section: title as link, why, facts; its accessory is the Helpful toggle."""
    lines = (
        link(one.resource, budget.line, short=topic != RESOURCE_TOPIC),
        cut(one.why, budget.line),
        f"-# {cut(facts_line(one.resource, pen.knowledge), budget.line)}",
    )
    button = _button(helpful_label(one.helpful, pen.frame), ids.vote(topic, one.resource.id))
    return ui.Section(ui.TextDisplay("\n".join(lines)), accessory=button)


def helpful_label(count: int, frame: Frame) -> str:
    """Return the toggle's label: the count shows once there is one."""
    return frame("helpful_count", count=count) if count else frame("helpful")


def link(resource: Resource, longest: int, *, short: bool) -> str:
    """Return the title, or its short form where there is one, as a bold link."""
    name = (resource.short if short else None) or resource.title
    title = cut(name, longest).replace("[", "(").replace("]", ")")
    return f"**[{title}]({resource.url})**"


def safe(text: str, longest: int) -> str:
    """Return a person's words harmless for a card: one line, no markdown, no mentions, cut."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return discord.utils.escape_mentions(discord.utils.escape_markdown(cut(line, longest)))


def cut(text: str, longest: int) -> str:
    """Return text of at most `longest` characters, cut at a word and marked where it was cut."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    head, space, _ = kept.rpartition(" ")
    return (head if space and len(head) > longest // 2 else kept).rstrip() + "…"


def _picks(topics: Sequence[Topic], pen: Pen, budget: Budget, gap: int) -> Iterator[Item]:
    buttons = [
        _button(cut(topic.title, budget.line), ids.pick(topic.id, pen.asker, gap))
        for topic in topics
    ]
    for start in range(0, min(len(buttons), 2 * limits.ROW_BUTTONS), limits.ROW_BUTTONS):
        yield _row(*buttons[start : start + limits.ROW_BUTTONS])
    if gap:
        yield _row(_button(pen.frame("tell"), ids.tell(gap)))


def _heading(text: str, budget: Budget) -> Item:
    return ui.TextDisplay(f"### {cut(text, budget.line)}")


def _text(text: str, longest: int) -> ui.TextDisplay[ui.LayoutView]:
    return ui.TextDisplay(cut(text, longest))


def _small(text: str, budget: Budget) -> Item:
    return ui.TextDisplay(f"-# {cut(text, budget.line)}")


def _row(*buttons: Item) -> Item:
    return ui.ActionRow(*buttons)


def _button(label: str, custom_id: str) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=cut(label, limits.BUTTON_LABEL), custom_id=custom_id)


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
