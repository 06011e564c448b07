"""The cards that offer something to choose, where one answer would be a guess."""

from __future__ import annotations

from collections.abc import Iterator

from bot import limits
from bot.advice.reply import Greeting, NoMatch, Suggest, Unknown
from bot.discord_app import ids
from bot.discord_app.cards.kinds import Bring, Others
from bot.discord_app.cards.parts import picks, told
from bot.discord_app.cards.pen import BY_ITSELF, Budget, Pen
from bot.discord_app.cards.pieces import Item, button, cut, heading_text, row, safe, small, text
from bot.discord_app.reading import written


def suggest(card: Suggest, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw "Did you mean one of these?"."""
    yield heading_text(pen.frame("suggest_heading", count=len(card.topics)), budget.line)
    yield text(pen.frame("suggest_text"), budget.body)
    yield from picks(card.topics, pen, budget, card.gap)
    if pen.helper == BY_ITSELF and not card.gap:  # of such a message nothing is kept unasked
        yield row(button(pen.frame("tell"), ids.tell_mine(pen.asker)))


def bring(card: Bring, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw a helper's choice."""
    yield heading_text(pen.frame("bring_heading"), budget.line)
    yield text(pen.frame("bring_text"), budget.body)
    yield row(
        *(
            button(cut(topic.title, budget.line), ids.bring(topic.id, card.message, card.asker))
            for topic in card.topics[: limits.ROW_BUTTONS]
        )
    )


def others(card: Others, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw the runner-ups of an answer."""
    yield heading_text(pen.frame("others_heading"), budget.line)
    yield text(pen.frame("others_text" if card.topics else "nothing_else"), budget.body)
    yield from picks(card.topics, pen, budget)
    if card.answer:
        yield row(button(pen.frame("back"), ids.back(pen.asker, written(card.answer))))


def no_match(card: NoMatch, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw that there is no answer, or none in the question's language; answer small talk."""
    if card.talk:
        yield from _small_talk(card, card.talk.answer, pen, budget)
        return
    if card.lost:
        yield text(pen.frame("not_understood"), budget.body)
        return
    subject = pen.knowledge.about.subject
    if card.language is None:
        yield heading_text(pen.frame("none_heading"), budget.line)
        known = pen.frame("none_text", subject=subject)
        yield text(f"{known} {pen.frame('none_plan')}", budget.body)
    else:
        own = pen.frame.languages.get(card.language)
        yield heading_text(own or pen.frame("language_heading"), budget.line)
        yield text(pen.frame("language_text", subject=subject), budget.body)
    yield from picks(card.topics, pen, budget)
    if card.gap:
        yield from told(card.gap, pen, budget)


def _small_talk(card: NoMatch, said: str | None, pen: Pen, budget: Budget) -> Iterator[Item]:
    if said:
        yield text(said, budget.body)
    else:
        yield from greeting(Greeting(card.topics, pen.knowledge.about.examples), pen, budget)


def greeting(card: Greeting, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw hello, and what to ask."""
    yield heading_text(pen.frame("greeting_heading"), budget.line)
    examples = "\n".join(f"- {example}" for example in card.examples)
    yield text(f"{pen.frame('greeting_text')}\n{examples}", budget.body)
    yield from picks(card.topics, pen, budget)
    yield small(f"{pen.frame('greeting_private')} {pen.frame('none_plan')}", budget.line)


def unknown(card: Unknown, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw that nothing has that name, and the nearest choices."""
    key = "unknown_text" if card.nearest else "unknown_empty"
    yield heading_text(pen.frame("unknown_heading"), budget.line)
    wanted = safe(card.wanted, budget.line)
    yield text(pen.frame(key, wanted=wanted, count=len(card.nearest)), budget.body)
    if card.nearest:
        choices = card.nearest[: limits.ROW_BUTTONS]
        labels = [cut(choice.label, budget.line) for choice in choices]
        keys = [ids.show(choice.key) for choice in choices]
        yield row(*map(button, labels, keys))
