"""A folder of YAML files → a valid `Knowledge`, or every problem in it at once.

`read` turns a file into data, `validate` data into a model, `check` looks at what refers to
what. Problems gather in the documents; nothing is half-loaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from rapidfuzz import fuzz, process

from bot.errors import KnowledgeError
from bot.knowledge.check import Entry, Names, check, check_about, check_facets
from bot.knowledge.draft import Draft, Place
from bot.knowledge.files import FOLDERS, MANY, SINGLE, is_knowledge
from bot.knowledge.model import (
    FORMAT,
    About,
    Facets,
    Knowledge,
    OffTopic,
    Resource,
    Strict,
    Topic,
    Vocabulary,
)
from bot.knowledge.read import Document, Path_, read
from bot.knowledge.validate import validate

OPTIONAL = {"vocabulary.yaml", "off-topic.yaml"}
MISNAMED = 80  # rapidfuzz ratio from which a file's name is taken for one of the above, misspelt

_Top = TypeVar("_Top", bound=Strict)
_Item = TypeVar("_Item", Topic, Resource)


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
    return _Loading(folder).run()


class _Loading:
    """One run over a folder: the documents with their problems, and what they hold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents: list[Document] = []
        self.files: dict[str, Place] = {}
        self.topics: dict[str, Entry[Topic]] = {}
        self.resources: dict[str, Entry[Resource]] = {}
        self.declared: set[str] = set()  # ids of entries, valid or not
        self.unread: set[str] = set()  # folders of which some file could not be read

    def run(self) -> Draft:
        """Read everything, then judge it as a whole."""
        if not self._looks_like_a_base():
            return self._draft(None)
        about = self._file("about.yaml", About)
        if _is_newer(self.files["about.yaml"].document):
            return self._draft(None)
        facets = self._file("facets.yaml", Facets)
        vocabulary = self._file("vocabulary.yaml", Vocabulary)
        off_topic = self._file("off-topic.yaml", OffTopic)
        for document, data in self._folder("topics"):
            self._add(self.topics, Topic, Place(document), data)
        for document, data in self._folder("resources"):
            entries = dict(_resources(document, data))
            for path, entry in entries.items():
                self._add(self.resources, Resource, Place(document, path), entry)
            if not entries:
                self.unread.add("resources")
        self._check(about, facets)
        if not (about and facets and self.topics):
            return self._draft(None)
        knowledge = Knowledge(
            about=about,
            topics={id: topic.item for id, topic in self.topics.items()},
            resources={id: resource.item for id, resource in self.resources.items()},
            facets=facets,
            vocabulary=vocabulary or Vocabulary(),
            off_topic=off_topic or OffTopic(),
        )
        return self._draft(knowledge)

    def _draft(self, knowledge: Knowledge | None) -> Draft:
        problems = (problem for document in self.documents for problem in document.problems)
        return Draft(
            problems=tuple(sorted(problems)),
            knowledge=knowledge,
            topics={id: topic.place for id, topic in self.topics.items()},
            resources={id: resource.place for id, resource in self.resources.items()},
            files={name.removesuffix(".yaml"): place for name, place in self.files.items()},
        )

    def _looks_like_a_base(self) -> bool:
        """Whether the folder is one, with the reason noted if not; misspelt names are noted."""
        document = self._place(self.folder)
        names = _names(self.folder, document)
        if not document.noted and names.isdisjoint({*SINGLE, *FOLDERS}):
            document.note((), "is not a knowledge base (no about.yaml in it); name another folder")
        for name in sorted(filter(is_knowledge, names - set(SINGLE))):
            meant = process.extractOne(name, SINGLE, scorer=fuzz.ratio, score_cutoff=MISNAMED)
            if meant and meant[0] not in names:
                self._place(self.folder / name).note((), f"is not read; rename it to {meant[0]}")
        return not document.noted

    def _file(self, name: str, model: type[_Top]) -> _Top | None:
        path = self.folder / name
        if name in OPTIONAL and not os.path.lexists(path):
            return None
        document = self._read(path)
        self.files[name] = Place(document)
        if document.data is None:
            return None
        return validate(document, (), document.data, model)

    def _folder(self, name: str) -> Iterator[tuple[Document, dict[str, Any]]]:
        """Yield the documents of a folder with their data; what has none is noted."""
        folder = self._place(self.folder / name)
        names = _names(self.folder / name, folder)
        if len(names) > MANY:
            folder.note((), f"holds {len(names):,} files; remove some, {MANY:,} is the most")
        files = sorted(filter(is_knowledge, names))
        if name == "topics" and not files and not folder.noted:
            folder.note((), "holds no topic; a base needs one or more")
        if folder.noted:
            self.unread.add(name)
            return
        for file in files:
            document = self._read(self.folder / name / file)
            if document.data is None:
                self.unread.add(name)
            else:
                yield document, document.data

    def _add(
        self,
        kept: dict[str, Entry[_Item]],
        model: type[_Item],
        place: Place,
        data: dict[str, Any],
    ) -> None:
        if isinstance(data.get("id"), str):
            self.declared.add(data["id"])
        item = validate(place.document, place.path, data, model)
        if item is None:
            return
        entry = Entry(item, place)
        if item.id in kept:
            first = kept[item.id].place.problem("", "id")
            where = f"{first.file}:{first.line}"
            entry.note(("id",), f"`{item.id}` is already the id of {where}; choose another")
        else:
            kept[item.id] = entry

    def _check(self, about: About | None, facets: Facets | None) -> None:
        names = Names(
            topics=None if "topics" in self.unread else {*self.topics, *self.declared},
            resources=None if "resources" in self.unread else {*self.resources, *self.declared},
            facets=facets,
        )
        if about:
            check_about(about, self.files["about.yaml"].document, names)
        if facets:
            check_facets(facets, self.files["facets.yaml"].document)
        check(self.topics, self.resources, names)

    def _read(self, path: Path) -> Document:
        document = read(path, str(path))
        self.documents.append(document)
        return document

    def _place(self, path: Path) -> Document:
        """Return a document for problems with a folder or file as such."""
        document = Document(str(path))
        self.documents.append(document)
        return document


