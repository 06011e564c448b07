"""Cards as plain text, and how an edit changes them: unified diffs, a sentence a line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.frame import Frame
from bot.knowledge.model import Knowledge, Resource, Topic
from bot.wording import facts_line, heading, paragraphs, resource_rows

_SENTENCE_END = re.compile(r"(?<=[.!?:]) +(?=\S)")


@dataclass(frozen=True)
class CardChange:
    """A card that looks otherwise: what it is of, and the unified diff of its text."""

    name: str
    diff: tuple[str, ...]


def card_changes(before: Knowledge, after: Knowledge, frame: Frame) -> list[CardChange]:
    """Return the cards that differ, removed and added ones included.

    A card whose topic or resource only got another id (`was`) is compared with its former self.
    """
    old = _cards(before, frame, after.current_id)
    new = _cards(after, frame, after.current_id)
    changes = (
        CardChange(name, tuple(_diff(name, old.get(name), new.get(name))))
        for name in dict.fromkeys([*new, *old])
    )
    return [change for change in changes if change.diff]


def _diff(name: str, old: list[str] | None, new: list[str] | None) -> Iterator[str]:
    left = "/dev/null" if old is None else f"{name}, before"
    right = "/dev/null" if new is None else f"{name}, after"
    return difflib.unified_diff(old or [], new or [], left, right, lineterm="", n=1)


def _cards(base: Knowledge, frame: Frame, current: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the lines of every card by what it is of, under today's ids."""
    cards = {"greeting and foot": _frame_cards(base, frame)}
    for id, topic in base.topics.items():
        cards[f"topic {current.get(id, id)}"] = _topic(topic, base, frame)
    for id, resource in base.resources.items():
        cards[f"resource {current.get(id, id)}"] = _resource(resource, base, frame)
    return {name: _split(lines) for name, lines in cards.items()}


def _frame_cards(base: Knowledge, frame: Frame) -> list[str]:
    """Return what the base says on cards that belong to no topic."""
    about = base.about
    titles = (base.topics[id].title for id in about.featured if id in base.topics)
    foot = frame("footer", advice=about.advice, date=frame.month(about.checked))
    return [
        *about.examples,
        *(f"[{title}]" for title in titles),
        frame("none_text", subject=about.subject),
        *(talk.answer for talk in about.small_talk if talk.answer),
        foot,
    ]


def _topic(topic: Topic, base: Knowledge, frame: Frame) -> list[str]:
    lines = [topic.title, heading(topic), paragraphs(topic.answer, base, frame)]
    for place, one in enumerate(topic.suggestions, 1):
        resource = base.resources[one.resource]
        lines += [
            f"{place}. {resource.short or resource.title}",
            f"   {one.why or resource.why}",
            f"   {facts_line(resource, base)}",
            f"   {resource.url}",
        ]
    if topic.second:
        lines.append(frame("second", text=topic.second))
    if topic.more:
        lines += [f"[{frame('more')}]", paragraphs(topic.more, base, frame)]
    return lines


def _resource(resource: Resource, base: Knowledge, frame: Frame) -> list[str]:
    rows = (f"{label}: {text}" for label, text in resource_rows(resource, base, frame))
    return [resource.title, resource.url, resource.why, *rows]


def _split(lines: list[str]) -> list[str]:
    """Put each sentence on a line of its own, so that a diff shows the one that changed."""
    return [
        part
        for text in lines
        for line in text.split("\n")
        for part in _SENTENCE_END.sub("\n", line).split("\n")
    ]
