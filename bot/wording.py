"""Replies in words: what every front end shows, whatever it draws with. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.advice.reply import Fact
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
    labelled = any(claim.source is not Source.ADDED for claim in claims)
    blocks: list[str] = []
    previous: Source | None = None
    for claim in claims:
        text = _dated(claim, knowledge, frame)
        if claim.source is previous:
            blocks[-1] += f" {text}"
        elif labelled and claim.source is not Source.POST:
            blocks.append(f"**{frame(f'source_{claim.source}')}** {text}")
        else:
            blocks.append(text)
        previous = claim.source
    return "\n".join(blocks)


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
    return line[:1].upper() + line[1:]


def footer(topic: Topic, knowledge: Knowledge, frame: Frame) -> str:
    """Return whose advice a card gives and when its facts were checked."""
    date = frame.month(knowledge.about.checked)
    if all(claim.source is Source.ADDED for claim in topic.answer + topic.more):
        return frame("footer_added", date=date)
    return frame("footer", advice=knowledge.about.advice, date=date)


def notes(caveats: tuple[Claim, ...], knowledge: Knowledge, frame: Frame) -> str:
    """Return what is worth knowing about a resource, each with its date where it can age."""
    return " ".join(_dated(claim, knowledge, frame) for claim in caveats)


def resource_rows(
    resource: Resource, knowledge: Knowledge, frame: Frame
) -> Iterator[tuple[str, str]]:
    """Yield what the base knows about a resource as (label, text), for its full card."""
    facets = knowledge.facets
    rows = (
        ("authors", ", ".join(resource.authors)),
        ("cost", resource.price or facets.get("costs", resource.cost).label),
        ("time", resource.time),
        ("prerequisites", resource.prerequisites),
        ("level", facets.get("levels", resource.level).label),
        ("style", facets.get("styles", resource.style).label),
        ("format", facets.get("formats", resource.format).label),
        ("edition", resource.edition),
        ("first_step", resource.first_step),
        ("caveat", notes(resource.caveats[:CAVEATS], knowledge, frame)),
        ("links", ", ".join(f"[{name}]({url})" for name, url in resource.links.items())),
    )
    for key, text in rows:
        if text:
            yield frame(f"detail_{key}"), text
