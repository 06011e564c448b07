"""Replies in words: what every front end shows, whatever it draws with. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.advice.plan import Step, Why
from bot.advice.reply import Fact
from bot.advice.wishes import Wishes, fields, ways
from bot.frame import Frame
from bot.knowledge.model import Claim, Knowledge, Resource, Source, Topic

CAVEATS = 2  # on a resource's card; the rest behind More


def heading(topic: Topic) -> str:
    """Return the answer in one line."""
    return topic.heading or topic.title


def paragraphs(claims: tuple[Claim, ...], knowledge: Knowledge, frame: Frame) -> str:
    """Return claims as paragraphs, one for each run of the same source.

    The post speaks without a label; its author's later word and what was added since are
    labelled, unless everything was added.
    """
    runs = _runs(claims, knowledge, frame)
    return "\n".join(" ".join((*label, *texts)) for label, texts in runs)


def points(claims: tuple[Claim, ...], knowledge: Knowledge, frame: Frame) -> str:
    """Return claims as a list, a point each, labelled as paragraphs are."""
    runs = _runs(claims, knowledge, frame)
    return "\n".join(
        line for label, texts in runs for line in (*label, *(f"- {text}" for text in texts))
    )


def _runs(
    claims: tuple[Claim, ...], knowledge: Knowledge, frame: Frame
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the label, where it has one, and the texts of each run of the same source."""
    mixed = any(claim.source is not Source.ADDED for claim in claims)
    for source, run in groupby(claims, key=lambda claim: claim.source):
        labelled = mixed and source is not Source.POST
        label = [f"**{frame(f'source_{source}')}**"] if labelled else []
        yield label, [_dated(claim, knowledge, frame) for claim in run]


def _dated(claim: Claim, knowledge: Knowledge, frame: Frame) -> str:
    if claim.as_of is None or frame.month(claim.as_of) == frame.month(knowledge.about.checked):
        return claim.text
    return f"{claim.text} {frame('as_of', date=frame.month(claim.as_of))}"


def fact_text(fact: Fact) -> str:
    """Return a fact with the name of its resource."""
    return f"**{fact.resource.short or fact.resource.title}:** {fact.text}"


def facts_line(resource: Resource, knowledge: Knowledge) -> str:
    """Return format · cost · time · level, in plain words."""
    facets = knowledge.facets
    parts = [
        facets.get("formats", resource.format).label,
        facets.get("costs", resource.cost).label,
        resource.time,
        facets.get("levels", resource.level).label,
    ]
    line = " · ".join(part for part in parts if part)
    return capitalised(line)


def footer(topic: Topic, knowledge: Knowledge, frame: Frame) -> str:
    """Return whose advice a card gives and when its facts were checked; first the topic's style,
    which the card's colour tells too.
    """
    date = frame.month(knowledge.about.checked)
    added = all(claim.source is Source.ADDED for claim in topic.answer + topic.more)
    told = (
        frame("footer_added", date=date)
        if added
        else frame("footer", advice=knowledge.about.advice, date=date)
    )
    style = knowledge.facets.get("styles", topic.style).label if topic.style else ""
    return f"{frame('detail_style')}: {style}. {told}" if style else told


def capitalised(text: str) -> str:
    """Return text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def notes(caveats: tuple[Claim, ...], knowledge: Knowledge, frame: Frame) -> str:
    """Return what is worth knowing about a resource, each with its date where it can age."""
    return " ".join(_dated(claim, knowledge, frame) for claim in caveats)


def resource_rows(
    resource: Resource, knowledge: Knowledge, frame: Frame
) -> Iterator[tuple[str, str]]:
    """Yield what the base knows about a resource as (label, text), for its full card."""
    facets = knowledge.facets
    rows = (
        ("first_step", resource.first_step),
        ("authors", ", ".join(resource.authors)),
        ("cost", resource.price or facets.get("costs", resource.cost).label),
        ("time", resource.time),
        ("prerequisites", resource.prerequisites),
        ("level", facets.get("levels", resource.level).label),
        ("style", facets.get("styles", resource.style).label),
        ("format", facets.get("formats", resource.format).label),
        ("edition", resource.edition),
        ("caveat", notes(resource.caveats[:CAVEATS], knowledge, frame)),
        ("links", ", ".join(f"[{name}]({url})" for name, url in resource.links.items())),
    )
    for key, text in rows:
        if text:
            yield frame(f"detail_{key}"), text


def comparison_rows(
    first: Resource, second: Resource, knowledge: Knowledge, frame: Frame
) -> Iterator[tuple[str, str, str]]:
    """Yield what the base knows about either of two resources as (label, text, text).

    Where it knows nothing of one, the text is empty.
    """
    columns = [_compared(resource, knowledge, frame) for resource in (first, second)]
    for (key, one), (_, other) in zip(*columns, strict=True):
        if one or other:
            yield frame(f"detail_{key}"), one or "", other or ""


def _compared(
    resource: Resource, knowledge: Knowledge, frame: Frame
) -> Iterator[tuple[str, str | None]]:
    facets = knowledge.facets
    fields = (facets.get("fields", field).label for field in resource.fields)
    yield "style", facets.get("styles", resource.style).label
    yield "format", facets.get("formats", resource.format).label
    yield "cost", facets.get("costs", resource.cost).label
    yield "time", resource.time
    yield "level", facets.get("levels", resource.level).label
    yield "prerequisites", resource.prerequisites
    yield "fields", ", ".join(fields)
    yield "caveat", _first_sentence(notes(resource.caveats[:1], knowledge, frame))


def _first_sentence(text: str) -> str:
    head, stop, _ = text.partition(". ")
    return head + stop.strip()


def wishes_line(wishes: Wishes, knowledge: Knowledge, frame: Frame) -> str:
    """Return what somebody said about themselves, in one line."""
    way = next((one.label for one in ways(knowledge) if one.id == wishes.way), None)
    field = next((one.label for one in fields(knowledge) if one.id == wishes.field), None)
    parts = (
        frame("plan_hours", hours=frame("hours", count=wishes.hours)),
        way or frame("start_unsure"),
        frame(f"standing_{wishes.standing}"),
        frame("start_may_cost") if wishes.pays else frame("start_costs_nothing"),
        field,
    )
    return " · ".join(part for part in parts if part)


def reasons(step: Step, wishes: Wishes, knowledge: Knowledge, frame: Frame) -> str:
    """Return why a suggestion stands in a plan, as a sentence; empty without reasons."""
    labels = {one.id: one.label for one in (*ways(knowledge), *fields(knowledge))}
    named = {Why.WAY: labels.get(wishes.way, ""), Why.FIELD: labels.get(wishes.field, "")}
    spent = frame("hours", count=wishes.hours)
    told = [frame(f"why_{why}", label=named.get(why, ""), hours=spent) for why in step.reasons]
    return frame("why", reasons=listed(told, frame)) if told else ""


def listed(parts: Sequence[str], frame: Frame) -> str:
    """Return parts as a list in a sentence: a, b and c."""
    *head, last = parts
    return frame("and", first=", ".join(head), last=last) if head else last


def hours(number: float, frame: Frame) -> str:
    """Return hours as people write them, without a needless .0: 1.5 (1,5 in German), 2."""
    return f"{number:g}".replace(".", frame("decimal"))
