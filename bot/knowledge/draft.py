"""A knowledge base as far as it could be read, with the place of everything in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import Problem
from bot.knowledge.model import Knowledge
from bot.knowledge.read import Document, Path_


@dataclass(frozen=True)
class Place:
    """Where a topic, a resource or a file of its own stands."""

    document: Document
    path: Path_ = ()

    def problem(self, message: str, *path: str | int) -> Problem:
        """Return a problem at a part of it: `path` names keys and positions in lists."""
        return self.document.problem((*self.path, *path), message)


@dataclass(frozen=True)
class Draft:
    """What a folder holds, valid or not.

    `knowledge` is what is sound of it: topics and resources with a problem of their own are
    left out, and it is None when there is nothing to stand on (no about, facets or topics).
    """

    problems: tuple[Problem, ...]
    knowledge: Knowledge | None = None
    topics: Mapping[str, Place] = field(default_factory=dict)
    resources: Mapping[str, Place] = field(default_factory=dict)
    files: Mapping[str, Place] = field(default_factory=dict)
    """By name without ending: about, facets, vocabulary, off-topic."""
