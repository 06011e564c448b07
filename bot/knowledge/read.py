"""One YAML file → plain data with the place of every key and value.

PyYAML silently keeps the last of duplicate keys, expands aliases, and follows nesting until
the C stack ends; so the data is built here from the parser's events, one after another, and
each of these is a problem. The C parser is used where PyYAML has it.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from bot.errors import Problem
from bot.knowledge.files import FILE_BYTES

DEPTH = 20  # the models nest four deep
MESSAGE = 300  # characters; a longer one repeats a value that nobody needs to see whole
SHOWN = 100  # problems listed for a file; who has more mends these first

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TEXT = "tag:yaml.org,2002:str"
# What neither YAML nor Discord takes; line breaks and tabs are judged by the parser.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Path_ = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass
class Document:
    """The data of a file, where each part of it stands (line, column, from 1), its problems."""

    file: str
    data: dict[str, Any] | None = None
    places: dict[Path_, Place] = field(default_factory=dict)
    keys: dict[Path_, Place] = field(default_factory=dict)
    raw: dict[Path_, str] = field(default_factory=dict)  # how dates, numbers, `no` are written
    broken: set[Path_] = field(default_factory=set)  # has a problem already: not to be judged
    noted: list[Problem] = field(default_factory=list)
    left_off: int = 0

    def place(self, path: Path_, *, at_key: bool = False) -> Place:
        """Return where `path` stands, or its nearest parent that has a place."""
        if at_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def problem(self, path: Path_, message: str) -> Problem:
        """Return a problem at a path, without noting it."""
        return Problem(self.file, *self.place(path), message)

    def note(self, path: Path_, message: str, *, at_key: bool = False) -> None:
        """Note a problem at a path."""
        self.note_at(self.place(path, at_key=at_key), message)

    def note_at(self, place: Place, message: str) -> None:
        """Note a problem at a line and column."""
        if len(self.noted) < SHOWN:
            self.noted.append(Problem(self.file, *place, _one_line(message)))
        else:
            self.left_off += 1

    @property
    def problems(self) -> list[Problem]:
        """Everything noted; the last line counts what was too much to list."""
        if not self.left_off:
            return self.noted
        line = max(problem.line for problem in self.noted)
        message = f"and {self.left_off:,} more problems in this file; mend the ones above first"
        return [*self.noted, Problem(self.file, line + 1, 1, message)]


def _one_line(message: str) -> str:
    """Return a message fit for one line of a terminal, whatever values it repeats."""
    if len(message) > MESSAGE:
        message = f"{message[: MESSAGE // 2]} … {message[-MESSAGE // 2 :]}"
    return message if message.isprintable() else re.sub(r"[^ -~\w…→]+", " ", message)


def read(path: Path, name: str) -> Document:
    """Read a file into a document; `data` is None when it has no usable content."""
    document = Document(name)
    text = _text(path, document)
    if text is None:
        return document
    control = CONTROL.search(text)
    if control:
        place = _place_of(text, control.start())
        reason = f"holds the invisible character U+{ord(control.group()):04X}; delete it"
        document.note_at(place, reason)
        return document
    try:
        document.data = _Builder(text, document).run()
    except yaml.MarkedYAMLError as error:
        document.note_at(*_yaml_problem(error, text.splitlines()))
    except yaml.YAMLError as error:
        document.note_at((1, 1), f"not valid YAML ({error}); write it anew".replace("\n", " "))
    except _Unusable as error:
        document.note_at(error.place, error.message)
    return document


def _text(path: Path, document: Document) -> str | None:
    """Return the file's text, or None with the reason noted as a problem."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):  # reading a pipe would wait forever
            reason = f"is {_kind(mode)}, not a file; move it elsewhere"
        else:
            with path.open("rb") as file:
                content = file.read(FILE_BYTES + 1)
            if len(content) <= FILE_BYTES:
                return content.decode("utf-8-sig")
            reason = f"larger than {FILE_BYTES // 1000} kB; split it into several files"
    except UnicodeDecodeError as error:
        line, column = _place_of(content[: error.start].decode("utf-8-sig"), -1)
        document.note_at((line, column), "not UTF-8 text from here on; save the file as UTF-8")
        return None
    except FileNotFoundError:
        link = path.is_symlink()
        reason = "a link to a file that is gone; mend it" if link else "the file is missing; add it"
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error}); mend or remove it"
    document.note_at((1, 1), reason)
    return None


def _kind(mode: int) -> str:
    return "a folder" if stat.S_ISDIR(mode) else "a device or pipe"


def _place_of(text: str, index: int) -> Place:
    """Return line and column of an index into a text; -1 is its end."""
    before = text if index < 0 else text[:index]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


class _Unusable(Exception):
    """The file cannot be understood beyond a place."""

    def __init__(self, place: Place, message: str) -> None:
        self.place, self.message = place, message


