"""Cutting a question into its parts: sentences, and clauses that ask for something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.matching.text import sentences, words

MOST_PARTS = 3  # that are looked at: the first and the last two say what a longer post asks
FEWEST_WORDS = 3  # of a part

_JOINT = re.compile(r",?\s+(?:and|but|also|plus|then|or should|or do|or is)\s+|,\s+|\s+/\s+")


def parts(normalised: str, written: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the parts of a text stand among its words, where it has at least two.

    `written` are the words of the normalised text.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for clause in _clauses(normalised):
        own = words(clause)
        for place in range(start, len(written) - len(own) + 1):
            if own and written[place : place + len(own)] == own:
                start = place + len(own)
                found.append((place, start))
                break
    return found


def _clauses(normalised: str) -> list[str]:
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
