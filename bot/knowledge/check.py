"""What no single entry can tell: references between topics, resources and facets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from graphlib import CycleError, TopologicalSorter
from typing import Generic, TypeVar

from bot.knowledge.draft import Place
from bot.knowledge.model import About, Facets, Resource, Topic
from bot.knowledge.read import Document, Path_
from bot.knowledge.validate import did_you_mean

FEW = 12  # names that a message lists: the facets, not a whole base of topics
Item = TypeVar("Item", Topic, Resource)


@dataclass(frozen=True)
class Entry(Generic[Item]):
    """A topic or resource, and where it stands."""

    item: Item
    place: Place

    def note(self, path: Path_, message: str) -> None:
        """Note a problem at a path inside this entry."""
        self.place.document.note((*self.place.path, *path), message)


Topics = Mapping[str, Entry[Topic]]
Resources = Mapping[str, Entry[Resource]]


@dataclass(frozen=True)
class Names:
    """Ids that may be referred to; None where a broken file may hold more of them.

    They include the ids of broken entries: these are one problem, not one a reference.
    """

    topics: Collection[str] | None
    resources: Collection[str] | None
    facets: Facets | None


def check(topics: Topics, resources: Resources, names: Names) -> None:
    """Note every reference that leads nowhere or to two places."""
    for topic in topics.values():
        _check_topic(topic, names)
    if names.facets:
        for resource in resources.values():
            _check_resource(resource, names.facets)
    _check_cycles(topics)
    _check_former(topics, resources)


def check_about(about: About, document: Document, names: Names) -> None:
    """Note featured topics that do not exist."""
    for index, id in enumerate(about.featured):
        _look_up(document, ("featured", index), "topic", id, names.topics)


def check_facets(facets: Facets, document: Document) -> None:
    """Note ids that stand twice: commands and buttons know a value by its id alone."""
    first: dict[str, str] = {}
    for kind in (field.name for field in fields(facets)):
        for index, facet in enumerate(getattr(facets, kind)):
            there = first.get(facet.id)
            if there == kind:
                message = f"`{facet.id}` stands twice under {kind}; keep one of them"
                document.note((kind, index, "id"), message)
            elif there:
                message = f"`{facet.id}` is an id under {there} too; choose another for one of them"
                document.note((kind, index, "id"), message)
            else:
                first[facet.id] = kind


def _check_topic(topic: Entry[Topic], names: Names) -> None:
    document = topic.place.document
    suggested: set[str] = set()
    for index, suggestion in enumerate(topic.item.suggestions):
        path = ("suggestions", index, "resource")
        _look_up(document, path, "resource", suggestion.resource, names.resources)
        if suggestion.resource in suggested:
            topic.note(path, f"`{suggestion.resource}` is suggested twice; keep the better line")
        suggested.add(suggestion.resource)
    for index, id in enumerate(topic.item.broader):
        _look_up(document, ("broader", index), "topic", id, names.topics)
    if names.facets and topic.item.style:
        styles = [facet.id for facet in names.facets.styles]
        _look_up(document, ("style",), "style", topic.item.style, styles)


def _check_resource(resource: Entry[Resource], facets: Facets) -> None:
    item, document, path = resource.item, resource.place.document, resource.place.path
    one_of: tuple[tuple[str, str, Collection[str]], ...] = (
        ("style", item.style, [facet.id for facet in facets.styles]),
        ("format", item.format, [facet.id for facet in facets.formats]),
        ("cost", item.cost, [facet.id for facet in facets.costs]),
        ("level", item.level, [facet.id for facet in facets.levels]),
    )
    for key, id, known in one_of:
        _look_up(document, (*path, key), key, id, known)
    fields = [facet.id for facet in facets.fields]
    for index, id in enumerate(item.fields):
        _look_up(document, (*path, "fields", index), "field", id, fields)


def _look_up(
    document: Document, path: Path_, what: str, id: str, known: Collection[str] | None
) -> None:
    if known is not None and id not in known:
        another = f"use {', '.join(known)}" if 0 < len(known) <= FEW else "refer to another"
        cure = did_you_mean(id, known, f"add it, or {another}")
        document.note(path, f"no {what} has the id `{id}`{cure}")


def _check_cycles(topics: Topics) -> None:
    for cycle in _cycles(
        {id: list(dict.fromkeys(topic.item.broader)) for id, topic in topics.items()}
    ):
        topic = topics[cycle[0]]
        way = " → ".join(f"`{id}`" for id in cycle)
        place = topic.item.broader.index(cycle[1])
        topic.note(("broader", place), f"`broader` leads back to where it began ({way}); cut it")


def _cycles(broader: dict[str, list[str]]) -> Iterator[list[str]]:
    """Yield cycles as `a, b, …, a`; each is cut before the next is looked for."""
    while True:
        try:
            TopologicalSorter(broader).prepare()
        except CycleError as error:
            cycle: list[str] = list(reversed(error.args[1]))
            yield cycle
            broader[cycle[0]].remove(cycle[1])
        else:
            return


def _check_former(topics: Topics, resources: Resources) -> None:
    """Note former ids that votes could not follow: they must lead to one entry only."""
    owners = {*topics, *resources}
    former: dict[str, str] = {}
    for id, entry in _all(topics, resources):
        for index, old in enumerate(entry.item.was):
            if old == id:
                entry.note(("was", index), f"`{old}` is this entry's own id; remove it")
            elif old in owners:
                entry.note(("was", index), f"`{old}` is another entry's id, with votes; remove it")
            elif former.get(old, id) != id:
                reason = f"`{old}` is a former id of `{former[old]}` too; remove one, for the votes"
                entry.note(("was", index), reason)
            former.setdefault(old, id)


def _all(
    topics: Topics, resources: Resources
) -> Iterable[tuple[str, Entry[Topic] | Entry[Resource]]]:
    yield from topics.items()
    yield from resources.items()
