"""The card that answers a question, and its longer advice."""

from __future__ import annotations

from collections.abc import Iterator

from discord import ui

from bot.advice.reply import Answer, More, Reading
from bot.discord_app import ids
from bot.discord_app.cards.parts import suggestion
from bot.discord_app.cards.pen import Budget, Pen
from bot.discord_app.cards.pieces import Item, button, heading_text, row, small, text
from bot.discord_app.reading import written
from bot.wording import fact_text, footer, heading, paragraphs, points

BESIDE_MORE = 2  # suggestions beside facts or a second part: the card must still fit a phone


def answer(card: Answer, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw the heading, the answer, the suggestions, the second part and the ways on."""
    topic = card.topic
    facts = "\n".join(fact_text(fact) for fact in card.facts)
    body = paragraphs(topic.answer, pen.knowledge, pen.frame)
    yield heading_text(heading(topic), budget.line)
    yield text("\n".join(part for part in (facts, body) if part), budget.body)
    second = card.second if card.second and card.second.id != topic.id else None
    room = min(budget.rows, BESIDE_MORE) if second or card.facts else budget.rows
    for one in card.suggestions[:room]:
        yield suggestion(topic.id, one, pen, budget)
    if second:
        also = pen.frame("second", text=second.second or heading(second))
        opening = button(pen.frame("open"), ids.open_topic(second.id))
        yield ui.Section(text(also, budget.line), accessory=opening)
    yield row(*_ways_on(card, pen))
    if pen.link:
        yield small(pen.frame("answers_message", link=pen.link))
    yield small(footer(topic, pen.knowledge, pen.frame), budget.line)


def _ways_on(card: Answer, pen: Pen) -> Iterator[Item]:
    if card.suggestions:
        yield button(pen.frame("none_helped"), ids.none_helped(card.topic.id))
    reading = card.reading or Reading(card.topic.id, tuple(topic.id for topic in card.others))
    yield button(pen.frame("not_asked"), ids.others(pen.asker, written(reading)))
    if card.topic.more:
        yield button(pen.frame("more"), ids.more(card.topic.id))
    if not pen.replies:
        yield button(pen.frame("ask_on"), ids.ask_on(card.topic.id))


def more(card: More, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw the longer advice on a topic."""
    topic = card.topic
    yield heading_text(topic.title, budget.line)
    claims = topic.more or topic.answer
    yield text(points(claims, pen.knowledge, pen.frame), budget.body)
    if not pen.replies:
        yield row(button(pen.frame("ask_on"), ids.ask_on(topic.id)))
    yield small(footer(topic, pen.knowledge, pen.frame), budget.line)
