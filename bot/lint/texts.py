"""Rules about lengths: what reads well on a phone, and what Discord can show at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import get_args

from bot import limits
from bot.knowledge.draft import Draft, Place
from bot.knowledge.model import Claim, FacetKind, Knowledge, Resource, Topic
from bot.knowledge.read import Path_
from bot.lint.finding import Finding, error, warning

ANSWER = 240  # characters; with three suggestions the card is then some 800 px high on a phone
TITLE = 60  # characters of a title that a button shows whole at phone width
LINE = 280  # characters of a line; cards cut at 300, some with a word of the frame before it
BODY = 2800  # characters of a card's text; cards cut 100 later, which labels and points may need
BODY_BYTES = 6000  # of that text as it is sent, leaving a third of a message to the rest
WAYS = limits.SELECT_OPTIONS - 1  # to learn, that /start offers: "not sure yet" is one more
FEATURED = 2 * limits.ROW_BUTTONS  # topics that a greeting has room for


def long_answers(knowledge: Knowledge, draft: Draft) -> Iterator[Finding]:
    """Find answers that push the suggestions off a phone's screen."""
    for id, topic in knowledge.topics.items():
        length = len(_joined(topic.answer))
        if length > ANSWER:
            message = (
                f"the answer has {length} characters, over the {ANSWER} that a phone shows well; "
                "move what can wait to `more`"
            )
            yield warning("long-answer", draft.topics[id].problem(message, "answer"))


def long_titles(knowledge: Knowledge, draft: Draft) -> Iterator[Finding]:
    """Find titles that a button shows in part only."""
    entries: list[tuple[Place, Topic | Resource]] = [
        *((draft.topics[id], topic) for id, topic in knowledge.topics.items()),
        *((draft.resources[id], resource) for id, resource in knowledge.resources.items()),
    ]
    for at, entry in entries:
        if TITLE < len(entry.title) <= limits.BUTTON_LABEL:
            message = f"the title has {len(entry.title)} characters; shorten it to {TITLE}"
            yield warning("long-title", at.problem(message, "title"))


def limits_of_discord(knowledge: Knowledge, draft: Draft) -> Iterator[Finding]:
    """Find texts that a card would cut off, and more choices than Discord offers."""
    for id, topic in knowledge.topics.items():
        for path, reason in _topic(topic):
            yield error("discord-limit", draft.topics[id].problem(reason, *path))
    for id, resource in knowledge.resources.items():
        for path, reason in _resource(resource):
            yield error("discord-limit", draft.resources[id].problem(reason, *path))
    for path, reason in _facets(knowledge):
        yield error("discord-limit", draft.files["facets"].problem(reason, *path))
    count = len(knowledge.about.featured)
    if count > FEATURED:
        reason = f"{count} topics are more than the {FEATURED} buttons of a greeting; remove some"
        yield error("discord-limit", draft.files["about"].problem(reason, "featured"))


def _topic(topic: Topic) -> Iterator[tuple[Path_, str]]:
    yield from _line(("title",), topic.title, limits.BUTTON_LABEL)
    yield from _line(("heading",), topic.heading, LINE)
    yield from _line(("second",), topic.second, LINE)
    for position, one in enumerate(topic.suggestions):
        yield from _line(("suggestions", position, "why"), one.why, LINE)
    yield from _body(("answer",), _joined(topic.answer))
    yield from _body(("more",), _joined(topic.more))


def _resource(resource: Resource) -> Iterator[tuple[Path_, str]]:
    yield from _line(("title",), resource.title, limits.BUTTON_LABEL)
    yield from _line(("short",), resource.short, limits.BUTTON_LABEL)
    yield from _line(("why",), resource.why, LINE)
    details = (
        *resource.authors,
        *(resource.price, resource.time, resource.prerequisites, resource.edition),
        *(resource.first_step, _joined(resource.caveats)),
        *(part for link in resource.links.items() for part in link),
    )
    yield from _body(("id",), "\n".join(text for text in details if text))


def _facets(knowledge: Knowledge) -> Iterator[tuple[Path_, str]]:
    for kind in get_args(FacetKind):
        values = getattr(knowledge.facets, kind)
        if len(values) > limits.SELECT_OPTIONS:
            most = limits.SELECT_OPTIONS
            yield (kind,), f"{len(values)} {kind} are more than the {most} of a menu; join some"
        for position, facet in enumerate(values):
            yield from _line((kind, position, "label"), facet.label, limits.BUTTON_LABEL)
    facets = knowledge.facets
    offered = sum(1 for facet in (*facets.styles, *facets.formats) if facet.description)
    if offered > WAYS:
        yield ("styles",), f"{offered} ways to learn are more than the {WAYS} of a menu; drop some"


def _line(path: Path_, text: str | None, longest: int) -> Iterator[tuple[Path_, str]]:
    if text and len(text) > longest:
        yield path, f"{len(text)} characters, and Discord shows {longest} here; shorten the text"


def _body(path: Path_, text: str) -> Iterator[tuple[Path_, str]]:
    size = len(json.dumps(text))  # what is not ASCII is sent as 6 or 12 bytes a character
    if len(text) > BODY:
        yield path, f"{len(text)} characters, and a card shows {BODY} of them; shorten the text"
    elif size > BODY_BYTES:
        yield path, f"{size} bytes when sent, and a card holds {BODY_BYTES}; shorten the text"


def _joined(claims: Iterable[Claim]) -> str:
    return " ".join(claim.text for claim in claims)
