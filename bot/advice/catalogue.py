"""What `/resources` can be asked for, and which resources fit: pure look-ups in the base."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from bot.advice.reply import Choice
from bot.knowledge.model import ID_LENGTH, Facet, FacetKind, Knowledge, Resource

SEPARATOR = "+"  # joins facet ids in the key of a combination: "free+book"
LONGEST_KEY = 2 * ID_LENGTH  # of a combination, for the ids of buttons
CHOSEN_KINDS: tuple[FacetKind, ...] = ("styles", "formats", "costs", "fields", "levels")
SILENT = {"general", "unknown"}  # facet values that say nothing about a resource
FILLERS = frozenset(
    re.findall(
        r"\w+",
        "a an and any about best for good i in me my of on or please resource resources some "
        "something stuff the to want with",
    )
)
NEAR = 72  # rapidfuzz score (0-100) from which a misspelt name is taken as meant
OFFERED = 45  # and from which it is offered as a button
LONGEST = 100  # characters of a text that are compared; an option that is offered has no more


@dataclass(frozen=True)
class Entry:
    """A choice with the names it answers to, and the words by which it is searched."""

    choice: Choice
    names: tuple[str, ...]


class Catalogue:
    """The index over a base's facets and resources; built once per base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.facets: dict[str, tuple[FacetKind, Facet]] = {}
        for kind in CHOSEN_KINDS:
            for facet in getattr(knowledge.facets, kind):
                if facet.id not in SILENT and any(_has(r, kind, facet.id) for r in self._all()):
                    self.facets.setdefault(facet.id, (kind, facet))
        self.entries = {entry.choice.key: entry for entry in self._entries()}
        self.recommended = _recommended(knowledge)
        self._keys: dict[str, str] = {}
        self._names: list[str] = []  # of all entries, as they are compared
        self._named: list[str] = []  # whose they are: keys
        for key, entry in self.entries.items():
            for name in entry.names:
                if squeezed := _squeeze(name):
                    self._keys.setdefault(squeezed, key)
                if compared := utils.default_process(name):
                    self._names.append(compared)
                    self._named.append(key)

    def _all(self) -> Iterable[Resource]:
        return self.knowledge.resources.values()

    def _entries(self) -> Iterator[Entry]:
        for id, (_, facet) in self.facets.items():
            yield Entry(Choice(id, facet.label), (id, facet.label, *facet.aliases))
        for resource in self._all():
            if resource.id not in self.facets:
                names = (resource.id, resource.title, *resource.aliases)
                yield Entry(Choice(resource.id, resource.title), names)

    def find(self, wanted: str) -> Choice | None:
        """Return the choice that a text names, forgiving spelling, or None."""
        exact = self._keys.get(_squeeze(wanted))
        if exact:
            return self.entries[exact].choice
        combined = self._combination(wanted)
        if combined:
            return combined
        nearest = self._scored(wanted, limit=1)
        if nearest and nearest[0][1] >= NEAR and len(_squeeze(wanted)) > 2:
            return nearest[0][0]
        return None

    def _combination(self, wanted: str) -> Choice | None:
        """Read "free climate videos" as several facets at once."""
        words = [w for w in re.findall(r"[\w.]+", wanted.lower()) if w not in FILLERS]
        found: list[str] = []
        while words:
            for length in range(min(3, len(words)), 0, -1):
                key = self._keys.get(_squeeze("".join(words[:length])))
                if key:
                    found.append(key)
                    words = words[length:]
                    break
            else:
                return None
        found = list(dict.fromkeys(found))
        if not found or any(key not in self.facets for key in found[1:]):
            return None if len(found) != 1 else self.entries[found[0]].choice
        key = SEPARATOR.join(found)
        return self.by_key(key) if len(key) <= LONGEST_KEY else None

    def by_key(self, key: str) -> Choice | None:
        """Return the choice of a key as stored in a button, or None when it is gone."""
        if key in self.entries:
            return self.entries[key].choice
        parts = key.split(SEPARATOR)
        if all(part in self.facets for part in parts):
            return Choice(key, ", ".join(self.facets[part][1].label for part in parts))
        return None

    def resources(self, choice: Choice) -> list[Resource]:
        """Return the resources that fit, those first that topics recommend most and highest."""
        if choice.key not in self.facets and choice.key in self.knowledge.resources:
            return [self.knowledge.resources[choice.key]]
        filters = [(self.facets[part][0], part) for part in choice.key.split(SEPARATOR)]
        fitting = [r for r in self._all() if all(_has(r, kind, id) for kind, id in filters)]
        return sorted(fitting, key=lambda resource: -self.recommended[resource.id])

    def search(self, partial: str, limit: int) -> list[Choice]:
        """Return choices for a half-typed text, best first; facets lead when it is empty."""
        if not _squeeze(partial):
            return [entry.choice for entry in self.entries.values()][:limit]
        scored = self._scored(partial, limit=limit)
        found = dict.fromkeys(choice for choice, score in scored if score >= OFFERED)
        direct = self.find(partial)
        if direct:
            found = dict.fromkeys((direct, *found))
        return list(found)[:limit]

    def nearest(
        self, wanted: str, limit: int = 3, *, only_resources: bool = False
    ) -> tuple[Choice, ...]:
        """Return the choices whose names resemble a text most."""
        scored = self._scored(wanted, limit=limit, only_resources=only_resources)
        return tuple(choice for choice, score in scored if score >= OFFERED)

    def resource(self, wanted: str) -> Resource | None:
        """Return the resource that a text names, forgiving spelling, or None."""
        known = self.knowledge.resources
        exact = known.get(self._keys.get(_squeeze(wanted), ""))
        nearest = self._scored(wanted, limit=1, only_resources=True)
        if exact or not nearest or nearest[0][1] < NEAR or len(_squeeze(wanted)) < 3:
            return exact
        return known[nearest[0][0].key]

    def search_resources(self, partial: str, limit: int) -> list[Choice]:
        """Return resources for a half-typed text, best first; the recommended ones when empty."""
        if not _squeeze(partial):
            best = sorted(self.recommended, key=lambda one: -self.recommended[one])
            return [self.entries[id].choice for id in best if id not in self.facets][:limit]
        found = self._scored(partial, limit=limit, only_resources=True)
        return [choice for choice, score in found if score >= OFFERED]

    def _scored(
        self, text: str, limit: int, *, only_resources: bool = False
    ) -> list[tuple[Choice, float]]:
        query = utils.default_process(text)[:LONGEST]
        best: dict[str, float] = {}
        for key, score in zip(self._named, _resemblances(query, self._names), strict=True):
            if not only_resources or (key in self.knowledge.resources and key not in self.facets):
                best[key] = max(best.get(key, 0.0), score)
        top = sorted(best.items(), key=lambda item: -item[1])[:limit]
        return [(self.entries[key].choice, score) for key, score in top if score > 0]


