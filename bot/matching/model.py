"""What matching says about a question."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    """What a follow-up refers to: the card it replies to.

    `listed` are the resources of the card before, where this one shows one of them in full.
    """

    topic: str | None
    resources: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()

    def after(self, before: Context | None) -> Context:
        """Return the context in a talk where `before` was the last: a list stays in view when
        one resource is shown in full, so that "and the third?" means the list's.
        """
        if before is None or self.topic or len(self.resources) != 1:
            return self
        return replace(self, listed=before.listed or before.resources)


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
