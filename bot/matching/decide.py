"""From chances to a decision. The numbers mean the same on every base: they are chances."""

from __future__ import annotations

from collections.abc import Sequence

from bot.matching.model import Candidate, Decision

# Found on tests/questions.yaml: where answers are right nine times in ten and more.
ANSWER_FROM = 0.6  # chance from which the first topic is answered
SUGGEST_FROM = 0.5  # chance to be in scope from which candidates are offered
SECOND_FROM = 0.45  # chance from which a part's topic is worth a line of its own

Found = tuple[list[tuple[int, float]], float]
"""Topics with their chances, best first, and the chance that the text is in scope."""


def decision(candidates: Sequence[Candidate], inside: float) -> Decision:
    """Say how sure the candidates are."""
    if candidates and candidates[0].score >= ANSWER_FROM:
        return Decision.ANSWER
    if candidates and inside >= SUGGEST_FROM:
        return Decision.SUGGEST
    return Decision.NONE


def second_part(found: Sequence[Found], kin: Sequence[frozenset[int]]) -> int | None:
    """Return the topic of a part that asks something else than the whole text's topic.

    `found` is what was found for the whole text, then for each of its parts.
    """
    if len(found) < 3 or not found[0][0]:
        return None
    first = found[0][0][0][0]
    others = [
        (chance, topic)
        for candidates, _ in found[1:]
        for topic, chance in candidates[:1]
        if chance >= SECOND_FROM and not kin[topic] & kin[first]
    ]
    return max(others)[1] if others else None
