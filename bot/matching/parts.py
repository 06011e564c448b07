"""Cutting a question into its parts: sentences, and clauses that ask for something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.matching.text import sentences

MOST_PARTS = 3  # that are looked at: the first and the last two say what a longer post asks
FEWEST_WORDS = 3  # of a part

_JOINT = re.compile(r",?\s+(?:and|but|also|plus|then|or should|or do|or is)\s+|,\s+|\s+/\s+")


def parts(normalised: str) -> list[str]:
    """Return the parts of a text where there are at least two, else none."""
    found = [
        clause
        for sentence in sentences(normalised)
        for clause in _JOINT.split(sentence)
        if clause.count(" ") >= FEWEST_WORDS - 1
    ]
    if len(found) < 2:
        return []
    if len(found) > MOST_PARTS:
        found = [found[0], *found[1 - MOST_PARTS :]]
    return found


def ranges(words: Sequence[str], clauses: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return where the clauses stand among a text's words; one that is not found is left out."""
    found: list[tuple[int, int]] = []
    start = 0
    for clause in clauses:
        size = len(clause)
        for place in range(start, len(words) - size + 1):
            if words[place : place + size] == clause:
                found.append((place, place + size))
                start = place + size
                break
    return found
