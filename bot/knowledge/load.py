"""A folder of YAML files → a valid `Knowledge`, or every problem in it at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from bot.errors import KnowledgeError, Problem
from bot.knowledge.draft import Draft, Place
from bot.knowledge.model import (
    About,
    Claim,
    Facet,
    Facets,
    Knowledge,
    OffTopic,
    Resource,
    Topic,
    TopicSuggestion,
    Vocabulary,
)
from bot.knowledge.read import Document, Path_, read

FILES = 2000  # a folder with more files is not a knowledge base
SIMILAR = 60  # rapidfuzz ratio from which a known name is offered as "did you mean"

_Model = TypeVar("_Model", bound=BaseModel)
_Entry = tuple[Any, Document, Path_]  # a topic or resource, and where it stands


def load(folder: Path) -> Knowledge:
    """Load the knowledge base of a folder.

    Raises KnowledgeError with every problem found, as file:line:column, when it is not
    valid; nothing is half-loaded.
    """
    draft = read_draft(folder)
    if draft.problems or draft.knowledge is None:
        raise KnowledgeError(draft.problems)
    return draft.knowledge


def read_draft(folder: Path) -> Draft:
    """Read the knowledge base of a folder as far as possible; its problems are in the draft."""
    if not folder.is_dir():
        message = "no such folder; name one with --knowledge DIR"
        return Draft((Problem(str(folder), 1, 1, message),))
    return _Loading(folder).run()


class _Loading:
    """One run over a folder: the problems found so far, and where each id stands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.declared: set[str] = set()
        self.topics: dict[str, _Entry] = {}
        self.resources: dict[str, _Entry] = {}
        self.files: dict[str, Place] = {}

    def run(self) -> Draft:
        about = self._file("about", About)
        facets = self._file("facets", Facets)
        vocabulary = self._file("vocabulary", Vocabulary, optional=True)
        off_topic = self._file("off-topic", OffTopic, optional=True)
        for document in self._folder("topics"):
            self._add(self.topics, document, (), document.data, Topic)
        for document in self._folder("resources"):
            self._add_resources(document)
        if not self.topics:
            self._note(Problem("topics", 1, 1, "no topic could be read; a base needs at least one"))
        if facets:
            self._check_facets(facets)
        self._check_references()
        if about:
            document = self.files["about"].document
            self._check_ids(document, ("featured",), about.featured, self.topics, "topic")
        knowledge = None
        if about and facets and self.topics:
            knowledge = Knowledge(
                about=about,
                topics={id: topic for id, (topic, _, _) in self.topics.items()},
                resources={id: resource for id, (resource, _, _) in self.resources.items()},
                facets=facets,
                vocabulary=vocabulary or Vocabulary(),
                off_topic=off_topic or OffTopic(),
            )
        return Draft(
            problems=tuple(sorted(self.problems)),
            knowledge=knowledge,
            topics={id: Place(at, path) for id, (_, at, path) in self.topics.items()},
            resources={id: Place(at, path) for id, (_, at, path) in self.resources.items()},
            files=self.files,
        )

    def _note(self, *problems: Problem) -> None:
        self.problems += problems

    def _file(self, name: str, model: type[_Model], *, optional: bool = False) -> _Model | None:
        path = self.folder / f"{name}.yaml"
        if optional and not path.exists():
            return None
        document = read(path, self._name(path))
        self.files[name] = Place(document)
        self._note(*document.problems)
        return self._validate(document, (), document.data, model)

    def _folder(self, name: str) -> Iterator[Document]:
        folder = self.folder / name
        try:
            paths = sorted(p for p in folder.iterdir() if p.suffix in {".yaml", ".yml"})
        except OSError as error:
            reason = f"cannot be read ({error.strerror}); a knowledge base has this folder"
            self._note(Problem(self._name(folder), 1, 1, reason))
            return
        if len(paths) > FILES:
            self._note(Problem(self._name(folder), 1, 1, f"holds over {FILES} files; remove some"))
            return
        for path in paths:
            if path.name.startswith((".", "_")):
                continue  # editors' droppings and templates
            document = read(path, self._name(path))
            self._note(*document.problems)
            yield document

    def _name(self, path: Path) -> str:
        return str(self.folder / path.relative_to(self.folder))

    def _add_resources(self, document: Document) -> None:
        if document.data is None:
            return
        data = document.data
        if not isinstance(data, dict) or set(data) != {"resources"}:
            message = "a resource file has one key, `resources`, with a list below it"
            self._note(document.problem((), message))
        elif not isinstance(data["resources"], list):
            self._note(document.problem(("resources",), "must be a list: each entry starts with -"))
        else:
            for index, item in enumerate(data["resources"]):
                self._add(self.resources, document, ("resources", index), item, Resource)

    def _add(
        self,
        kept: dict[str, _Entry],
        document: Document,
        path: Path_,
        data: Any,
        model: type[Topic] | type[Resource],
    ) -> None:
        item: Any = self._validate(document, path, data, model)
        if isinstance(data, dict) and isinstance(data.get("id"), str):
            self.declared.add(data["id"])  # a broken entry is one problem, not one a reference
        if item is None:
            return
        if item.id in kept:
            first = kept[item.id][1].problem((*kept[item.id][2], "id"), "")
            message = f"`{item.id}` is already the id of {first.file}:{first.line}; choose another"
            self._note(document.problem((*path, "id"), message))
        else:
            kept[item.id] = (item, document, path)

    def _validate(
        self, document: Document, path: Path_, data: Any, model: type[_Model]
    ) -> _Model | None:
        if data is None:
            return None
        try:
            return TypeAdapter(model).validate_python(data)
        except ValidationError as error:
            self._note(*(_problem(document, path, model, e) for e in error.errors()))
            return None

    def _check_facets(self, facets: Facets) -> None:
        for resource, document, path in self.resources.values():
            for key, values in (
                ("style", facets.styles),
                ("format", facets.formats),
                ("cost", facets.costs),
                ("level", facets.levels),
            ):
                known = [facet.id for facet in values]
                self._check_ids(document, (*path, key), [getattr(resource, key)], known, key)
            known = [facet.id for facet in facets.fields]
            self._check_ids(document, (*path, "fields"), resource.fields, known, "field")
        styles = [facet.id for facet in facets.styles]
        for topic, document, _ in self.topics.values():
            if topic.style:
                self._check_ids(document, ("style",), [topic.style], styles, "style")

    def _check_references(self) -> None:
        for topic, document, _ in self.topics.values():
            for index, suggestion in enumerate(topic.suggestions):
                path = ("suggestions", index)
                self._check_ids(document, path, [suggestion.resource], self.resources, "resource")
            self._check_ids(document, ("broader",), topic.broader, self.topics, "topic")
            if self._leads_back(topic.id):
                self._note(document.problem(("broader",), "leads back to this topic; remove one"))
        kept: Iterable[dict[str, _Entry]] = (self.topics, self.resources)
        for items in kept:
            self._check_former(items)

    def _check_former(self, items: dict[str, _Entry]) -> None:
        taken: dict[str, str] = {}
        for item, document, path in items.values():
            for index, old in enumerate(item.was):
                if old in items or old in taken:
                    owner = old if old in items else taken[old]
                    message = f"`{old}` belongs to {owner} already; votes can follow only one id"
                    self._note(document.problem((*path, "was", index), message))
                taken.setdefault(old, item.id)

    def _leads_back(self, start: str) -> bool:
        """Whether following `broader` from a topic returns to it."""
        pending = list(self.topics[start][0].broader)
        seen: set[str] = set()
        while pending:
            current = pending.pop()
            if current == start:
                return True
            if current in self.topics and current not in seen:
                seen.add(current)
                pending += self.topics[current][0].broader
        return False

    def _check_ids(
        self, document: Document, path: Path_, ids: Iterable[str], known: Iterable[str], what: str
    ) -> None:
        names = list(known)
        for index, id in enumerate(ids):
            if id not in names and id not in self.declared:
                place = (*path, index) if (*path, index) in document.places else path
                message = f"no {what} has the id `{id}`.{_did_you_mean(id, names)}"
                self._note(document.problem(place, message))


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    best = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=SIMILAR)
    return f" Did you mean `{best[0]}`?" if best else ""


