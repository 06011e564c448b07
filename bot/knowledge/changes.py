"""What differs between two knowledge bases, in one line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2s

from bot.knowledge.model import Knowledge, Resource, Topic

NAMED = 5  # ids that the line names for each kind of change


@dataclass(frozen=True)
class Difference:
    """Ids of topics, or of resources, by what became of them; `renamed` holds (old, new)."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    reworded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What an edit changed; `rest` names the other parts that differ. Its text is one line."""

    topics: Difference = Difference()
    resources: Difference = Difference()
    rest: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [*_told(self.topics, "topic"), *_told(self.resources, "resource")]
        if self.rest:
            parts.append(f"{', '.join(self.rest)} changed")
        return "; ".join(parts) or "nothing changed"


def changes(old: Knowledge, new: Knowledge) -> Changes:
    """Return what an edit changed."""
    rest = {
        "about": old.about != new.about,
        "facets": old.facets != new.facets,
        "vocabulary": old.vocabulary != new.vocabulary,
        "off-topic": old.off_topic != new.off_topic,
    }
    topics = _difference(old.topics, new.topics)
    resources = _difference(old.resources, new.resources)
    named = tuple(part for part, differs in rest.items() if differs)
    if (topics, resources, named) == (Difference(), Difference(), ()):
        same_order = fingerprint(old) == fingerprint(new)
        named = () if same_order else ("order",)  # a file got another name
    return Changes(topics, resources, named)


def fingerprint(knowledge: Knowledge) -> str:
    """Return eight hex digits that tell this base from another, whatever folder it lies in."""
    return blake2s(repr(knowledge).encode(), digest_size=4).hexdigest()


def _difference(
    old: Mapping[str, Topic] | Mapping[str, Resource],
    new: Mapping[str, Topic] | Mapping[str, Resource],
) -> Difference:
    renamed = {
        former: item.id
        for item in new.values()
        for former in item.was
        if item.id not in old and former in old and former not in new
    }
    return Difference(
        added=tuple(id for id in new if id not in old and id not in renamed.values()),
        removed=tuple(id for id in old if id not in new and id not in renamed),
        renamed=tuple(renamed.items()),
        reworded=tuple(id for id in new if id in old and old[id] != new[id]),
    )


def _told(difference: Difference, what: str) -> Iterator[str]:
    kinds = {
        "added": difference.added,
        "removed": difference.removed,
        "renamed": tuple(f"{old} → {new}" for old, new in difference.renamed),
        "reworded": difference.reworded,
    }
    for kind, ids in kinds.items():
        if ids:
            more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
            plural = "s" if len(ids) > 1 else ""
            yield f"{len(ids)} {what}{plural} {kind} ({', '.join(ids[:NAMED])}{more})"
