"""The tree of errors.

Every error that a person may see derives from `WarmstartError`; its message is one
sentence that says what, where, and how to mend it. Front ends translate once: the
terminal prints the message and exits with `exit_code`, Discord answers privately.

    WarmstartError
    ├── UsageError          wrong option, variable, or environment          (exit 2)
    ├── KnowledgeError      the knowledge base is not valid; all problems   (exit 1)
    └── StoreError          the database cannot be opened, read or written  (exit 1)
        └── StoreBusy       another process holds the database; try again
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class WarmstartError(Exception):
    """Base of all errors whose message is meant to be read by a person."""

    exit_code = 1


class UsageError(WarmstartError):
    """An option, a variable or the environment does not fit."""

    exit_code = 2


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a knowledge file; lines and columns count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class KnowledgeError(WarmstartError):
    """The knowledge base is not valid; `problems` holds everything found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class StoreError(WarmstartError):
    """The database cannot be opened, read or written."""


class StoreBusy(StoreError):
    """Another process holds the database; the same call may work a moment later."""