def _problem(
    document: Document, base: Path_, model: type[BaseModel], error: ErrorDetails
) -> Problem:
    """Say in one sentence what pydantic found, with the value and the cure."""
    path: Path_ = (*base, *error["loc"])
    name = str(error["loc"][-1]) if error["loc"] else "the file"
    kind = error["type"]
    if kind == "missing":
        return document.problem(path[:-1], f"`{name}` is missing; add it")
    if kind == "extra_forbidden":
        hint = _did_you_mean(name, _keys(model, error["loc"]))
        return document.problem(path, f"unknown key `{name}`.{hint}", at_key=True)
    return document.problem(path, f"{_label(error['loc'])}: {_reason(kind, error)}")


def _label(loc: tuple[str | int, ...]) -> str:
    names = [f"`{part}`" if isinstance(part, str) else f"entry {part + 1}" for part in loc]
    return ", ".join(names) or "the file"


def _reason(kind: str, error: ErrorDetails) -> str:
    value = repr(error["input"])
    shown = value if len(value) <= 60 else value[:57] + "…"
    pattern = str(error.get("ctx", {}).get("pattern", ""))
    if kind == "string_pattern_mismatch" and pattern.startswith("^https"):
        return f"{shown} is not a web address; write it whole, starting with https://"
    if kind == "string_pattern_mismatch" and "a-z0-9" in pattern:
        return f"{shown} is not an id; use lower case, digits and single hyphens: like-this"
    if kind == "string_pattern_mismatch" and pattern == r"^[^\n]*$":
        return f"{shown} has a line break; write it in one line"
    if kind == "string_type":
        return f"{shown} is not text; put it in quotes"
    if kind in {"tuple_type", "list_type"}:
        return f"{shown} is not a list; put each entry on a line of its own that starts with -"
    if kind == "model_type":
        return f"{shown} should have keys below it; see the template"
    message = re.sub(r"^Input should ", "should ", error["msg"])
    return f"{shown} {message}" if message.startswith("should") else f"{shown}: {message}"


_NESTED: dict[str, type[BaseModel]] = {
    "answer": Claim,
    "more": Claim,
    "caveats": Claim,
    "suggestions": TopicSuggestion,
    "styles": Facet,
    "formats": Facet,
    "costs": Facet,
    "levels": Facet,
    "fields": Facet,
}


def _keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """Return the keys allowed where an unknown one was found."""
    inner = _NESTED.get(str(loc[0]), model) if len(loc) > 1 else model
    return list(inner.model_fields)