class _Builder:
    """Turns the parser's events into data, noting places in the document."""

    def __init__(self, text: str, document: Document) -> None:
        self._document = document
        self._events: Iterator[Any] = yaml.parse(text, Loader=PARSER)
        self._resolve: Any = Resolver().resolve
        self._construct: Any = SafeConstructor().construct_object

    def run(self) -> dict[str, Any] | None:
        """Build the only document of the file."""
        data: Any = None
        documents = 0
        for event in self._events:
            if not isinstance(event, DocumentStartEvent):
                continue
            documents += 1
            if documents > 1:
                reason = "a second document begins here; remove the line `---`"
                raise _Unusable(_place(event), reason)
            data = self._value(next(self._events), ())
        if not documents:
            raise _Unusable((1, 1), "the file is empty; fill it from the template, or remove it")
        if not isinstance(data, dict):
            reason = "the file needs `key: value` lines at its left edge; see the template"
            raise _Unusable(self._document.place(()), reason)
        return data

    def _value(self, event: Any, path: Path_) -> Any:
        place = _place(event)
        self._document.places[path] = place
        if isinstance(event, AliasEvent):
            name = event.anchor
            reason = f"`*{name}` refers to another place; write the value out, or quote the text"
            return self._refuse(path, reason)
        if event.anchor:
            self._refuse(path, f"`&{event.anchor}` names a place; remove it, or quote the text")
        if event.tag not in (None, "!"):
            self._refuse(path, f"`{_tag(event.tag)}` is a YAML tag; remove it, or quote the text")
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        if len(path) >= DEPTH:
            raise _Unusable(place, f"nested more than {DEPTH} deep; see the template")
        if isinstance(event, MappingStartEvent):
            return dict(self._items(path))
        return list(self._entries(path))

    def _entries(self, path: Path_) -> Iterator[Any]:
        for index, event in enumerate(self._events):
            if isinstance(event, SequenceEndEvent):
                return
            yield self._value(event, (*path, index))

    def _items(self, path: Path_) -> Iterator[tuple[str, Any]]:
        first: dict[str, int] = {}
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                return
            place = _place(event)
            if not isinstance(event, ScalarEvent):
                self._document.note_at(place, "a key must be a plain word; quote the whole text")
                self._skip(event)
                self._skip(next(self._events))
                continue
            key = event.value
            if key in first:
                reason = f"`{key}` stands here again (first in line {first[key]}); keep one of them"
                self._document.note_at(place, reason)
                self._skip(next(self._events))
                continue
            first[key] = place[0]
            self._document.keys[(*path, key)] = place
            yield key, self._value(next(self._events), (*path, key))

    def _skip(self, event: Any) -> None:
        """Pass over a value whose beginning was read."""
        depth = 0
        while True:
            depth += isinstance(event, (MappingStartEvent, SequenceStartEvent))
            depth -= isinstance(event, (MappingEndEvent, SequenceEndEvent))
            if depth <= 0:
                return
            event = next(self._events)

    def _scalar(self, event: ScalarEvent, path: Path_) -> Any:
        value: str = event.value
        if not event.implicit[0] or event.tag is not None:
            return self._clean(value, path)
        tag = self._resolve(ScalarNode, value, (True, False))
        if tag == TEXT:
            return value
        self._document.raw[path] = value
        try:
            return self._construct(ScalarNode(tag, value))
        except ValueError:
            if tag.endswith("timestamp"):
                reason = f"`{value}` is not a day that exists; write year-month-day: 2026-11-23"
            else:
                reason = f"`{value[:40]}` cannot be read as a number; quote it if it is text"
        except ConstructorError:
            reason = f"`{value}` has a meaning of its own in YAML; put it in quotes"
        return self._refuse(path, reason)

    def _clean(self, value: str, path: Path_) -> str | None:
        """Return a quoted text; its escapes may spell characters that no one can use."""
        found = CONTROL.search(value)
        if not found:
            return value
        reason = f"spells the invisible character U+{ord(found.group()):04X}; delete its escape"
        self._refuse(path, reason)
        return None

    def _refuse(self, path: Path_, reason: str) -> None:
        self._document.broken.add(path)
        self._document.note(path, reason)


def _place(event: Any) -> Place:
    return _mark_place(event.start_mark)


def _tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _yaml_problem(error: yaml.MarkedYAMLError, lines: list[str]) -> tuple[Place, str]:
    """Say what the parser stumbled over, as a volunteer would mend it."""
    mark: Any = error.problem_mark or error.context_mark
    start: Any = error.context_mark or mark
    here, began = _mark_place(mark), _mark_place(start)
    problem, context = str(error.problem), str(error.context)
    line = lines[here[0] - 1] if here[0] <= len(lines) else ""
    before, character = line[: here[1] - 1], line[here[1] - 1 : here[1]]
    if "\t" in before + character:
        return here, "a tab cannot indent YAML; use spaces"
    if character and character in "@`%&*!":
        return here, f"a text cannot begin with {character} unless it is in quotes; quote it"
    if "mapping values" in problem:
        return here, "a text that contains `: ` needs quotes; quote the whole text"
    if "escape" in problem:
        return here, "a backslash has a meaning of its own in double quotes; use single quotes"
    if "quoted scalar" in context:
        return began, "this quote is never closed; close it"
    if "flow" in context:
        return began, "this bracket is not closed, or a comma is missing; mend the list"
    if "expected ':'" in problem:
        return began, "a key is followed by a colon and a space; write `key: value`"
    if "expected key" in problem and "'" in before:
        return here, "a quote ends here, and text follows; write '' for ' inside single quotes"
    return here, f"not valid YAML here ({problem}); check quotes, and the spaces before each line"


def _mark_place(mark: Any) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