def _recommended(knowledge: Knowledge) -> Mapping[str, float]:
    """Weigh each resource by the topics that suggest it: first place 1, second a half, …"""
    weights: dict[str, float] = dict.fromkeys(knowledge.resources, 0.0)
    for topic in knowledge.topics.values():
        for place, suggestion in enumerate(topic.suggestions, 1):
            weights[suggestion.resource] += 1 / place
    return weights


def _resemblances(query: str, names: Sequence[str]) -> list[float]:
    """Score a typed text against names, 0 to 100: a beginning counts as nearly the whole."""
    if not query:
        return [0.0] * len(names)
    whole = process.cdist([query], names, scorer=fuzz.ratio, dtype=float)[0].tolist()
    reordered = process.cdist([query], names, scorer=fuzz.token_sort_ratio, dtype=float)[0].tolist()
    return [
        _begun(query, name) if f" {query}" in f" {name}" else max(alike, 0.9 * sorted_alike)
        for name, alike, sorted_alike in zip(names, whole, reordered, strict=True)
    ]


def _begun(query: str, name: str) -> float:
    return 90.0 + 10.0 * len(query) / len(name) if len(query) > 1 else 60.0


def _squeeze(text: str) -> str:
    """Return a name without case, spaces and punctuation: "Bottom up" → bottomup."""
    return re.sub(r"[\W_]+", "", text.lower())


_ATTRIBUTES: Mapping[FacetKind, str] = {
    "styles": "style",
    "formats": "format",
    "costs": "cost",
    "levels": "level",
}


def _has(resource: Resource, kind: FacetKind, id: str) -> bool:
    if kind == "fields":
        return id in resource.fields
    return bool(getattr(resource, _ATTRIBUTES[kind]) == id)
