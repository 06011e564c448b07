"""What matching says about a question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """How sure the matcher is; see docs/matching.md."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    NONE = "none"


class Aspect(StrEnum):
    """The fact of a resource that a question asks for."""

    COST = "cost"
    TIME = "time"
    PREREQUISITES = "prerequisites"
    EDITION = "edition"
    AUTHOR = "author"
    FORMAT = "format"


@dataclass(frozen=True)
class Candidate:
    """A topic with the calibrated chance, 0 to 1, that it answers the question."""

    topic: str
    score: float


@dataclass(frozen=True)
class Context:
    """What a follow-up refers to: the card it replies to."""

    topic: str | None
    resources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """A decided question.

    `candidates` holds at least five (where the base has them), best first, whatever the
    decision. `second` is the topic of a clear second part of the question. `resources` and
    `aspects` are what the question names ("how much is fast.ai": fast.ai, cost).
    `language` is the ISO 639-1 code of the question's language where it is clearly not
    the base's, else None; such a question is decided NONE.

    Of a reply to a card: `about` is the one resource that it is answered with alone, `implied`
    says that `resources` only supply facts, `bound` that it means little without its card, and
    `asks` that it asks for something.
    """

    decision: Decision
    candidates: tuple[Candidate, ...]
    second: str | None = None
    resources: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    language: str | None = None
    about: str | None = None
    implied: bool = False
    bound: bool = False
    asks: bool = True
