"""One YAML file → plain data with the place of every key and value.

PyYAML silently keeps the last of duplicate keys and expands aliases; both are problems
here. The C parser is used where PyYAML has it: it reads the shipped base ten times faster.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.errors import Problem

FILE_BYTES = 1_000_000  # a topic is a few kB; more is a mistake, and slow to parse
DEPTH = 20  # the models nest four deep

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path_ = tuple[str | int, ...]


@dataclass
class Document:
    """The data of a file, and where each part of it stands (line, column, from 1)."""

    file: str
    data: Any = None
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: Path_, message: str, *, at_key: bool = False) -> Problem:
        """Return a problem at the place of `path`, or of its nearest parent that has one."""
        if at_key and path in self.keys:
            return Problem(self.file, *self.keys[path], message)
        while path and path not in self.places:
            path = path[:-1]
        return Problem(self.file, *self.places.get(path, (1, 1)), message)


def read(path: Path, name: str) -> Document:
    """Read a file into a document; whatever is wrong with it is in `problems`."""
    document = Document(name)
    text = _text(path, document)
    if text is None:
        return document
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            document.problems.append(Problem(name, 1, 1, "the file is empty; fill it or remove it"))
        else:
            document.data = _Builder(loader, document).build(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        document.problems.append(Problem(name, line, column, _yaml_message(error)))
    except (yaml.YAMLError, RecursionError) as error:
        document.problems.append(Problem(name, 1, 1, f"not valid YAML: {error}".split("\n")[0]))
    finally:
        loader.dispose()
    return document


def _text(path: Path, document: Document) -> str | None:
    """Return the file's text, or None with the reason noted as a problem."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            reason = "not a regular file; remove it"  # reading a pipe would wait forever
        elif status.st_size > FILE_BYTES:
            reason = f"larger than {FILE_BYTES // 1000} kB; split it up"
        else:
            return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 text (byte {error.start + 1}); save it as UTF-8"
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error}); mend or remove it"
    document.problems.append(Problem(document.file, 1, 1, reason))
    return None


def _yaml_message(error: yaml.MarkedYAMLError) -> str:
    if "\\t" in str(error.problem):
        return "a tab cannot indent YAML; use spaces"
    parts = [part for part in (error.problem, error.context) if part]
    return f"not valid YAML: {', '.join(parts)}; a text that contains `: ` or `#` needs quotes"


class _Builder:
    """Turns nodes into data once, noting places; holds the document it fills."""

    def __init__(self, loader: Any, document: Document) -> None:
        self._loader = loader
        self._document = document
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, path: Path_) -> Any:
        place = _place(node)
        self._document.places[path] = place
        if id(node) in self._seen or len(path) > DEPTH:
            message = "aliases (*name) are not allowed; write the value out"
            if len(path) > DEPTH:
                message = "nested too deeply; see the template for what a file may contain"
            self._note(place, message)
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return dict(self._items(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        return self._scalar(node, place)

    def _items(self, node: yaml.MappingNode, path: Path_) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            place = _place(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self._note(place, "a key must be a plain word")
                continue
            key = str(key_node.value)
            self._document.keys[(*path, key)] = place
            if key in seen:
                self._note(place, f"`{key}` stands twice; keep one of them")
                continue
            seen.add(key)
            yield key, self.build(value_node, (*path, key))

    def _scalar(self, node: yaml.Node, place: tuple[int, int]) -> Any:
        try:
            return self._loader.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            reason = getattr(error, "problem", None) or error
            self._note(place, f"`{node.value}` cannot be read: {reason}; put text in quotes")
            return None

    def _note(self, place: tuple[int, int], message: str) -> None:
        self._document.problems.append(Problem(self._document.file, *place, message))


def _place(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
