"""Data from a file → a model, or what is wrong with it in sentences a volunteer can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from bot.knowledge.model import (
    ATOM_PATTERN,
    COLOUR_PATTERN,
    ID_PATTERN,
    LANGUAGE_PATTERN,
    LINE_PATTERN,
    URL_PATTERN,
    Strict,
    kebab,
)
from bot.knowledge.read import SHOWN, Document, Path_

SIMILAR = 60  # rapidfuzz ratio from which a known name is offered as "did you mean"
VALUE = 60  # characters of an offending value that a message shows

_Model = TypeVar("_Model", bound=Strict)

_validator: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
_PATTERNS = {
    ID_PATTERN: "is not an id; use lower case, digits and single hyphens",
    LINE_PATTERN: "has a line break; write it in one line",
    URL_PATTERN: "is not a web address; write it whole, like https://course.fast.ai/",
    ATOM_PATTERN: "is not the number of a statement; write it like A012",
    COLOUR_PATTERN: 'is not a colour; write it in quotes, like "#2E8B57"',
    LANGUAGE_PATTERN: "is not a language code; write two letters, like en",
}
_EMPTY = {
    "string_too_short": "there is nothing in it; write something, or remove it",
    "too_short": "the list is empty; write at least one entry",
}
_KINDS = {
    "string_unicode": "holds a character that is none; retype it",
    "tuple_type": "is not a list; put each entry on a line of its own that starts with -",
    "list_type": "is not a list; put each entry on a line of its own that starts with -",
    "mapping_type": "is not a group of `name: value` lines; write one for each entry",
    "dict_type": "is not a group of `name: value` lines; write one for each entry",
    "dataclass_type": "is not a group of `key: value` lines; see the template",
    "float_type": "is not a number; write digits only, like 12 or 2.5",
    "finite_number": "is not a number of hours; write digits only, like 12 or 2.5",
    "greater_than": "is not above 0; write how many hours it takes",
    "value_error": "is not a day; write year-month-day, like 2026-11-23",
}


def validate(
    document: Document, path: Path_, data: dict[str, Any], model: type[_Model]
) -> _Model | None:
    """Return the model that a part of a file spells; None with the problems noted."""
    validator: TypeAdapter[_Model] = _validator(model)
    try:
        return validator.validate_python(data)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        known = len(document.noted) + len(document.broken)
        meant = {_meant(model, details) for details in errors}
        for details in errors:
            if not (_broken(document, (*path, *details["loc"])) or _follows(details, meant)):
                _note(document, path, model, details)
        if len(document.noted) + len(document.broken) == known == 0:
            raise  # a refusal that no message tells would lose the entry silently
        return None


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that a wrong one resembles most, if it does."""
    best = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=SIMILAR)
    return best[0] if best else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return the end of a sentence: the known name nearest to a wrong one, or another cure."""
    best = nearest(name, known)
    return f". Did you mean `{best}`?" if best else f"; {otherwise}"


def _broken(document: Document, path: Path_) -> bool:
    """Whether reading has found fault with this place already."""
    return any(path[:length] in document.broken for length in range(len(path) + 1))


def _note(document: Document, base: Path_, model: type[Strict], error: ErrorDetails) -> None:
    loc = error["loc"]
    path = (*base, *loc)
    if len(document.noted) >= SHOWN:
        document.left_off += 1
    elif error["type"] == "missing":
        document.note(path[:-1], f"`{loc[-1]}` is missing; add the line `{loc[-1]}: …`")
    elif error["type"] == "unexpected_keyword_argument":
        document.note(path, _unknown_key(str(loc[-1]), _model_at(model, loc[:-1])), at_key=True)
    elif loc and loc[-1] == "[key]":  # pydantic's way of saying: the key itself
        document.note(path[:-1], f"{_label(loc[:-2])}, a name: {_reason(document, path, error)}")
    else:
        document.note(path, f"{_label(loc)}: {_reason(document, path, error)}")


def _follows(error: ErrorDetails, meant: set[str | None]) -> bool:
    """Whether an error only follows from another one, which has a message of its own."""
    if error["type"] == "missing":
        return error["loc"][-1] in meant  # the misspelt key is the problem
    return error["type"] == "too_short" and len(error["input"]) > 0  # its entries are


def _meant(model: type[Strict], error: ErrorDetails) -> str | None:
    """Return the key that an unknown one was meant to be, if it resembles one."""
    if error["type"] != "unexpected_keyword_argument":
        return None
    return nearest(str(error["loc"][-1]), _keys(_model_at(model, error["loc"][:-1])))


def _unknown_key(name: str, model: type[Strict]) -> str:
    keys = _keys(model)
    return f"unknown key `{name}`" + did_you_mean(name, keys, f"the keys are {', '.join(keys)}")


def _keys(model: type[Strict]) -> list[str]:
    return [field.name for field in fields(model)]


def _model_at(model: type[Strict], loc: tuple[str | int, ...]) -> type[Strict]:
    """Return the model of the place that `loc` leads to."""
    for part in loc:
        if isinstance(part, str) and part in _keys(model):
            model = _inner_model(get_type_hints(model)[part]) or model
    return model


def _inner_model(annotation: Any) -> type[Strict] | None:
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        return annotation
    return next(filter(None, map(_inner_model, get_args(annotation))), None)


def _label(loc: tuple[str | int, ...]) -> str:
    names = [f"`{part}`" if isinstance(part, str) else f"entry {part + 1}" for part in loc]
    return ", ".join(names)


def _reason(document: Document, path: Path_, error: ErrorDetails) -> str:
    """Say what is wrong with a value, and the cure."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if value is None:
        return "there is no value; write one, or remove the line"
    if kind in _EMPTY:
        return _EMPTY[kind]
    shown = _shown(document.raw.get(path, str(value)))
    if kind == "string_type":
        return _not_text(value, shown)
    if kind == "string_pattern_mismatch":
        proposal = kebab(value) if context["pattern"] == ID_PATTERN else ""
        return f"`{shown}` {_PATTERNS[context['pattern']]}" + (proposal and f": `{proposal}`")
    if kind == "string_too_long":
        most = context["max_length"]
        return f"`{shown}` has {len(value):,} characters; shorten it to {most} or fewer"
    if kind in {"enum", "literal_error"}:
        known = str(context["expected"]).replace("'", "")
        names = known.replace(" or ", ", ").split(", ")
        return f"`{shown}` is unknown" + did_you_mean(shown, names, f"write {known}")
    if isinstance(value, dict):
        return "keys stand where a list or a single value belongs; begin each entry with -"
    if isinstance(value, list):
        return "a list stands where one entry belongs; remove the brackets, or the -"
    if kind == "dataclass_type":  # a text would have been taken for its short form
        return _not_text(value, shown)
    return f"`{shown}` {_KINDS.get(kind, error['msg'].lower())}"


def _not_text(value: Any, shown: str) -> str:
    if isinstance(value, dict):
        return f"`: ` makes `{_shown(next(map(str, value), ''))}` a key; quote the whole text"
    if isinstance(value, list):
        return "it is a list where one text belongs; write the text on one line"
    kind = {bool: "a yes-or-no value", int: "a number", float: "a number"}.get(
        type(value), "a date"
    )
    return f"`{shown}` is read as {kind}, not as text; put it in quotes"


def _shown(value: str) -> str:
    value = value.replace("\n", " ")
    return value if len(value) <= VALUE else value[: VALUE - 1] + "…"
