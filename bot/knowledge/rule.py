"""A mark on a model's type: what a value must be like, and what an editor says of it.

The models are plain dataclasses, so that a prepared base is read without the validator, which
takes 12 MB and a third of a second; it asks these marks when it reads a file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Rule:
    """Rules of pydantic's core schemas (`pattern`, `min_length`, `gt`, …) and a description."""

    def __init__(self, description: str | None = None, **rules: Any) -> None:
        self._description = description
        self._rules = rules

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the type's schema with the rules added."""
        return {**handler(source), **self._rules}

    def __get_pydantic_json_schema__(self, schema: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the type's JSON Schema with the description added."""
        found = handler(schema)
        return {**found, "description": self._description} if self._description else found


class Written:
    """Other ways to write a value: `turn` makes it what the type says, before that is judged."""

    def __init__(self, turn: Callable[[Any], Any], takes: Any) -> None:
        """Take what `turn` takes; `takes` is its type, for the JSON Schema."""
        self._turn = turn
        self._takes = takes

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the type's schema behind the function."""
        from pydantic import BeforeValidator  # noqa: PLC0415  it is the one who asks

        before = BeforeValidator(self._turn, json_schema_input_type=self._takes)
        return before.__get_pydantic_core_schema__(source, handler)  # type: ignore[arg-type]
