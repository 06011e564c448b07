"""Small talk: words put to the bot that ask nothing. What counts as such is data. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.knowledge.model import Knowledge, SmallTalk
from bot.matching.text import APOSTROPHES

LONGEST = 15  # words: who writes more wants to know something


def spoken(knowledge: Knowledge) -> Mapping[tuple[str, ...], SmallTalk]:
    """Return the small talk of a base by the words of its phrasings."""
    talks = knowledge.about.small_talk
    return {_words(phrasing): talk for talk in talks for phrasing in talk.phrasings}


def heard(text: str, known: Mapping[tuple[str, ...], SmallTalk]) -> SmallTalk | None:
    """Return the small talk of which a text wholly consists, or None: it says more than that.

    Several follow each other ("hi, thanks"): the last one that has an answer counts.
    """
    words = _words(text)
    if not words or len(words) > LONGEST:
        return None
    parts: list[list[SmallTalk] | None] = [[], *(None for _ in words)]  # of the words up to here
    for end in range(1, len(words) + 1):
        for start in range(end):
            before, talk = parts[start], known.get(words[start:end])
            if before is not None and talk is not None:
                parts[end] = [*before, talk]
                break
    found = parts[-1]
    if not found:
        return None
    return next((talk for talk in reversed(found) if talk.answer), found[0])


def _words(text: str) -> tuple[str, ...]:
    """Return words in lower case, repeated letters once: "Hellooo!" → ("helo",).

    Apostrophes go, the typographic ones of phones too: "what’s" is "whats".
    """
    plain = text.casefold().translate(APOSTROPHES).replace("'", "")
    return tuple(re.findall(r"\w+", re.sub(r"(.)\1+", r"\1", plain)))