def _names(folder: Path, document: Document) -> set[str]:
    """Return the names in a folder; none, with the reason noted, when it cannot be read."""
    try:
        return {path.name for path in folder.iterdir()}
    except FileNotFoundError:
        reason = "no such folder; add it, or name another base with --knowledge DIR"
    except NotADirectoryError:
        reason = "is not a folder; replace it, or name another base with --knowledge DIR"
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        reason = f"cannot be read ({cause}); make it readable"
    document.note((), reason)
    return set()


def _is_newer(document: Document) -> bool:
    """Whether the base has a newer format: whatever else it says would only be misread."""
    found = (document.data or {}).get("format")
    if not isinstance(found, int) or found <= FORMAT:
        return False
    document.noted.clear()
    reason = f"format {found} is newer than this Warmstart reads ({FORMAT}); update Warmstart"
    document.note(("format",), reason)
    return True


def _resources(document: Document, data: dict[str, Any]) -> Iterator[tuple[Path_, dict[str, Any]]]:
    """Yield the entries of a resource file and their paths."""
    entries = data.get("resources")
    if set(data) != {"resources"}:
        reason = "a resource file has one key, `resources`, with a list below it; see the template"
        document.note_at((1, 1), reason)
    elif not isinstance(entries, list) or not entries:
        document.note(("resources",), "must be a list of one or more; each entry starts with -")
    else:
        for index, entry in enumerate(entries):
            path = ("resources", index)
            if isinstance(entry, dict):
                yield path, entry
            else:
                document.note(path, "an entry is a group of `key: value` lines; see the template")
