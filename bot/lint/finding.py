"""A finding: where, how bad, which rule, and one sentence with the cure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import Problem


class Severity(StrEnum):
    """Errors must be mended before a merge; warnings should be looked at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing worth mending; lines and columns count from 1."""

    file: str
    line: int
    column: int
    severity: Severity
    rule: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.severity}: {self.message} [{self.rule}]"


def invalid(problem: Problem) -> Finding:
    """Return a problem of validity as a finding."""
    return error("valid", problem)


def error(rule: str, problem: Problem) -> Finding:
    """Return a finding that must be mended, where the problem stands."""
    return _finding(Severity.ERROR, rule, problem)


def warning(rule: str, problem: Problem) -> Finding:
    """Return a finding worth a look, where the problem stands."""
    return _finding(Severity.WARNING, rule, problem)


def _finding(severity: Severity, rule: str, problem: Problem) -> Finding:
    return Finding(problem.file, problem.line, problem.column, severity, rule, problem.message)
