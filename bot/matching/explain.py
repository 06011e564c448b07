"""Why a question was matched as it was, for whoever mends the knowledge base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.matching.model import Match


@dataclass(frozen=True)
class Reason:
    """What speaks for one topic."""

    topic: str
    score: float
    words: tuple[tuple[str, float], ...]
    """Words, pairs and concepts (marked =) with what each adds, the strongest first."""
    phrasings: tuple[tuple[str, float], ...]
    """The topic's phrasings that mean nearly the same, with their cosines."""


@dataclass(frozen=True)
class Explanation:
    """A decided question with its reasons, the first candidate's first."""

    match: Match
    words: tuple[str, ...]
    """The question's words as they were read, spelling repaired."""
    repaired: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    concepts: tuple[str, ...]
    in_scope: float
    reasons: tuple[Reason, ...]
    lacking: tuple[str, ...]
    """Words that speak for the first candidate and not for the runner-up."""
    off_topic: tuple[tuple[str, float], ...]
    """The off-topic phrasings that mean nearly the same."""


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """Yield the explanation as lines of text."""
    yield f"read as: {' '.join(explanation.words) or '(nothing)'}"
    if explanation.repaired:
        yield "repaired: " + ", ".join(f"{a} → {b}" for a, b in explanation.repaired)
    if explanation.unknown:
        yield "in no phrasing: " + ", ".join(explanation.unknown)
    if explanation.concepts:
        yield "concepts: " + ", ".join(explanation.concepts)
    decided = explanation.match.decision
    yield f"chance to be in scope: {explanation.in_scope:.2f}; decided: {decided}"
    for reason in explanation.reasons:
        yield f"{reason.score:.2f} {reason.topic}"
        yield f"     words: {_listed(reason.words)}"
        yield f"     near:  {_listed(reason.phrasings)}"
    if explanation.lacking:
        yield "the runner-up lacked: " + ", ".join(explanation.lacking)
    if explanation.off_topic:
        yield f"nearest off-topic: {_listed(explanation.off_topic)}"


def _listed(pairs: Sequence[tuple[str, float]]) -> str:
    return "; ".join(f"{text} {value:+.2f}" for text, value in pairs) or "none"
