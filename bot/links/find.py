"""Every web address in a knowledge base, with the places where it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import KnowledgeError
from bot.knowledge.load import read_draft
from bot.knowledge.read import Document, Path_

URL = re.compile(r"https?://[^\s<>()\[\]\"'`]+")
AFTER = ".,;:!?…’”"  # what follows an address in a sentence rather than belongs to it
UNCHECKED = {"phrasings"}  # what people ask is not shown


@dataclass(frozen=True)
class Link:
    """An address and its places, as file:line, in the base's order."""

    url: str
    places: tuple[str, ...]


def find(folder: Path) -> list[Link]:
    """Return the addresses in the topics, the resources and `about.yaml` of a folder.

    Raises KnowledgeError when the base is not valid.
    """
    draft = read_draft(folder)
    if draft.problems:
        raise KnowledgeError(draft.problems)
    standing = [draft.files["about"], *draft.topics.values(), *draft.resources.values()]
    documents = {place.document.file: place.document for place in standing}
    places: dict[str, dict[str, None]] = defaultdict(dict)
    for file, document in documents.items():
        lines = Path(file).read_text("utf-8-sig").splitlines()
        for path, text in _texts(document.data, ()):
            for url in _urls(text):
                places[url][f"{file}:{_line(url, path, document, lines)}"] = None
    return [Link(url, tuple(found)) for url, found in places.items()]


def _texts(data: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    """Yield every text of a document with its path."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            if key not in UNCHECKED:
                yield from _texts(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _texts(value, (*path, index))


def _urls(text: str) -> Iterator[str]:
    for found in URL.finditer(text):
        yield found.group().rstrip(AFTER)


def _line(url: str, path: Path_, document: Document, lines: list[str]) -> int:
    """Return the line of an address: in a folded text, the one below its start that has it."""
    start, _ = document.places[path]
    following = enumerate(lines[start - 1 :], start)
    return next((number for number, line in following if url in line), start)
